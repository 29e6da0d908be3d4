package redis_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	goredis "github.com/redis/go-redis/v9"
	"go.uber.org/goleak"

	"github.com/kakaowasm/kakaowasm/server/store"
	"github.com/kakaowasm/kakaowasm/server/store/keyring"
	"github.com/kakaowasm/kakaowasm/server/store/redis"
	"github.com/kakaowasm/kakaowasm/server/store/redis/redistest"
	"github.com/kakaowasm/kakaowasm/server/store/storetest"
)

func TestMain(m *testing.M) {
	goredis.SetLogger(quiet{})
	goleak.VerifyTestMain(m)
}

// quiet keeps what the client logs of a Redis that is away out of the output.
type quiet struct{}

func (quiet) Printf(context.Context, string, ...any) {}

// open connects to a Redis.
func open(tb testing.TB, url, prefix string) *redis.Store {
	tb.Helper()
	s, err := redis.Open(tb.Context(), redis.Config{URL: url, Prefix: prefix})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

// opened counts the prefixes that were given away.
var opened atomic.Int32

// newPrefix returns a prefix of its own for each store, with all that a pattern
// of Redis could take for its own.
func newPrefix() string {
	return fmt.Sprintf(`it's [a] pre*fix? \%d:`, opened.Add(1))
}

// instances opens two instances of one store for each test of the suite.
func instances(url string, around func(store.Store) store.Store) func(testing.TB) []store.Store {
	return func(tb testing.TB) []store.Store {
		prefix := newPrefix()
		return []store.Store{around(open(tb, url, prefix)), around(open(tb, url, prefix))}
	}
}

func bare(s store.Store) store.Store { return s }

// sealed returns the decorator of a new key ring.
func sealed(tb testing.TB) func(store.Store) store.Store {
	ring, err := keyring.Parse(keyring.Generate())
	if err != nil {
		tb.Fatal(err)
	}
	return func(s store.Store) store.Store { return keyring.Seal(s, ring) }
}

func TestContract(t *testing.T) {
	server := redistest.Start(t)
	for name, around := range map[string]func(store.Store) store.Store{"bare": bare, "sealed": sealed(t)} {
		t.Run(name, func(t *testing.T) {
			storetest.Run(t, storetest.Subject{Open: instances(server.URL(), around)})
		})
	}
}

// The clock of a real Redis cannot be moved.
func TestExpiry(t *testing.T) {
	double := miniredis.RunT(t)
	storetest.RunExpiry(t, storetest.Subject{
		Open:    instances("redis://"+double.Addr(), bare),
		Advance: double.FastForward,
	})
}

// entry returns an entry that lives for an hour.
func entry(value string) store.Entry {
	return store.Entry{Value: []byte(value), Owner: store.Owner{App: "1", UserID: "2"}, Expiry: time.Now().Add(time.Hour)}
}

// awaitStore waits until the store can work again.
func awaitStore(t *testing.T, s store.Store) {
	t.Helper()
	for {
		_, err := s.Get(t.Context(), "no such key")
		if errors.Is(err, store.ErrNotFound) {
			return
		}
		if !errors.Is(err, store.ErrUnavailable) || t.Context().Err() != nil {
			t.Fatal(err)
		}
	}
}

func TestEntriesExpireByTheClockOfARealRedis(t *testing.T) {
	s := open(t, redistest.Start(t).URL(), "")
	e := entry("session")
	e.Expiry = time.UnixMilli(time.Now().Add(50 * time.Millisecond).UnixMilli())
	if _, err := s.Create(t.Context(), "key", e); err != nil {
		t.Fatal(err)
	}
	for {
		_, err := s.Get(t.Context(), "key")
		if errors.Is(err, store.ErrNotFound) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if time.Now().Before(e.Expiry) {
		t.Error("the entry went too early")
	}
}

// Nothing that the store makes lives for ever in Redis, the indexes neither.
func TestEverythingInRedisHasALifetime(t *testing.T) {
	server := redistest.Start(t)
	s := open(t, server.URL(), "p:")
	long := entry("session")
	long.Expiry = time.Now().Add(5 * time.Hour)
	for key, e := range map[string]store.Entry{"short": entry("session"), "long": long} {
		if _, err := s.Create(t.Context(), key, e); err != nil {
			t.Fatal(err)
		}
	}
	l, err := s.Acquire(t.Context(), "short", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := s.Acquire(ctx, "short", time.Minute); err == nil {
		t.Error("two hold one lease")
	}
	client := client(t, server)
	wantKeys := map[string]time.Duration{
		"p:entry:short": time.Hour, "p:entry:long": 5 * time.Hour, "p:owner:1:1:2": 5 * time.Hour, "p:lease:short": time.Minute,
	}
	for key, want := range wantKeys {
		if got := client.PTTL(t.Context(), key).Val(); got > want || got < want-30*time.Second {
			t.Errorf("%s lives for %v, want %v", key, got, want)
		}
	}
	if n := client.DBSize(t.Context()).Val(); n != int64(len(wantKeys)) {
		t.Errorf("%d keys in Redis: %v", n, client.Keys(t.Context(), "*").Val())
	}
	if _, err := s.DeleteOwned(t.Context(), long.Owner); err != nil {
		t.Error(err)
	}
	if _, err := s.Create(t.Context(), "deleted", long); err != nil {
		t.Error(err)
	}
	if _, err := s.Delete(t.Context(), "deleted", store.AnyVersion); err != nil {
		t.Error(err)
	}
	if err := l.Release(t.Context()); err != nil {
		t.Error(err)
	}
	if n := client.DBSize(t.Context()).Val(); n != 0 {
		t.Errorf("left in Redis: %v", client.Keys(t.Context(), "*").Val())
	}
}

// client returns a client of the test's own.
func client(t *testing.T, server *redistest.Server) *goredis.Client {
	options, err := goredis.ParseURL(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	c := goredis.NewClient(options)
	t.Cleanup(func() { c.Close() })
	return c
}

func TestNothingAcknowledgedIsLostWhenRedisIsKilled(t *testing.T) {
	server := redistest.Start(t)
	storetest.RunKills(t, open(t, server.URL(), ""), server.Kill, server.Restart)
}

// holdAwaited takes a lease with one instance and has another wait for it.
func holdAwaited(t *testing.T, server *redistest.Server) (held store.Lease, waited <-chan error) {
	a, b := open(t, server.URL(), ""), open(t, server.URL(), "")
	held, err := a.Acquire(t.Context(), "key", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		_, err := b.Acquire(t.Context(), "key", time.Hour)
		ended <- err
	}()
	c := client(t, server)
	for c.HGet(t.Context(), redis.DefaultPrefix+"lease:key", "awaited").Val() == "" {
		continue
	}
	return held, ended
}

func TestWhoWaitsForALeaseIsWokenByItsRelease(t *testing.T) {
	held, waited := holdAwaited(t, redistest.Start(t))
	if err := held.Release(t.Context()); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-waited:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(time.Minute):
		t.Error("nobody woke")
	}
}

// The release is told while nobody is connected, so that only asking again can
// find it.
func TestWhoWaitsForALeaseAsksAgainAfterRedisWasAway(t *testing.T) {
	server := redistest.Start(t)
	_, waited := holdAwaited(t, server)
	server.Kill()
	server.Restart()
	c := client(t, server)
	if err := c.Del(t.Context(), redis.DefaultPrefix+"lease:key").Err(); err != nil {
		t.Fatal(err)
	}
	// Lost connections are found out by the client in its own time.
	select {
	case err := <-waited:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(time.Minute):
		t.Error("nobody woke")
	}
}

func TestAPausedRedisHoldsNobodyLongerThanTheContext(t *testing.T) {
	server := redistest.Start(t)
	s := open(t, server.URL(), "")
	e := entry("session")
	v, err := s.Create(t.Context(), "key", e)
	if err != nil {
		t.Fatal(err)
	}
	e.Version = v
	held, err := s.Acquire(t.Context(), "held", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	server.Pause()
	for name, call := range map[string]func(context.Context) error{
		"Get":         func(ctx context.Context) error { _, err := s.Get(ctx, "key"); return err },
		"Create":      func(ctx context.Context) error { _, err := s.Create(ctx, "new", e); return err },
		"Replace":     func(ctx context.Context) error { _, err := s.Replace(ctx, "key", e); return err },
		"Delete":      func(ctx context.Context) error { _, err := s.Delete(ctx, "other", 1); return err },
		"DeleteOwned": func(ctx context.Context) error { _, err := s.DeleteOwned(ctx, store.Owner{UserID: "x"}); return err },
		"Acquire":     func(ctx context.Context) error { _, err := s.Acquire(ctx, "free", time.Minute); return err },
		"Renew":       func(ctx context.Context) error { return held.Renew(ctx, time.Hour) },
		"Release":     func(ctx context.Context) error { return held.Release(ctx) },
		"Open": func(ctx context.Context) error {
			_, err := redis.Open(ctx, redis.Config{URL: server.URL()})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			defer cancel()
			err := call(ctx) // Redis answers when all are done.
			if !errors.Is(err, store.ErrUnavailable) || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got error %v, want %v because of %v", err, store.ErrUnavailable, context.DeadlineExceeded)
			}
		})
	}
	server.Resume()
	awaitStore(t, s)
	// What timed out may have been done, but nothing else.
	got, err := s.Get(t.Context(), "key")
	if err != nil || string(got.Value) != "session" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestARedisThatIsNotThere(t *testing.T) {
	_, err := redis.Open(t.Context(), redis.Config{URL: "unix:///nonexistent/redis.sock"})
	if !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("got error %v, want %v", err, store.ErrUnavailable)
	}
}

func TestAURLThatIsNoneIsNotShown(t *testing.T) {
	for _, url := range []string{"", "http://:hunter2@host", "redis://:hunter2@host:port", "redis://:hunter2%zz@host", "redis://:hunter2@host/?hunter2=1"} {
		_, err := redis.Open(t.Context(), redis.Config{URL: url})
		if err == nil || strings.Contains(err.Error(), "hunter2") || !strings.Contains(err.Error(), "expected a URL like redis://") {
			t.Errorf("%q: %v", url, err)
		}
	}
}

func TestADamagedEntryIsUnreadable(t *testing.T) {
	server := redistest.Start(t)
	s := open(t, server.URL(), "")
	if err := client(t, server).HSet(t.Context(), redis.DefaultPrefix+"entry:key", "version", "x").Err(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Get(t.Context(), "key"); !errors.Is(err, store.ErrUnreadable) {
		t.Errorf("got error %v, want %v", err, store.ErrUnreadable)
	}
}

// learnScripts has Redis learn the scripts, which it otherwise asks for instead
// of running them.
func learnScripts(t *testing.T, s store.Store) {
	t.Helper()
	e := entry("session")
	v, err := s.Create(t.Context(), "other", e)
	if err != nil {
		t.Fatal(err)
	}
	e.Version = v
	if _, err := s.Replace(t.Context(), "other", e); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Acquire(t.Context(), "other", time.Hour); err != nil {
		t.Fatal(err)
	}
}

// A script whose answer was lost runs again, and must know its own work.
func TestAnAnswerThatIsLostCostsNothing(t *testing.T) {
	server := redistest.Start(t)
	proxy := newLossyProxy(t, strings.TrimPrefix(server.URL(), "unix://"))
	s := open(t, proxy.url(), "")
	learnScripts(t, s)
	e := entry("session")
	proxy.loseNextAnswer()
	v, err := s.Create(t.Context(), "key", e)
	if err != nil {
		t.Fatalf("Create: %v", err)
	}
	e.Version, e.Value = v, []byte("renewed")
	proxy.loseNextAnswer()
	if _, err := s.Replace(t.Context(), "key", e); err != nil {
		t.Fatalf("Replace: %v", err)
	}
	proxy.loseNextAnswer()
	l, err := s.Acquire(t.Context(), "key", time.Hour)
	if err != nil {
		t.Fatalf("Acquire: %v", err)
	}
	if err := l.Release(t.Context()); err != nil {
		t.Fatalf("Release: %v", err)
	}
	if lost := proxy.lost(); lost != 3 {
		t.Errorf("%d answers were lost, want 3", lost)
	}
	if got, err := s.Get(t.Context(), "key"); err != nil || string(got.Value) != "renewed" {
		t.Errorf("%+v, %v", got, err)
	}
}

func Benchmark(b *testing.B) {
	server := redistest.Start(b)
	for name, around := range map[string]func(store.Store) store.Store{"bare": bare, "sealed": sealed(b)} {
		b.Run(name, func(b *testing.B) {
			storetest.Benchmark(b, func(tb testing.TB) store.Store { return around(open(tb, server.URL(), newPrefix())) })
		})
	}
}

// What is written to the disk is what must survive: a lease need not.
func TestALeaseIsNotWrittenToTheDisk(t *testing.T) {
	server := redistest.Start(t)
	s, c := open(t, server.URL(), ""), client(t, server)
	hold := func() {
		lease, err := s.AcquireEntry(t.Context(), "key", time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(lease.Renew(t.Context(), time.Minute), lease.Release(t.Context())); err != nil {
			t.Fatal(err)
		}
	}
	before := written(t, c)
	hold()
	if now := written(t, c); now != before {
		t.Errorf("a lease takes %d bytes", now-before)
	}
	if _, err := s.Create(t.Context(), "key", entry("session")); err != nil {
		t.Fatal(err)
	}
	if now := written(t, c); now == before {
		t.Error("an entry takes none")
	}
}

// written is how many bytes the file of commands of a Redis has.
func written(t *testing.T, c *goredis.Client) int {
	t.Helper()
	_, rest, found := strings.Cut(c.Info(t.Context(), "persistence").Val(), "aof_current_size:")
	digits, _, _ := strings.Cut(rest, "\r\n")
	n, err := strconv.Atoi(digits)
	if !found || err != nil {
		t.Fatalf("expected the size of the file, got %q: %v", digits, err)
	}
	return n
}

// A renewal is two commands: one takes the lease and brings the entry, the other
// stores it and gives the lease back.
func TestARenewalIsTwoCommands(t *testing.T) {
	server := redistest.Start(t)
	s, c := open(t, server.URL(), ""), client(t, server)
	e := store.Entry{Value: []byte("login"), Owner: store.Owner{App: "app", UserID: "1"}, Expiry: time.Now().Add(time.Hour)}
	renew := func() {
		err := store.HoldEntry(t.Context(), s, "key", time.Minute, func(ctx context.Context, lease store.EntryLease) error {
			found, err := lease.Entry()
			if err != nil {
				return err
			}
			_, err = lease.ReplaceAndRelease(ctx, found)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Create(t.Context(), "key", e); err != nil {
		t.Fatal(err)
	}
	renew() // Redis knows the scripts now.
	if err := c.ConfigResetStat(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	renew()
	stats := c.Info(t.Context(), "commandstats").Val()
	if !strings.Contains(stats, "cmdstat_evalsha:calls=2,") || strings.Contains(stats, "cmdstat_eval:") {
		t.Errorf("expected two scripts, got %s", stats)
	}
}
