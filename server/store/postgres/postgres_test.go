package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"go.uber.org/goleak"

	"github.com/kakaowasm/kakaowasm/server/store"
	"github.com/kakaowasm/kakaowasm/server/store/keyring"
	"github.com/kakaowasm/kakaowasm/server/store/postgres"
	"github.com/kakaowasm/kakaowasm/server/store/postgres/postgrestest"
	"github.com/kakaowasm/kakaowasm/server/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// open connects to a PostgreSQL.
func open(tb testing.TB, url string) *postgres.Store {
	tb.Helper()
	s, err := postgres.Open(tb.Context(), url)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

// run runs statements past the store, and returns the text that the last one
// returns, if any.
func run(tb testing.TB, url string, statements ...string) (answer string) {
	tb.Helper()
	ctx := context.Background() // also while the test is cleaned up
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		tb.Fatal(err)
	}
	conn, err := pgx.ConnectConfig(ctx, cfg.ConnConfig)
	if err != nil {
		tb.Fatal(err)
	}
	defer conn.Close(ctx)
	for _, statement := range statements {
		err := conn.QueryRow(ctx, statement).Scan(&answer)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			tb.Fatalf("%s: %v", statement, err)
		}
	}
	return answer
}

// made counts the schemas.
var made atomic.Int32

// newSchema makes a schema and returns the address of the server in which a store
// finds it first, before what PostgreSQL brings along.
func newSchema(tb testing.TB, url string) (name, within string) {
	name = fmt.Sprintf("test%d", made.Add(1))
	run(tb, url, "CREATE SCHEMA "+name)
	return name, url + "&pool_max_conns=8&search_path=" + name + ",pg_catalog"
}

// instances opens two instances of one store for each test of the suite.
func instances(url string, around func(store.Store) store.Store) func(testing.TB) []store.Store {
	return func(tb testing.TB) []store.Store {
		_, within := newSchema(tb, url)
		return []store.Store{around(open(tb, within)), around(open(tb, within))}
	}
}

func bare(s store.Store) store.Store { return s }

// sealed returns the decorator of a new key ring.
func sealed(tb testing.TB) func(store.Store) store.Store {
	ring, err := keyring.Parse(keyring.Generate())
	if err != nil {
		tb.Fatal(err)
	}
	return func(s store.Store) store.Store { return keyring.Seal(s, ring) }
}

// clock is a clock of a schema that runs ahead of the real one. The store finds
// it before that of PostgreSQL.
const clock = `CREATE TABLE ahead AS SELECT interval '0' AS by;
CREATE FUNCTION clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
AS 'SELECT pg_catalog.clock_timestamp() + by FROM ahead'`

// One server does for all: starting it is what takes time.
func TestPostgreSQL(t *testing.T) {
	server := postgrestest.Start(t)
	t.Run("contract", func(t *testing.T) {
		storetest.Run(t, storetest.Subject{Open: instances(server.URL(), sealed(t))})
	})
	t.Run("expiry", func(t *testing.T) {
		var schema string
		storetest.RunExpiry(t, storetest.Subject{
			Open: func(tb testing.TB) []store.Store {
				name, within := newSchema(tb, server.URL())
				schema = name
				for statement := range strings.SplitSeq(clock, ";\n") {
					run(tb, within, statement)
				}
				return []store.Store{open(tb, within), open(tb, within)}
			},
			Advance: func(d time.Duration) {
				run(t, server.URL(), fmt.Sprintf("UPDATE %s.ahead SET by = by + interval '%d milliseconds'", schema, d.Milliseconds()))
			},
		})
	})
	for name, test := range map[string]func(*testing.T, string){
		"what has expired is deleted":                      whatHasExpiredIsDeleted,
		"instances that start at once make one table":      instancesThatStartAtOnceMakeOneTable,
		"a table that is there needs no right to make one": aTableThatIsThereNeedsNoRightToMakeOne,
		"the table of a newer program is refused":          theTableOfANewerProgramIsRefused,
		"a waiter is woken by the release":                 aWaiterIsWokenByTheRelease,
	} {
		t.Run(name, func(t *testing.T) {
			_, within := newSchema(t, server.URL())
			test(t, within)
		})
	}
}

// entry returns an entry that lives for an hour.
func entry(value string) store.Entry {
	return store.Entry{Value: []byte(value), Owner: store.Owner{App: "1", UserID: "2"}, Expiry: time.Now().Add(time.Hour)}
}

// An instance deletes at its start, and then now and then.
func whatHasExpiredIsDeleted(t *testing.T, url string) {
	s := open(t, url)
	e := entry("session")
	if _, err := s.Create(t.Context(), "lives", e); err != nil {
		t.Fatal(err)
	}
	run(t, url, `INSERT INTO kakaowasm_store SELECT int4send(n), false, n, '', '', now() - interval '1 hour', '' FROM generate_series(1, 2500) n`)
	if _, err := s.Acquire(t.Context(), "lease", time.Millisecond); err != nil {
		t.Fatal(err)
	}
	open(t, url)
	for run(t, url, "SELECT count(*)::text FROM kakaowasm_store") != "1" {
		if t.Context().Err() != nil {
			t.Fatal("it is still there")
		}
	}
	if _, err := s.Get(t.Context(), "lives"); err != nil {
		t.Error(err)
	}
}

func instancesThatStartAtOnceMakeOneTable(t *testing.T, url string) {
	var starting sync.WaitGroup
	for range 8 {
		starting.Go(func() {
			s, err := postgres.Open(t.Context(), url)
			if err != nil {
				t.Error(err)
				return
			}
			_ = s.Close()
		})
	}
	starting.Wait()
}

func aTableThatIsThereNeedsNoRightToMakeOne(t *testing.T, url string) {
	open(t, url)
	role := fmt.Sprintf("role%d", made.Add(1))
	schema := run(t, url, "SELECT current_schema()::text")
	run(t, url, "CREATE ROLE "+role+" LOGIN", "GRANT USAGE ON SCHEMA "+schema+" TO "+role,
		"GRANT SELECT, INSERT, UPDATE, DELETE ON kakaowasm_store TO "+role)
	s := open(t, strings.Replace(url, "postgres://postgres@", "postgres://"+role+"@", 1))
	if _, err := s.Create(t.Context(), "key", entry("session")); err != nil {
		t.Error(err)
	}
	l, err := s.Acquire(t.Context(), "key", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Release(t.Context()); err != nil {
		t.Error(err)
	}
}

func theTableOfANewerProgramIsRefused(t *testing.T, url string) {
	open(t, url)
	run(t, url, "COMMENT ON TABLE kakaowasm_store IS '1000'")
	if _, err := postgres.Open(t.Context(), url); err == nil || !strings.Contains(err.Error(), "belongs to a newer version") {
		t.Errorf("got error %v", err)
	}
}

func aWaiterIsWokenByTheRelease(t *testing.T, url string) {
	a, b := open(t, url), open(t, url)
	held, err := a.Acquire(t.Context(), "key", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	waited := make(chan error, 1)
	go func() {
		_, err := b.Acquire(t.Context(), "key", time.Hour)
		waited <- err
	}()
	for run(t, url, "SELECT count(*)::text FROM kakaowasm_store WHERE value = 'awaited'") != "1" {
		continue
	}
	if err := held.Release(t.Context()); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-waited:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(time.Minute):
		t.Error("nobody woke")
	}
}

func TestAURLThatIsNoneIsNotShown(t *testing.T) {
	for _, url := range []string{"", "http://:hunter2@host", "host=h password=hunter2", "postgres://:hunter2@host:port", "postgres://:hunter2%zz@host", "postgres://host/?sslmode=hunter2"} {
		_, err := postgres.Open(t.Context(), url)
		if err == nil || strings.Contains(err.Error(), "hunter2") || !strings.Contains(err.Error(), "expected a URL like postgres://") {
			t.Errorf("%q: %v", url, err)
		}
	}
}

func TestAPostgreSQLThatIsNotThere(t *testing.T) {
	_, err := postgres.Open(t.Context(), "postgres://u:hunter2@/db?host=/nonexistent")
	if !errors.Is(err, store.ErrUnavailable) || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("got error %v, want %v", err, store.ErrUnavailable)
	}
}

func Benchmark(b *testing.B) {
	storetest.Benchmark(b, func(tb testing.TB) store.Store { return open(tb, postgrestest.Start(tb).URL()) })
}
