// Package signing is the keys of a platform, with which it signs ID tokens and
// security event tokens, and their public half.
package signing

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/big"
	"slices"
	"sync"

	"github.com/golang-jwt/jwt/v5"
)

// Key signs ID tokens and security event tokens.
type Key struct {
	ID      string
	Private *rsa.PrivateKey
}

// New makes a key.
func New() (*Key, error) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, fmt.Errorf("emulator: generate the signing key: %w", err)
	}
	return identify(private), nil
}

// identify gives a key the ID that follows from it.
func identify(private *rsa.PrivateKey) *Key {
	sum := sha256.Sum256(private.N.Bytes())
	return &Key{ID: hex.EncodeToString(sum[:15]), Private: private}
}

// MarshalText writes the private key in PKCS #8 and base64.
func (k *Key) MarshalText() ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(k.Private)
	if err != nil {
		return nil, fmt.Errorf("emulator: write the signing key: %w", err)
	}
	return []byte(base64.StdEncoding.EncodeToString(der)), nil
}

// UnmarshalText reads what MarshalText writes.
func (k *Key) UnmarshalText(text []byte) error {
	der, err := base64.StdEncoding.DecodeString(string(text))
	if err != nil {
		return fmt.Errorf("emulator: the signing key is not base64: %w", err)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return fmt.Errorf("emulator: the signing key is not in PKCS #8: %w", err)
	}
	private, isRSA := parsed.(*rsa.PrivateKey)
	if !isRSA {
		return fmt.Errorf("emulator: the signing key is a %T, expected an RSA key", parsed)
	}
	*k = *identify(private)
	return nil
}

// Public is the key as the key set lists it.
func (k *Key) Public() JWK {
	return JWK{
		KeyID:     k.ID,
		KeyType:   "RSA",
		Algorithm: jwt.SigningMethodRS256.Alg(),
		Use:       "sig",
		Modulus:   base64.RawURLEncoding.EncodeToString(k.Private.N.Bytes()),
		Exponent:  base64.RawURLEncoding.EncodeToString(big.NewInt(int64(k.Private.E)).Bytes()),
	}
}

// Sign makes a token of some type, "JWT" or "secevent+jwt".
func (k *Key) Sign(typ string, claims jwt.MapClaims) (string, error) {
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
	token.Header["typ"] = typ
	token.Header["kid"] = k.ID
	return token.SignedString(k.Private)
}

// Keys are the keys of the platform: the first signs, all verify.
type Keys struct {
	mu   sync.Mutex
	keys []*Key
}

// All are the keys, the one that signs first.
func (k *Keys) All() []*Key {
	k.mu.Lock()
	defer k.mu.Unlock()
	return append([]*Key{}, k.keys...)
}

// Replace puts other keys in the place of those that were.
func (k *Keys) Replace(keys []*Key) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.keys = slices.Clone(keys)
}

// Rotate makes a new key sign. The keys before it go on to verify, unless they
// retire.
func (k *Keys) Rotate(retire bool) error {
	fresh, err := New()
	if err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if retire {
		k.keys = nil
	}
	k.keys = append([]*Key{fresh}, k.keys...)
	return nil
}

// Current is the key that signs.
func (k *Keys) Current() *Key { return k.All()[0] }

// JWK is a public key (RFC 7517). Source: Kakao Login > REST API > OIDC: Get
// public key.
type JWK struct {
	KeyID     string `json:"kid"`
	KeyType   string `json:"kty"`
	Algorithm string `json:"alg"`
	Use       string `json:"use"`
	Modulus   string `json:"n"`
	Exponent  string `json:"e"`
}
