package sdk

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// Kind is what a parameter of a call accepts.
type Kind uint8

// The kinds of the parameters. Boxed strings and booleans count as their
// primitives; boxed numbers do not.
const (
	String Kind = iota
	Boolean
	Integer
	Function
	Array
	Object    // any object but a function
	Template  // an Object with a message template; header images are dropped from it
	Container // a CSS selector or an element
	Files     // a FileList, or an array of files and blobs
	File      // one file
	Content   // a String of 1 to 2048 UTF-16 code units
	KageURLs  // an Array of paths of uploaded images, none of them a full address
)

// Param is one parameter that a call knows.
type Param struct {
	Name     string
	Kind     Kind
	Required bool
	// OneOf lists the strings that are accepted; nil means any.
	OneOf []string
	// Default is the value that a call assumes, as JSON or NoFunction; ""
	// means none. An explicit undefined is refused where there is none.
	Default string
}

// NoFunction as a default stands for a function that does nothing.
const NoFunction = "function"

// Call is a function of the SDK, or one address of API.request, with the
// parameters that it takes.
type Call struct {
	Name   string
	Params []Param
}

// Arg is one own property of what a page passed to a call.
type Arg struct {
	Key string
	// Tag is the class of the value: "String", "Boolean", "Integer",
	// "Number", "Function", "Array", "Object", "Element", "File", "Undefined",
	// "Null", ...
	Tag string
	// Text is the value of a string. Of an array it is its items, each as
	// tag:text, with ItemEnd between them.
	Text string
}

// ItemEnd separates the items of an array in [Arg.Text].
const ItemEnd = "\x00"

// Check holds args against the parameters of c: first what is missing, then
// what is unknown, then the values in the order in which the page wrote them.
// The first fault wins; nil means that the call may go on.
func (c Call) Check(args []Arg) *kakao.ParamError {
	if missing := c.missing(args); len(missing) > 0 {
		names := strings.Join(missing, ",")
		return fault(contract.CodeMissingParameter, names, "Missing required keys: "+names+" at "+c.Name, "add "+names)
	}
	if unknown := c.unknown(args); len(unknown) > 0 {
		names := strings.Join(unknown, ",")
		return fault(contract.CodeUnknownParameter, names, "Invalid parameter keys: "+names+" at "+c.Name, "remove it; known are "+c.known())
	}
	for _, a := range args {
		if wrong := c.param(a.Key).check(c.Name, a); wrong != nil {
			return wrong
		}
	}
	return nil
}

// fault is the error of a wrong call.
func fault(code, param, message, hint string) *kakao.ParamError {
	return &kakao.ParamError{Message: message, Code: code, Param: param, Hint: hint}
}

func (c Call) param(name string) *Param {
	for i := range c.Params {
		if c.Params[i].Name == name {
			return &c.Params[i]
		}
	}
	return nil
}

// Templates names the parameters of c that hold message templates.
func (c Call) Templates() []string {
	var names []string
	for _, p := range c.Params {
		if p.Kind == Template {
			names = append(names, p.Name)
		}
	}
	return names
}

func (c Call) missing(args []Arg) []string {
	var names []string
	for _, p := range c.Params {
		if p.Required && !hasKey(args, p.Name) {
			names = append(names, p.Name)
		}
	}
	return names
}

func (c Call) unknown(args []Arg) []string {
	var names []string
	for _, a := range args {
		if c.param(a.Key) == nil {
			names = append(names, a.Key)
		}
	}
	return names
}

func (c Call) known() string {
	names := make([]string, len(c.Params))
	for i, p := range c.Params {
		names[i] = p.Name
	}
	return strings.Join(names, ", ")
}

func hasKey(args []Arg, key string) bool {
	for _, a := range args {
		if a.Key == key {
			return true
		}
	}
	return false
}

// maxContent is the longest text of a KakaoStory post, in UTF-16 code units.
const maxContent = 2048

func (p *Param) check(call string, a Arg) *kakao.ParamError {
	if !p.accepts(a) {
		return fault(contract.CodeIllegalParameter, a.Key, "Illegal argument for \""+a.Key+"\" in "+call, p.expected(a))
	}
	switch p.Kind {
	case Content:
		if n := utf16Len(a.Text); n == 0 || n > maxContent {
			return fault(contract.CodeIllegalParameter, a.Key, "content length should be between 0 and 2048", "pass a text of 1 to 2048 characters")
		}
	case KageURLs:
		if slices.ContainsFunc(items(a), func(item Arg) bool { return isFullURL(item.Text) }) {
			return fault(
				contract.CodeIllegalParameter, a.Key,
				"url in image_url_list should be a kage url, obtained from '/v1/api/story/upload/multi'.", "pass what /v1/api/story/upload/multi answered",
			)
		}
	}
	return nil
}

func (p *Param) accepts(a Arg) bool {
	if a.Tag == "Undefined" {
		return p.Default != ""
	}
	switch p.Kind {
	case String:
		return a.Tag == "String" && (p.OneOf == nil || slices.Contains(p.OneOf, a.Text))
	case Container:
		return a.Tag == "String" || a.Tag == "Element"
	case Files:
		return a.Tag == "FileList" || a.Tag == "Array" && eachItem(a, "File", "Blob")
	case KageURLs:
		return a.Tag == "Array" && eachItem(a, "String")
	case Object, Template:
		return !slices.Contains(notObjects, a.Tag)
	}
	return a.Tag == kindTags[p.Kind]
}

// items are the items of an array.
func items(a Arg) []Arg {
	if a.Text == "" {
		return nil
	}
	var list []Arg
	for text, rest, more := "", a.Text, true; more; {
		text, rest, more = strings.Cut(rest, ItemEnd)
		tag, value, _ := strings.Cut(text, ":")
		list = append(list, Arg{Tag: tag, Text: value})
	}
	return list
}

func eachItem(a Arg, tags ...string) bool {
	return !slices.ContainsFunc(items(a), func(item Arg) bool { return !slices.Contains(tags, item.Tag) })
}

func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF && r != utf8.RuneError {
			n++
		}
	}
	return n
}

// isFullURL reports whether s is what the legacy SDK took for a full address:
// http, https or ftp, and a host with a dot in it.
func isFullURL(s string) bool {
	scheme, rest, ok := strings.Cut(s, "://")
	switch lower(scheme) {
	case "http", "https", "ftp":
	default:
		return false
	}
	host, _, _ := strings.Cut(rest, "/")
	if _, after, user := strings.Cut(host, "@"); user {
		host = after
	}
	host, _, _ = strings.Cut(host, ":")
	label, domain, dotted := strings.Cut(host, ".")
	return ok && dotted && label != "" && domain != "" && !strings.Contains(s, " ")
}

var (
	kindTags = [...]string{
		Boolean: "Boolean", Integer: "Integer", Function: "Function", Array: "Array", File: "File", Content: "String",
	}
	kindNames = [...]string{
		"a string", "a boolean", "an integer", "a function", "an array", "an object", "an object",
		"a CSS selector or an element", "a FileList or an array of files", "a file", "a string", "an array of strings",
	}
	notObjects = []string{"String", "Boolean", "Number", "Integer", "Function", "Null", "Symbol", "BigInt"}
)

func (p *Param) expected(a Arg) string {
	want := kindNames[p.Kind]
	if p.OneOf != nil {
		want = "one of " + strings.Join(p.OneOf, ", ")
	}
	return "expected " + want + ", got " + a.Tag
}
