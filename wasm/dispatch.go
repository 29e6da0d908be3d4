//go:build js

package main

import (
	"syscall/js"

	"github.com/kakaowasm/kakaowasm/jsbridge"
	"github.com/kakaowasm/kakaowasm/kakao"
	rules "github.com/kakaowasm/kakaowasm/sdk"
)

// methods are what the shim may ask for.
var methods = map[string]func(s *sdk, call js.Value) any{
	"defaults":       (*sdk).callDefaults,
	"templates":      (*sdk).callTemplates,
	"takesFiles":     (*sdk).callTakesFiles,
	"check":          (*sdk).callCheck,
	"init":           (*sdk).callInit,
	"cleanup":        (*sdk).callCleanup,
	"authCleanup":    (*sdk).callAuthCleanup,
	"apiCleanup":     (*sdk).callAPICleanup,
	"login":          (*sdk).callLogin,
	"authorize":      (*sdk).callAuthorize,
	"issue":          (*sdk).callIssue,
	"address":        (*sdk).callAddress,
	"logout":         (*sdk).callLogout,
	"status":         (*sdk).callStatus,
	"request":        (*sdk).callRequest,
	"renew":          (*sdk).callRenew,
	"getAccessToken": (*sdk).callGetAccessToken,
	"setAccessToken": (*sdk).callSetAccessToken,
	"adoptLegacy":    (*sdk).callAdoptLegacy,
}

// dispatch answers one call of the shim.
func (s *sdk) dispatch(method string, call js.Value) any {
	return methods[method](s, call)
}

// callDefaults returns the defaults of the call named in call.name, as a list
// of names and JSON texts.
func (s *sdk) callDefaults(call js.Value) any {
	c, _ := rules.FindCall(jsbridge.Text(call, "name"))
	list := []any{}
	for _, p := range c.Params {
		if p.Default != "" {
			list = append(list, p.Name, p.Default)
		}
	}
	return list
}

// callTemplates returns the names of the parameters of the call named in
// call.name that hold message templates.
func (s *sdk) callTemplates(call js.Value) any {
	c, _ := rules.FindCall(jsbridge.Text(call, "name"))
	list := []any{}
	for _, name := range c.Templates() {
		list = append(list, name)
	}
	return list
}

// callTakesFiles reports whether the request to call.url is one of files.
func (s *sdk) callTakesFiles(call js.Value) any {
	endpoint, _ := rules.FindEndpoint(jsbridge.Text(call, "url"))
	return endpoint.TakesFiles
}

// callCheck holds call.args, a flat list of key, tag and text, against the
// rules of the call named in call.name, and raises the fault.
func (s *sdk) callCheck(call js.Value) any {
	c, ok := rules.FindCall(jsbridge.Text(call, "name"))
	if !ok {
		return nil
	}
	args := call.Get("args")
	defer jsbridge.Release(args)
	list := make([]rules.Arg, args.Length()/3)
	for i := range list {
		list[i] = rules.Arg{Key: item(args, i*3), Tag: item(args, i*3+1), Text: item(args, i*3+2)}
	}
	if fault := c.Check(list); fault != nil {
		s.raise(fault)
	}
	return nil
}

func item(list js.Value, i int) string {
	v := list.Index(i)
	defer jsbridge.Release(v)
	return v.String()
}

// raise makes the shim throw e when this call returns.
func (s *sdk) raise(e *kakao.ParamError) {
	jsbridge.Host("raise", "KakaoError", e.Message, e.Code, e.Param, e.Hint)
}

// settler ends one call of the shim. It is no function value, because TinyGo
// makes whoever calls one restartable, which costs more than the code itself.
type settler struct {
	settle js.Value
	life   <-chan struct{}
}

// settler returns what ends the call. After the end of life, which cleanup
// brings, the page hears of the call no more.
func (s *sdk) settler(call js.Value, life <-chan struct{}) settler {
	return settler{call.Get("settle"), life}
}

// end ends the call, once, with an answer for success or for fail.
func (c settler) end(ok bool, answer js.Value) {
	if !isClosed(c.life) {
		c.settle.Invoke(ok, answer)
	}
	jsbridge.Release(c.settle, answer)
}

// drop leaves the call without an end.
func (c settler) drop() { jsbridge.Release(c.settle) }

// tell ends a login's call with its token response or its error.
func (c settler) tell(response js.Value, e *kakao.OAuthError) {
	switch {
	case e == errCleanedUp:
		c.drop()
	case e != nil:
		c.end(false, failure(e))
	default:
		c.end(true, response)
	}
}

// failure is the object that fail callbacks get. Its hint is not enumerable, for
// the legacy SDK's object had none.
func failure(e *kakao.OAuthError) js.Value {
	answer := []any{"error", e.Code}
	if e.Description != "" {
		answer = append(answer, "error_description", e.Description)
	}
	if e.KOE != "" {
		answer = append(answer, "error_code", e.KOE)
	}
	if e == errLoginTimeout {
		answer = append(answer, "description", e.Description) // where the legacy SDK had it
	}
	return jsbridge.Host("failure", append([]any{e.Hint}, answer...)...)
}
