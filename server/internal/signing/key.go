package signing

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"time"

	"github.com/MicahParks/jwkset"
	"github.com/golang-jwt/jwt/v5"
)

// The algorithms (RFC 7518, section 3.1, and RFC 8037, section 3.1).
const (
	RS256 = "RS256" // RSA of 2,048 bits; what every library verifies
	EdDSA = "EdDSA" // Ed25519
)

// rsaBits is the size of RSA keys. They live for two weeks.
const rsaBits = 2048

// algorithm is what differs between algorithms.
type algorithm struct {
	method   jwt.SigningMethod
	generate func() (crypto.Signer, error)
}

var algorithms = map[string]algorithm{
	RS256: {jwt.SigningMethodRS256, func() (crypto.Signer, error) { return rsa.GenerateKey(rand.Reader, rsaBits) }},
	EdDSA: {jwt.SigningMethodEdDSA, func() (crypto.Signer, error) {
		_, private, err := ed25519.GenerateKey(rand.Reader)
		return private, err
	}},
}

// CheckAlgorithm accepts the name of an algorithm.
func CheckAlgorithm(name string) error {
	if _, known := algorithms[name]; !known {
		return fmt.Errorf("expected %s or %s, got %q", RS256, EdDSA, name)
	}
	return nil
}

// key is a key, as the store keeps it.
type key struct {
	ID        string `json:"kid"`
	Algorithm string `json:"alg"`
	// Until is when the key has signed for the last time.
	Until time.Time `json:"until"`
	// Private is the key itself (PKCS #8).
	Private []byte `json:"private"`

	signer crypto.Signer
}

// newKey makes a key that signs until a time.
func newKey(alg string, until time.Time) (key, error) {
	signer, err := algorithms[alg].generate()
	if err != nil {
		return key{}, err
	}
	private, err := x509.MarshalPKCS8PrivateKey(signer)
	return key{ID: rand.Text(), Algorithm: alg, Until: until, Private: private, signer: signer}, err
}

// parse reads the key itself.
func (k *key) parse() error {
	private, err := x509.ParsePKCS8PrivateKey(k.Private)
	if err != nil {
		return err
	}
	signer, ok := private.(crypto.Signer)
	if !ok || CheckAlgorithm(k.Algorithm) != nil {
		return errDamaged
	}
	k.signer = signer
	return nil
}

// sign signs claims.
func (k *key) sign(claims jwt.Claims) (string, error) {
	token := jwt.NewWithClaims(algorithms[k.Algorithm].method, claims)
	token.Header["kid"] = k.ID
	return token.SignedString(k.signer)
}

// public is the half of the key that everybody may see.
func (k *key) public() (jwkset.JWKMarshal, error) {
	shown, err := jwkset.NewJWKFromKey(k.signer.Public(), jwkset.JWKOptions{Metadata: jwkset.JWKMetadataOptions{
		ALG: jwkset.ALG(k.Algorithm), KID: k.ID, USE: jwkset.UseSig,
	}})
	return shown.Marshal(), err
}
