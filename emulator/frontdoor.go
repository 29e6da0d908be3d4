package emulator

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/kakaowasm/kakaowasm/emulator/internal/language"
	"github.com/kakaowasm/kakaowasm/emulator/internal/registry"
	"github.com/kakaowasm/kakaowasm/kakao"
)

const (
	pathFrontDoor = "/"
	// pathLogInAs is below /oauth/, because the cookie of a browser's session is.
	pathLogInAs = "/oauth/emulator/login"
	// guide is where people read on.
	guide = "https://github.com/kakaowasm/kakaowasm/blob/main/docs/emulator.md"
)

// wantsPage reports whether a person in a browser asks, rather than a program.
func wantsPage(r *http.Request) bool {
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) && strings.Contains(r.Header.Get("Accept"), "text/html")
}

// frontDoor is the page at the root of a world, and its form.
type frontDoor struct {
	answers
	browsers
	registry *registry.Registry
	name     string // of the world, "" for the default one
	// platform says by which origins a request knows the emulator.
	platform  func(*http.Request) kakao.Platform
	automatic func() int64 // who logs in without a page, or 0
}

// address is an address of the platform that people copy.
type address struct{ Label, URL string }

// show is the page at the root: what this is, and where everything is.
func (f *frontDoor) show(w http.ResponseWriter, r *http.Request) {
	d, p := f.registry.Directory(), f.platform(r)
	loggedIn, _ := strconv.ParseInt(r.URL.Query().Get("logged_in"), 10, 64)
	l := language.OfRequest(r)
	f.showPage(w, http.StatusOK, l, frontDoorPage(locale(l), frontDoorView{
		world: f.name,
		addresses: []address{
			{"front.auth", p.Auth},
			{"front.api", p.API},
			{"front.discovery", p.Auth + kakao.PathDiscovery},
		},
		apps: d.Apps, users: d.Users,
		loggedIn: d.UsersByID[loggedIn], automatic: d.UsersByID[f.automatic()],
	}))
}

// logInAs makes the browser one of a user, as if they had logged in at the login
// page: the next login of any app goes on from there.
func (f *frontDoor) logInAs(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		f.showError(w, r, errForm)
		return
	}
	user := chosenUser(f.registry.Directory(), r.PostForm)
	if user == nil {
		f.showError(w, r, errOutdatedPage)
		return
	}
	f.signIn(w, r, user, true)
	http.Redirect(w, r, fmt.Sprintf("%s?logged_in=%d", pathFrontDoor, user.ID), http.StatusSeeOther)
}

// or serves the front door to browsers, and everything else by next.
// Only the front door's own page may send its form.
func (f *frontDoor) or(next http.Handler) http.Handler {
	logIn := http.NewCrossOriginProtection().Handler(f.onlyMethods([]string{http.MethodPost}, http.HandlerFunc(f.logInAs)))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == pathFrontDoor && wantsPage(r):
			f.show(w, r)
		case r.URL.Path == pathLogInAs:
			r.Body = http.MaxBytesReader(w, r.Body, bodyLimit)
			logIn.ServeHTTP(w, r)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// nothingHere shows a page to browsers that ask for what there is not; programs
// get the answer of otherwise.
func (a answers) nothingHere(otherwise http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !wantsPage(r) {
			otherwise(w, r)
			return
		}
		l := language.OfRequest(r)
		a.showPage(w, http.StatusNotFound, l, nothingPage(locale(l), shorten(r.URL.Path)))
	}
}
