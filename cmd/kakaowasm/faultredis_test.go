package main

import (
	"errors"
	"testing"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/server/store/redis/redistest"
)

// startThree starts three instances that share a Redis, behind a balancer.
func (s *site) startThree(redis *redistest.Server, args ...string) ([]*instance, *balancer) {
	s.t.Helper()
	s.args = append(s.args, append(args, "--store="+redis.URL())...)
	instances := []*instance{s.start(), s.start(), s.start()}
	return instances, newBalancer(s.t, instances...)
}

// expectAllUsable fails the test unless all visitors of a crowd have what they
// were told.
func (c *crowd) expectAllUsable(origin string) {
	c.t.Helper()
	for _, v := range c.visitors {
		c.expectUsable(origin, v)
	}
	c.t.Logf("%d visitors", len(c.visitors))
}

// One of three instances is killed under load and another one started in its
// place. Every request is answered after the balancer's one retry, and nothing that
// anybody was told of is lost. What nobody was told of can be: an exchange that was
// cut off between Kakao and the store has spent its code, which Kakao gives no second
// answer to, and its user logs in again. No other exchange has; how many were cut
// off depends on the machine.
func TestKillingOneOfThreeInstancesLosesNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	// A Kakao that is slow because the machine is busy spends no codes.
	instances, b := s.startThree(redistest.Start(t), unlimited, "--upstream-timeout=1m")
	c := &crowd{site: s}
	w := c.send(b.URL)
	w.await(t, 60)
	instances[1].kill()
	w.await(t, 120)
	b.replace(1, s.start())
	w.await(t, 60)
	spent := 0
	for _, err := range w.stop() {
		var spentBefore *spentError
		if !errors.As(err, &spentBefore) || !b.hasCutOff(spentBefore.code) {
			t.Errorf("a request failed: %v", err)
		}
		spent++
	}
	if b.retries.Load() == 0 {
		t.Error("the balancer retried nothing: the kill hit nobody")
	}
	t.Logf("%d retries, %d exchanges cut off", b.retries.Load(), spent)
	c.expectAllUsable(b.URL)
}

// Redis goes away under load and comes back. Visitors wait, or are told to come
// back; none is logged out, also where Kakao replaces refresh tokens.
func TestRedisMayGoAwayForAWhile(t *testing.T) {
	t.Parallel()
	for name, away := range map[string]func(*redistest.Server, func()){
		"paused for 5 s": func(redis *redistest.Server, meanwhile func()) {
			redis.Pause()
			pause := time.After(5 * time.Second)
			meanwhile()
			<-pause
			redis.Resume()
		},
		"killed": func(redis *redistest.Server, meanwhile func()) {
			redis.Kill()
			meanwhile()
			redis.Restart()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, rotating)
			redis := redistest.Start(t)
			instances, b := s.startThree(redis, unlimited)
			c := &crowd{site: s}
			w := c.send(b.URL)
			w.await(t, 60)
			away(redis, func() {
				for _, i := range instances {
					s.expectHealthy(i)
				}
				if a, err := s.ask("GET", instances[0].origin+"/readyz", "", nil); err != nil || a.status != 503 {
					t.Errorf("/readyz: %d, %v", a.status, err)
				}
			})
			w.await(t, 60)
			for _, err := range w.stop() {
				t.Errorf("a request failed: %v", err)
			}
			c.expectAllUsable(b.URL)
		})
	}
}

// A thousand tabs of one user wake up at the same moment, on three instances with
// their default limits. Kakao is asked once, or on a machine that is busy for longer
// than a result is handed out again (ten seconds), once for each time.
func TestAThousandTabsRenewOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, b := s.startThree(redistest.Start(t))
	v, err := s.logIn(b.URL)
	if err != nil {
		t.Fatal(err)
	}
	// Kakao takes its time, so that the tabs do meet.
	if _, err := s.kakao.Inject(emulator.Fault{Path: kakao.PathToken, Delay: emulator.Duration(time.Second)}); err != nil {
		t.Fatal(err)
	}
	const tabs = 1000
	answers, began := make(chan reply, tabs), time.Now()
	for range tabs {
		go func() {
			a, err := s.refresh(b.URL, v)
			if err != nil {
				t.Error(err)
			}
			answers <- a
		}()
	}
	tokens := map[any]int{}
	for range tabs {
		a := <-answers
		if err := a.err(); err != nil {
			t.Error(err)
		}
		tokens[a.body["access_token"]]++
	}
	most := 1 + int(time.Since(began)/(10*time.Second))
	if n := s.kakao.Count("refresh_token"); n > most || len(tokens) != n {
		t.Errorf("Kakao was asked %d times, want at most %d; the tabs got %d access tokens", n, most, len(tokens))
	}
	s.kakao.ClearFaults()
	s.expectUsable(b.URL, v)
}
