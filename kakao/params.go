package kakao

import (
	"slices"
	"strings"
)

// Kind is what a parameter of a call accepts.
type Kind uint8

// The kinds of the parameters. Boxed primitives count as their primitives.
const (
	String Kind = iota
	Boolean
	Function
	Array
	Object    // any object but a function
	Container // a CSS selector or an element
	Files     // files to upload
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
	// Tag is the class of the value: "String", "Boolean", "Number",
	// "Function", "Array", "Object", "Element", "Undefined", "Null", ...
	Tag string
	// Text is the value of a string.
	Text string
}

// ParamError is a wrong call. A page gets it as an error of the name KakaoError.
type ParamError struct {
	// Message is what the legacy SDK said; pages may depend on it.
	Message string
	// Code is stable and made for programs: see the constants below.
	Code string
	// Param is the parameter at fault, or the comma-separated list of them.
	Param string
	// Hint says what to do.
	Hint string
}

// The codes of a ParamError.
const (
	CodeMissing = "missing_parameter"
	CodeUnknown = "unknown_parameter"
	CodeIllegal = "illegal_parameter"
)

// Error is the message.
func (e *ParamError) Error() string { return e.Message }

// Check holds args against the parameters of c: first what is missing, then
// what is unknown, then the values in the order in which the page wrote them.
// The first fault wins; nil means that the call may go on.
func (c Call) Check(args []Arg) *ParamError {
	if missing := c.missing(args); len(missing) > 0 {
		names := strings.Join(missing, ",")
		return &ParamError{"Missing required keys: " + names + " at " + c.Name, CodeMissing, names, "add " + names}
	}
	if unknown := c.unknown(args); len(unknown) > 0 {
		names := strings.Join(unknown, ",")
		return &ParamError{"Invalid parameter keys: " + names + " at " + c.Name, CodeUnknown, names, "remove it; known are " + c.known()}
	}
	for _, a := range args {
		if p := c.param(a.Key); !p.accepts(a) {
			return &ParamError{"Illegal argument for \"" + a.Key + "\" in " + c.Name, CodeIllegal, a.Key, p.expected(a)}
		}
	}
	return nil
}

func (c Call) param(name string) *Param {
	for i := range c.Params {
		if c.Params[i].Name == name {
			return &c.Params[i]
		}
	}
	return nil
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
		return slices.Contains(fileTags, a.Tag)
	case Object:
		return !slices.Contains(notObjects, a.Tag)
	}
	return a.Tag == kindTags[p.Kind]
}

var (
	kindTags   = [...]string{String: "String", Boolean: "Boolean", Function: "Function", Array: "Array"}
	kindNames  = [...]string{"a string", "a boolean", "a function", "an array", "an object", "a CSS selector or an element", "files"}
	fileTags   = []string{"FileList", "Array", "File", "Blob"}
	notObjects = []string{"String", "Boolean", "Number", "Function", "Null", "Symbol", "BigInt"}
)

func (p *Param) expected(a Arg) string {
	want := kindNames[p.Kind]
	if p.OneOf != nil {
		want = "one of " + strings.Join(p.OneOf, ", ")
	}
	return "expected " + want + ", got " + a.Tag
}
