package catalog

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/kakaowasm/kakaowasm/kakao"
)

// Format writes a value of the parameter as it goes into a query or form,
// before percent-encoding. It takes string, bool, int64, []string, []int64,
// map[string]string and, of a Nested parameter, map[string]any, whichever fits the
// parameter's type. The error is a
// *[kakao.ParamError]; it never repeats the value.
func (p Param) Format(value any) (string, error) {
	if expected := p.refuses(value); expected != "" {
		return "", p.illegal(expected)
	}
	switch value := value.(type) {
	case string:
		return value, nil
	case bool:
		return strconv.FormatBool(value), nil
	case int64:
		return strconv.FormatInt(value, 10), nil
	case []string:
		if p.Encoding == Commas {
			return strings.Join(value, ","), nil
		}
	}
	text, err := json.Marshal(value)
	if err != nil {
		return "", p.illegal("a value that JSON can express")
	}
	return string(text), nil
}

// Parse reads what [Param.Format] writes, and refuses what the parameter does
// not take. The error is a *[kakao.ParamError].
func (p Param) Parse(text string) (any, error) {
	value, ok := p.read(text)
	if !ok || !utf8.ValidString(text) {
		return nil, p.illegal(p.expected())
	}
	if expected := p.refuses(value); expected != "" {
		return nil, p.illegal(expected)
	}
	return value, nil
}

// read turns text into a value of the parameter's type.
func (p Param) read(text string) (any, bool) {
	switch {
	case p.List && p.Type == Long:
		return fromJSON[[]int64](text)
	case p.List && p.Encoding == JSON && (!p.AlsoCommas || strings.HasPrefix(strings.TrimSpace(text), "[")):
		return fromJSON[[]string](text)
	case p.List:
		items := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
		return items, len(items) > 0
	case p.Type == Map && p.Nested:
		return fromJSON[map[string]any](text)
	case p.Type == Map:
		return fromJSON[map[string]string](text)
	case p.Type == Boolean:
		return text == "true", text == "true" || text == "false"
	case p.Type == Integer, p.Type == Long:
		n, err := strconv.ParseInt(text, 10, 64)
		return n, err == nil
	}
	return text, true
}

func fromJSON[T any](text string) (any, bool) {
	var value T
	err := json.Unmarshal([]byte(text), &value)
	return value, err == nil && text != "null"
}

// refuses says what the parameter would take in place of the value, "" if it
// takes the value.
func (p Param) refuses(value any) string {
	switch value := value.(type) {
	case string:
		return p.refusesItems(String, false, value)
	case []string:
		return p.refusesItems(String, true, value...)
	case int64:
		if p.List || p.Type != Integer && p.Type != Long || p.Min != 0 && value < p.Min || p.Max != 0 && value > p.Max {
			return p.expected()
		}
		return ""
	case []int64:
		return p.expectedUnless(p.List && p.Type == Long && (p.MaxItems == 0 || len(value) <= p.MaxItems))
	case bool:
		return p.expectedUnless(!p.List && p.Type == Boolean)
	case map[string]string:
		return p.expectedUnless(!p.List && p.Type == Map && isUTF8(value))
	case map[string]any:
		return p.expectedUnless(!p.List && p.Type == Map && p.Nested)
	}
	return p.expected()
}

func (p Param) refusesItems(t Type, list bool, items ...string) string {
	if p.Type != t || p.List != list || p.MaxItems != 0 && len(items) > p.MaxItems {
		return p.expected()
	}
	for _, item := range items {
		switch {
		case !utf8.ValidString(item):
			return "UTF-8"
		case p.Fixed != "" && item != p.Fixed, p.OneOf != nil && !slices.Contains(p.OneOf, item):
			return p.expected()
		case list && p.Encoding == Commas && (item == "" || strings.ContainsAny(item, ", ")):
			return "items without comma and space"
		}
	}
	return ""
}

// isUTF8 reports whether encoding/json would write the members unchanged.
func isUTF8(members map[string]string) bool {
	for name, value := range members {
		if !utf8.ValidString(name) || !utf8.ValidString(value) {
			return false
		}
	}
	return true
}

func (p Param) expectedUnless(fits bool) string {
	if fits {
		return ""
	}
	return p.expected()
}

// expected says what the parameter takes.
func (p Param) expected() string {
	switch {
	case p.Fixed != "":
		return p.Fixed
	case p.OneOf != nil && p.List:
		return "some of " + strings.Join(p.OneOf, ", ")
	case p.OneOf != nil:
		return "one of " + strings.Join(p.OneOf, ", ")
	case p.List && p.Type == Long:
		return "a JSON array of whole numbers" + p.bounds()
	case p.List && p.Encoding == JSON:
		return `a JSON array of strings such as ["a","b"]` + p.bounds()
	case p.List:
		return "values separated by commas" + p.bounds()
	case p.Type == Boolean:
		return "true or false"
	case p.Type == Integer, p.Type == Long:
		return "a whole number" + p.bounds()
	case p.Type == Map && p.Nested:
		return "a JSON object"
	case p.Type == Map:
		return `a JSON object of strings such as {"key":"value"}`
	}
	return "a string"
}

func (p Param) bounds() string {
	switch {
	case p.MaxItems != 0:
		return fmt.Sprintf(", at most %d of them", p.MaxItems)
	case p.Min != 0 && p.Max != 0:
		return fmt.Sprintf(" from %d to %d", p.Min, p.Max)
	case p.Min != 0:
		return fmt.Sprintf(" of %d or more", p.Min)
	}
	return ""
}

func (p Param) illegal(expected string) error {
	return &kakao.ParamError{
		Message: "illegal value of " + p.Name + ": expected " + expected,
		Code:    kakao.CodeIllegal, Param: p.Name, Hint: "pass " + expected,
	}
}

// Missing is the error for a required parameter that was left out.
func (p Param) Missing() error {
	return &kakao.ParamError{
		Message: "missing " + p.Name, Code: kakao.CodeMissing, Param: p.Name, Hint: "pass " + p.expected(),
	}
}
