package bolt_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/kakaowasm/kakaowasm/server/store"
)

// A renewal writes the entry and where its expiry is, and no page of the owners.
func TestARenewalLeavesTheIndexOfOwnersAlone(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	at := time.Now().Add(time.Hour).Truncate(time.Millisecond)
	owned := func(i int, expiry time.Time, v store.Version) store.Entry {
		return store.Entry{Value: []byte("login"), Owner: store.Owner{App: "app", UserID: fmt.Sprint(i)}, Expiry: expiry, Version: v}
	}
	var versions [500]store.Version // more than a page of the index holds
	var filling sync.WaitGroup
	for i := range versions {
		filling.Go(func() {
			var err error
			if versions[i], err = s.Create(t.Context(), fmt.Sprint("session:", i), owned(i, at, 0)); err != nil {
				t.Error(err)
			}
		})
	}
	filling.Wait()
	before := roots(t, s, path)
	s = open(t, path)
	v, err := s.Replace(t.Context(), "session:250", owned(250, at, versions[250]))
	if err != nil {
		t.Fatal(err)
	}
	same := roots(t, s, path)
	if same["owners"] != before["owners"] || same["expiries"] != before["expiries"] || same["entries"] == before["entries"] {
		t.Errorf("a change of the value moved the buckets from %v to %v", before, same)
	}
	s = open(t, path)
	if _, err := s.Replace(t.Context(), "session:250", owned(250, at.Add(time.Hour), v)); err != nil {
		t.Fatal(err)
	}
	later := roots(t, s, path)
	if later["owners"] != before["owners"] || later["expiries"] == before["expiries"] {
		t.Errorf("another expiry moved the buckets from %v to %v", same, later)
	}
}

// roots closes a store and returns where the buckets of its file begin: a commit that
// changes a page of a bucket writes those above it anew.
func roots(t *testing.T, s store.Store, path string) map[string]uint64 {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	all := map[string]uint64{}
	err = db.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
			all[string(name)] = uint64(b.Root())
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
