// Package doctor examines a Kakao Login setup from outside and says what is
// wrong with it: an unregistered redirect URI, a wrong client secret, a clock
// that is off, a page whose session cookie will not arrive. It owns the checks
// and their texts, in English and Korean, and prints nothing.
//
// # What it may do
//
// It only asks. No request logs anybody in, holds a real code or changes
// anything at Kakao; there are about a dozen, sixteen at the most. It shows
// the first four characters of an app key, and nothing of a client secret or an
// admin key.
//
// # What it takes for proof
//
// Kakao answers most mistakes with a page for people. A page counts only by an
// error code that stands in it; anything else that was not expected yields
// "could not tell", never "ok". Where Kakao may look at a parameter only after
// the login, the doctor asks a second time with a value that must be wrong: if
// Kakao lets that pass too, its silence about the first proves nothing.
package doctor
