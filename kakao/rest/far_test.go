package rest_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/kakaowasm/kakaowasm/kakao/rest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Credentials of the tests: words that occur nowhere else.
const (
	accessToken  = "token-aaaa"
	adminKey     = "admin-bbbb"
	clientSecret = "secret-cccc"
	appKey       = "key-of-the-app"
	userID       = int64(4210000001)
)

// received is a request as Kakao sees it.
type received struct {
	method, url, auth, contentType string
	params                         url.Values
}

// far is the far side, without a network: it answers each request by a
// function and remembers it.
type far struct {
	mu       sync.Mutex
	requests []received
	answer   func(r *http.Request) (*http.Response, error)
}

// RoundTrip implements [http.RoundTripper].
func (f *far) RoundTrip(r *http.Request) (*http.Response, error) {
	query := r.URL.RawQuery
	if r.Method == http.MethodPost {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		query = string(body)
	}
	params, err := url.ParseQuery(query)
	if err != nil {
		return nil, err
	}
	address := *r.URL
	address.RawQuery = ""
	f.mu.Lock()
	f.requests = append(f.requests, received{
		r.Method, address.String(), r.Header.Get("Authorization"), r.Header.Get("Content-Type"), params,
	})
	f.mu.Unlock()
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return f.answer(r)
}

func (f *far) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.requests)
}

// response is an answer of status and body; pairs are headers.
func response(status int, body string, pairs ...string) *http.Response {
	w := httptest.NewRecorder()
	for i := 0; i < len(pairs); i += 2 {
		w.Header().Set(pairs[i], pairs[i+1])
	}
	w.WriteHeader(status)
	_, _ = w.WriteString(body)
	return w.Result()
}

// answering always gives the same answer.
func answering(status int, body string, pairs ...string) *far {
	return &far{answer: func(*http.Request) (*http.Response, error) { return response(status, body, pairs...), nil }}
}

// inTurn gives one answer after another, and the last one for ever.
func inTurn(answers ...func() (*http.Response, error)) *far {
	f := &far{}
	f.answer = func(*http.Request) (*http.Response, error) {
		return answers[min(f.count(), len(answers))-1]()
	}
	return f
}

func with(status int, body string, pairs ...string) func() (*http.Response, error) {
	return func() (*http.Response, error) { return response(status, body, pairs...), nil }
}

func failing(err error) func() (*http.Response, error) {
	return func() (*http.Response, error) { return nil, err }
}

// client is a client of Kakao's own addresses with f on the far side.
func (f *far) client(t *testing.T, opts ...rest.Option) *rest.Client {
	t.Helper()
	c, err := rest.New(append([]rest.Option{rest.WithHTTPClient(&http.Client{Transport: f})}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func app(c *rest.Client) rest.AppClient {
	return c.AsApp(rest.App{Key: appKey, Secret: rest.NewClientSecret(clientSecret)})
}

func user(c *rest.Client) rest.UserClient { return c.AsUser(rest.NewUserToken(accessToken)) }

func admin(c *rest.Client) rest.AdminClient { return c.AsAdmin(rest.NewAdminKey(adminKey)) }

func sample(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}
