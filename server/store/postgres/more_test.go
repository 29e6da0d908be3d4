//go:build more

package postgres_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/kakaowasm/kakaowasm/server/store"
	"github.com/kakaowasm/kakaowasm/server/store/postgres"
	"github.com/kakaowasm/kakaowasm/server/store/postgres/postgrestest"
	"github.com/kakaowasm/kakaowasm/server/store/storetest"
)

func TestMoreContractBare(t *testing.T) {
	server := postgrestest.Start(t)
	storetest.Run(t, storetest.Subject{Open: instances(server.URL(), bare)})
}

func TestMoreNothingAcknowledgedIsLostWhenPostgreSQLIsKilled(t *testing.T) {
	server := postgrestest.Start(t)
	storetest.RunKills(t, open(t, server.URL()), server.Kill, server.Restart)
}

// The release comes while nobody listens, so that only asking again can find it.
func TestMoreWhoWaitsForALeaseAsksAgainAfterPostgreSQLWasAway(t *testing.T) {
	server := postgrestest.Start(t)
	a, b := open(t, server.URL()), open(t, server.URL())
	if _, err := a.Acquire(t.Context(), "key", time.Hour); err != nil {
		t.Fatal(err)
	}
	waited := make(chan error, 1)
	go func() {
		_, err := b.Acquire(t.Context(), "key", time.Hour)
		waited <- err
	}()
	for run(t, server.URL(), "SELECT count(*)::text FROM kakaowasm_store WHERE value = 'awaited'") != "1" {
		continue
	}
	server.Kill()
	server.Restart()
	run(t, server.URL(), "DELETE FROM kakaowasm_store WHERE lease")
	select {
	case err := <-waited:
		if err != nil && !errors.Is(err, store.ErrUnavailable) {
			t.Error(err)
		}
	case <-time.After(time.Minute):
		t.Error("nobody woke")
	}
}

func TestMoreAPausedPostgreSQLHoldsNobodyLongerThanTheContext(t *testing.T) {
	server := postgrestest.Start(t)
	s := open(t, server.URL())
	e := entry("session")
	v, err := s.Create(t.Context(), "key", e)
	if err != nil {
		t.Fatal(err)
	}
	e.Version = v
	server.Pause()
	for name, call := range map[string]func(context.Context) error{
		"Get":         func(ctx context.Context) error { _, err := s.Get(ctx, "key"); return err },
		"Create":      func(ctx context.Context) error { _, err := s.Create(ctx, "new", e); return err },
		"Delete":      func(ctx context.Context) error { _, err := s.Delete(ctx, "other", 1); return err },
		"DeleteOwned": func(ctx context.Context) error { _, err := s.DeleteOwned(ctx, store.Owner{UserID: "x"}); return err },
		"Acquire":     func(ctx context.Context) error { _, err := s.Acquire(ctx, "free", time.Minute); return err },
		"Open":        func(ctx context.Context) error { _, err := postgres.Open(ctx, server.URL()); return err },
	} {
		// It must return; how soon depends on the machine.
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		if err := call(ctx); !errors.Is(err, store.ErrUnavailable) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: got error %v, want %v because of %v", name, err, store.ErrUnavailable, context.DeadlineExceeded)
		}
		cancel()
	}
	server.Resume()
	if got, err := s.Get(t.Context(), "key"); err != nil || string(got.Value) != "session" {
		t.Errorf("%+v, %v", got, err)
	}
}
