package signedtoken_test

import (
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/kakaowasm/kakaowasm/server/internal/signedtoken"
)

const issuer = "https://kauth.kakao.com"

// platform answers every request.
type platform func(*http.Request) (*http.Response, error)

func (p platform) RoundTrip(r *http.Request) (*http.Response, error) { return p(r) }

// verifiers are those of an app whose platform answers so.
func verifiers(t *testing.T, answer platform) (signedtoken.IDTokens, signedtoken.EventTokens) {
	t.Helper()
	keys, err := signedtoken.NewKeys(issuer, &http.Client{Transport: answer})
	if err != nil {
		t.Fatal(err)
	}
	app := signedtoken.App{Issuer: issuer, Keys: []string{"key-of-the-app"}}
	return signedtoken.NewIDTokens(app, keys), signedtoken.NewEventTokens(app, keys)
}

// says is a platform that answers with a JSON document for each path.
func says(documents map[string]string) platform {
	return func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(documents[r.URL.Path])), Request: r}, nil
	}
}

// token is one that nobody has signed.
func token(header, claims string) string {
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(header)) + "." + encode([]byte(claims)) + "." + encode([]byte("signature-secret"))
}

// What is wrong with a token is said in words of the package: an error goes into
// logs and answers, and what the token holds must not.
func TestErrorsRepeatNothingOfAToken(t *testing.T) {
	ids, events := verifiers(t, says(map[string]string{
		"/.well-known/openid-configuration": `{"issuer":"` + issuer + `","jwks_uri":"` + issuer + `/.well-known/jwks.json"}`,
		"/.well-known/jwks.json":            `{"keys":[]}`,
	}))
	for _, raw := range []string{
		"", "secret", "secret.secret.secret", token(`{"alg":"secret"}`, `{}`), token(`{"alg":"RS256","alg":"secret"}`, `{}`),
		token(`{"alg":"none"}`, `{"iss":"secret"}`), token(`{"alg":"RS256"}`, `{"iat":"secret"}`), token(`{"alg":"RS256"}`, `{"sub":"secret","sub":"secret"}`),
	} {
		_, idErr := ids.VerifyLogin(t.Context(), raw, "nonce-secret")
		_, eventErr := events.Verify(t.Context(), raw)
		for _, err := range []error{idErr, eventErr} {
			if err == nil || strings.Contains(err.Error(), "secret") {
				t.Errorf("%q: %v", raw, err)
			}
		}
	}
}

// Where only the keys cannot be fetched, nothing is said of the token: neither that
// it is wrong nor that it is untimely.
func TestKeysThatCannotBeFetchedAreNoFaultOfTheToken(t *testing.T) {
	ids, _ := verifiers(t, func(*http.Request) (*http.Response, error) { return nil, errors.New("no network") })
	_, err := ids.VerifyLogin(t.Context(), token(`{"alg":"RS256","kid":"k"}`, `{"iss":"`+issuer+`","exp":1}`), "")
	var away *signedtoken.KeysError
	var invalid *signedtoken.Error
	if !errors.As(err, &away) || errors.As(err, &invalid) {
		t.Errorf("got %T: %v", err, err)
	}
}
