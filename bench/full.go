package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/kakaowasm/kakaowasm/server/store"
	"github.com/kakaowasm/kakaowasm/server/store/bolt"
	"github.com/kakaowasm/kakaowasm/server/store/redis"
)

const (
	// fillers are how many fill a store at a time: enough for commits that many
	// share.
	fillers = 512
	// fullRounds is how often a full store is measured beside an empty one.
	fullRounds = 3
	// fullConnections is how many connections renew sessions meanwhile.
	fullConnections = 16
)

// full is what a store with many sessions is like.
type full struct {
	store    string
	sessions int
	bytes    int64         // in the file, or in Redis
	start    time.Duration // of the server over the file, or of Redis
	figures  results       // renewals, of this store and of the same kind with few sessions
}

// measureFull measures servers over stores that hold many sessions.
func (l *lab) measureFull(ctx context.Context, o options) ([]full, error) {
	like, err := l.sealedSession(ctx)
	if err != nil {
		return nil, err
	}
	var all []full
	for _, one := range []func(context.Context, options, store.Entry) (full, error){l.measureFullFile, l.measureFullRedis} {
		f, err := one(ctx, o, like)
		if err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return all, nil
}

// measureFullFile measures a server over a full file.
func (l *lab) measureFullFile(ctx context.Context, o options, like store.Entry) (full, error) {
	path := filepath.Join(l.dir, "full.db")
	s, err := bolt.Open(path)
	if err != nil {
		return full{}, err
	}
	if err := fillWith(ctx, s, like, o.sessions); err != nil {
		return full{}, err
	}
	if err := s.Close(); err != nil {
		return full{}, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return full{}, err
	}
	began := time.Now()
	addr, err := l.startServer(ctx, o.program, "full "+inFile, "bolt:"+path)
	if err != nil {
		return full{}, err
	}
	f := full{store: inFile, sessions: o.sessions, bytes: info.Size(), start: time.Since(began)}
	f.figures, err = l.measureBeside(ctx, o, inFile, addr)
	return f, err
}

// measureFullRedis measures a server over a full Redis, which is started again
// meanwhile to see how long it loads.
func (l *lab) measureFullRedis(ctx context.Context, o options, like store.Entry) (full, error) {
	dir := filepath.Join(l.dir, "full")
	if err := os.Mkdir(dir, 0o700); err != nil {
		return full{}, err
	}
	socket := filepath.Join(dir, "redis.sock")
	if err := l.startRedisAt(ctx, dir, socket); err != nil {
		return full{}, err
	}
	s, err := redis.Open(ctx, redis.Config{URL: "unix://" + socket})
	if err != nil {
		return full{}, err
	}
	if err := fillWith(ctx, s, like, o.sessions); err != nil {
		return full{}, err
	}
	bytes, err := redisMemory(ctx, socket)
	if err != nil {
		return full{}, err
	}
	if err := s.Close(); err != nil {
		return full{}, err
	}
	l.running[len(l.running)-1].stop()
	began := time.Now()
	if err := l.startRedisAt(ctx, dir, socket); err != nil {
		return full{}, err
	}
	f := full{store: inRedis, sessions: o.sessions, bytes: bytes, start: time.Since(began)}
	addr, err := l.startServer(ctx, o.program, "full "+inRedis, "unix://"+socket)
	if err != nil {
		return full{}, err
	}
	f.figures, err = l.measureBeside(ctx, o, inRedis, addr)
	return f, err
}

// fillWith puts sessions like another into a store.
func fillWith(ctx context.Context, s store.Store, like store.Entry, n int) error {
	log.Printf("filling a store with %d sessions", n)
	var filling errgroup.Group
	filling.SetLimit(fillers)
	for range n {
		filling.Go(func() error {
			e := like
			e.Value = make([]byte, len(like.Value))
			_, _ = rand.Read(e.Value) // It never fails.
			e.Owner.UserID = rand.Text()[:10]
			_, err := s.Create(ctx, "session:"+rand.Text()+rand.Text()[:17], e)
			return err
		})
	}
	return filling.Wait()
}

// measureBeside measures renewals of a server over a full store beside those of
// the lab's server over a store of the same kind.
func (l *lab) measureBeside(ctx context.Context, o options, kind, addr string) (results, error) {
	all := results{}
	stocks := map[string]*stock{}
	for name, addr := range map[string]string{kind: l.servers[kind], "full " + kind: addr} {
		s, err := l.newStock(ctx, addr, o.logins)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		s.usedAt = time.Now()
		stocks[name] = s
	}
	for round := range fullRounds {
		log.Printf("full %s, round %d of %d", kind, round+1, fullRounds)
		for name, s := range stocks { // in an order that changes
			if err := all.renewals(series{renewal, name, fullConnections}, s, o.requests(fullConnections)); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}
