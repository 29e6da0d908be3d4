package doctor

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html"

	"github.com/kakaowasm/kakaowasm/internal/mismatch"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// maxPage bounds what is read of a page, in bytes.
const maxPage = 256 << 10

// answerKind is how Kakao answered a request that a browser makes. Zero is an
// answer that proves nothing.
type answerKind uint8

const (
	// unanswered: there was no answer; err says why.
	unanswered answerKind = iota + 1
	// refusal: a page with one error code.
	refusal
	// returned: a redirect to the address that was asked for, which Kakao must
	// not make to one that is not registered (RFC 6749, section 4.1.2.1).
	returned
	// login: a redirect to the login page.
	login
)

// answer is what a browser would have got.
type answer struct {
	kind   answerKind
	koe    string // with refusal always, with returned where the address has one
	status int
	err    error
	// mismatch is what an emulator says of the parameter that it refused; nil
	// where nobody said anything.
	mismatch *mismatch.Mismatch
}

// loginHost is where Kakao asks who somebody is. Source: observed behaviour of
// kauth.kakao.com/oauth/authorize.
const loginHost = "accounts.kakao.com"

// visit asks for a page as a browser without a cookie does, and follows no
// redirect. returnTo is the redirect URI within address.
func (e *examination) visit(ctx context.Context, address, returnTo string) answer {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return answer{kind: unanswered, err: err}
	}
	req.Header.Set("Accept", "text/html")
	req.Header.Set("User-Agent", "kakaowasm-doctor/"+kakao.Version)
	res, err := e.http.Do(req)
	if err != nil {
		return answer{kind: unanswered, err: err}
	}
	defer func() { _ = res.Body.Close() }()
	if location, err := res.Location(); err == nil {
		return readRedirect(res.StatusCode, location, returnTo)
	}
	page, err := io.ReadAll(io.LimitReader(res.Body, maxPage))
	if err != nil {
		return answer{kind: unanswered, err: err}
	}
	a := readPage(res.StatusCode, page)
	if said, explained := mismatch.Parse(res.Header.Get(mismatch.HeaderMismatch)); explained {
		a.mismatch = &said
	}
	return a
}

// readRedirect judges where a browser would be led.
func readRedirect(status int, location *url.URL, returnTo string) answer {
	a := answer{status: status}
	query, err := url.QueryUnescape(location.RawQuery)
	if err != nil {
		return a
	}
	if codes := codesIn(query); len(codes) == 1 {
		a.koe = codes[0]
	}
	switch {
	case leadsTo(location, returnTo):
		a.kind = returned
	case location.Host == loginHost && location.Scheme == "https":
		a.kind, a.koe = login, ""
	case a.koe != "":
		a.kind = refusal
	}
	return a
}

// leadsTo reports whether an address is a redirect URI, with more parameters.
func leadsTo(location *url.URL, redirectURI string) bool {
	u, err := url.Parse(redirectURI)
	return err == nil && location.Scheme == u.Scheme && location.Host == u.Host && location.EscapedPath() == u.EscapedPath() &&
		strings.HasPrefix(location.RawQuery, u.RawQuery)
}

// readPage looks for the error code of a page. People read it in the text; where
// a script draws the text, an error's source has it.
func readPage(status int, page []byte) answer {
	a := answer{status: status}
	codes := codesIn(visibleText(page))
	if len(codes) == 0 && status >= http.StatusBadRequest {
		codes = codesIn(string(page))
	}
	if len(codes) == 1 {
		a.kind, a.koe = refusal, codes[0]
	}
	return a
}

var koeForm = regexp.MustCompile(`\bKOE[0-9]{3}\b`)

// codesIn lists the different error codes in a text. More than one are a list of
// errors, not an error.
func codesIn(text string) []string {
	var codes []string
	seen := map[string]bool{}
	for _, code := range koeForm.FindAllString(text, -1) {
		if !seen[code] {
			seen[code] = true
			codes = append(codes, code)
		}
	}
	return codes
}

// visibleText is the text of a page without its scripts, styles and comments.
func visibleText(page []byte) string {
	var text strings.Builder
	tokens := html.NewTokenizer(bytes.NewReader(page))
	hiddenIn := ""
	for {
		kind := tokens.Next()
		if kind == html.ErrorToken {
			return text.String()
		}
		name, _ := tokens.TagName()
		switch tag := string(name); {
		case kind == html.StartTagToken && (tag == "script" || tag == "style"):
			hiddenIn = tag
		case kind == html.EndTagToken && tag == hiddenIn:
			hiddenIn = ""
		case kind == html.TextToken && hiddenIn == "":
			text.Write(tokens.Text())
			text.WriteByte(' ')
		}
	}
}
