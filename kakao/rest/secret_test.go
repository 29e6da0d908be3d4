package rest_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/kakaowasm/kakaowasm/kakao/rest"
)

// words are all secrets that the samples send.
var words = []string{accessToken, adminKey, clientSecret, "code-1", "verifier-1", "refresh-1", "head.body.signature", "tran-1"}

func wantNone(t *testing.T, where, text string) {
	t.Helper()
	for _, word := range words {
		if strings.Contains(text, word) {
			t.Errorf("%s holds %s: %s", where, word, text)
		}
	}
}

// Kakao repeats everything that it was sent, in every place: no error and no
// line of the log does.
func TestNoErrorAndNoLogHoldsASecret(t *testing.T) {
	repeats := func(r *http.Request, params url.Values) string {
		said := r.Header.Get("Authorization") + " " + r.URL.String() + " " + params.Encode()
		for _, values := range params {
			said += " " + strings.Join(values, " ")
		}
		return said
	}
	shapes := map[string]func(said string) (*http.Response, error){
		"REST API": func(said string) (*http.Response, error) {
			body, _ := json.Marshal(map[string]any{"code": -2, "msg": said, "api_type": said, "required_scopes": []string{said}})
			return response(400, string(body)), nil
		},
		"OAuth": func(said string) (*http.Response, error) {
			body, _ := json.Marshal(map[string]any{"error": said, "error_description": said, "error_code": said})
			return response(400, string(body)), nil
		},
		"a page":        func(said string) (*http.Response, error) { return response(500, said), nil },
		"garbage":       func(said string) (*http.Response, error) { return response(200, said), nil },
		"wrong members": func(said string) (*http.Response, error) { return response(200, `{"id":"`+said+`"}`), nil },
		"the network":   func(string) (*http.Response, error) { return nil, errors.New("connection refused") },
		"the network, wrapped": func(said string) (*http.Response, error) {
			return nil, &url.Error{Op: "Get", URL: said, Err: errors.New("refused")}
		},
	}
	for shape, answer := range shapes {
		for _, s := range samples {
			t.Run(shape+", "+s.name, func(t *testing.T) {
				kakao := &far{}
				kakao.answer = func(r *http.Request) (*http.Response, error) {
					return answer(repeats(r, kakao.requests[len(kakao.requests)-1].params))
				}
				var log bytes.Buffer
				logger := slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
				answer, err := s.call(t.Context(), kakao.client(t, rest.WithLogger(logger), rest.WithTries(1)))
				if err == nil {
					t.Fatalf("no error: %v", answer)
				}
				wantNone(t, "the error", err.Error())
				wantNone(t, "its members", fmt.Sprintf("%+v %#v", err, err))
				wantNone(t, "the log", log.String())
				if !strings.Contains(log.String(), `"call":"`+s.request.method) {
					t.Errorf("log: %s", log.String())
				}
			})
		}
	}
}

func TestCredentialsShowThemselvesToNobody(t *testing.T) {
	body := `{"token_type":"bearer","access_token":"token-aaaa","expires_in":1,"refresh_token":"refresh-1","refresh_token_expires_in":1,"id_token":"head.body.signature"}`
	c := answering(200, body).client(t)
	tokens, err := app(c).Exchange(t.Context(), rest.ExchangeRequest{RedirectURI: "x", Code: "y"})
	if err != nil {
		t.Fatal(err)
	}
	shown := []any{
		tokens, &tokens, tokens.AccessToken, tokens.RefreshToken, tokens.IDToken,
		rest.NewAdminKey(adminKey),
		rest.App{Key: appKey, Secret: rest.NewClientSecret(clientSecret)},
		app(c), user(c), admin(c), admin(c).For(userID),
		rest.RefreshRequest{RefreshToken: tokens.RefreshToken},
		struct{ hidden rest.UserToken }{tokens.AccessToken},
	}
	for _, value := range shown {
		for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
			text := fmt.Sprintf(format, value)
			wantNone(t, fmt.Sprintf("%T with %s", value, format), text)
			wantNone(t, fmt.Sprintf("%T with %s", value, format), string(unhex(text)))
		}
		var log bytes.Buffer
		slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "value", value)
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "value", value)
		wantNone(t, fmt.Sprintf("%T in a log", value), log.String())
	}
	if tokens.AccessToken.Reveal() != accessToken || (rest.UserToken{}).Reveal() != "" || !(rest.UserToken{}).IsZero() {
		t.Error("Reveal does not")
	}
}

func unhex(text string) []byte {
	var out []byte
	if _, err := fmt.Sscanf(text, "%x", &out); err != nil {
		return nil
	}
	return out
}

// A placeholder in a store would be a lost token.
func TestCredentialsAreNotWrittenAsJSON(t *testing.T) {
	if text, err := json.Marshal(rest.NewUserToken(accessToken)); err == nil {
		t.Errorf("written: %s", text)
	}
}

// The address of another page carries an app key that nobody needs.
func TestPageAddressesCarryNoKey(t *testing.T) {
	page, err := admin(answering(200, sample(t, "user_ids")).client(t)).UserIDs(t.Context(), rest.UserIDsRequest{})
	if err != nil || page.AfterURL == "" || strings.Contains(string(page.AfterURL+page.BeforeURL), appKey) {
		t.Errorf("%+v, %v", page, err)
	}
	_, err = admin(answering(200, `{"elements":[],"after_url":"http://[key-of-the-app"}`).client(t)).UserIDs(t.Context(), rest.UserIDsRequest{})
	if !errors.Is(err, rest.ErrUnreadable) || strings.Contains(err.Error(), appKey) {
		t.Error(err)
	}
}
