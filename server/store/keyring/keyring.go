package keyring

import (
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/crypto/chacha20poly1305"

	"github.com/kakaowasm/kakaowasm/server/store"
)

// The parts in front of the ciphertext in a sealed value.
const (
	format     = 1
	idSize     = 8
	headerSize = 1 + idSize // format and key ID
	nonceSize  = chacha20poly1305.NonceSizeX
)

// keyPrefix begins the text of a key, so that people and secret scanners know
// what they see.
const keyPrefix = "kakaowasm-key-1-"

// Why a sealed value does not open. All match [store.ErrUnreadable].
var (
	ErrForm       = fmt.Errorf("%w: expected a sealed value", store.ErrUnreadable)
	ErrUnknownKey = fmt.Errorf("%w: the key that sealed the value is not in the key ring; add it behind the others", store.ErrUnreadable)
	ErrForged     = fmt.Errorf("%w: the value was changed, or was sealed for another place", store.ErrUnreadable)
)

// Ring is a list of keys. It prints as the number of its keys, however it is
// printed.
type Ring struct{ keys []key }

// key is a key, known by its ID.
type key struct {
	header [headerSize]byte // of the values that it seals
	aead   cipher.AEAD
}

// Generate returns a new key as text, 59 printable ASCII characters.
func Generate() string {
	secret := make([]byte, chacha20poly1305.KeySize)
	_, _ = rand.Read(secret) // It never fails: crypto/rand ends the process instead.
	return keyPrefix + base64.RawURLEncoding.EncodeToString(secret)
}

// Parse returns the ring of the keys in a text, which are those of [Generate]
// separated by white space or commas. Its errors name a key by its place and
// never show any of it.
func Parse(text string) (*Ring, error) {
	texts := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
	if len(texts) == 0 {
		return nil, errors.New("key ring: expected one key or more, got none; make one with: kakaowasm keygen")
	}
	r := &Ring{}
	for i, text := range texts {
		k, err := parseKey(text)
		if err != nil {
			return nil, fmt.Errorf("key ring: key %d of %d: %w", i+1, len(texts), err)
		}
		if first := slices.IndexFunc(r.keys, k.same); first >= 0 {
			return nil, fmt.Errorf("key ring: key %d of %d is the same as key %d; remove one of them", i+1, len(texts), first+1)
		}
		r.keys = append(r.keys, k)
	}
	return r, nil
}

// parseKey returns the key of a text.
func parseKey(text string) (key, error) {
	encoded, found := strings.CutPrefix(text, keyPrefix)
	secret, err := base64.RawURLEncoding.Strict().DecodeString(encoded)
	if !found || err != nil || len(secret) != chacha20poly1305.KeySize {
		return key{}, fmt.Errorf("expected %s and 43 characters from A-Z a-z 0-9 - _, as kakaowasm keygen prints it, got something else of %d characters", keyPrefix, len(text))
	}
	return newKey(secret)
}

// newKey returns the key of 32 secret bytes. Its ID is a hash, so that keys need
// no names that could be given twice.
func newKey(secret []byte) (key, error) {
	aead, err := chacha20poly1305.NewX(secret)
	if err != nil {
		return key{}, err
	}
	k := key{header: [headerSize]byte{format}, aead: aead}
	id := sha256.Sum256(append([]byte("kakaowasm key ID "), secret...))
	copy(k.header[1:], id[:])
	return k, nil
}

func (k key) same(other key) bool { return k.header == other.header }

// Seal returns a sealed value, which opens only with the same additional data: they
// say where the value belongs.
func (r *Ring) Seal(value, additionalData []byte) []byte {
	k := r.keys[0]
	sealed := make([]byte, headerSize+nonceSize, headerSize+nonceSize+len(value)+chacha20poly1305.Overhead)
	copy(sealed, k.header[:])
	nonce := sealed[headerSize:]
	_, _ = rand.Read(nonce) // It never fails: crypto/rand ends the process instead.
	return k.aead.Seal(sealed, nonce, value, k.bind(additionalData))
}

// Open returns what Seal was given, or [ErrForm], [ErrUnknownKey] or
// [ErrForged].
func (r *Ring) Open(sealed, additionalData []byte) ([]byte, error) {
	return r.openInPlace(slices.Clone(sealed), additionalData)
}

// openInPlace is Open, and puts the value where its ciphertext was.
func (r *Ring) openInPlace(sealed, additionalData []byte) ([]byte, error) {
	if len(sealed) < headerSize+nonceSize+chacha20poly1305.Overhead || sealed[0] != format {
		return nil, ErrForm
	}
	i := slices.IndexFunc(r.keys, key{header: [headerSize]byte(sealed)}.same)
	if i < 0 {
		return nil, ErrUnknownKey
	}
	nonce, ciphertext := sealed[headerSize:headerSize+nonceSize], sealed[headerSize+nonceSize:]
	value, err := r.keys[i].aead.Open(ciphertext[:0], nonce, ciphertext, r.keys[i].bind(additionalData))
	if err != nil {
		return nil, ErrForged
	}
	return value, nil
}

// bind returns the additional data of a value: also its header, so that a later
// format cannot be passed off as this one.
func (k key) bind(additionalData []byte) []byte { return slices.Concat(k.header[:], additionalData) }

// Format implements [fmt.Formatter]: no verb shows a key.
func (r Ring) Format(f fmt.State, _ rune) { _, _ = fmt.Fprintf(f, "key ring of %d", len(r.keys)) }
