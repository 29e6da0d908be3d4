package store_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kakaowasm/kakaowasm/server/store"
	"github.com/kakaowasm/kakaowasm/server/store/keyring"
	"github.com/kakaowasm/kakaowasm/server/store/memory"
)

// A renewal asks Kakao under the lease of its session, and stores what came in
// place of what it had read. The user may log out meanwhile: then the session
// stays ended.
func ExampleHold() {
	ring, err := keyring.Parse(keyring.Generate())
	if err != nil {
		panic(err)
	}
	sessions := keyring.Seal(memory.New(), ring)
	defer func() { _ = sessions.Close() }()

	ctx := context.Background()
	const key = "hash of the session ID"
	haneul := store.Owner{App: "1000001", UserID: "4210000001"}
	login := store.Entry{Value: []byte("old tokens"), Owner: haneul, Expiry: time.Now().Add(time.Hour)}
	if _, err := sessions.Create(ctx, key, login); err != nil {
		panic(err)
	}

	renew := func(ctx context.Context) error {
		e, err := sessions.Get(ctx, key)
		if err != nil {
			return err
		}
		e.Value = []byte("new tokens") // from Kakao
		_, err = sessions.Replace(ctx, key, e)
		return err
	}
	fmt.Println(store.Hold(ctx, sessions, key, 10*time.Second, renew))

	ended, err := sessions.DeleteOwned(ctx, haneul) // an unlink
	fmt.Println(ended, err)
	err = store.Hold(ctx, sessions, key, 10*time.Second, renew)
	fmt.Println(errors.Is(err, store.ErrNotFound))
	// Output:
	// <nil>
	// 1 <nil>
	// true
}

// The lease brings the entry, and goes with the last change: over a network that is
// two round trips.
func ExampleHoldEntry() {
	sessions := memory.New()
	defer func() { _ = sessions.Close() }()

	ctx := context.Background()
	const key = "hash of the session ID"
	login := store.Entry{Value: []byte("old tokens"), Expiry: time.Now().Add(time.Hour)}
	if _, err := sessions.Create(ctx, key, login); err != nil {
		panic(err)
	}

	err := store.HoldEntry(ctx, sessions, key, 10*time.Second, func(ctx context.Context, lease store.EntryLease) error {
		e, err := lease.Entry()
		if err != nil {
			return err
		}
		e.Value = []byte("new tokens") // from Kakao
		_, err = lease.ReplaceAndRelease(ctx, e)
		return err
	})
	e, _ := sessions.Get(ctx, key)
	fmt.Println(string(e.Value), err)
	// Output: new tokens <nil>
}
