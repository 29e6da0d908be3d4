package storetest

import (
	"strings"
	"time"

	"github.com/kakaowasm/kakaowasm/server/store"
)

var entries = []scenario{
	{"an unknown key has no entry", func(f *fixture) {
		_, err := f.Get(f.ctx, "unknown")
		f.wantErr("Get", err, store.ErrNotFound)
		_, err = f.Replace(f.ctx, "unknown", entry("value"))
		f.wantErr("Replace", err, store.ErrNotFound)
		_, err = f.Delete(f.ctx, "unknown", store.AnyVersion)
		f.wantErr("Delete of any version", err, store.ErrNotFound)
		_, err = f.Delete(f.ctx, "unknown", 1)
		f.wantErr("Delete of a version", err, store.ErrNotFound)
	}},
	{"every instance sees an entry as it was created", func(f *fixture) {
		every := make([]byte, 256)
		for i := range every {
			every[i] = byte(i)
		}
		for name, e := range map[string]store.Entry{
			"empty value":   {Value: []byte{}, Owner: haneul, Expiry: in(time.Hour)},
			"every byte":    {Value: every, Owner: haneul, Expiry: in(time.Hour)},
			"long value":    {Value: []byte(strings.Repeat("x", 1<<20)), Owner: haneul, Expiry: in(time.Hour)},
			"no owner":      {Value: every, Expiry: in(time.Minute)},
			"owner's bytes": {Value: every, Owner: store.Owner{App: "a\x00:", UserID: ":*한"}, Expiry: in(1000 * time.Hour)},
		} {
			e = f.create(name, e)
			f.wantEntry(f.Store, name, e)
			f.wantEntry(f.other, name, e)
		}
	}},
	{"keys of all kinds are kept apart", func(f *fixture) {
		keys := []string{"a", "A", "ab", "a:b", "a\x00", "a\x00b", "\x00", "*", "?[a]", "{a}", "한글", " ", strings.Repeat("k", 1024)}
		created := make(map[string]store.Entry)
		for _, key := range keys {
			created[key] = f.create(key, entry("of "+key))
		}
		for _, key := range keys {
			f.wantEntry(f.other, key, created[key])
		}
	}},
	{"a key has one entry", func(f *fixture) {
		first := f.create("key", entry("first"))
		_, err := f.other.Create(f.ctx, "key", entry("second"))
		f.wantErr("Create", err, store.ErrExists)
		f.wantEntry(f.Store, "key", first)
	}},
	{"replacing changes value, owner, expiry and version", func(f *fixture) {
		e := f.create("key", entry("before"))
		e.Value, e.Owner, e.Expiry = []byte("after"), store.Owner{App: "2", UserID: "3"}, in(2*time.Hour)
		f.wantEntry(f.other, "key", f.replace("key", e))
	}},
	{"a version that has been replaced is refused", func(f *fixture) {
		old := f.create("key", entry("first"))
		current := f.replace("key", old)
		old.Value = []byte("lost its lease")
		_, err := f.other.Replace(f.ctx, "key", old)
		f.wantErr("Replace", err, store.ErrConflict)
		_, err = f.other.Delete(f.ctx, "key", old.Version)
		f.wantErr("Delete", err, store.ErrConflict)
		f.wantEntry(f.Store, "key", current)
	}},
	{"no entry has any version", func(f *fixture) {
		e := f.create("key", entry("first"))
		blind := e
		blind.Version = store.AnyVersion
		_, err := f.Replace(f.ctx, "key", blind)
		f.wantErr("Replace", err, store.ErrConflict)
		f.wantEntry(f.Store, "key", e)
	}},
	{"no version comes again, not even for a new entry", func(f *fixture) {
		first := f.create("key", entry("first"))
		if _, err := f.Delete(f.ctx, "key", store.AnyVersion); err != nil {
			f.Fatal(err)
		}
		second := f.create("key", entry("second"))
		_, err := f.Replace(f.ctx, "key", first)
		f.wantErr("Replace", err, store.ErrConflict)
		_, err = f.Delete(f.ctx, "key", first.Version)
		f.wantErr("Delete", err, store.ErrConflict)
		f.wantEntry(f.Store, "key", second)
	}},
	{"what has been deleted stays deleted", func(f *fixture) {
		e := f.create("key", entry("session"))
		if _, err := f.other.Delete(f.ctx, "key", store.AnyVersion); err != nil {
			f.Fatal(err)
		}
		_, err := f.Replace(f.ctx, "key", e)
		f.wantErr("Replace", err, store.ErrNotFound)
		f.wantNone("key")
		f.wantEnded(haneul, 0)
	}},
	{"deleting returns the entry as it was last", func(f *fixture) {
		e := f.create("key", entry("old token"))
		e.Value = []byte("new token")
		last := f.replace("key", e)
		got, err := f.other.Delete(f.ctx, "key", store.AnyVersion)
		if err != nil {
			f.Fatal(err)
		}
		f.wantSame("Delete", last, got)
		f.wantNone("key")
	}},
	{"deleting takes the version that was read", func(f *fixture) {
		e := f.create("key", entry("session"))
		if _, err := f.other.Delete(f.ctx, "key", e.Version); err != nil {
			f.Error(err)
		}
		f.wantNone("key")
	}},
	{"callers share no memory with the store", func(f *fixture) {
		given := []byte("value")
		e := f.create("key", store.Entry{Value: given, Owner: haneul, Expiry: in(time.Hour)})
		given[0] = 'X'
		got, err := f.Get(f.ctx, "key")
		if err != nil {
			f.Fatal(err)
		}
		got.Value[1] = 'X'
		e.Value = []byte("value")
		f.wantEntry(f.Store, "key", e)
	}},
}
