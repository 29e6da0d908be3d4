package kauth

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"

	"github.com/kakaowasm/kakaowasm/emulator/internal/pages"
)

// refill is what a form is filled with again after a mistake: the page comes by a
// redirect after the form (RFC 9110, section 15.4.4), so that Back and Reload ask
// nobody to send the form once more.
type refill struct {
	Email    string `json:"email,omitempty"`
	Nickname string `json:"nickname,omitempty"`
	// Problem is the key of the phrase that says what is wrong.
	Problem string `json:"problem"`
}

// maxRefill is how long the cookie may be, in bytes (RFC 6265, section 6.1).
const maxRefill = 2048

func (b browsers) refillCookie() string { return b.sessionCookieName() + "-form" }

// showAgain returns to the page of a form, which tells of the mistake.
func (b browsers) showAgain(w http.ResponseWriter, r *http.Request, page string, with refill) {
	text, _ := json.Marshal(with) // texts only: nothing can fail
	value := base64.RawURLEncoding.EncodeToString(text)
	if len(value) > maxRefill {
		text, _ = json.Marshal(refill{Problem: with.Problem})
		value = base64.RawURLEncoding.EncodeToString(text)
	}
	b.setCookie(w, r, b.refillCookie(), value, 60)
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, page, http.StatusSeeOther)
}

// takeRefill reads what showAgain has left for a page that shows one of some
// problems, once.
func (b browsers) takeRefill(w http.ResponseWriter, r *http.Request, problems ...string) refill {
	cookie, err := r.Cookie(b.refillCookie())
	if err != nil {
		return refill{}
	}
	var left refill
	text, err := base64.RawURLEncoding.DecodeString(cookie.Value)
	if err != nil || json.Unmarshal(text, &left) != nil || !slices.Contains(pages.RefillProblems, left.Problem) || !slices.Contains(problems, left.Problem) {
		return refill{}
	}
	b.setCookie(w, r, b.refillCookie(), "", -1)
	return left
}
