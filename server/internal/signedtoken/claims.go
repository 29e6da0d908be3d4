package signedtoken

import (
	"errors"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/golang-jwt/jwt/v5"
)

// The jwt package reads JSON with encoding/json, for which "ISS", "iſs" and "iss"
// are one name and the last of several members counts, so that two readers of a
// token may see two users. Here names are compared exactly and nothing stands
// twice (RFC 7519, section 4; RFC 8725, section 3.10).

// errClaimForm is the fault of a token whose header or claims cannot be read in
// one way only.
var errClaimForm = errors.New("a member of its header or claims stands twice or has another type than it must have")

// tokenForm is what a signed token looks like (RFC 7515, section 7.1). The base64
// decoder by itself passes over line ends.
var tokenForm = regexp.MustCompile(`^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$`)

// readClaims reads the claims of a token into a struct.
func readClaims(claims []byte, into any) error {
	if json.Unmarshal(claims, into, json.WithUnmarshalers(json.UnmarshalFunc(readNumericDate))) != nil {
		return errClaimForm
	}
	return nil
}

// maxNumericDate is the end of the year 9999, in seconds since 1970. Beyond it the
// seconds of a [time.Time] wrap round at some point.
const maxNumericDate = 253_402_300_799

// readNumericDate reads a NumericDate (RFC 7519, section 2): a number, and not a
// text that looks like one.
func readNumericDate(raw []byte, into *jwt.NumericDate) error {
	seconds, err := strconv.ParseFloat(string(raw), 64)
	if err != nil || seconds < 0 || seconds > maxNumericDate {
		return errClaimForm
	}
	whole, fraction := math.Modf(seconds)
	into.Time = time.Unix(int64(whole), int64(fraction*float64(time.Second)))
	return nil
}

// checkTokenForm refuses a token whose header cannot be read in one way only,
// before any of it is believed.
func checkTokenForm(raw string) error {
	if !tokenForm.MatchString(raw) {
		return jwt.ErrTokenMalformed
	}
	encoded, _, _ := strings.Cut(raw, ".")
	header, err := jwt.NewParser(jwt.WithStrictDecoding()).DecodeSegment(encoded)
	if err != nil {
		return jwt.ErrTokenMalformed
	}
	var members map[string]any
	if json.Unmarshal(header, &members) != nil {
		return errClaimForm
	}
	return nil
}

// subjectForm is what a subject may look like: printable ASCII of at most 255
// characters (OpenID Connect Core 1.0, section 2), without spaces, since back ends
// receive it in a header.
var subjectForm = regexp.MustCompile(`^[\x21-\x7e]{1,255}$`)
