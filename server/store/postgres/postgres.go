package postgres

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/kakaowasm/kakaowasm/server/store"
)

// defaultConnections is how many connections an instance opens at most unless
// the URL says otherwise. PostgreSQL commits together what comes together.
const defaultConnections = 16

// errURL does not hold the URL that came, since that may hold a password.
var errURL = errors.New("postgres: expected a URL like postgres://user:password@host:5432/database?sslmode=verify-full")

// Store is a [store.Store] in PostgreSQL.
type Store struct {
	pool     *pgxpool.Pool
	releases *notifier
	sweeping sync.WaitGroup
	stop     context.CancelFunc
	closed   atomic.Bool
}

// Open connects to the PostgreSQL at a URL and makes the table, or what it lacks,
// in the first schema of the search path. Parameters such as
// ?search_path=logins&pool_max_conns=50 set options of the client and of the
// connections. Where the URL is none it is an error that does not hold it; where
// PostgreSQL does not answer before the context ends it is
// [store.ErrUnavailable].
func Open(ctx context.Context, url string) (*Store, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil || !strings.HasPrefix(url, "postgres://") && !strings.HasPrefix(url, "postgresql://") {
		return nil, errURL
	}
	if !strings.Contains(url, "pool_max_conns=") {
		cfg.MaxConns = defaultConnections
	}
	pool, err := pgxpool.NewWithConfig(context.WithoutCancel(ctx), cfg)
	if err != nil {
		return nil, store.Unavailable(publicFault(err))
	}
	s := &Store{pool: pool}
	if err := migrate(ctx, pool); err != nil {
		pool.Close()
		if errors.Is(err, errNewer) {
			return nil, err
		}
		return nil, s.unavailable(ctx, err)
	}
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stop = stop
	s.releases = newNotifier(running, cfg.ConnConfig)
	s.sweeping.Go(func() { s.sweepNowAndThen(running) })
	return s, nil
}

// Columns of an entry, in the order of scan.
const columns = `version, app, user_id, expiry, value`

const getEntry = `SELECT ` + columns + ` FROM kakaowasm_store
WHERE key = $1 AND NOT lease AND expiry > clock_timestamp()`

// Get implements [store.Store].
func (s *Store) Get(ctx context.Context, key string) (store.Entry, error) {
	return s.one(ctx, getEntry, []byte(key))
}

const createEntry = `INSERT INTO kakaowasm_store AS t (key, lease, ` + columns + `) VALUES ($1, false, $2, $3, $4, $5, $6)
ON CONFLICT (key, lease) DO UPDATE
SET version = excluded.version, app = excluded.app, user_id = excluded.user_id, expiry = excluded.expiry, value = excluded.value
WHERE t.expiry <= clock_timestamp()`

// Create implements [store.Store].
func (s *Store) Create(ctx context.Context, key string, e store.Entry) (store.Version, error) {
	v, made, err := s.put(ctx, createEntry, key, e)
	if err == nil && !made {
		return 0, store.ErrExists
	}
	return v, err
}

const replaceEntry = `UPDATE kakaowasm_store
SET version = $2, app = $3, user_id = $4, expiry = $5, value = $6
WHERE key = $1 AND NOT lease AND version = $7 AND expiry > clock_timestamp()`

// Replace implements [store.Store].
func (s *Store) Replace(ctx context.Context, key string, e store.Entry) (store.Version, error) {
	v, made, err := s.put(ctx, replaceEntry, key, e, signed(e.Version))
	if err == nil && !made {
		return 0, s.refusal(ctx, key)
	}
	return v, err
}

// put runs a statement that stores an entry under a new version, and reports
// whether it did. Versions are drawn at random, so that none comes again when
// the database is set back to what it was.
func (s *Store) put(ctx context.Context, sql, key string, e store.Entry, more ...any) (store.Version, bool, error) {
	v := store.Version(rand.Uint64() | 1) //nolint:gosec // A version is no secret.
	args := append([]any{[]byte(key), signed(v), []byte(e.Owner.App), []byte(e.Owner.UserID), e.Expiry.Truncate(time.Millisecond), bytesOf(e.Value)}, more...)
	n, err := s.exec(ctx, sql, args...)
	if err != nil {
		return 0, false, err
	}
	return v, n == 1, nil
}

const deleteEntry = `DELETE FROM kakaowasm_store
WHERE key = $1 AND NOT lease AND ($2::bigint = 0 OR version = $2) AND expiry > clock_timestamp() RETURNING ` + columns

// Delete implements [store.Store].
func (s *Store) Delete(ctx context.Context, key string, v store.Version) (store.Entry, error) {
	e, err := s.one(ctx, deleteEntry, []byte(key), signed(v))
	if errors.Is(err, store.ErrNotFound) && v != store.AnyVersion {
		return store.Entry{}, s.refusal(ctx, key)
	}
	return e, err
}

// refusal says why no entry of a key had the version that was wanted. None gets
// it meanwhile, so that it is true for the moment of this look, too.
func (s *Store) refusal(ctx context.Context, key string) error {
	_, err := s.Get(ctx, key)
	if err == nil {
		return store.ErrConflict
	}
	return err
}

const deleteOwned = `WITH ended AS (
	DELETE FROM kakaowasm_store WHERE app = $1 AND user_id = $2 AND user_id <> '' AND NOT lease
	RETURNING expiry > clock_timestamp() AS lived
) SELECT count(*) FILTER (WHERE lived) FROM ended`

// DeleteOwned implements [store.Store].
func (s *Store) DeleteOwned(ctx context.Context, o store.Owner) (ended int, err error) {
	if o.Nobody() {
		return 0, s.check(ctx)
	}
	for {
		if err := s.check(ctx); err != nil {
			return 0, err
		}
		err := s.pool.QueryRow(ctx, deleteOwned, []byte(o.App), []byte(o.UserID)).Scan(&ended)
		if err == nil {
			return ended, nil
		}
		if !isDeadlock(err) {
			return 0, s.unavailable(ctx, err)
		}
	}
}

// isDeadlock reports whether PostgreSQL undid a statement because two waited for
// each other's rows. The other one went on, so that trying again succeeds.
func isDeadlock(err error) bool {
	var refused *pgconn.PgError
	return errors.As(err, &refused) && refused.Code == "40P01"
}

// Close implements [store.Store].
func (s *Store) Close() error {
	if s.closed.Swap(true) {
		return nil
	}
	s.stop()
	s.sweeping.Wait()
	s.pool.Close()
	s.releases.close()
	return nil
}

// check is why nothing is to be begun: the context has ended, or the store is
// closed.
func (s *Store) check(ctx context.Context) error {
	if ctx.Err() != nil {
		return store.Unavailable(context.Cause(ctx))
	}
	if s.closed.Load() {
		return store.Unavailable(store.ErrClosed)
	}
	return nil
}

// exec runs a statement and returns how many rows it touched.
func (s *Store) exec(ctx context.Context, sql string, args ...any) (int64, error) {
	if err := s.check(ctx); err != nil {
		return 0, err
	}
	done, err := s.pool.Exec(ctx, sql, args...)
	if err != nil {
		return 0, s.unavailable(ctx, err)
	}
	return done.RowsAffected(), nil
}

// one returns the entry that a statement returns, or [store.ErrNotFound].
func (s *Store) one(ctx context.Context, sql string, args ...any) (e store.Entry, err error) {
	if err := s.check(ctx); err != nil {
		return e, err
	}
	var version int64
	var app, user []byte
	err = s.pool.QueryRow(ctx, sql, args...).Scan(&version, &app, &user, &e.Expiry, &e.Value)
	if errors.Is(err, pgx.ErrNoRows) {
		return store.Entry{}, store.ErrNotFound
	}
	if err != nil {
		return store.Entry{}, s.unavailable(ctx, err)
	}
	e.Version = store.Version(version) //nolint:gosec // The same 64 bits.
	e.Owner = store.Owner{App: string(app), UserID: string(user)}
	return e, nil
}

// signed is a version as the database keeps it: the same 64 bits.
func signed(v store.Version) int64 { return int64(v) } //nolint:gosec // The same 64 bits.

// bytesOf is a value that is not null.
func bytesOf(value []byte) []byte { return append([]byte{}, value...) }

// unavailable is why PostgreSQL could not be asked, or could not answer, without
// what its answer quotes.
func (s *Store) unavailable(ctx context.Context, err error) error {
	if s.closed.Load() {
		return store.Unavailable(store.ErrClosed)
	}
	err = publicFault(err)
	if ctx.Err() != nil && !errors.Is(err, context.Cause(ctx)) {
		err = fmt.Errorf("%w: %w", context.Cause(ctx), err)
	}
	return store.Unavailable(err)
}
