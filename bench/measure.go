package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// connectionCounts are how many connections there are at a time.
var connectionCounts = []int{1, 16, 256}

// What is measured. The first two are of a session whose renewal is fresh.
const (
	cachedRefresh = "refresh, cached"
	askSession    = "session"
	whoIsAsking   = "who is asking"
	renewal       = "refresh, renewed at Kakao"
	exchangeCode  = "exchange"
)

// series is what one median is of.
type series struct {
	work, store string // store is "" for the bare proxy
	connections int
}

// baseline is the series of the proxy that another is compared with: an exchange
// with an exchange, everything else with a refresh.
func (s series) baseline() series {
	if s.work == exchangeCode {
		return series{exchangeCode, "", s.connections}
	}
	return series{renewal, "", s.connections}
}

// results are the samples of each series, one for each round.
type results map[series][]sample

// renewalReuse is how long a server hands out the result of a renewal, and a
// little more: after it, Kakao is asked again.
const renewalReuse = 11 * time.Second

// stock is what a server is measured with.
type stock struct {
	addr    string
	server  *process
	cached  []string // cookies of sessions whose renewals are fresh
	renewed []string // cookies of sessions that are renewed at Kakao
	usedAt  time.Time
}

// measureAll measures all series in rounds, so that whatever else the machine does
// meets all of them.
func (l *lab) measureAll(ctx context.Context, o options) (results, error) {
	stocks := map[string]*stock{}
	for store, addr := range l.servers {
		s, err := l.stockOf(ctx, store, addr, o)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", store, err)
		}
		s.server = l.process(store)
		stocks[store] = s
	}
	if err := l.measureMemory(o, stocks); err != nil {
		return nil, err
	}
	refreshToken, err := l.newRefreshToken(ctx)
	if err != nil {
		return nil, err
	}
	all := results{}
	for round := range o.rounds {
		for _, connections := range connectionCounts {
			log.Printf("round %d of %d, %d connections", round+1, o.rounds, connections)
			if err := l.measureProxy(ctx, o, connections, refreshToken, all); err != nil {
				return nil, fmt.Errorf("proxy: %w", err)
			}
			for store, s := range stocks { // in an order that changes
				if err := l.measureStore(ctx, o, series{store: store, connections: connections}, s, all); err != nil {
					return nil, fmt.Errorf("%s: %w", store, err)
				}
			}
		}
	}
	return all, nil
}

// measureMemory notes what each server has in memory once it has told on many
// connections who is asking. Nothing else is asked of all of them.
func (l *lab) measureMemory(o options, stocks map[string]*stock) error {
	l.memories = map[string]int64{}
	asked := results{}
	for store, s := range stocks {
		if store == express {
			continue
		}
		if err := asked.whoIsAsking(series{store: store, connections: slices.Max(connectionCounts)}, s, o); err != nil {
			return fmt.Errorf("%s: %w", store, err)
		}
		l.memories[store] = s.server.memory()
	}
	return nil
}

// stockOf returns what a server, or an oauth2-proxy, is measured with.
func (l *lab) stockOf(ctx context.Context, store, addr string, o options) (*stock, error) {
	if store == peerCookie || store == peerRedis {
		return l.newPeerStock(ctx, addr)
	}
	return l.newStock(ctx, addr, o.logins)
}

// measureProxy measures the bare proxy.
func (l *lab) measureProxy(ctx context.Context, o options, connections int, refreshToken string, all results) error {
	of := series{renewal, "", connections}
	if err := all.repeated(of, &stock{addr: l.proxy}, o.duration, func(int) []byte { return proxiedRefresh(l.proxy, refreshToken) }); err != nil {
		return err
	}
	of.work = exchangeCode
	codes, err := l.codes(ctx, o.requests(connections))
	if err != nil {
		return err
	}
	return all.once(of, l.proxy, each(codes, func(code string) []byte { return proxiedExchange(l.proxy, code) }))
}

// measureStore measures the server with a store.
func (l *lab) measureStore(ctx context.Context, o options, of series, s *stock, all results) error {
	if of.store != express {
		if err := all.whoIsAsking(of, s, o); err != nil {
			return err
		}
	}
	if len(s.renewed) == 0 {
		return nil // An oauth2-proxy answers nothing else that a token server does.
	}
	of.work = cachedRefresh
	if of.store != express { // It keeps no renewals.
		if err := all.repeated(of, s, o.duration, func(i int) []byte { return refresh(s.addr, s.cookie(i)) }); err != nil {
			return err
		}
	}
	of.work = askSession
	if err := all.repeated(of, s, o.duration, func(i int) []byte { return session(s.addr, s.cookie(i)) }); err != nil {
		return err
	}
	of.work = exchangeCode
	codes, err := l.codes(ctx, o.requests(of.connections))
	if err != nil {
		return err
	}
	if err := all.once(of, s.addr, each(codes, func(code string) []byte { return exchange(s.addr, code) })); err != nil {
		return err
	}
	of.work = renewal
	return all.renewals(of, s, o.requests(of.connections))
}

// whoIsAsking measures what reverse proxies ask.
func (r results) whoIsAsking(of series, s *stock, o options) error {
	ask := authorized
	if of.store == peerCookie || of.store == peerRedis {
		ask = peerAuthorized
	}
	of.work = whoIsAsking
	return r.repeated(of, s, o.duration, func(i int) []byte { return ask(s.addr, s.cookie(i)) })
}

// cookie is that of the session that a connection asks for.
func (s *stock) cookie(connection int) string { return s.cached[connection%len(s.cached)] }

// renewals measures renewals of sessions at Kakao, once their last ones are old
// enough.
func (r results) renewals(of series, s *stock, n int) error {
	time.Sleep(time.Until(s.usedAt.Add(renewalReuse)))
	err := r.once(of, s.addr, each(s.renewed[:n], func(cookie string) []byte { return refresh(s.addr, cookie) }))
	s.usedAt = time.Now()
	return err
}

// requests is how many requests that use up a login one measurement makes: fewer
// where one connection makes them all.
func (o options) requests(connections int) int {
	if connections == 1 {
		return o.logins / 4
	}
	return o.logins
}

// each makes requests of some values.
func each(values []string, request func(string) []byte) [][]byte {
	requests := make([][]byte, len(values))
	for i, value := range values {
		requests[i] = request(value)
	}
	return requests
}

// repeated measures a request that can be sent over and over, another one on each
// connection.
func (r results) repeated(of series, s *stock, duration time.Duration, request func(connection int) []byte) error {
	requests := make([][]byte, of.connections)
	for i := range requests {
		requests[i] = request(i)
	}
	first := func(i int) []byte { return requests[i] }
	var deadline atomic.Pointer[time.Time]
	next := func(i int) []byte {
		if deadline.Load() == nil {
			end := time.Now().Add(duration)
			deadline.CompareAndSwap(nil, &end)
		}
		if time.Now().After(*deadline.Load()) {
			return nil
		}
		return requests[i]
	}
	return r.add(of, load{s.addr, of.connections, s.server, first, next})
}

// once measures requests that can be sent once.
func (r results) once(of series, addr string, requests [][]byte) error {
	var sent atomic.Int64
	return r.add(of, load{addr, of.connections, nil, nil, func(int) []byte {
		if n := int(sent.Add(1)); n <= len(requests) {
			return requests[n-1]
		}
		return nil
	}})
}

// add measures a load and adds its sample to a series.
func (r results) add(of series, l load) error {
	measured, err := l.measure()
	if err != nil {
		return fmt.Errorf("%s at %d connections: %w", of.work, of.connections, err)
	}
	r[of] = append(r[of], measured)
	return nil
}

// atOnce is how many requests prepare a measurement at a time.
const atOnce = 8

// codes are new authorization codes, for logins with an ID token.
func (l *lab) codes(ctx context.Context, n int) ([]string, error) {
	return l.prepared(n, func() (string, error) { return l.authorize(ctx, "openid,profile_nickname") })
}

// prepared makes values, several at a time.
func (l *lab) prepared(n int, one func() (string, error)) ([]string, error) {
	values := make([]string, n)
	var making errgroup.Group
	making.SetLimit(atOnce)
	for i := range values {
		making.Go(func() (err error) {
			values[i], err = one()
			return err
		})
	}
	return values, making.Wait()
}

// newStock logs visitors in at a server. Their logins have no ID token, so that a
// renewal costs the emulator as little as possible, and the ratios are none of
// its making.
func (l *lab) newStock(ctx context.Context, addr string, logins int) (*stock, error) {
	cookies, err := l.prepared(slices.Max(connectionCounts)+logins, func() (string, error) { return l.logIn(ctx, addr) })
	if err != nil {
		return nil, err
	}
	cached := slices.Max(connectionCounts)
	return &stock{addr: addr, cached: cookies[:cached], renewed: cookies[cached:]}, nil
}

// logIn begins a session and returns its cookie.
func (l *lab) logIn(ctx context.Context, addr string) (string, error) {
	code, err := l.authorize(ctx, "profile_nickname")
	if err != nil {
		return "", err
	}
	c, err := connect(addr)
	if err != nil {
		return "", err
	}
	defer c.close()
	a, err := c.send(exchange(addr, code))
	if err != nil {
		return "", err
	}
	for _, cookie := range a.Cookies() {
		return cookie.Name + "=" + cookie.Value, nil
	}
	return "", fmt.Errorf("expected a session cookie, got %s: %s", a.Status, a.body)
}

// newRefreshToken logs a user in by way of the proxy.
func (l *lab) newRefreshToken(ctx context.Context) (string, error) {
	code, err := l.authorize(ctx, "profile_nickname")
	if err != nil {
		return "", err
	}
	c, err := connect(l.proxy)
	if err != nil {
		return "", err
	}
	defer c.close()
	a, err := c.send(proxiedExchange(l.proxy, code))
	if err != nil {
		return "", err
	}
	var tokens struct {
		RefreshToken string `json:"refresh_token"`
	}
	return tokens.RefreshToken, json.Unmarshal(a.body, &tokens)
}
