package server

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
	"github.com/kakaowasm/kakaowasm/server/internal/web"
)

// unlinked is what an unlink webhook says.
// Source: Kakao Login > Webhook > Unlink webhook.
type unlinked struct {
	appID, userID string
	// referrer says how the user has left the app. Kakao adds to the ways, and
	// every one of them means the same here, so that it is for the log only.
	referrer string
}

// unlinkWebhook answers GET and POST /webhooks/unlink: it ends the sessions of a
// user who has left the app outside of it. Kakao wants a 200 within 3 seconds,
// whether the user is known here and whether all went well; what it is not told
// is in the log.
func (s *Server) unlinkWebhook(w http.ResponseWriter, r *http.Request) error {
	if !s.sentWithAdminKey(r) {
		w.Header().Set("WWW-Authenticate", catalog.ByAdminKey.Scheme())
		return errAdminKey
	}
	said, err := readUnlinked(w, r)
	if err != nil {
		return err
	}
	if said.appID != s.cfg.AppID {
		return errOtherApp
	}
	s.log.LogAttrs(r.Context(), slog.LevelInfo, "unlink webhook", slog.String("referrer_type", said.referrer))
	err = s.inBackground(r.Context(), func(ctx context.Context) {
		_ = s.endUser(ctx, said.userID, true) // Kakao is not told, and the log is.
	})
	if err != nil {
		return err
	}
	w.WriteHeader(http.StatusOK)
	return nil
}

// Failures of unlink webhooks.
var (
	errAdminKey = &web.Failure{Status: http.StatusUnauthorized, OAuthError: kakao.OAuthError{
		Code: contract.CodeAccessDenied, Description: "expected the header Authorization: KakaoAK and the primary admin key of the app, which is the server's admin key",
	}}
	errOtherApp = &web.Failure{Status: http.StatusForbidden, OAuthError: kakao.OAuthError{
		Code: contract.CodeAccessDenied, Description: "app_id is not the server's app ID; correct that, or the address of the other app's webhook",
	}}
	errUnlinkForm = web.InvalidRequest(http.StatusBadRequest, "expected each of app_id and user_id once, both whole numbers, in the query of a GET, or in a form or a JSON object that is posted")
)

// sentWithAdminKey reports whether a request carries the admin key. It compares
// hashes, so that the time says nothing about the key, not even its length.
func (s *Server) sentWithAdminKey(r *http.Request) bool {
	sent := r.Header.Values("Authorization")
	if len(sent) != 1 {
		return false
	}
	scheme, key, _ := strings.Cut(sent[0], " ")
	got, want := sha256.Sum256([]byte(key)), sha256.Sum256([]byte(s.cfg.AdminKey))
	return subtle.ConstantTimeCompare(got[:], want[:]) == 1 && strings.EqualFold(scheme, catalog.ByAdminKey.Scheme())
}

// readUnlinked reads what an unlink webhook says, by whichever method.
func readUnlinked(w http.ResponseWriter, r *http.Request) (unlinked, error) {
	if r.Method != http.MethodPost {
		return parseUnlinked(r.URL.RawQuery)
	}
	body, err := readWebhook(w, r)
	if err != nil {
		return unlinked{}, err
	}
	switch web.MediaType(r) {
	case "application/x-www-form-urlencoded":
		return parseUnlinked(string(body))
	case "application/json":
		return decodeUnlinked(body)
	}
	return unlinked{}, web.InvalidRequest(http.StatusUnsupportedMediaType, "expected the header Content-Type: application/x-www-form-urlencoded or application/json")
}

// parseUnlinked reads a query or a form. Parameters of other names are left out:
// Kakao sends more, and the address may have some of its own.
func parseUnlinked(encoded string) (unlinked, error) {
	form, err := url.ParseQuery(encoded)
	if err != nil || len(form["app_id"]) > 1 || len(form["user_id"]) > 1 {
		return unlinked{}, errUnlinkForm
	}
	return checkUnlinked(form.Get("app_id"), form.Get("user_id"), form.Get("referrer_type"))
}

// decodeUnlinked reads a JSON object, in which numbers may be text or not.
func decodeUnlinked(body []byte) (unlinked, error) {
	var members struct {
		AppID    wholeNumber `json:"app_id"`
		UserID   wholeNumber `json:"user_id"`
		Referrer string      `json:"referrer_type"`
	}
	if json.Unmarshal(body, &members) != nil {
		return unlinked{}, errUnlinkForm
	}
	return checkUnlinked(string(members.AppID), string(members.UserID), members.Referrer)
}

// wholeNumber is a number, or a text that may be one.
type wholeNumber string

// UnmarshalJSON implements [json.Unmarshaler].
func (n *wholeNumber) UnmarshalJSON(value []byte) error {
	if jsontext.Value(value).Kind() == jsontext.KindString {
		return json.Unmarshal(value, (*string)(n))
	}
	*n = wholeNumber(value)
	return nil
}

// The forms of what an unlink webhook says.
var (
	userIDForm   = regexp.MustCompile(`^[1-9][0-9]{0,18}$`)
	referrerForm = regexp.MustCompile(`^[A-Z_]{1,40}$`)
)

// checkUnlinked returns what an unlink webhook says in good form.
func checkUnlinked(appID, userID, referrer string) (unlinked, error) {
	if !appIDForm.MatchString(appID) || !userIDForm.MatchString(userID) {
		return unlinked{}, errUnlinkForm
	}
	if !referrerForm.MatchString(referrer) {
		referrer = "unknown"
	}
	return unlinked{appID: appID, userID: userID, referrer: referrer}, nil
}
