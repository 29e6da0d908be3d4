package redis

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	goredis "github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"github.com/kakaowasm/kakaowasm/server/store"
)

// DefaultPrefix begins all keys unless the configuration says otherwise.
const DefaultPrefix = "kakaowasm:"

// Config says which Redis, and where in it.
type Config struct {
	// URL is the address of Redis: redis://user:password@host:6379/0, rediss://
	// for TLS, or unix:///path/to/redis.sock. Parameters such as
	// ?pool_size=50&read_timeout=2s set the options of the client.
	URL string
	// Prefix begins all keys and channels. Empty means DefaultPrefix.
	Prefix string
}

// Store is a [store.Store] in Redis.
type Store struct {
	client *goredis.Client
	prefix string
	bell   *bell
}

// Open connects to Redis. Where the URL is none it is an error that does not
// hold the URL, since that may hold a password; where Redis does not answer
// before the context ends it is [store.ErrUnavailable].
func Open(ctx context.Context, cfg Config) (*Store, error) {
	options, err := goredis.ParseURL(cfg.URL)
	if err != nil {
		return nil, errors.New("redis: expected a URL like redis://user:password@host:6379/0, rediss://… or unix:///path/to/redis.sock")
	}
	options.ContextTimeoutEnabled = true
	options.DialerRetries = 1 // The retries of commands dial again, too.
	// A protocol of Redis' managed offerings, which others answer with an error.
	options.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	client := goredis.NewClient(options)
	if err := client.Ping(ctx).Err(); err != nil {
		return nil, errors.Join(unavailable(ctx, err), client.Close())
	}
	prefix := cfg.Prefix
	if prefix == "" {
		prefix = DefaultPrefix
	}
	b := newBell(client, prefix+"freed:") //nolint:contextcheck // It listens until Close.
	return &Store{client: client, prefix: prefix, bell: b}, nil
}

// Get implements [store.Store].
func (s *Store) Get(ctx context.Context, key string) (store.Entry, error) {
	if ctx.Err() != nil {
		return store.Entry{}, store.Unavailable(context.Cause(ctx))
	}
	fields, err := s.client.HMGet(ctx, s.prefix+"entry:"+key, "version", "expiry", "app", "user", "value").Result()
	if err != nil {
		return store.Entry{}, unavailable(ctx, err)
	}
	if fields[0] == nil {
		return store.Entry{}, store.ErrNotFound
	}
	return entryOf(fields)
}

// Create implements [store.Store].
func (s *Store) Create(ctx context.Context, key string, e store.Entry) (store.Version, error) {
	return s.put(ctx, createScript, key, e)
}

// Replace implements [store.Store].
func (s *Store) Replace(ctx context.Context, key string, e store.Entry) (store.Version, error) {
	return s.put(ctx, replaceScript, key, e)
}

// put runs a script that stores an entry. The version is drawn here and not in
// Redis, so that a script that runs again because its answer was lost knows
// what it has done itself; and at random, so that none comes again when Redis
// has lost what it knew.
func (s *Store) put(ctx context.Context, script *goredis.Script, key string, e store.Entry) (store.Version, error) {
	v := store.Version(rand.Uint64() | 1) //nolint:gosec // A version is no secret.
	_, err := s.run(ctx, script, key, number(v), e.Expiry.UnixMilli(), e.Owner.App, e.Owner.UserID, e.Value, number(e.Version))
	if err != nil {
		return 0, err
	}
	return v, nil
}

// Delete implements [store.Store].
func (s *Store) Delete(ctx context.Context, key string, v store.Version) (store.Entry, error) {
	fields, err := s.run(ctx, deleteScript, key, number(v))
	if err != nil {
		return store.Entry{}, err
	}
	return entryOf(fields)
}

// DeleteOwned implements [store.Store].
func (s *Store) DeleteOwned(ctx context.Context, o store.Owner) (int, error) {
	answer, err := s.run(ctx, deleteOwnedScript, "", o.App, o.UserID)
	if err != nil {
		return 0, err
	}
	return int(answer[0].(int64)), nil
}

// Close implements [store.Store].
func (s *Store) Close() error {
	err := s.client.Close()
	s.bell.close()
	if errors.Is(err, goredis.ErrClosed) {
		return nil
	}
	return err
}

// number is how a version is written in Redis, whose own numbers are too small
// for it.
func number(v store.Version) string { return strconv.FormatUint(uint64(v), 10) }

// entryOf returns the entry of the fields version, expiry, app, user, value, or
// [store.ErrUnreadable].
func entryOf(fields []any) (store.Entry, error) {
	var text [5]string
	for i := range text {
		text[i], _ = fields[i].(string)
	}
	version, errVersion := strconv.ParseUint(text[0], 10, 64)
	expiry, errExpiry := strconv.ParseInt(text[1], 10, 64)
	if errVersion != nil || errExpiry != nil {
		return store.Entry{}, fmt.Errorf("%w: expected numbers as version and expiry in Redis", store.ErrUnreadable)
	}
	return store.Entry{
		Version: store.Version(version),
		Expiry:  time.UnixMilli(expiry),
		Owner:   store.Owner{App: text[2], UserID: text[3]},
		Value:   []byte(text[4]),
	}, nil
}

// unavailable is why Redis could not be asked, or could not answer. Errors of
// the client and of Redis hold neither keys nor values.
func unavailable(ctx context.Context, err error) error {
	if errors.Is(err, goredis.ErrClosed) {
		return store.Unavailable(store.ErrClosed)
	}
	if ctx.Err() != nil && !errors.Is(err, context.Cause(ctx)) {
		err = fmt.Errorf("%w: %w", context.Cause(ctx), err)
	}
	return store.Unavailable(err)
}
