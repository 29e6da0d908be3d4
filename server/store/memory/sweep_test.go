package memory

import (
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kakaowasm/kakaowasm/server/store"
)

// What has expired must not pile up, and no single write may pay for all of it.
func TestWritesForgetWhatHasExpiredAFewAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const old = 100
		s := New()
		create := func(key string, lifetime time.Duration) {
			e := store.Entry{Owner: store.Owner{App: "1", UserID: key}, Expiry: time.Now().Add(lifetime)}
			if _, err := s.Create(t.Context(), key, e); err != nil {
				t.Fatal(err)
			}
		}
		for i := range old {
			create(strconv.Itoa(i), time.Minute)
		}
		time.Sleep(time.Minute)
		create("first", time.Hour)
		if n := len(s.entries); n != old-sweepLimit+1 {
			t.Errorf("%d entries after one write, want %d", n, old-sweepLimit+1)
		}
		for i := range old / sweepLimit {
			create("later "+strconv.Itoa(i), time.Hour)
		}
		want := 1 + old/sweepLimit
		if len(s.entries) != want || len(s.owned) != want || len(s.expiries) != want {
			t.Errorf("%d entries, %d owners, %d expiries, want %d of each", len(s.entries), len(s.owned), len(s.expiries), want)
		}
	})
}
