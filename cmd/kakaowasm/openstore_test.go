package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	goredis "github.com/redis/go-redis/v9"

	"github.com/kakaowasm/kakaowasm/server/store"
	"github.com/kakaowasm/kakaowasm/server/store/bolt"
	"github.com/kakaowasm/kakaowasm/server/store/postgres/postgrestest"
	"github.com/kakaowasm/kakaowasm/server/store/redis/redistest"
)

func TestStoresAreReadFromText(t *testing.T) {
	t.Setenv("STATE_DIRECTORY", "")
	t.Setenv("XDG_STATE_HOME", "/state")
	for text, want := range map[string]*storeSpec{
		"":                               {path: "/state/kakaowasm/sessions.db", stateDir: "/state/kakaowasm"},
		"memory":                         {},
		"bolt:/var/lib/sessions.db":      {path: "/var/lib/sessions.db"},
		"bolt:relative.db":               {path: "relative.db"},
		"redis://u:hush@127.0.0.1:1/0":   {redisURL: "redis://u:hush@127.0.0.1:1/0"},
		"rediss://redis.example.com":     {redisURL: "rediss://redis.example.com"},
		"unix:///run/redis.sock":         {redisURL: "unix:///run/redis.sock"},
		"redis+cluster://u:hush@h:1,i:2": {redisURL: "redis+cluster://u:hush@h:1,i:2"},
		"rediss+sentinel://h:1,i:2/name": {redisURL: "rediss+sentinel://h:1,i:2/name"},
		"bolt:":                          nil,
		"bolt":                           nil,
		"Memory":                         nil,
		"memory:":                        nil,
		"postgres://u:hush@127.0.0.1/db": {postgresURL: "postgres://u:hush@127.0.0.1/db"},
		"postgresql://h/db?sslmode=hush": {postgresURL: "postgresql://h/db?sslmode=hush"},
		"mysql://u:hush@127.0.0.1/db":    nil,
		"/var/lib/hush.db":               nil,
	} {
		got, err := parseStore(text)
		if (err == nil) != (want != nil) {
			t.Errorf("%q: got error %v", text, err)
		}
		if err != nil && strings.Contains(err.Error(), "hush") {
			t.Errorf("the password is in the error: %v", err)
		}
		if want != nil && got != *want {
			t.Errorf("%q: %s", text, cmp.Diff(*want, got, cmp.AllowUnexported(storeSpec{})))
		}
	}
}

func TestTheDefaultStoreIsWhereSystemdSays(t *testing.T) {
	t.Setenv("STATE_DIRECTORY", "/var/lib/kakaowasm:/var/lib/other")
	if got, err := parseStore(""); err != nil || got.path != "/var/lib/kakaowasm/sessions.db" || got.stateDir != "" {
		t.Errorf("got %+v, %v", got, err)
	}
}

// survives reports whether an entry outlives the store that it was made in.
func survives(t *testing.T, text string) bool {
	t.Helper()
	spec, err := parseStore(text)
	if err != nil {
		t.Fatal(err)
	}
	first, err := openStore(t.Context(), spec)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := first.Create(t.Context(), "key", store.Entry{Value: []byte("login"), Expiry: time.Now().Add(time.Hour)}); err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second, err := openStore(t.Context(), spec)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	_, err = second.Get(t.Context(), "key")
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		t.Fatal(err)
	}
	return err == nil
}

func TestDurableStoresOutliveTheProcess(t *testing.T) {
	t.Setenv("STATE_DIRECTORY", "")
	t.Setenv("XDG_STATE_HOME", filepath.Join(t.TempDir(), "state"))
	for text, want := range map[string]bool{
		"memory": false,
		"":       true,
		"bolt:" + filepath.Join(t.TempDir(), "sessions.db"): true,
		redistest.Start(t).URL():                            true,
		postgrestest.Start(t).URL():                         true,
	} {
		spec, _ := parseStore(text)
		if got := survives(t, text); got != want || spec.durable() != want {
			t.Errorf("%q: survives %v, durable %v, want %v", text, got, spec.durable(), want)
		}
	}
	dir, err := os.Stat(filepath.Join(os.Getenv("XDG_STATE_HOME"), "kakaowasm"))
	if err != nil || dir.Mode().Perm() != 0o700 {
		t.Errorf("the state directory: %v, %v", dir.Mode(), err)
	}
}

// The Redis client logs by itself why a connection fails; what Redis quotes of a
// command, a password say, is not in it.
func TestRedisLogQuotesNothing(t *testing.T) {
	var out bytes.Buffer
	redisLog{slog.New(slog.NewTextHandler(&out, nil))}.Printf(t.Context(), "dial %s failed: %v", "redis:6379", errors.New("ERR unknown command 'AUTH', with args beginning with: 'hunter2'"))
	if !strings.Contains(out.String(), "dial redis:6379 failed: the answer is not readable") || strings.Contains(out.String(), "hunter2") {
		t.Errorf("got %s", out.String())
	}
}

// A collector of traces may quote what it was sent, its own key say.
func TestTraceLogQuotesNothing(t *testing.T) {
	for want, err := range map[string]error{
		"the collector refuses them": errors.New("failed to send to https://collector.example: 401 (body: hunter2)"),
		"time-out":                   fmt.Errorf("hunter2: %w", context.DeadlineExceeded),
	} {
		var out bytes.Buffer
		traceLog{slog.New(slog.NewTextHandler(&out, nil))}.Handle(err)
		if !strings.Contains(out.String(), want) || strings.Contains(out.String(), "hunter2") {
			t.Errorf("got %s, want %s", out.String(), want)
		}
	}
}

func TestStoresThatCannotBeOpenedSayWhy(t *testing.T) {
	goredis.SetLogger(redisLog{quietLog()})
	inUse := filepath.Join(t.TempDir(), "sessions.db")
	other, err := bolt.Open(inUse)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	for text, want := range map[string]error{
		"bolt:" + inUse:                                 bolt.ErrInUse,
		"bolt:/no/such/folder/x.db":                     os.ErrNotExist,
		"redis://u:hush@127.0.0.1:1/0":                  store.ErrUnavailable,
		"unix:///no/such/redis.sock?db=hush":            nil,
		"redis+cluster://u:hush@127.0.0.1:1":            store.ErrUnavailable,
		"postgres://u:hush@127.0.0.1:1/db":              store.ErrUnavailable,
		"postgres://u:hush@127.0.0.1:1/db?sslmode=hush": nil,
	} {
		spec, err := parseStore(text)
		if err != nil {
			t.Fatal(err)
		}
		_, err = openStore(t.Context(), spec)
		if err == nil || want != nil && !errors.Is(err, want) || !strings.HasPrefix(err.Error(), "--store: ") || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: got %v, want %v", text, err, want)
		}
	}
}
