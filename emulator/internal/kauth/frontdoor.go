package kauth

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/kakaowasm/kakaowasm/emulator/internal/language"
	"github.com/kakaowasm/kakaowasm/emulator/internal/pages"
	"github.com/kakaowasm/kakaowasm/emulator/internal/registry"
	"github.com/kakaowasm/kakaowasm/emulator/internal/web"
	"github.com/kakaowasm/kakaowasm/kakao"
)

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

// show is the page at the root: what this is, and where everything is.
func (f *frontDoor) show(w http.ResponseWriter, r *http.Request) {
	d, p := f.registry.Directory(), f.platform(r)
	loggedIn, _ := strconv.ParseInt(r.URL.Query().Get("logged_in"), 10, 64)
	l := language.OfRequest(r)
	pages.Show(w, http.StatusOK, l, pages.FrontDoor(l, pages.FrontDoorView{
		World: f.name,
		Addresses: []pages.Address{
			{Label: "front.auth", URL: p.Auth},
			{Label: "front.api", URL: p.API},
			{Label: "front.discovery", URL: p.Auth + kakao.PathDiscovery},
		},
		Apps: d.Apps, Users: d.Users,
		LoggedIn: d.UsersByID[loggedIn], Automatic: d.UsersByID[f.automatic()],
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
	http.Redirect(w, r, fmt.Sprintf("%s?logged_in=%d", pages.PathFrontDoor, user.ID), http.StatusSeeOther)
}

// or serves the front door to browsers, and everything else by next.
// Only the front door's own page may send its form.
func (f *frontDoor) or(next http.Handler) http.Handler {
	logIn := http.NewCrossOriginProtection().Handler(f.onlyMethods([]string{http.MethodPost}, http.HandlerFunc(f.logInAs)))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == pages.PathFrontDoor && web.WantsPage(r):
			f.show(w, r)
		case r.URL.Path == pages.PathLogInAs:
			r.Body = http.MaxBytesReader(w, r.Body, web.BodyLimit)
			logIn.ServeHTTP(w, r)
		default:
			next.ServeHTTP(w, r)
		}
	})
}
