package server

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
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
var errReturnAddress = invalidRequest(http.StatusBadRequest, "expected in return_to, at most once, a path of the server's own origin such as /bye, or the address of a page of an allowed origin, without a fragment, encoded, and at most 1024 bytes long with the origin")

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

// isReturnPath reports whether a text is a path, perhaps with a query, in good
// form and well encoded.
func isReturnPath(path string) bool {
	_, err := url.PathUnescape(path)
	return err == nil && returnForm.MatchString(path)
}
