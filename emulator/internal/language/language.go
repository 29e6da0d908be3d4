// Package language is the languages of the platform's pages and texts, and which
// of them a request is answered in.
package language

import (
	"net/http"
	"slices"
	"strings"

	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// Tag is one of the languages of the pages. Source: Kakao Login > FAQ, "Can
// I set the language applied to Consent screen?".
type Tag string

// The languages.
const (
	Korean   Tag = "ko"
	English  Tag = "en"
	japanese Tag = "ja"
	chinese  Tag = "zh" // simplified
)

// OfRequest is that of a request's lang parameter, see [chooseLanguage].
func OfRequest(r *http.Request) Tag { return Choose(r.URL.Query().Get("lang"), r) }

// Choose is the language asked for, else that of the browser, else
// Korean.
func Choose(asked string, r *http.Request) Tag {
	wanted := append([]string{asked}, strings.Split(r.Header.Get("Accept-Language"), ",")...)
	for _, tag := range wanted {
		primary, _, _ := strings.Cut(strings.TrimSpace(tag), ";")
		primary, _, _ = strings.Cut(primary, "-")
		if l := Tag(strings.ToLower(primary)); slices.Contains(catalog.Languages, string(l)) {
			return l
		}
	}
	return Korean
}
