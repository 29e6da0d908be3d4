package server

import (
	"bytes"
	"embed"
	"encoding/json"
	"html"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/kakaowasm/kakaowasm/kakao/catalog"
	"github.com/kakaowasm/kakaowasm/server/internal/assets"
	"github.com/kakaowasm/kakaowasm/server/internal/web"
)

//go:embed relay/callback.js relay/callback.css
var relayFiles embed.FS

// relayPage is the relay page, in which {{.Name}} stands for what [newRelayPage]
// knows. It is the same for every request: nothing of the query is in it, the
// script reads the address by itself.
//
//go:embed relay/callback.html
var relayPage string

// relayPolicy lets the relay page have its one script and its style, and nothing
// else. There is no Cross-Origin-Opener-Policy beside it: that would cut the
// popup off its opener.
const relayPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// relayTypes are the types of the files beside the page.
var relayTypes = map[string]string{
	".js":  "text/javascript; charset=utf-8",
	".css": "text/css; charset=utf-8",
}

// relay is the page at the built-in redirect URI, which hands the result of an
// authorization request to the page that began it.
type relay struct{ html []byte }

// newRelayPage renders the page with the list of the origins it may hand results to,
// the routes to which it does not lead, the addresses that the configuration
// names, the name of the cookies of [Server.begin], and the hints that it adds to
// Kakao's errors.
func newRelayPage(base string, pages web.Origins, returns []string, begun string, routes []string) ([]byte, error) {
	hints, err := json.Marshal(redirectHints())
	if err != nil {
		return nil, err
	}
	for i := range routes {
		routes[i] = base + routes[i]
	}
	page := relayPage
	for name, value := range map[string]string{
		"Base": base, "Origins": strings.Join(pages, " "), "Hints": string(hints),
		"Routes": strings.Join(routes, " "), "Returns": strings.Join(returns, " "), "Begun": begun,
	} {
		page = strings.ReplaceAll(page, "{{."+name+"}}", html.EscapeString(value))
	}
	return []byte(page), nil
}

// redirectHints are the hints for the values of error_code that may come with a
// redirect. The page cannot be told only that of its error: it does not depend
// on the query.
func redirectHints() map[string]string {
	hints := map[string]string{}
	for _, problem := range catalog.Problems {
		if problem.Group == catalog.AtAuthorize {
			hints[problem.KOE] = problem.Fix.En
		}
	}
	return hints
}

// page answers GET /callback.
func (p *relay) page(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Security-Policy", relayPolicy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(p.html) // An error means that the client is gone.
	return nil
}

// file answers GET /callback.js and GET /callback.css.
func (p *relay) file(w http.ResponseWriter, r *http.Request) error {
	name := path.Base(r.Pattern)
	content, err := relayFiles.ReadFile("relay/" + name)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", relayTypes[path.Ext(name)])
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("ETag", assets.ETag(content, ""))
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
	return nil
}
