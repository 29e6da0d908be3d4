package storetest

import (
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kakaowasm/kakaowasm/server/store"
)

// racers is how many take part in a race.
const racers = 16

// race runs a function in many goroutines at once, over all instances.
func (f *fixture) race(run func(s store.Store, racer int)) {
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range racers {
		s := []store.Store{f.Store, f.other}[i%2]
		wg.Go(func() {
			<-start
			run(s, i)
		})
	}
	close(start)
	wg.Wait()
}

var races = []scenario{
	{"of many who create an entry one does", func(f *fixture) {
		var created atomic.Int32
		f.race(func(s store.Store, _ int) {
			_, err := s.Create(f.ctx, "key", entry("result"))
			if err == nil {
				created.Add(1)
			} else {
				f.wantErr("Create", err, store.ErrExists)
			}
		})
		if created.Load() != 1 {
			f.Errorf("%d created it", created.Load())
		}
	}},
	{"of many who delete an entry one gets it", func(f *fixture) {
		f.create("key", entry("tokens"))
		var got atomic.Int32
		f.race(func(s store.Store, _ int) {
			_, err := s.Delete(f.ctx, "key", store.AnyVersion)
			if err == nil {
				got.Add(1)
			} else {
				f.wantErr("Delete", err, store.ErrNotFound)
			}
		})
		if got.Load() != 1 {
			f.Errorf("%d got it", got.Load())
		}
	}},
	{"no change is lost among many", func(f *fixture) {
		const changes = 10
		f.create("counter", entry("0"))
		f.race(func(s store.Store, _ int) {
			for range changes {
				f.increment(s, "counter")
			}
		})
		got, err := f.Get(f.ctx, "counter")
		if want := strconv.Itoa(racers * changes); err != nil || string(got.Value) != want {
			f.Errorf("counted %s, %v, want %s", got.Value, err, want)
		}
	}},
	{"nothing comes back after a logout amid renewals", func(f *fixture) {
		f.create("key", entry("0"))
		f.race(func(s store.Store, racer int) {
			if racer == racers/2 {
				_, err := s.Delete(f.ctx, "key", store.AnyVersion)
				if err != nil {
					f.Errorf("Delete: %v", err)
				}
				return
			}
			for f.increment(s, "key") {
				continue
			}
		})
		f.wantNone("key")
	}},
	{"nothing comes back after an unlink amid renewals", func(f *fixture) {
		for i := range racers {
			f.create(strconv.Itoa(i), entry("0"))
		}
		f.race(func(s store.Store, racer int) {
			if racer == racers/2 {
				ended, err := s.DeleteOwned(f.ctx, haneul)
				if ended != racers || err != nil {
					f.Errorf("DeleteOwned: %d, %v, want %d", ended, err, racers)
				}
				return
			}
			for f.increment(s, strconv.Itoa(racer)) {
				continue
			}
		})
		for i := range racers {
			f.wantNone(strconv.Itoa(i))
		}
	}},
	{"an unlink ends what was there before it, amid logins", func(f *fixture) {
		f.race(func(s store.Store, racer int) {
			for i := range 10 {
				key := strconv.Itoa(racer) + "," + strconv.Itoa(i)
				if _, err := s.Create(f.ctx, key, entry("session")); err != nil {
					f.Errorf("Create: %v", err)
				}
				if _, err := s.DeleteOwned(f.ctx, haneul); err != nil {
					f.Errorf("DeleteOwned: %v", err)
				}
				f.wantNone(key)
			}
		})
	}},
	{"whatever an unlink races with, each login is ended once and none escapes", func(f *fixture) {
		const logins = 10
		var ended atomic.Int64
		unlink := func(s store.Store) {
			n, err := s.DeleteOwned(f.ctx, haneul)
			if err != nil {
				f.Errorf("DeleteOwned: %v", err)
			}
			ended.Add(int64(n))
		}
		f.race(func(s store.Store, racer int) {
			for i := range logins {
				if racer%4 >= 2 {
					unlink(s)
				} else {
					f.login(s, strconv.Itoa(racer)+","+strconv.Itoa(i), racer%4 == 1)
				}
			}
		})
		unlink(f.Store)
		if ended.Load() != racers/2*logins {
			f.Errorf("%d were ended, want each of %d once", ended.Load(), racers/2*logins)
		}
		for racer := range racers {
			for i := range logins {
				f.wantNone(strconv.Itoa(racer) + "," + strconv.Itoa(i))
			}
		}
	}},
	{"a lease guards what it should while time is short", func(f *fixture) {
		f.create("counter", entry("0"))
		f.race(func(s store.Store, _ int) {
			l, err := s.Acquire(f.ctx, "counter", time.Millisecond)
			if err != nil {
				f.Errorf("Acquire: %v", err)
				return
			}
			f.increment(s, "counter")
			if err := l.Release(f.ctx); err != nil {
				f.wantErr("Release", err, store.ErrLeaseLost)
			}
		})
		got, err := f.Get(f.ctx, "counter")
		if want := strconv.Itoa(racers); err != nil || string(got.Value) != want {
			f.Errorf("counted %s, %v, want %s", got.Value, err, want)
		}
	}},
}

// login makes an entry of haneul, either at once or of nobody first, as a login
// whose user becomes known later.
func (f *fixture) login(s store.Store, key string, later bool) {
	e := entry("session")
	if later {
		e.Owner = store.Owner{}
	}
	v, err := s.Create(f.ctx, key, e)
	if err != nil {
		f.Errorf("Create: %v", err)
	}
	if later {
		e.Owner, e.Version = haneul, v
		if _, err := s.Replace(f.ctx, key, e); err != nil {
			f.Errorf("Replace: %v", err)
		}
	}
}

// increment adds one to a number, however often others are faster, and reports
// whether it was there.
func (f *fixture) increment(s store.Store, key string) bool {
	for {
		e, err := s.Get(f.ctx, key)
		if err == nil {
			n, _ := strconv.Atoi(string(e.Value))
			e.Value = []byte(strconv.Itoa(n + 1))
			_, err = s.Replace(f.ctx, key, e)
		}
		if errors.Is(err, store.ErrConflict) {
			continue
		}
		if err != nil {
			f.wantErr("increment", err, store.ErrNotFound)
		}
		return err == nil
	}
}
