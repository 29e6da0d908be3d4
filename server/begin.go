package server

import (
	"encoding/base64"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/server/internal/web"
)

// loginLife is how long a user may look at Kakao's login page.
const loginLife = 10 * time.Minute

// maxBeginBody bounds the body of POST /begin, in bytes.
const maxBeginBody = 8 << 10

// beganAt is what follows the origin in the address of the page, as browsers write
// it. The relay page takes it apart, and goes to that origin only.
var beganAt = regexp.MustCompile(`^(/[!-~]*)?$`)

// begunNameLength is how many characters of the state's random part tell the
// cookies of two logins apart.
const begunNameLength = 8

// errBegin is the failure of a note that is none.
var errBegin = web.InvalidRequest(http.StatusBadRequest, "expected as a form the state of a login of the SDK, and in return_to the address of the page that begins it, of its own origin and at most 1024 bytes long")

// newBeginCookie is the cookie of logins under way, but for what tells them apart.
func newBeginCookie(at publicURL, cfg Config) cookieJar {
	jar := newCookieJar(at, beginCookieName, cfg.RESTAPIKey, http.SameSiteLaxMode, false)
	jar.HttpOnly = false //nolint:gosec // The relay page reads it; it holds no secret of use to others.
	return jar
}

// begin answers POST /begin, by which a page on another allowed origin says that
// this browser begins a login there. The relay page leads back to no page of
// another origin without that note. It is a cookie that the relay page reads and
// removes; it tells which login and which page, and neither is of use to anyone
// else. It comes as a beacon, which outlives the page: a form, without the header
// of the SDK, so that it counts only with the Origin of an allowed page, and only
// for an address of that origin.
func (s *Server) begin(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxBeginBody)
	if err := r.ParseForm(); err != nil {
		return errBegin
	}
	state, back := r.PostForm[contract.BeginState], r.PostForm[contract.BeginReturnTo]
	if len(state) != 1 || len(back) != 1 {
		return errBegin
	}
	random := contract.RandomOf(state[0])
	path, ofOrigin := strings.CutPrefix(back[0], r.Header.Get("Origin"))
	if random == "" || !ofOrigin || !beganAt.MatchString(path) || len(back[0]) > maxReturnAddress {
		return errBegin
	}
	note := s.begun
	note.Name += "_" + random[:begunNameLength] //nolint:gosec // See newBeginCookie.
	note.set(w, random+"."+base64.RawURLEncoding.EncodeToString([]byte(back[0])), time.Now().Add(loginLife))
	w.WriteHeader(http.StatusNoContent)
	return nil
}
