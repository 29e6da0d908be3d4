package emulator_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// callback is the redirect URI of the demo app in the tests. Nothing listens
// there: the browser of the tests stops at it.
const callback = "http://127.0.0.1:1/callback"

// Seeded users.
const (
	haneul = "4210000001"
	dohyun = "4210000002"
	onyu   = "4210000004" // has no e-mail address
)

// clock is a clock that only moves when it is told to.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// platform is an emulator behind a real server.
type platform struct {
	*emulator.Emulator
	t     *testing.T
	url   string
	clock *clock
}

// start serves the default platform, changed by edit.
func start(t *testing.T, edit ...func(*emulator.Config)) *platform {
	t.Helper()
	// ID tokens are verified with the real clock, so begin at the real time.
	return serveOn(t, &clock{now: time.Now().Truncate(time.Second)}, edit)
}

// restart serves another platform, which goes on from the state of p. Its address
// is another one.
func (p *platform) restart(t *testing.T) *platform {
	t.Helper()
	saved, err := p.State()
	if err != nil {
		t.Fatal(err)
	}
	return serveOn(t, p.clock, nil, emulator.WithState(saved))
}

func serveOn(t *testing.T, c *clock, edit []func(*emulator.Config), opts ...emulator.Option) *platform {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	issuer := "http://" + server.Listener.Addr().String()
	cfg := emulator.Default(issuer, callback, callback+"?from=kakao")
	for _, change := range edit {
		change(&cfg)
	}
	e, err := emulator.New(cfg, append(opts, emulator.WithClock(c.Now))...)
	if err != nil {
		server.Close()
		t.Fatalf("New: %v", err)
	}
	server.Config.Handler = e
	server.Start()
	t.Cleanup(func() {
		server.Close()
		if err := e.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return &platform{Emulator: e, t: t, url: issuer, clock: c}
}

// inject puts a fault in force.
func (p *platform) inject(fault emulator.Fault) {
	p.t.Helper()
	if _, err := p.Inject(fault); err != nil {
		p.t.Fatal(err)
	}
}

// browser is a user agent with cookies that follows redirects within the
// emulator and stops at the app's callback.
type browser struct {
	*platform
	client *http.Client
	header http.Header
}

func (p *platform) browser() *browser {
	p.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	transport := &http.Transport{DisableKeepAlives: true}
	client := &http.Client{Jar: jar, Transport: transport, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), p.url) {
			return nil
		}
		return http.ErrUseLastResponse
	}}
	return &browser{platform: p, client: client, header: http.Header{}}
}

// page is what a browser ends at: a page, or a redirect to the app.
type page struct {
	status   int
	body     string
	header   http.Header
	redirect url.Values // nil if the browser was not sent to the app
	location string
}

func (b *browser) do(method, address string, form url.Values) page {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	for name, values := range b.header {
		r.Header[name] = values
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := b.client.Do(r)
	if err != nil {
		b.t.Fatalf("%s %s: %v", method, address, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	result := page{status: response.StatusCode, body: string(body), header: response.Header, location: response.Header.Get("Location")}
	if strings.HasPrefix(result.location, callback) {
		target, err := url.Parse(result.location)
		if err != nil {
			b.t.Fatal(err)
		}
		result.redirect = target.Query()
	}
	return result
}

// authorize opens the authorization endpoint with the demo app's REST API key;
// pairs change or add parameters, an empty value removes one.
func (b *browser) authorize(pairs ...string) page {
	b.t.Helper()
	query := url.Values{
		"client_id":     {emulator.DemoRESTAPIKey},
		"redirect_uri":  {callback},
		"response_type": {"code"},
		"state":         {"state-1"},
	}
	for i := 0; i < len(pairs); i += 2 {
		query.Set(pairs[i], pairs[i+1])
		if pairs[i+1] == "" {
			query.Del(pairs[i])
		}
	}
	return b.do(http.MethodGet, b.url+kakao.PathAuthorize+"?"+query.Encode(), nil)
}

var ticketField = regexp.MustCompile(`name="ticket" value="([^"]+)"`)

// submit sends a form of a page.
func (b *browser) submit(shown page, path string, pairs ...string) page {
	b.t.Helper()
	match := ticketField.FindStringSubmatch(shown.body)
	if match == nil {
		b.t.Fatalf("no form on the page (status %d, location %q):\n%s", shown.status, shown.location, shown.body)
	}
	form := url.Values{"ticket": {match[1]}}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return b.do(http.MethodPost, b.url+path, form)
}

// logIn presses an account button, and accepts the consent page with the boxes
// named by scopes checked, if there is one.
func (b *browser) logIn(shown page, user string, scopes ...string) page {
	b.t.Helper()
	next := b.submit(shown, "/oauth/login", "user", user)
	if next.redirect != nil {
		return next
	}
	return b.accept(next, scopes...)
}

func (b *browser) accept(shown page, scopes ...string) page {
	b.t.Helper()
	pairs := []string{"decision", "accept"}
	for _, scope := range scopes {
		pairs = append(pairs, "scope", scope)
	}
	return b.submit(shown, "/oauth/consent", pairs...)
}

// answer is a JSON answer.
type answer struct {
	status int
	header http.Header
	body   map[string]any
	raw    string
}

// call sends a request of no browser. A body that is a form is sent as one.
func (p *platform) call(method, path, authorization string, form url.Values, headers ...string) answer {
	p.t.Helper()
	address := p.url + path
	var body io.Reader
	if method == http.MethodPost {
		body = strings.NewReader(form.Encode())
	} else if len(form) > 0 {
		address += "?" + form.Encode()
	}
	r, err := http.NewRequestWithContext(p.t.Context(), method, address, body)
	if err != nil {
		p.t.Fatal(err)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
			continue
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	return p.send(r)
}

// send sends a request of no browser, whose answer is JSON.
func (p *platform) send(r *http.Request) answer {
	p.t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(r)
	if err != nil {
		p.t.Fatalf("%s %s: %v", r.Method, r.URL.Path, err)
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	result := answer{status: response.StatusCode, header: response.Header, raw: string(raw)}
	if len(raw) > 0 {
		var body any
		if err := json.Unmarshal(raw, &body); err != nil {
			p.t.Fatalf("%s %s: not JSON: %v\n%s", r.Method, r.URL.Path, err, raw)
		}
		result.body, _ = body.(map[string]any) // a list has no members
	}
	return result
}

// bearer is the Authorization header of an access token.
func (a answer) bearer() string {
	token, _ := a.body["access_token"].(string)
	return "Bearer " + token
}

func (a answer) text(member string) string {
	value, _ := a.body[member].(string)
	return value
}

// exchange sends a code to the token endpoint; pairs change or add parameters,
// an empty value removes one.
func (p *platform) exchange(code string, pairs ...string) answer {
	p.t.Helper()
	return p.token(append([]string{
		"grant_type", "authorization_code", "code", code, "redirect_uri", callback,
	}, pairs...)...)
}

func (p *platform) refresh(token string, pairs ...string) answer {
	p.t.Helper()
	return p.token(append([]string{"grant_type", "refresh_token", "refresh_token", token}, pairs...)...)
}

func (p *platform) token(pairs ...string) answer {
	p.t.Helper()
	form := url.Values{"client_id": {emulator.DemoRESTAPIKey}, "client_secret": {emulator.DemoClientSecret}}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
		if pairs[i+1] == "" {
			form.Del(pairs[i])
		}
	}
	return p.call(http.MethodPost, kakao.PathToken, "", form)
}

// allOptional are the optional consent items of the demo app.
var allOptional = []string{"profile_image", "account_email", "gender", "age_range", "birthday", "talk_message"}

// tokens logs a user in, who accepts scopes, and exchanges the code.
func (p *platform) tokens(user string, scopes ...string) answer {
	p.t.Helper()
	b := p.browser()
	done := b.logIn(b.authorize(), user, scopes...)
	got := p.exchange(done.redirect.Get("code"))
	if got.status != http.StatusOK {
		p.t.Fatalf("exchange: %d %s", got.status, got.raw)
	}
	return got
}

// wantRefusal checks an OAuth error object, also against the catalogue.
func wantRefusal(t *testing.T, got answer, status int, code, koe string) {
	t.Helper()
	listed, known := catalog.FindKOE(koe)
	if koe != "" && !known || listed.Name != "" && listed.Name != code || listed.Status != 0 && listed.Status != status {
		t.Errorf("%d %s %s is not what the catalogue says: %+v", status, code, koe, listed)
	}
	if got.status != status || got.text("error") != code || got.text("error_code") != koe {
		t.Errorf("got %d %s, want %d %s %s", got.status, got.raw, status, code, koe)
	}
	if got.text("error_description") == "" {
		t.Errorf("no error_description in %s", got.raw)
	}
	if want := "application/json;charset=UTF-8"; got.header.Get("Content-Type") != want {
		t.Errorf("Content-Type %q, want %q", got.header.Get("Content-Type"), want)
	}
}

// wantAPIRefusal checks an error object of the REST API.
func wantAPIRefusal(t *testing.T, got answer, status, code int, msg string) {
	t.Helper()
	number, _ := got.body["code"].(float64)
	if _, listed := catalog.FindCode(code); !listed {
		t.Errorf("the catalogue does not list %d", code)
	}
	if got.status != status || int(number) != code || !strings.Contains(got.text("msg"), msg) {
		t.Errorf("got %d %s, want %d %d %q", got.status, got.raw, status, code, msg)
	}
}
