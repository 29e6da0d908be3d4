package storetest

import (
	"time"

	"github.com/kakaowasm/kakaowasm/server/store"
)

var owners = []scenario{
	{"all entries of an owner end together", func(f *fixture) {
		for _, key := range []string{"laptop", "phone", "tablet"} {
			f.create(key, entry("session"))
		}
		if ended, err := f.other.DeleteOwned(f.ctx, haneul); ended != 3 || err != nil {
			f.Errorf("DeleteOwned: %d, %v, want 3", ended, err)
		}
		for _, key := range []string{"laptop", "phone", "tablet"} {
			f.wantNone(key)
		}
		f.wantEnded(haneul, 0)
	}},
	{"other owners keep their entries", func(f *fixture) {
		others := map[string]store.Owner{
			"other app":           {App: "1000002", UserID: haneul.UserID},
			"other user":          {App: haneul.App, UserID: "4210000002"},
			"longer user":         {App: haneul.App, UserID: haneul.UserID + "1"},
			"shifted":             {App: haneul.App + haneul.UserID[:1], UserID: haneul.UserID[1:]},
			"shifted with colons": {App: haneul.App + ":" + haneul.UserID, UserID: haneul.UserID},
			"nobody":              {},
			"nobody of the app":   {App: haneul.App},
		}
		created := make(map[string]store.Entry)
		for key, o := range others {
			created[key] = f.create(key, store.Entry{Value: []byte(key), Owner: o, Expiry: in(time.Hour)})
		}
		f.create("own", entry("session"))
		f.wantEnded(haneul, 1)
		for key, e := range created {
			f.wantEntry(f.other, key, e)
		}
	}},
	{"nobody owns nothing", func(f *fixture) {
		for key, nobody := range map[string]store.Owner{"no app": {}, "an app": {App: haneul.App}} {
			e := f.create(key, store.Entry{Value: []byte("session"), Owner: nobody, Expiry: in(time.Hour)})
			f.wantEnded(nobody, 0)
			f.wantEntry(f.Store, key, e)
		}
	}},
	{"an entry that changes hands belongs to the new owner only", func(f *fixture) {
		dohyun := store.Owner{App: haneul.App, UserID: "4210000002"}
		e := f.create("key", entry("session"))
		e.Owner = dohyun
		e = f.replace("key", e)
		f.wantEnded(haneul, 0)
		f.wantEntry(f.Store, "key", e)
		f.wantEnded(dohyun, 1)
		f.wantNone("key")
	}},
	{"a user who becomes known owns the entry", func(f *fixture) {
		e := entry("session")
		e.Owner = store.Owner{}
		e = f.create("key", e)
		e.Owner = haneul
		f.replace("key", e)
		f.wantEnded(haneul, 1)
		f.wantNone("key")
	}},
	{"an owner may have many entries", func(f *fixture) {
		for i := range 100 {
			f.create(string(rune(0x4e00+i)), entry("session"))
		}
		f.wantEnded(haneul, 100)
	}},
}
