package server

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/MicahParks/jwkset"
)

// How long fetched keys are trusted before they are looked up again, the least
// time between two look-ups and after a failed one, how long one may take, and
// how large the answer may be.
const (
	jwksMaxAge   = time.Hour
	jwksInterval = time.Minute
	jwksRetry    = 5 * time.Second
	jwksTimeout  = 3 * time.Second
	maxJWKS      = 1 << 20
)

// keySet is the platform's JWKS behind a cache, fetched when a key is first
// needed, so that a server starts while Kakao is away and has no goroutine to
// end. It is a [jwkset.Storage] whose reads fetch:
//
//   - a key that is not there is looked for once per interval, not once per
//     token, or forged key IDs would turn this server against Kakao;
//   - keys older than jwksMaxAge are fetched again, so that a withdrawn key
//     stops counting; while that fails, the old ones stay;
//   - a key that cannot be parsed is left out and does not spoil the others,
//     which is why the library's own HTTP storage is not used.
type keySet struct {
	*jwkset.MemoryJWKSet
	url    string
	client *http.Client

	mu      sync.Mutex // held while fetching: those who wait find the result
	fetched time.Time  // when the keys were fetched; zero before the first time
	next    time.Time  // when they may be fetched again
	failed  error      // of the last fetch
}

// newKeySet returns the cache of the JWKS at url. It fetches nothing yet.
func newKeySet(url string, client *http.Client) *keySet {
	return &keySet{MemoryJWKSet: jwkset.NewMemoryStorage(), url: url, client: client}
}

// KeyRead returns the key with this ID, looking it up where it is unknown.
func (k *keySet) KeyRead(ctx context.Context, id string) (jwkset.JWK, error) {
	err := k.update(ctx, func() bool { return k.stale() || !k.has(ctx, id) })
	if err != nil && !k.has(ctx, id) {
		return jwkset.JWK{}, err
	}
	return k.MemoryJWKSet.KeyRead(ctx, id)
}

// KeyReadAll returns every key, for tokens that name none.
func (k *keySet) KeyReadAll(ctx context.Context) ([]jwkset.JWK, error) {
	err := k.update(ctx, k.stale)
	keys, _ := k.MemoryJWKSet.KeyReadAll(ctx) // Memory does not fail.
	if err != nil && len(keys) == 0 {
		return nil, err
	}
	return keys, nil
}

// has reports whether a key is in the cache.
func (k *keySet) has(ctx context.Context, id string) bool {
	_, err := k.MemoryJWKSet.KeyRead(ctx, id)
	return err == nil
}

// stale reports whether the cache is empty or old.
func (k *keySet) stale() bool {
	return k.fetched.IsZero() || time.Since(k.fetched) > jwksMaxAge
}

// update fetches the keys where they are needed and the interval allows it.
func (k *keySet) update(ctx context.Context, needed func() bool) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !needed() {
		return nil
	}
	if now := time.Now(); !now.Before(k.next) {
		k.failed = k.fetch(ctx)
		k.next = time.Now().Add(jwksInterval)
		if k.failed != nil {
			k.next = time.Now().Add(jwksRetry)
		}
	}
	return k.failed
}

// fetch replaces the cached keys by those of the platform.
func (k *keySet) fetch(ctx context.Context) error {
	// One caller fetches for all that wait, so that its going away must not
	// end the fetch.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), jwksTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, k.url, http.NoBody)
	if err != nil {
		return err
	}
	res, err := k.client.Do(req)
	if err != nil {
		return &unavailableKeysError{err}
	}
	defer func() { _ = res.Body.Close() }()
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if res.StatusCode != http.StatusOK {
		return &unavailableKeysError{fmt.Errorf("expected 200, got %d", res.StatusCode)}
	}
	if err := json.NewDecoder(io.LimitReader(res.Body, maxJWKS)).Decode(&set); err != nil {
		return &unavailableKeysError{errors.New("expected a JSON Web Key Set")}
	}
	k.fetched = time.Now()
	return k.KeyReplaceAll(ctx, parseKeys(set.Keys))
}

// parseKeys keeps the RSA signature keys of a set and leaves the rest out.
func parseKeys(raws []json.RawMessage) []jwkset.JWK {
	keys := make([]jwkset.JWK, 0, len(raws))
	for _, raw := range raws {
		key, err := jwkset.NewJWKFromRawJSON(raw, jwkset.JWKMarshalOptions{}, jwkset.JWKValidateOptions{})
		if err != nil {
			continue
		}
		_, isRSA := key.Key().(*rsa.PublicKey)
		if use := key.Marshal().USE; isRSA && (use == "" || use == jwkset.UseSig) {
			keys = append(keys, key)
		}
	}
	return keys
}

// unavailableKeysError says that the platform's keys could not be fetched,
// which says nothing about the token in question.
type unavailableKeysError struct{ cause error }

// Error says what happened.
func (e *unavailableKeysError) Error() string {
	return "the JWKS cannot be fetched: " + e.cause.Error()
}

// Unwrap returns what happened.
func (e *unavailableKeysError) Unwrap() error { return e.cause }
