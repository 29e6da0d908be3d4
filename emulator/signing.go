package emulator

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/big"
	"net/http"
	"slices"
	"sync"

	"github.com/golang-jwt/jwt/v5"
)

// signingKey signs ID tokens and security event tokens.
type signingKey struct {
	id      string
	private *rsa.PrivateKey
}

func newSigningKey() (*signingKey, error) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, fmt.Errorf("emulator: generate the signing key: %w", err)
	}
	return identify(private), nil
}

// identify gives a key the ID that follows from it.
func identify(private *rsa.PrivateKey) *signingKey {
	sum := sha256.Sum256(private.N.Bytes())
	return &signingKey{id: hex.EncodeToString(sum[:15]), private: private}
}

// MarshalText writes the private key in PKCS #8 and base64.
func (k *signingKey) MarshalText() ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(k.private)
	if err != nil {
		return nil, fmt.Errorf("emulator: write the signing key: %w", err)
	}
	return []byte(base64.StdEncoding.EncodeToString(der)), nil
}

// UnmarshalText reads what MarshalText writes.
func (k *signingKey) UnmarshalText(text []byte) error {
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

// public is the key as the key set lists it.
func (k *signingKey) public() jwk {
	return jwk{
		KeyID:     k.id,
		KeyType:   "RSA",
		Algorithm: jwt.SigningMethodRS256.Alg(),
		Use:       "sig",
		Modulus:   base64.RawURLEncoding.EncodeToString(k.private.N.Bytes()),
		Exponent:  base64.RawURLEncoding.EncodeToString(big.NewInt(int64(k.private.E)).Bytes()),
	}
}

// sign makes a token of some type, "JWT" or "secevent+jwt".
func (k *signingKey) sign(typ string, claims jwt.MapClaims) (string, error) {
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
	token.Header["typ"] = typ
	token.Header["kid"] = k.id
	return token.SignedString(k.private)
}

// signingKeys are the keys of the platform: the first signs, all verify.
type signingKeys struct {
	mu   sync.Mutex
	keys []*signingKey
}

func (k *signingKeys) all() []*signingKey {
	k.mu.Lock()
	defer k.mu.Unlock()
	return append([]*signingKey{}, k.keys...)
}

func (k *signingKeys) replace(keys []*signingKey) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.keys = slices.Clone(keys)
}

// rotate makes a new key sign. The keys before it go on to verify, unless they
// retire.
func (k *signingKeys) rotate(retire bool) error {
	fresh, err := newSigningKey()
	if err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if retire {
		k.keys = nil
	}
	k.keys = append([]*signingKey{fresh}, k.keys...)
	return nil
}

func (k *signingKeys) current() *signingKey { return k.all()[0] }

// jwk is a public key (RFC 7517). Source: Kakao Login > REST API > OIDC: Get
// public key.
type jwk struct {
	KeyID     string `json:"kid"`
	KeyType   string `json:"kty"`
	Algorithm string `json:"alg"`
	Use       string `json:"use"`
	Modulus   string `json:"n"`
	Exponent  string `json:"e"`
}

func (s *tokenServer) jwks(w http.ResponseWriter, _ *http.Request) {
	public := []jwk{}
	for _, key := range s.keys.all() {
		public = append(public, key.public())
	}
	writeJSON(w, http.StatusOK, map[string]any{"keys": public})
}
