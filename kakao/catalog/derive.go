package catalog

import (
	"slices"

	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/sdk"
)

// derived completes a call from the endpoint of that path which pages may use:
// it gives method, path, and each parameter's type, encoding and requiredness.
// The call's own Methods are further ones; its own Params only describe what
// the endpoint has, see [refines].
func derived(path string, c Call) Call {
	endpoint, _ := sdk.FindEndpoint(path)
	c.Host, c.Path = KAPI, endpoint.Path
	c.Methods = append([]string{endpoint.Method}, c.Methods...)
	described := c.Params
	c.Params = make([]Param, len(endpoint.Params))
	for i, p := range endpoint.Params {
		at := slices.IndexFunc(described, func(d Param) bool { return d.Name == p.Name })
		if at < 0 {
			c.Params[i] = fromSDK(p, Param{})
			continue
		}
		c.Params[i] = fromSDK(p, described[at])
	}
	return c
}

// fromSDK adds to a description what the parameter of an endpoint says.
func fromSDK(p sdk.Param, described Param) Param {
	described.Name, described.Required = p.Name, p.Required
	if !refines(described, p.Kind) {
		described.Type, described.List, described.Encoding = typeOf(p.Kind)
	}
	if p.OneOf != nil {
		described.OneOf = p.OneOf
	}
	if p.Default != "" {
		described.Default = p.Default
	}
	return described
}

// refines reports whether a description says more exactly what the kind allows:
// an integer of 64 bits, or a string that lists values.
func refines(described Param, kind sdk.Kind) bool {
	switch kind {
	case sdk.Integer:
		return described.Type == Long && !described.List
	case sdk.String:
		return described.Type == String && described.List && described.Encoding == Commas
	}
	return false
}

// typeOf says how a kind of parameter of the SDK goes over the wire: strings
// as they are, everything else as JSON text.
// Source: observed behaviour of the JavaScript SDK v1, API.request.
func typeOf(kind sdk.Kind) (t Type, list bool, encoding Encoding) {
	switch kind {
	case sdk.Boolean:
		return Boolean, false, Plain
	case sdk.Integer:
		return Integer, false, Plain
	case sdk.Array, sdk.KageURLs:
		return String, true, JSON
	case sdk.Object, sdk.Template:
		return Map, false, JSON
	}
	return String, false, Plain
}

// SDKCalls are the other endpoints that a page may use: KakaoTalk Share and
// KakaoStory. They are outside Kakao Login, so that only the requests are
// described, as far as the SDK checks them.
// Source: JavaScript SDK v1 (legacy) reference > API.request.
func SDKCalls() []Call {
	var calls []Call
	for _, e := range sdk.Endpoints {
		if _, login := Find(e.Path); login || isTalk(e.Path) {
			continue
		}
		auth := ByUserToken
		if e.Credential == sdk.AppKey {
			auth = ByAppKey
		}
		calls = append(calls, derived(e.Path, Call{
			Auth: []Auth{auth}, TakesFiles: e.TakesFiles, Repeatable: e.Method == kakao.Get,
			Source: "JavaScript SDK v1 (legacy) reference > API.request",
		}))
	}
	return calls
}

func isTalk(path string) bool {
	return slices.ContainsFunc(TalkCalls(), func(c Call) bool { return c.Path == path })
}
