package signing

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"github.com/MicahParks/jwkset"
	"github.com/golang-jwt/jwt/v5"

	"github.com/kakaowasm/kakaowasm/server/store"
)

// storeKey is where the ring is kept.
const storeKey = "signing-keys"

// reloadInterval is how long an instance goes by the ring that it has read. A key
// signs a week after it was made, so that this changes nothing but what is shown
// after a store was emptied.
const reloadInterval = time.Minute

// errDamaged is the error of a ring that holds something else.
var errDamaged = errors.New("the keys in the store are damaged")

// errNoKey is the error of a store that does not answer before there was a key.
var errNoKey = errors.New("there is no key to sign with")

// Keys are the keys of all instances that share a store. They are safe for
// concurrent use.
type Keys struct {
	store store.Store
	alg   string
	log   *slog.Logger

	turn  chan struct{} // held by whoever reads or writes what follows
	known ring
	read  time.Time
}

// New returns the keys in a store, which should be one that seals what it keeps.
// Instances that share it should have the same algorithm, one that
// [CheckAlgorithm] accepts. New asks nothing of the store yet.
func New(s store.Store, alg string, log *slog.Logger) *Keys {
	return &Keys{store: s, alg: alg, log: log, turn: make(chan struct{}, 1)}
}

// Sign signs claims with the key whose turn it is. Errors are the store's, or
// the context's.
func (k *Keys) Sign(ctx context.Context, claims jwt.Claims) (string, error) {
	r, err := k.ring(ctx)
	if err != nil {
		return "", err
	}
	current, ok := r.current(k.alg, time.Now())
	if !ok {
		return "", errNoKey
	}
	return current.sign(claims)
}

// Public returns the halves of the keys that everybody may see: of those that
// sign, that will, and that did. Errors are those of Sign.
func (k *Keys) Public(ctx context.Context) (jwkset.JWKSMarshal, error) {
	r, err := k.ring(ctx)
	set := jwkset.JWKSMarshal{Keys: []jwkset.JWKMarshal{}}
	for i := range r {
		shown, err := r[i].public()
		if err != nil {
			return set, err
		}
		set.Keys = append(set.Keys, shown)
	}
	return set, err
}

// ring returns the keys, read anew where that is due. While the store is away
// those that are known count.
func (k *Keys) ring(ctx context.Context) (ring, error) {
	select {
	case k.turn <- struct{}{}:
		defer func() { <-k.turn }()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	if k.known != nil && time.Since(k.read).Abs() < reloadInterval {
		return k.known, nil
	}
	fresh, err := k.load(ctx)
	switch {
	case err == nil:
		k.known, k.read = fresh, time.Now()
	case k.known == nil:
		return nil, err
	default:
		k.log.WarnContext(ctx, "the signing keys cannot be read; those from before count", "error", err)
	}
	return k.known, nil
}

// load returns the ring in the store, and puts in order there what is due.
func (k *Keys) load(ctx context.Context) (ring, error) {
	for {
		found, version, err := k.get(ctx)
		if err != nil {
			return nil, err
		}
		wanted, changed, err := found.rotated(k.alg, time.Now())
		if err != nil || !changed {
			return wanted, err
		}
		err = k.put(ctx, wanted, version)
		if err == nil {
			return wanted, nil
		}
		if !overtaken(err) {
			return nil, err
		}
	}
}

// get reads the ring, which is empty where there is none. One that cannot be
// read is given up: its tokens live for minutes, and nobody can sign with it.
func (k *Keys) get(ctx context.Context) (ring, store.Version, error) {
	e, err := k.store.Get(ctx, storeKey)
	if err == nil {
		var found ring
		if found, err = decodeRing(e.Value); err == nil {
			return found, e.Version, nil
		}
	}
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil, store.AnyVersion, nil
	case errors.Is(err, store.ErrUnreadable), errors.Is(err, errDamaged):
		k.log.ErrorContext(ctx, "the signing keys are made anew", "error", err)
		_, err := k.store.Delete(ctx, storeKey, store.AnyVersion)
		if errors.Is(err, store.ErrUnavailable) {
			return nil, store.AnyVersion, err
		}
		return nil, store.AnyVersion, nil
	}
	return nil, store.AnyVersion, err
}

// put stores the ring in place of the version that it was read at.
func (k *Keys) put(ctx context.Context, r ring, version store.Version) error {
	value, err := json.Marshal(r)
	if err != nil {
		return err
	}
	e := store.Entry{Value: value, Expiry: r.expiry(), Version: version}
	if version == store.AnyVersion {
		_, err = k.store.Create(ctx, storeKey, e)
	} else {
		_, err = k.store.Replace(ctx, storeKey, e)
	}
	return err
}

// overtaken reports whether another instance was there first.
func overtaken(err error) bool {
	return errors.Is(err, store.ErrExists) || errors.Is(err, store.ErrConflict) || errors.Is(err, store.ErrNotFound)
}
