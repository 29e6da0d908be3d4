package server

import (
	"context"
	"net/http"
	"strings"

	"github.com/kakaowasm/kakaowasm/server/internal/session"
)

// User is who logged in.
type User struct {
	// ID is the service user ID, as text because it is a 64-bit number. It is
	// empty where Kakao did not say whose login it is.
	ID string
	// Scope is what the user has agreed to, such as "profile_nickname".
	Scope []string
	// Nickname and Email are those of the ID token of the login, which was
	// verified. They are empty without OpenID Connect, without the user's
	// consent, and in OnUnlink.
	Nickname, Email string
}

// userOf is who logged in.
func userOf(l *session.Login) User {
	return User{ID: l.UserID, Scope: strings.Fields(l.Scope), Nickname: l.Nickname, Email: l.Email}
}

// userKey is the key of the user in a context.
type userKey struct{}

// UserFromContext returns the user whom [Server.RequireLogin] has found, and
// whether there is one.
func UserFromContext(ctx context.Context) (User, bool) {
	u, ok := ctx.Value(userKey{}).(User)
	return u, ok
}

// RequireLogin lets the requests through to next that carry the session of a
// login; there [UserFromContext] says whose. The others are answered 401 with
// the error login_required. It is for the back end's own handlers, on the host
// of [Config.PublicURL], to which browsers send the session cookie.
//
// Because a cookie says who the user is and not what page asks, a request with
// an unsafe method passes only from an allowed origin, as it does for the
// endpoints of this package. RequireLogin asks the store once and Kakao never;
// it does not prolong the session.
func (s *Server) RequireLogin(next http.Handler) http.Handler {
	return s.protect(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		found, err := s.sessions.Find(r.Context(), s.cookies.sessionID(r))
		if err != nil {
			s.fail(w, r, err)
			return
		}
		ctx := context.WithValue(r.Context(), userKey{}, userOf(&found.Login))
		next.ServeHTTP(w, r.WithContext(ctx))
	}))
}
