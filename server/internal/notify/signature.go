package notify

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Headers of a notification (Standard Webhooks 1.0.0, section "Webhook headers").
const (
	headerID        = "Webhook-Id"
	headerTimestamp = "Webhook-Timestamp"
	headerSignature = "Webhook-Signature"
)

// How a secret is written, and how many random bytes it has (Standard Webhooks
// 1.0.0, section "Signature scheme").
const (
	secretPrefix = "whsec_"
	minSecret    = 24
	maxSecret    = 64
)

// errSecret does not repeat the secret.
var errSecret = errors.New("expected whsec_ and 24 to 64 random bytes in base64; make one with: echo whsec_$(openssl rand -base64 32)")

// Secret is what sender and receiver share.
type Secret struct{ key []byte }

// ParseSecret reads a secret as it is written. Its error does not repeat it.
func ParseSecret(text string) (Secret, error) {
	encoded, prefixed := strings.CutPrefix(text, secretPrefix)
	key, err := base64.StdEncoding.DecodeString(encoded)
	if !prefixed || err != nil || len(key) < minSecret || len(key) > maxSecret {
		return Secret{}, errSecret
	}
	return Secret{key}, nil
}

// String keeps the secret out of whatever is printed.
func (Secret) String() string { return "whsec_…" }

// GoString is String.
func (s Secret) GoString() string { return s.String() }

// sign puts ID, time and signatures into the headers of a notification: one for
// each secret, so that a receiver can go over to the next one at any time.
func sign(h http.Header, secrets []Secret, id string, at time.Time, body []byte) {
	timestamp := strconv.FormatInt(at.Unix(), 10)
	signatures := make([]string, 0, len(secrets))
	for _, secret := range secrets {
		signatures = append(signatures, "v1,"+signature(secret, id, timestamp, body))
	}
	h.Set(headerID, id)
	h.Set(headerTimestamp, timestamp)
	h.Set(headerSignature, strings.Join(signatures, " "))
}

// signature is the signature by one secret: over ID, time and body, so that none
// of them can be another's.
func signature(secret Secret, id, timestamp string, body []byte) string {
	mac := hmac.New(sha256.New, secret.key)
	mac.Write([]byte(id + "." + timestamp + "."))
	mac.Write(body)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
