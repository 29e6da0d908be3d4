package emulator

import (
	"context"
	"net/http/httptest"
	"time"
)

// TestingT is the part of [testing.T] that [Start] needs.
type TestingT interface {
	Helper()
	Cleanup(func())
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Platform is an emulator that a test runs, see [Start].
type Platform struct {
	*Emulator
	// URL is the origin of the platform: that of the authorization server, of
	// the REST API and of the console, and the issuer of ID tokens.
	URL string
	t   TestingT
}

// Start runs a platform for a test, on a port of its own, and ends it with the
// test. It has the app and the users of [Default], changed by edit: register the
// redirect URI of the app under test there, or later with
// [Platform.AllowRedirect]. Its clock is that of the machine until the test moves
// or stops it.
func Start(t TestingT, edit ...func(*Config)) *Platform {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	cfg := Default("http://" + server.Listener.Addr().String())
	for _, change := range edit {
		change(&cfg)
	}
	e, err := New(cfg)
	if err != nil {
		server.Close()
		t.Fatalf("start the Kakao emulator: %v", err)
		return nil
	}
	server.Config.Handler = e
	server.Start()
	t.Cleanup(func() {
		server.Close()
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := e.Close(ctx); err != nil {
			t.Errorf("end the Kakao emulator: %v", err)
		}
	})
	return &Platform{Emulator: e, URL: server.URL, t: t}
}

// AllowRedirect registers redirect URIs for the first app. It fails the test if
// one cannot be a redirect URI.
func (p *Platform) AllowRedirect(uris ...string) {
	p.t.Helper()
	err := p.Update(func(c *Config) { c.Apps[0].RedirectURIs = append(c.Apps[0].RedirectURIs, uris...) })
	if err != nil {
		p.t.Fatalf("register redirect URIs: %v", err)
	}
}

// LogInAs makes every authorization request end at once as a login of this user,
// who agrees to everything: a test follows redirects and sees no page, see
// [Emulator.AutoLogin]. It fails the test if there is no such user.
func (p *Platform) LogInAs(user int64) {
	p.t.Helper()
	if err := p.AutoLogin(user); err != nil {
		p.t.Fatalf("log in automatically: %v", err)
	}
}

// AssertCalled fails the test unless a path was called that many times since
// the start or the last [Emulator.Reset]; the preflights of browsers do not
// count. It returns the calls.
func (p *Platform) AssertCalled(path string, times int) []Call {
	p.t.Helper()
	calls := without(p.Calls(path), func(c Call) bool { return isPreflight(c.Method, c.Header) })
	if len(calls) != times {
		p.t.Errorf("%s was called %d times, want %d: %v", path, len(calls), times, calls)
	}
	return calls
}
