package kakao

import (
	"bytes"
	"crypto/sha256"
	"testing"
)

// The example of RFC 7636, appendix B.
func TestChallengeOfTheRFC(t *testing.T) {
	const verifier, challenge = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
	if got := ChallengeS256(verifier); got != challenge {
		t.Errorf("ChallengeS256(%q) = %q, want %q", verifier, got, challenge)
	}
}

func TestSHA256AtTheBordersOfItsBlocks(t *testing.T) {
	for n := range 200 {
		message := bytes.Repeat([]byte{byte(n)}, n)
		if sha256Sum(message) != sha256.Sum256(message) {
			t.Errorf("a message of %d bytes has another digest than crypto/sha256 gives", n)
		}
	}
}

func FuzzSHA256(f *testing.F) {
	f.Add([]byte("abc"))
	f.Fuzz(func(t *testing.T, message []byte) {
		if sha256Sum(message) != sha256.Sum256(message) {
			t.Errorf("%x has another digest than crypto/sha256 gives", message)
		}
	})
}
