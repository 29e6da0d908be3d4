package emulator

import (
	"context"
	"errors"
	"net"
	"net/http/httptest"
	"slices"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/web"
)

// TestingT is the part of [testing.T] that [Start] needs.
type TestingT interface {
	Helper()
	Cleanup(func())
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Platform is an emulator that a test runs, see [Start], or a world of it, see
// [Platform.World].
type Platform struct {
	*world
	// URL is the origin of the platform: that of the authorization server, of
	// the REST API and of the console, and the issuer of ID tokens.
	URL      string
	emulator *Emulator
	t        TestingT
}

// Start runs a platform for a test, on a port of its own, and ends it with the
// test. It has the app and the users of [Default], changed by edit: register the
// redirect URI of the app under test there, or later with
// [Platform.AllowRedirect]. Its clock is that of the machine until the test moves
// or stops it.
func Start(t TestingT, edit ...func(*config.Config)) *Platform {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	cfg := Default("http://" + server.Listener.Addr().String())
	for _, change := range edit {
		change(&cfg)
	}
	e, err := New(cfg, WithListen(listenOnLoopback))
	if err != nil {
		server.Close()
		t.Fatalf("start the Kakao emulator: %v", err)
		return nil
	}
	server.Config.Handler = e
	server.Start()
	t.Cleanup(func() {
		e.EndStreams()
		server.Close()
		ctx, cancel := context.WithTimeout(context.Background(), closeGrace)
		defer cancel()
		if err := e.Close(ctx); err != nil {
			t.Errorf("end the Kakao emulator: %v", err)
		}
	})
	return &Platform{world: e.world, URL: server.URL, emulator: e, t: t}
}

// closeGrace is how long webhooks that are under way have at the end of a test.
const closeGrace = 10 * time.Second

// listenOnLoopback opens a free port that this machine alone reaches.
func listenOnLoopback() (net.Listener, error) { return net.Listen("tcp", "127.0.0.1:0") }

// World makes another world of the emulator for a test, and ends it with the
// test: tests that run at the same time do not see each other's users, clocks,
// faults and calls. name is that of [Emulator.AddWorld], and edit changes the
// start state, which is that of the platform before.
func (p *Platform) World(t TestingT, name string, edit ...func(*config.Seed)) *Platform {
	t.Helper()
	seed := p.Seed()
	for _, change := range edit {
		change(&seed)
	}
	made, err := p.emulator.AddWorld(name, seed)
	if err != nil {
		t.Fatalf("make a world of the Kakao emulator: %v", err)
		return nil
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), closeGrace)
		defer cancel()
		if err := p.emulator.RemoveWorld(ctx, name); err != nil {
			t.Errorf("end a world of the Kakao emulator: %v", err)
		}
	})
	return &Platform{world: made, URL: made.Origin(), emulator: p.emulator, t: t}
}

// AllowRedirect registers redirect URIs for the first app, now and in the start
// state that [World.Reset] returns to. It fails the test if one cannot be a
// redirect URI.
func (p *Platform) AllowRedirect(uris ...string) {
	p.t.Helper()
	allow := func(c *config.Config) { c.Apps[0].RedirectURIs = append(c.Apps[0].RedirectURIs, uris...) }
	if err := errors.Join(p.Update(allow), p.updateSeed(allow)); err != nil {
		p.t.Fatalf("register redirect URIs: %v", err)
	}
}

// LogInAs makes every authorization request end at once as a login of this user,
// who agrees to everything: a test follows redirects and sees no page, see
// [World.AutoLogin]. It fails the test if there is no such user.
func (p *Platform) LogInAs(user int64) {
	p.t.Helper()
	if err := p.AutoLogin(user); err != nil {
		p.t.Fatalf("log in automatically: %v", err)
	}
}

// AssertCalled fails the test unless a path was called that many times since
// the start or the last [World.Reset]; the preflights of browsers do not
// count. It returns the calls.
func (p *Platform) AssertCalled(path string, times int) []Call {
	p.t.Helper()
	calls := slices.DeleteFunc(slices.Clone(p.Calls(path)), func(c Call) bool { return web.Preflight(c.Method, c.Header) })
	if len(calls) != times {
		p.t.Errorf("%s was called %d times, want %d: %v", path, len(calls), times, calls)
	}
	return calls
}
