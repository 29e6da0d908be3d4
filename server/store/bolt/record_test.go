package bolt

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kakaowasm/kakaowasm/server/store"
)

func FuzzDecode(f *testing.F) {
	e := store.Entry{Value: []byte("value"), Owner: store.Owner{App: "1", UserID: "2"}, Expiry: time.UnixMilli(1), Version: 3}
	f.Add(encode(e))
	f.Add(encode(store.Entry{}))
	f.Add(encode(e)[:18])
	f.Add([]byte("\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"))
	f.Fuzz(func(t *testing.T, record []byte) {
		e, err := decode(record)
		if err != nil {
			if !errors.Is(err, store.ErrUnreadable) {
				t.Error(err)
			}
			return
		}
		again, err := decode(encode(e))
		e.Expiry = time.UnixMilli(max(0, e.Expiry.UnixMilli())) // There are none before 1970.
		if diff := cmp.Diff(e, again); diff != "" || err != nil {
			t.Errorf("%v, (-once +twice):\n%s", err, diff)
		}
	})
}
