package storetest

import (
	"context"
	"errors"
	"time"

	"github.com/kakaowasm/kakaowasm/server/store"
)

// calls are calls of all methods, on the key "secret key".
var calls = map[string]func(context.Context, store.Store) error{
	"Get": func(ctx context.Context, s store.Store) error {
		_, err := s.Get(ctx, "secret key")
		return err
	},
	"Create": func(ctx context.Context, s store.Store) error {
		_, err := s.Create(ctx, "secret key", entry("secret value"))
		return err
	},
	"Replace": func(ctx context.Context, s store.Store) error {
		e, err := s.Get(context.WithoutCancel(ctx), "secret key")
		if err != nil {
			return err
		}
		e.Value = []byte("secret value")
		_, err = s.Replace(ctx, "secret key", e)
		return err
	},
	"Delete": func(ctx context.Context, s store.Store) error {
		_, err := s.Delete(ctx, "secret key", store.AnyVersion)
		return err
	},
	"DeleteOwned": func(ctx context.Context, s store.Store) error {
		_, err := s.DeleteOwned(ctx, haneul)
		return err
	},
	"Acquire": func(ctx context.Context, s store.Store) error {
		_, err := s.Acquire(ctx, "secret key", time.Minute)
		return err
	},
}

var refusals = []scenario{
	{"a call whose context has ended does nothing and says why", func(f *fixture) {
		e := f.create("secret key", entry("session"))
		why := errors.New("the user has left")
		ctx, cancel := context.WithCancelCause(f.ctx)
		cancel(why)
		for name, call := range calls {
			err := call(ctx, f.Store)
			f.wantErr(name, err, store.ErrUnavailable, why)
			f.wantDiscreet(name, err, "secret")
		}
		f.wantEntry(f.other, "secret key", e)
		f.acquire(f.other, "secret key", time.Minute)
	}},
	{"a lease whose context has ended stays as it is", func(f *fixture) {
		l := f.acquire(f.Store, "key", time.Minute)
		ctx, cancel := context.WithCancel(f.ctx)
		cancel()
		f.wantErr("Renew", l.Renew(ctx, time.Minute), store.ErrUnavailable, context.Canceled)
		f.wantErr("Release", l.Release(ctx), store.ErrUnavailable, context.Canceled)
		if err := l.Release(f.ctx); err != nil {
			f.Errorf("Release: %v", err)
		}
	}},
	{"a closed store is unavailable", func(f *fixture) {
		f.create("secret key", entry("session"))
		for range 2 {
			if err := f.Close(); err != nil {
				f.Errorf("Close: %v", err)
			}
		}
		for name, call := range calls {
			err := call(f.ctx, f.Store)
			f.wantErr(name, err, store.ErrUnavailable, store.ErrClosed)
			f.wantDiscreet(name, err, "secret")
		}
	}},
	{"closing ends the waiting for a lease", func(f *fixture) {
		f.acquire(f.Store, "key", time.Minute)
		waited := make(chan error)
		go func() {
			_, err := f.Acquire(f.ctx, "key", time.Minute)
			waited <- err
		}()
		if err := f.Close(); err != nil {
			f.Errorf("Close: %v", err)
		}
		f.wantErr("Acquire", <-waited, store.ErrUnavailable, store.ErrClosed)
	}},
}
