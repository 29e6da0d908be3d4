package server

import (
	"errors"
	"fmt"

	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// FieldError is a mistake in one field of a [Config]. The error of [New] joins
// all of them.
type FieldError struct {
	Field string // such as "PublicURL" or "RedirectURIs[1]"
	Err   error  // what was expected and what came
}

// Error names the field and the mistake, in English.
func (e *FieldError) Error() string { return "server: Config." + e.Field + ": " + e.Err.Error() }

// Unwrap returns the mistake.
func (e *FieldError) Unwrap() error { return e.Err }

// Text is the mistake without its field, in both languages.
func (e *FieldError) Text() catalog.Text {
	text := catalog.Text{En: e.Err.Error()}
	text.Ko = text.En
	if known, found := errors.AsType[expectation](e.Err); found {
		text.Ko = known.ko
	}
	return text
}

// field says which field a mistake is in; no mistake stays none.
func field(name string, err error) error {
	if err == nil {
		return nil
	}
	return &FieldError{name, err}
}

// expectation is an error that has a Korean text, too.
type expectation struct {
	error
	ko string
}

// Unwrap returns the error in English.
func (e expectation) Unwrap() error { return e.error }

// expected is a mistake in both languages, of the same values.
func expected(en, ko string, values ...any) error {
	return expectation{fmt.Errorf(en, values...), fmt.Sprintf(ko, values...)}
}

// inKorean adds a Korean text to an error of another package; no error stays none.
func inKorean(err error, ko string) error {
	if err == nil {
		return nil
	}
	return expectation{err, ko}
}
