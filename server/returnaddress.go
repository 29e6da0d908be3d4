package server

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/kakaowasm/kakaowasm/server/internal/web"
)

// maxReturnAddress bounds a return address with its origin, in bytes: it travels
// in a cookie.
const maxReturnAddress = 1024

// returnForm is what follows the origin in a return address: a path, perhaps with
// a query, in the characters of RFC 3986, section 3. It does not begin with two
// slashes, and has neither a backslash, which browsers take for a slash, nor
// white space, which they take away.
var returnForm = regexp.MustCompile(`^/([A-Za-z0-9._~!$&'()*+,;=:@%-][A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?(\?[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?$`)

// errReturnAddress is the failure of a return address that is not allowed.
var errReturnAddress = web.InvalidRequest(http.StatusBadRequest, "expected in return_to, at most once, a path of the server's own origin such as /bye, or the address of a page of an allowed origin, without a fragment, encoded, and at most 1024 bytes long with the origin")

// returnAddress returns where to lead the browser afterwards, as an absolute
// address of an allowed origin: what was asked for, or the start of the server's
// own origin where nothing was. Every other address is errReturnAddress.
//
// An address is taken apart as text, not as a URL, because browsers read an
// address in more ways than parsers: it must begin with one of the origins, and a
// slash after it ends the host for everybody.
func (s *Server) returnAddress(asked []string) (string, error) {
	if len(asked) == 0 {
		return s.at.origin + "/", nil
	}
	address := asked[0]
	if isReturnPath(address) {
		address = s.at.origin + address
	}
	if len(asked) > 1 || len(address) > maxReturnAddress || !slices.ContainsFunc(s.pages, func(origin string) bool {
		path, under := strings.CutPrefix(address, origin)
		return under && (path == "" || isReturnPath(path))
	}) {
		return "", errReturnAddress
	}
	return address, nil
}

// checkReturnAddresses checks that each is a page of an origin that is allowed,
// and the only one of that origin.
func (c Config) checkReturnAddresses() []error {
	seen := map[string]bool{}
	return each("ReturnAddresses", c.ReturnAddresses, func(address string) error {
		origin := originOf(address)
		path := strings.TrimPrefix(address, origin)
		if !slices.Contains(c.AllowedOrigins, origin) || path != "" && !isReturnPath(path) || len(address) > maxReturnAddress {
			return fmt.Errorf("expected the address of a page of one of AllowedOrigins, without a fragment, got %q", address)
		}
		if seen[origin] {
			return fmt.Errorf("expected one address for each origin, got a second one of %s", origin)
		}
		seen[origin] = true
		return nil
	})
}

// originOf is the scheme and host of an address as they are written, before the
// path.
func originOf(address string) string {
	scheme, rest, _ := strings.Cut(address, "://")
	host, _, _ := strings.Cut(rest, "/")
	return scheme + "://" + host
}

// isReturnPath reports whether a text is a path, perhaps with a query, in good
// form and well encoded.
func isReturnPath(path string) bool {
	_, err := url.PathUnescape(path)
	return err == nil && returnForm.MatchString(path)
}
