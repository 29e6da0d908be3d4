package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/server"
	"github.com/kakaowasm/kakaowasm/server/store"
	"github.com/kakaowasm/kakaowasm/server/store/bolt"
	"github.com/kakaowasm/kakaowasm/server/store/keyring"
	"github.com/kakaowasm/kakaowasm/server/store/memory"
	"github.com/kakaowasm/kakaowasm/server/store/redis"
)

// roomSessions is how many sessions the room is measured of.
const roomSessions = 100_000

// room is what sessions take in a store, in bytes: in the process of the server,
// in its file, in Redis.
type room struct {
	store                string
	process, file, redis int64
	session              int // the sealed value of one session
}

// measureRoom fills each store with sessions.
func (l *lab) measureRoom(ctx context.Context) ([]room, error) {
	sealed, err := l.sealedSession(ctx)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(l.dir, "room.db")
	stores := []struct {
		name string
		open func() (store.Store, error)
	}{
		{inMemory, func() (store.Store, error) { return memory.New(), nil }},
		{inFile, func() (store.Store, error) { return bolt.Open(path) }},
		{inRedis, func() (store.Store, error) {
			return redis.Open(ctx, redis.Config{URL: l.redisURL(), Prefix: "room:"})
		}},
	}
	var rooms []room
	for _, s := range stores {
		opened, err := s.open()
		if err != nil {
			return nil, err
		}
		r, err := l.fill(ctx, opened, sealed)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.name, err)
		}
		r.store, r.session = s.name, len(sealed.Value)
		if info, err := os.Stat(path); s.name == inFile && err == nil {
			r.file = info.Size()
		}
		rooms = append(rooms, r)
		if err := opened.Close(); err != nil {
			return nil, err
		}
	}
	return rooms, nil
}

// fill puts sessions into a store and returns what they take in memory.
func (l *lab) fill(ctx context.Context, s store.Store, like store.Entry) (room, error) {
	redisBefore, err := redisMemory(ctx, l.redisPath)
	if err != nil {
		return room{}, err
	}
	before := heap()
	if err := fillWith(ctx, s, like, roomSessions); err != nil {
		return room{}, err
	}
	after := heap()
	runtime.KeepAlive(s)
	redisAfter, err := redisMemory(ctx, l.redisPath)
	return room{process: after - before, redis: redisAfter - redisBefore}, err
}

// heap is how much of the heap is in use.
func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc) //nolint:gosec // It fits.
}

// redisMemory is how much memory the Redis at a socket uses.
func redisMemory(ctx context.Context, socket string) (int64, error) {
	client := goredis.NewClient(&goredis.Options{Network: "unix", Addr: socket})
	defer client.Close() //nolint:errcheck // It was only asked.
	info, err := client.Info(ctx, "memory").Result()
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(info, "used_memory:")
	used, _, _ := strings.Cut(rest, "\r\n")
	return strconv.ParseInt(used, 10, 64)
}

// witness is a store that remembers the entry of the last session that was made.
type witness struct {
	store.Store
	session store.Entry
}

// Create implements [store.Store].
func (w *witness) Create(ctx context.Context, key string, e store.Entry) (store.Version, error) {
	if strings.HasPrefix(key, "session:") {
		w.session = e
	}
	return w.Store.Create(ctx, key, e)
}

// sealedSession is the entry that a login makes, as it reaches the store.
func (l *lab) sealedSession(ctx context.Context) (store.Entry, error) {
	keys, err := keyring.Parse(keyring.Generate())
	if err != nil {
		return store.Entry{}, err
	}
	w := &witness{Store: memory.New()}
	defer w.Close() //nolint:errcheck // It ends with the function.
	s, err := server.New(server.Config{
		PublicURL: publicURL, RESTAPIKey: emulator.DemoRESTAPIKey, ClientSecret: emulator.DemoClientSecret,
		Platform: kakao.Platform{Auth: l.kakao, API: l.kakao}, Store: w, Keys: keys,
		Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return store.Entry{}, err
	}
	code, err := l.authorize(ctx, "openid,profile_nickname")
	if err != nil {
		return store.Entry{}, err
	}
	r := httptest.NewRequestWithContext(ctx, "POST", publicURL+"/token", strings.NewReader(exchangeBody(code)))
	r.Header.Set("Content-Type", "application/json")
	answer := httptest.NewRecorder()
	s.ServeHTTP(answer, r)
	if answer.Code != 200 {
		return store.Entry{}, fmt.Errorf("expected a login, got %d: %s", answer.Code, answer.Body)
	}
	w.session.Expiry = time.Now().Add(24 * time.Hour)
	return w.session, nil
}
