package emulator

import (
	"net/http"
	"regexp"
	"strings"

	"github.com/kakaowasm/kakaowasm/emulator/internal/kapi"
	"github.com/kakaowasm/kakaowasm/emulator/internal/kauth"
	"github.com/kakaowasm/kakaowasm/emulator/internal/pages"
	"github.com/kakaowasm/kakaowasm/emulator/internal/web"
)

// half is one of the two servers of a platform.
type half interface {
	http.Handler
	// RefuseStranger refuses a page that no app has registered.
	RefuseStranger(w http.ResponseWriter, r *http.Request)
	// Fail answers as a server that is broken, with a status.
	Fail(w http.ResponseWriter, r *http.Request, status int)
}

// halves are the two servers. Under Kakao's names each host serves its half; under
// any other name the paths tell them apart.
type halves struct{ auth, api half }

// of is the half that a request is for.
func (h halves) of(r *http.Request) half {
	if isAuth(r) {
		return h.auth
	}
	return h.api
}

// routes builds the handler of a world.
func (e *World) routes(console http.Handler) http.Handler {
	auth := kauth.New(kauth.Setup{
		Log: e.log, Registry: e.registry, Store: e.store, Webhooks: e.webhooks, Keys: &e.keys, Quotas: &e.quotas,
		Now: e.clock.Now, Platform: e.platform, Automatic: e.automatic.Load, World: e.labelled(),
	})
	both := halves{auth, kapi.New(kapi.Setup{
		Log: e.log, Registry: e.registry, Store: e.store, Webhooks: e.webhooks, Messages: &e.messages, Now: e.clock.Now, Platform: e.platform,
	})}
	guard := &pageGuard{e.registry, e.platform, both.of}
	platform := e.journal.Record(guard.onlyKnownPages(both.faulty(&e.faults, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		both.of(r).ServeHTTP(w, r)
	}))), e.clock.Now)
	return auth.FrontDoor(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == pages.PathConsole || strings.HasPrefix(r.URL.Path, pages.PathConsole+"/"):
			console.ServeHTTP(w, r)
		case strings.HasPrefix(r.URL.Path, pages.PathAssets):
			// Pictures and styles are not Kakao's: no fault hits them, nobody asks
			// whether they were called.
			auth.ServeHTTP(w, r)
		default:
			r.Body = http.MaxBytesReader(w, r.Body, web.BodyLimit)
			platform.ServeHTTP(w, r)
		}
	}))
}

// labelled is the name of the world where it must be told apart, "" for the default
// one.
func (e *World) labelled() string {
	if e.Name() == DefaultWorld {
		return ""
	}
	return e.Name()
}

// isAuth reports whether a request is for the authorization server.
func isAuth(r *http.Request) bool {
	host := web.HostOf(r)
	return host == hostAuth || host != hostAPI && ofAuth.MatchString(r.URL.Path)
}

// ofAuth are the paths of the authorization server.
var ofAuth = regexp.MustCompile(`^/(oauth|apiweb|\.well-known|emulator)/`)
