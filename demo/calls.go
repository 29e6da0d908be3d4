package demo

import (
	"slices"
	"strings"

	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// explorerCall is a call that the explorer offers.
type explorerCall struct {
	URL string `json:"url"`
	// Group is login, talk, share or story.
	Group  string          `json:"group"`
	Files  bool            `json:"files,omitempty"`
	Params []explorerParam `json:"params"`
}

// explorerParam is a parameter of a call.
type explorerParam struct {
	Name     string `json:"name"`
	Type     string `json:"type"`
	Required bool   `json:"required,omitempty"`
}

// explorerCalls are all calls that a page may make, grouped.
func explorerCalls() []explorerCall {
	var calls []explorerCall
	for _, c := range catalog.PageCalls() {
		params := []explorerParam{}
		for _, p := range c.Params {
			params = append(params, explorerParam{p.Name, typeName(p), p.Required})
		}
		calls = append(calls, explorerCall{c.Path, groupOf(c), c.TakesFiles, params})
	}
	return calls
}

// groupOf is the part of the platform that a call belongs to.
func groupOf(c catalog.Call) string {
	same := func(other catalog.Call) bool { return other.Path == c.Path }
	switch {
	case slices.ContainsFunc(catalog.Calls(), same):
		return "login"
	case slices.ContainsFunc(catalog.TalkCalls(), same):
		return "talk"
	case strings.Contains(c.Path, "/story/"):
		return "story"
	}
	return "share"
}

// typeNames are the types of parameters as a page writes them.
var typeNames = map[catalog.Type]string{
	catalog.Boolean: "boolean", catalog.Integer: "number", catalog.Long: "number",
	catalog.Object: "object", catalog.Map: "object",
}

func typeName(p catalog.Param) string {
	name := typeNames[p.Type]
	if name == "" {
		name = "string"
	}
	if p.List {
		name += "[]"
	}
	return name
}
