package redis_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"github.com/kakaowasm/kakaowasm/server/store"
	"github.com/kakaowasm/kakaowasm/server/store/redis"
	"github.com/kakaowasm/kakaowasm/server/store/redis/redistest"
	"github.com/kakaowasm/kakaowasm/server/store/storetest"
)

// A cluster of one node refuses what any cluster refuses: keys of two slots in
// one script.
func TestContractInACluster(t *testing.T) {
	cluster := redistest.StartCluster(t, 1, false)
	storetest.Run(t, storetest.Subject{Open: instances(cluster.URL(), bare)})
}

func TestExpiryInACluster(t *testing.T) {
	double := miniredis.RunT(t)
	storetest.RunExpiry(t, storetest.Subject{
		Open:    instances("redis+cluster://"+double.Addr(), bare),
		Advance: double.FastForward,
	})
}

func TestAURLThatDoesNotFitTheRedisIsRefused(t *testing.T) {
	cluster, node := redistest.StartCluster(t, 1, false), redistest.StartNode(t)
	for name, c := range map[string]struct{ url, want string }{
		"a cluster as a node":  {"redis://" + strings.TrimPrefix(cluster.URL(), "redis+cluster://"), "expected a URL that begins with redis+cluster://"},
		"a node as a cluster":  {"redis+cluster://" + strings.TrimPrefix(node.URL(), "redis://"), "expected a URL that begins with redis://"},
		"a node as a Sentinel": {"redis+sentinel://" + strings.TrimPrefix(node.URL(), "redis://") + "/logins", ""},
	} {
		_, err := redis.Open(t.Context(), redis.Config{URL: c.url})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got error %v, want %q in it", name, err, c.want)
		}
	}
}

// A brace in the prefix would decide the slots, and undo their spreading.
func TestAPrefixWithBracesIsRefusedForAClusterOnly(t *testing.T) {
	cluster := redistest.StartCluster(t, 1, false)
	_, err := redis.Open(t.Context(), redis.Config{URL: cluster.URL(), Prefix: "{logins}:"})
	if err == nil || !strings.Contains(err.Error(), "expected a prefix without { and }") {
		t.Errorf("got error %v", err)
	}
	open(t, redistest.Start(t).URL(), "{logins}:")
}

// Logins that were stored before there were clusters stay: on one node the keys
// are the same.
func TestEntriesOfEarlierVersionsAreRead(t *testing.T) {
	server := redistest.Start(t)
	c := client(t, server)
	end := time.Now().Add(time.Hour).UnixMilli()
	// As version 0.1 wrote them.
	for _, write := range [][]any{
		{"HSET", "kakaowasm:entry:session:abc", "version", "7", "expiry", end, "app", "1", "user", "2", "value", "tokens"},
		{"PEXPIREAT", "kakaowasm:entry:session:abc", end},
		{"ZADD", "kakaowasm:owner:1:1:2", end, "session:abc"},
		{"PEXPIREAT", "kakaowasm:owner:1:1:2", end},
		{"HSET", "kakaowasm:lease:session:abc", "holder", "another instance"},
		{"PEXPIRE", "kakaowasm:lease:session:abc", 50},
	} {
		if err := c.Do(t.Context(), write...).Err(); err != nil {
			t.Fatal(err)
		}
	}
	s := open(t, server.URL(), "")
	e, err := s.Get(t.Context(), "session:abc")
	if err != nil || string(e.Value) != "tokens" || e.Version != 7 || e.Owner != (store.Owner{App: "1", UserID: "2"}) {
		t.Fatalf("%+v, %v", e, err)
	}
	if _, err := s.Acquire(t.Context(), "session:abc", time.Minute); err != nil {
		t.Errorf("the lease of another instance: %v", err)
	}
	if _, err := s.Replace(t.Context(), "session:abc", e); err != nil {
		t.Error(err)
	}
	if n, err := s.DeleteOwned(t.Context(), e.Owner); n != 1 || err != nil {
		t.Errorf("DeleteOwned: %d, %v, want 1", n, err)
	}
	if _, err := s.Get(t.Context(), "session:abc"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("after its owner's end: %v", err)
	}
}

// Throughput over one, two and three primaries. On one machine they share its
// processors and its disk: what shows is what a cluster costs.
func BenchmarkPrimaries(b *testing.B) {
	for primaries := 1; primaries <= 3; primaries++ {
		b.Run(strconv.Itoa(primaries), func(b *testing.B) {
			cluster := redistest.StartCluster(b, primaries, false)
			storetest.Benchmark(b, func(tb testing.TB) store.Store { return open(tb, cluster.URL(), newPrefix()) })
		})
	}
}
