package storetest

import (
	"time"

	"github.com/kakaowasm/kakaowasm/server/store"
)

var expiry = []scenario{
	{"an entry lives until it expires", func(f *fixture) {
		e := f.create("key", store.Entry{Value: []byte("session"), Owner: haneul, Expiry: in(time.Minute)})
		f.advance(59 * time.Second)
		f.wantEntry(f.Store, "key", e)
		f.advance(time.Second)
		f.wantNone("key")
	}},
	{"an entry that is created too late is gone at once", func(f *fixture) {
		for name, late := range map[string]time.Time{"just": in(0), "long ago": in(-time.Hour), "never set": {}} {
			f.create(name, store.Entry{Value: []byte("session"), Owner: haneul, Expiry: late})
			f.wantNone(name)
		}
		f.wantEnded(haneul, 0)
	}},
	{"replacing moves the expiry, both ways", func(f *fixture) {
		longer, shorter := f.create("longer", entry("session")), f.create("shorter", entry("session"))
		longer.Expiry, shorter.Expiry = in(3*time.Hour), in(time.Minute)
		longer = f.replace("longer", longer)
		f.replace("shorter", shorter)
		f.advance(2 * time.Hour)
		f.wantEntry(f.Store, "longer", longer)
		f.wantNone("shorter")
	}},
	{"what has expired can be neither replaced nor deleted nor counted", func(f *fixture) {
		e := f.create("key", store.Entry{Value: []byte("session"), Owner: haneul, Expiry: in(time.Minute)})
		f.advance(time.Minute)
		e.Expiry = in(time.Hour)
		_, err := f.Replace(f.ctx, "key", e)
		f.wantErr("Replace", err, store.ErrNotFound)
		_, err = f.Delete(f.ctx, "key", e.Version)
		f.wantErr("Delete", err, store.ErrNotFound)
		f.wantEnded(haneul, 0)
		f.wantNone("key")
	}},
	{"the key of what has expired is free, also for another owner", func(f *fixture) {
		f.create("key", store.Entry{Value: []byte("session"), Owner: haneul, Expiry: in(time.Minute)})
		f.create("lives on", entry("session"))
		f.advance(time.Minute)
		e := entry("new")
		e.Owner.UserID = "4210000002"
		e = f.create("key", e)
		f.wantEnded(haneul, 1)
		f.wantEntry(f.Store, "key", e)
		f.wantEnded(e.Owner, 1)
	}},
	{"writes clear away what has expired", func(f *fixture) {
		for i := range 100 {
			f.create(string(rune(0x4e00+i)), store.Entry{Owner: haneul, Expiry: in(time.Minute)})
		}
		f.advance(time.Minute)
		e := f.create("key", entry("session"))
		for range 10 {
			e = f.replace("key", e)
		}
		f.wantEntry(f.Store, "key", e)
		f.wantEnded(haneul, 1)
	}},
	{"a lease ends unless it is renewed", func(f *fixture) {
		renewed, left := f.acquire(f.Store, "renewed", time.Minute), f.acquire(f.Store, "left", time.Minute)
		f.advance(59 * time.Second)
		if err := renewed.Renew(f.ctx, time.Minute); err != nil {
			f.Fatalf("Renew: %v", err)
		}
		f.advance(time.Second)
		f.acquire(f.other, "left", time.Minute)
		f.wantErr("Renew", left.Renew(f.ctx, time.Minute), store.ErrLeaseLost)
		f.wantHeld("renewed")
	}},
}
