package storehealth

import (
	"context"
	"errors"
	"testing"

	"github.com/kakaowasm/kakaowasm/server/store"
	"github.com/kakaowasm/kakaowasm/server/store/memory"
)

// What callers do to their own requests says nothing about the store.
func TestOnlyTheStoreMakesTheStoreFail(t *testing.T) {
	s, full := Watch(memory.New()), store.Unavailable(errors.New("no space left on device"))
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	s.note(gone, full)
	s.note(t.Context(), store.Unavailable(store.ErrClosed))
	s.note(t.Context(), store.ErrConflict)
	if failing, _ := s.IsFailing(); failing {
		t.Error("a caller who is gone makes the store fail")
	}
	s.note(t.Context(), full)
	if failing, outage := s.IsFailing(); !failing || outage {
		t.Errorf("after a write that failed: failing %v, outage %v", failing, outage)
	}
	s.note(t.Context(), nil)
	if failing, _ := s.IsFailing(); failing {
		t.Error("a write that succeeds changes nothing")
	}
}
