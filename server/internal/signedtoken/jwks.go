package signedtoken

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/MicahParks/jwkset"
	"github.com/MicahParks/keyfunc/v3"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/kakaowasm/kakaowasm/internal/transportfault"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/server/internal/web"
)

// How long fetched keys are trusted before they are looked up again, the least
// time between two look-ups of unknown keys and after a failed one, how long one
// may take, how large an answer may be, and how many keys may be in it: a token
// that names none is tried with each.
const (
	KeysMaxAge   = time.Hour
	KeysInterval = time.Minute
	KeysRetry    = 5 * time.Second
	KeysTimeout  = 3 * time.Second
	maxJWKS      = 1 << 20
	MaxKeys      = 64
)

// keySet is the platform's JWKS behind a cache, fetched when a key is first
// needed, so that a server starts while Kakao is away and has no goroutine to
// end. It is where the platform's metadata says, which count only if they name
// the expected issuer (OpenID Connect Discovery 1.0, section 4.3). It is a
// [jwkset.Storage] whose reads fetch:
//
//   - a key that is not there is looked for once per interval, not once per
//     token, or forged key IDs would turn this server against Kakao; the fetch
//     that fills the cache does not count, so that a key that Kakao puts in right
//     after it is found at once;
//   - keys older than KeysMaxAge are fetched again, so that a withdrawn key
//     stops counting; while that fails, the old ones stay;
//   - a set without any usable key is no answer: it never replaces one with;
//   - a key that cannot be parsed is left out and does not spoil the others,
//     which is why the library's own HTTP storage is not used.
type keySet struct {
	*jwkset.MemoryJWKSet
	issuer string
	client *http.Client

	mu      sync.Mutex // held while fetching: those who wait find the result
	fetched time.Time  // when the keys were fetched; zero before the first time
	next    time.Time  // when an unknown key, or after a failure any, may be looked for
	failed  error      // of the last fetch
}

// NewKeys returns the keys with which an issuer signs. It fetches none yet.
func NewKeys(issuer string, client *http.Client) (keyfunc.Keyfunc, error) {
	return keyfunc.New(keyfunc.Options{Storage: newKeySet(issuer, client)})
}

// newKeySet returns the cache of an issuer's JWKS. It fetches nothing yet.
func newKeySet(issuer string, client *http.Client) *keySet {
	return &keySet{MemoryJWKSet: jwkset.NewMemoryStorage(), issuer: issuer, client: client}
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
	return k.fetched.IsZero() || time.Since(k.fetched) > KeysMaxAge
}

// update fetches the keys where they are needed and the interval allows it.
func (k *keySet) update(ctx context.Context, needed func() bool) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !needed() {
		return nil
	}
	if time.Now().Before(k.next) {
		return k.failed
	}
	stale := k.stale()
	k.failed = k.fetch(ctx)
	switch {
	case k.failed != nil:
		k.next = time.Now().Add(KeysRetry)
	case !stale:
		k.next = time.Now().Add(KeysInterval)
	}
	return k.failed
}

// fetch replaces the cached keys by those of the platform.
func (k *keySet) fetch(ctx context.Context) error {
	// One caller fetches for all that wait, so that its going away must not
	// end the fetch.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), KeysTimeout)
	defer cancel()
	address, err := k.discover(ctx)
	if err != nil {
		return &KeysError{err}
	}
	var set struct {
		Keys []jsontext.Value `json:"keys"`
	}
	if err := k.read(ctx, address, &set); err != nil {
		return &KeysError{err}
	}
	keys := parseKeys(set.Keys)
	if len(keys) == 0 || len(keys) > MaxKeys {
		return &KeysError{fmt.Errorf("expected 1 to %d keys for RS256 signatures of 2048 bits or more, got %d among %d keys", MaxKeys, len(keys), len(set.Keys))}
	}
	k.fetched = time.Now()
	return k.KeyReplaceAll(ctx, keys)
}

// discover returns where the platform's metadata say that its keys are. Metadata
// of another issuer are nobody's: they come from a mistaken configuration, or
// from somebody who wants the tokens of one platform to count at another.
func (k *keySet) discover(ctx context.Context) (string, error) {
	var metadata struct {
		Issuer  string `json:"issuer"`
		JWKSURI string `json:"jwks_uri"`
	}
	if err := k.read(ctx, k.issuer+kakao.PathDiscovery, &metadata); err != nil {
		return "", err
	}
	if metadata.Issuer != k.issuer {
		return "", fmt.Errorf("expected metadata of the issuer %s, got those of another; check the platform's origin", k.issuer)
	}
	address, err := url.Parse(metadata.JWKSURI)
	if err != nil || address.Host == "" || !web.IsSecure(address) {
		return "", errors.New("expected the address of the keys in jwks_uri, over https, or http on loopback")
	}
	return metadata.JWKSURI, nil
}

// read fetches a JSON document of the platform.
func (k *keySet) read(ctx context.Context, address string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return err
	}
	res, err := k.client.Do(req)
	if err != nil {
		return fmt.Errorf("%s: %w", req.URL.Path, transportfault.New(err))
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: expected 200, got %d", req.URL.Path, res.StatusCode)
	}
	if err := json.UnmarshalRead(io.LimitReader(res.Body, maxJWKS), into); err != nil {
		return fmt.Errorf("%s: expected a JSON document with every member once", req.URL.Path)
	}
	return nil
}

// parseKeys keeps the keys of a set for RS256 signatures and leaves the rest out.
func parseKeys(raws []jsontext.Value) []jwkset.JWK {
	keys := make([]jwkset.JWK, 0, len(raws))
	for _, raw := range raws {
		var says jwkset.JWKMarshal
		if json.Unmarshal(raw, &says) != nil || !isForRS256(says) {
			continue
		}
		key, err := jwkset.NewJWKFromMarshal(says, jwkset.JWKMarshalOptions{}, jwkset.JWKValidateOptions{})
		if err == nil && isStrong(key.Key()) {
			keys = append(keys, key)
		}
	}
	return keys
}

// isForRS256 reports whether a key may verify RS256 signatures, by what it says of
// itself (RFC 7517, section 4). A key whose private half is published is nobody's.
func isForRS256(says jwkset.JWKMarshal) bool {
	return (says.USE == "" || says.USE == jwkset.UseSig) &&
		(says.ALG == "" || says.ALG == jwkset.AlgRS256) &&
		(says.KEYOPS == nil || slices.Contains(says.KEYOPS, jwkset.KeyOpsVerify)) &&
		says.D == ""
}

// Sizes of an RSA key: below the first a signature can be forged (RFC 7518, section
// 3.3), above the last checking one takes too long.
const (
	minKeyBits  = 2048
	MaxKeyBits  = 8192
	minExponent = 3
)

// isStrong reports whether a key is an RSA key of the right size. With an even
// modulus or exponent it is no RSA key, and with an exponent of 1 everybody signs.
func isStrong(key any) bool {
	public, isRSA := key.(*rsa.PublicKey)
	return isRSA && public.N.BitLen() >= minKeyBits && public.N.BitLen() <= MaxKeyBits && public.N.Bit(0) == 1 &&
		public.E >= minExponent && public.E%2 == 1
}

// KeysError says that the platform's keys could not be fetched,
// which says nothing about the token in question.
type KeysError struct{ cause error }

// Error says what happened.
func (e *KeysError) Error() string {
	return "the JWKS cannot be fetched: " + e.cause.Error()
}

// Unwrap returns what happened.
func (e *KeysError) Unwrap() error { return e.cause }
