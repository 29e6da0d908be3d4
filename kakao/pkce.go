package kakao

import "encoding/base64"

// ChallengeS256 derives the code_challenge of a code_verifier with method S256:
// BASE64URL(SHA256(verifier)) without padding (RFC 7636, section 4.2).
func ChallengeS256(verifier string) string {
	sum := sha256Sum([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
