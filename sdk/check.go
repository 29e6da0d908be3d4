package sdk

import (
	"strings"

	"github.com/kakaowasm/kakaowasm/kakao"
)

// rules returns what a call takes, as a list: whether it is a request of files,
// how many defaults there are, names and JSON texts of these, and the names of
// the parameters that hold message templates.
func (m *Machine) rules(e *Event) {
	c, _ := FindCall(e.get("name"))
	endpoint, _ := FindEndpoint(strings.TrimPrefix(c.Name, requestPrefix))
	var defaults []string
	for _, p := range c.Params {
		if p.Default != "" {
			defaults = append(defaults, p.Name, p.Default)
		}
	}
	list := append([]string{flag(endpoint.TakesFiles), text(len(defaults) / 2)}, defaults...)
	m.do(DoReturn, append(list, c.Templates()...)...)
}

// check holds what a page passed to a call against its rules, and has the fault
// thrown.
func (m *Machine) check(e *Event) {
	if len(e.Data) < 2 {
		return
	}
	c, ok := FindCall(e.Data[1])
	if !ok {
		return
	}
	rest := e.Data[2:]
	args := make([]Arg, len(rest)/3)
	for i := range args {
		args[i] = Arg{Key: rest[i*3], Tag: rest[i*3+1], Text: rest[i*3+2]}
	}
	if wrong := c.Check(args); wrong != nil {
		m.throw(wrong)
	}
}

// throw has the page's call throw e.
func (m *Machine) throw(e *kakao.ParamError) {
	m.do(DoThrow, "code", e.Code, "param", e.Param, "hint", e.Hint, "message", e.Message)
}
