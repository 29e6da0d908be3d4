package redis

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/kakaowasm/kakaowasm/server/store"
)

// DefaultPrefix begins all keys unless the configuration says otherwise.
const DefaultPrefix = "kakaowasm:"

// Config says which Redis, and where in it.
type Config struct {
	// URL is the address of Redis: redis://user:password@host:6379/0, rediss://
	// for TLS, or unix:///path/to/redis.sock; for the primary that Sentinels
	// name, redis+sentinel://user:password@host1:26379,host2:26379/NAME/0; for a
	// cluster, redis+cluster://user:password@host1:6379,host2:6379, with some of
	// its nodes; rediss+sentinel:// and rediss+cluster:// for TLS. Parameters
	// such as ?pool_size=50&read_timeout=2s set the options of the client, for
	// Sentinels also sentinel_username and sentinel_password.
	URL string
	// Prefix begins all keys and channels. Empty means DefaultPrefix.
	Prefix string
}

// Store is a [store.Store] in Redis.
type Store struct {
	client   goredis.UniversalClient
	keys     keyspace
	releases *notifier
	batches  *batcher // nil in a cluster
	close    func() error
	closed   atomic.Bool
}

// Open connects to Redis. Where the URL is none, or the Redis is not what it
// says, it is an error that does not hold the URL, since that may hold a
// password; where Redis does not answer before the context ends it is
// [store.ErrUnavailable].
func Open(ctx context.Context, cfg Config) (*Store, error) {
	client, cluster, err := newClient(cfg.URL)
	if err != nil {
		return nil, err
	}
	keys, err := newKeyspace(cmp.Or(cfg.Prefix, DefaultPrefix), cluster)
	if err == nil {
		err = checkTopology(ctx, client, cluster)
	}
	if err != nil {
		return nil, errors.Join(err, client.Close())
	}
	releases := newNotifier(client, keys.freed())
	s := &Store{client: client, keys: keys, releases: releases}
	if !cluster {
		s.batches = newBatcher(client)
	}
	s.close = sync.OnceValue(s.shut)
	return s, nil
}

// process has Redis answer a command. In a cluster each command goes its own
// way: in a batch, a node that is away would hold up what is for the others.
func (s *Store) process(ctx context.Context, cmd goredis.Cmder) error {
	if s.batches == nil {
		return s.client.Process(ctx, cmd)
	}
	return s.batches.process(ctx, cmd)
}

// Get implements [store.Store].
func (s *Store) Get(ctx context.Context, key string) (store.Entry, error) {
	if ctx.Err() != nil {
		return store.Entry{}, store.Unavailable(context.Cause(ctx))
	}
	cmd := goredis.NewSliceCmd(ctx, "hmget", s.keys.entry(key), "version", "expiry", "app", "user", "value")
	if err := s.process(ctx, cmd); err != nil {
		return store.Entry{}, s.unavailable(ctx, err)
	}
	fields := cmd.Val()
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
func (s *Store) put(ctx context.Context, script script, key string, e store.Entry) (store.Version, error) {
	keys := []string{s.keys.entry(key)}
	if !e.Owner.Nobody() {
		keys = append(keys, s.keys.index(s.keys.tag(key), e.Owner))
	}
	return s.putAt(ctx, script, keys, key, e)
}

// putAt is put with the keys in Redis, and more arguments for the script.
func (s *Store) putAt(ctx context.Context, script script, keys []string, key string, e store.Entry, more ...any) (store.Version, error) {
	v := store.Version(rand.Uint64() | 1) //nolint:gosec // A version is no secret.
	args := append([]any{key, number(v), e.Expiry.UnixMilli(), e.Owner.App, e.Owner.UserID, e.Value, number(e.Version)}, more...)
	_, err := s.run(ctx, script, keys, args...)
	if err != nil {
		return 0, err
	}
	return v, nil
}

// Delete implements [store.Store].
func (s *Store) Delete(ctx context.Context, key string, v store.Version) (store.Entry, error) {
	fields, err := s.run(ctx, deleteScript, []string{s.keys.entry(key)}, number(v))
	if err != nil {
		return store.Entry{}, err
	}
	e, err := entryOf(fields)
	if err == nil && !e.Owner.Nobody() {
		// Where this fails, the key stays in the index until the entry would have
		// expired, and harms nobody.
		_, _ = s.runOwned(ctx, unindexScript, key, s.keys.tag(key), e.Owner)
	}
	return e, err
}

// DeleteOwned implements [store.Store]. It looks into the indexes first and
// then ends each entry in a step of its own.
func (s *Store) DeleteOwned(ctx context.Context, o store.Owner) (ended int, err error) {
	if ctx.Err() != nil {
		return 0, store.Unavailable(context.Cause(ctx))
	}
	if o.Nobody() {
		return 0, nil
	}
	indexes := make([]*goredis.StringSliceCmd, len(s.keys.tags))
	_, err = s.client.Pipelined(ctx, func(p goredis.Pipeliner) error {
		for i, tag := range s.keys.tags {
			indexes[i] = p.ZRange(ctx, s.keys.index(tag, o), 0, -1)
		}
		return nil
	})
	if err != nil {
		return 0, s.unavailable(ctx, err)
	}
	for i, tag := range s.keys.tags {
		for _, key := range indexes[i].Val() {
			answer, err := s.runOwned(ctx, deleteOwnedScript, key, tag, o)
			if err != nil {
				return 0, err
			}
			ended += int(answer[0].(int64))
		}
	}
	return ended, nil
}

// runOwned runs a script on an entry and the index of an owner with its tag.
func (s *Store) runOwned(ctx context.Context, script script, key, tag string, o store.Owner) ([]any, error) {
	return s.run(ctx, script, []string{s.keys.entry(key), s.keys.index(tag, o)}, key, o.App, o.UserID)
}

// Close implements [store.Store].
func (s *Store) Close() error { return s.close() }

// shut closes the store, once.
func (s *Store) shut() error {
	s.closed.Store(true)
	err := s.client.Close()
	if s.batches != nil {
		s.batches.close()
	}
	s.releases.close()
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

// unavailable is why Redis could not be asked, or could not answer. What is on its
// way while the store closes fails in many ways.
func (s *Store) unavailable(ctx context.Context, err error) error {
	if s.closed.Load() {
		return store.Unavailable(store.ErrClosed)
	}
	return unavailable(ctx, err)
}

// unavailable is why Redis could not be asked, or could not answer, without what
// its answer quotes.
func unavailable(ctx context.Context, err error) error {
	if errors.Is(err, goredis.ErrClosed) {
		return store.Unavailable(store.ErrClosed)
	}
	err = Fault(err)
	if ctx.Err() != nil && !errors.Is(err, context.Cause(ctx)) {
		err = fmt.Errorf("%w: %w", context.Cause(ctx), err)
	}
	return store.Unavailable(err)
}
