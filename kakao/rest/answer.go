package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// Raw holds the members of an answer that this package does not know, as they
// came. It is nil if there are none.
type Raw map[string]json.RawMessage

// Seconds is a lifetime in whole seconds, never below zero.
type Seconds int64

// UnmarshalJSON implements [json.Unmarshaler].
func (s *Seconds) UnmarshalJSON(data []byte) error {
	seconds, err := strconv.ParseUint(string(data), 10, 63)
	if err != nil {
		return &memberError{expected: "a whole number of seconds from 0"}
	}
	*s = Seconds(seconds)
	return nil
}

// Duration is the lifetime as Go has it.
func (s Seconds) Duration() time.Duration {
	if s > math.MaxInt64/Seconds(time.Second) {
		return math.MaxInt64
	}
	return time.Duration(s) * time.Second
}

// UnixTime is a time in whole seconds since 1970.
type UnixTime int64

// Time is the time as Go has it, in UTC.
func (t UnixTime) Time() time.Time { return time.Unix(int64(t), 0).UTC() }

// Properties are an app's user properties, by key. What is no string in the
// answer is kept as its JSON text.
// Source: Kakao Login > REST API > Storing user information.
type Properties map[string]string

// UnmarshalJSON implements [json.Unmarshaler].
func (p *Properties) UnmarshalJSON(data []byte) error {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return &memberError{expected: "an object"}
	}
	*p = make(Properties, len(members))
	for key, value := range members {
		var text string
		if json.Unmarshal(value, &text) != nil {
			text = string(value)
		}
		(*p)[key] = text
	}
	return nil
}

// PageURL is the address of another page of a list. It is for people: it may
// be plain http, and Kakao writes an app key into it, which is taken out here.
// Source: Kakao Login > REST API > Retrieving user list.
type PageURL string

// UnmarshalJSON implements [json.Unmarshaler].
func (p *PageURL) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return &memberError{expected: "a string"}
	}
	address, err := url.Parse(text)
	if err != nil {
		return &memberError{expected: "an address"}
	}
	query := address.Query()
	query.Del("app_key")
	address.RawQuery = query.Encode()
	*p = PageURL(address.String())
	return nil
}

// memberError says which member of an answer is not what it should be. It never
// repeats a value.
type memberError struct{ path, expected string }

func (e *memberError) Error() string {
	if e.path == "" {
		return "it is not " + e.expected
	}
	return e.path + " is not " + e.expected
}

// decodeAnswer reads an answer into a value and checks that it has what it must
// have. It returns what is wrong, "" if nothing is.
func decodeAnswer(body []byte, call catalog.Call, into any) string {
	body = bytes.TrimSpace(body)
	if !jsontext.Value(body).IsValid(jsontext.AllowInvalidUTF8(true)) {
		if json.Valid(body) {
			return "it has a member twice"
		}
		return "it is no JSON"
	}
	if err := unmarshal(body, into); err != nil {
		return describe(err).Error()
	}
	if call.BareList != "" && body[0] == '[' || !slices.ContainsFunc(call.Fields, isRequired) {
		return ""
	}
	var members map[string]json.RawMessage
	_ = json.Unmarshal(body, &members) // it is an object: it went into a struct
	for _, f := range call.Fields {
		if value, ok := members[f.Name]; f.Required && (!ok || string(value) == "null") {
			return f.Name + " is missing"
		}
	}
	return ""
}

// unmarshal is [json.Unmarshal] of what is valid: it does not check that again for
// what reads itself.
func unmarshal(body []byte, into any) error {
	if itself, ok := into.(json.Unmarshaler); ok {
		return itself.UnmarshalJSON(body)
	}
	return json.Unmarshal(body, into)
}

// isRequired reports whether every answer must have a member.
func isRequired(f catalog.Field) bool { return f.Required }

// describe keeps of an error of encoding/json what does not repeat a value.
func describe(err error) *memberError {
	var known *memberError
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &wrong):
		return &memberError{expected: wrong.Type.String()}
	}
	return &memberError{expected: "in its documented form"}
}

// answered are the members of answers.
var answered = tagged{tag: "json"}

// decode reads a JSON object into a struct whose members have json tags, and
// what no tag names into its member Raw. Names are compared exactly, unlike in
// encoding/json.
func decode(data []byte, into any) error {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return &memberError{expected: "an object"}
	}
	v := reflect.ValueOf(into).Elem()
	for _, m := range answered.of(v.Type()) {
		value, ok := members[m.name]
		if !ok {
			continue
		}
		delete(members, m.name)
		if string(value) == "null" {
			continue
		}
		if err := json.Unmarshal(value, v.Field(m.index).Addr().Interface()); err != nil {
			return describe(err).below(m.name)
		}
	}
	if len(members) > 0 {
		v.FieldByName("Raw").Set(reflect.ValueOf(Raw(members)))
	}
	return nil
}

// below is the error as seen from the object that holds the member.
func (e *memberError) below(name string) *memberError {
	if e.path == "" {
		return &memberError{name, e.expected}
	}
	return &memberError{name + "." + e.path, e.expected}
}
