//go:build js

package main

import (
	"strings"
	"syscall/js"

	"github.com/kakaowasm/kakaowasm/jsbridge"
	"github.com/kakaowasm/kakaowasm/kakao"
	rules "github.com/kakaowasm/kakaowasm/sdk"
)

// noRedirectURI is what goes to Kakao where the page names no redirect URI: the
// code is polled for, or nobody gets it.
const noRedirectURI = "JS-SDK"

// authorization is one call that leads to the consent page in this window, in a
// popup or in KakaoTalk, and whose code goes to the page's redirect URI or, if
// that is the token server's callback, is exchanged by the SDK.
type authorization struct {
	s       *sdk
	in      authSettings
	request kakao.AuthorizeRequest
	flow    *flow // nil if the page's back end exchanges the code
	settle  settler
	popup   *window       // nil if there is none
	stop    chan struct{} // closed by the next Auth.authorize, and by cleanup
	// handoff tells that KakaoTalk is asked to show the consent page.
	handoff bool
}

// callAuthorize leads to the consent page. Where the page names a redirect URI
// of its own, its back end exchanges the code and the request is the legacy one;
// where it names the token server's callback, the SDK completes the login. It
// returns false where the legacy function did.
func (s *sdk) callAuthorize(call js.Value) any {
	in := bindAuthSettings(call)
	settle := s.settler(call, s.auth)
	b := s.page.browser
	if in.isSilent() && !b.Talk {
		a := &authorization{s: s, in: in, settle: settle}
		if in.RedirectURI == s.callbackURI() {
			a.in.RedirectURI = "" // nobody there can read the answer
		}
		a.respond([]field{
			{"error", js.ValueOf("auto_login")}, {"error_description", js.ValueOf("NOT_SUPPORTED_BROWSER")},
		})
		return false
	}
	s.dropPolling()
	s.polling = make(chan struct{})
	if in.RedirectURI == s.callbackURI() && in.IsPopup {
		s.loginInPopup(in, settle)
		return nil
	}
	a := &authorization{s: s, in: in, settle: settle, stop: s.polling}
	a.handoff = in.ThroughTalk && !in.asksForLogin() && b.AuthorizesInTalk()
	if !a.prepare() {
		settle.end(false, failure(errNoStorage))
		return nil
	}
	bridge := call.Get("bridge").Truthy()
	if bridge && a.usesPlugin() && !in.IsPopup && !strings.Contains(a.request.Prompt, "cert") {
		a.askBridge()
		return nil
	}
	a.send()
	return nil
}

// prepare makes the request. It returns false where the SDK is to complete the
// login and can keep nothing for the return.
func (a *authorization) prepare() bool {
	if a.in.RedirectURI == a.s.callbackURI() {
		var ok bool
		if a.flow, a.request, ok = a.s.beginRedirect(a.in); !ok {
			return false
		}
	} else {
		a.request = a.in.request(a.s)
		if a.request.RedirectURI == "" {
			a.request.RedirectURI = noRedirectURI
		}
	}
	a.request.Transaction = a.s.newTransaction()
	return true
}

func (s *sdk) newTransaction() string {
	return rules.TransactionID(jsbridge.Random(kakao.RandomSize), s.appKey)
}

// usesPlugin reports whether a channel's home opens the login over itself.
func (a *authorization) usesPlugin() bool {
	return a.in.ThroughSyncplugin && a.s.page.browser.ChannelHome
}

// askBridge has KakaoTalk log in without a dialog, and opens the plugin if that
// takes one.
func (a *authorization) askBridge() {
	silent := a.request
	silent.Prompt = "none"
	silent.Extra = popupPair(false)
	silentOnly := strings.Contains(a.request.Prompt, "none")
	var done jsbridge.Func
	done = jsbridge.NewFunc(func(args []js.Value) any {
		defer done.Release()
		if len(args) == 0 || isClosed(a.stop) { // the bridge failed, and the legacy SDK said nothing
			a.settle.drop()
			return nil
		}
		code, e := jsbridge.Text(args[0], "code"), jsbridge.Text(args[0], "error")
		if e == "interaction_required" || e == "consent_required" && !silentOnly {
			a.send()
			return nil
		}
		var answer []field
		if code != "" {
			answer = append(answer, field{"code", js.ValueOf(code)})
		}
		if e != "" {
			description := args[0].Get("error_description")
			answer = append(answer, field{"error", js.ValueOf(e)}, field{"error_description", description})
		}
		go a.finish(answer)
		return nil
	})
	jsbridge.Host("askBridge", silent.Query(), done.Value)
}

// send opens the consent page, and polls for the code where it may come back
// another way than through this window.
func (a *authorization) send() {
	switch {
	case a.usesPlugin():
		plugin := a.request
		plugin.Extra = append(popupPair(true), kakao.Pair{Name: "approval_window_type", Value: "v4_bizplugin"})
		a.s.navigate(rules.PluginLink(plugin.Query()))
	case a.in.IsPopup:
		var opened bool
		if a.popup, opened = a.s.openWindow(a.address(), a.s.popupFeatures()); !opened {
			a.settle.end(false, failure(errPopupBlocked))
			return
		}
	default:
		a.s.navigate(a.address())
		if !a.handoff {
			a.settle.drop()
			return
		}
	}
	a.poll()
}

// address is where the window goes: the consent page or, in a handoff, KakaoTalk.
func (a *authorization) address() string {
	web := a.request
	web.Extra = append(popupPair(a.in.IsPopup), a.request.Extra...)
	if !a.handoff {
		return web.URL(a.s.platform)
	}
	if a.in.IsPopup && a.s.page.browser.IOS {
		web.Agent = ""
	}
	return a.s.handoff(a.request, web.URL(a.s.platform))
}

// handoff is the address that has KakaoTalk show request; web is the one for
// phones without it.
func (s *sdk) handoff(request kakao.AuthorizeRequest, web string) string {
	params := []any{"is_popup", true}
	for _, p := range request.Params() {
		params = append(params, p.Name, p.Value)
	}
	written, _ := jsbridge.JSON(params...)
	request.Extra = popupPair(true)
	return rules.Handoff{
		InTalk: request.URL(s.platform), Params: written, Web: web,
		AppKey: s.appKey, RedirectURI: request.RedirectURI, State: request.State, Agent: s.agent,
	}.Link(s.page.browser)
}

func popupPair(popup bool) []kakao.Pair {
	if popup {
		return []kakao.Pair{{Name: "is_popup", Value: "true"}}
	}
	return []kakao.Pair{{Name: "is_popup", Value: "false"}}
}

// poll waits for the code on a goroutine of its own, until the next
// Auth.authorize, cleanup, or the end of the popup.
func (a *authorization) poll() {
	stop := a.stop
	go func() {
		end := a.s.poll(a.request.Transaction, stop, a.popup, !a.handoff)
		switch {
		case isClosed(stop):
			release(end.answer)
			a.settle.drop()
			return
		case end.timeout:
			a.finish([]field{{"error", js.ValueOf("timeout")}, {"error_description", js.ValueOf("LOGIN_TIMEOUT")}})
			return
		case end.answer == nil:
			a.settle.end(false, failure(errPopupClosed))
			return
		case end.network && a.in.RedirectURI != "" && a.flow == nil:
			release(end.answer)
			a.settle.drop()
		default:
			a.finish(end.answer)
		}
		if end.network {
			a.s.navigate(a.s.platform.Auth + kakao.PathNetworkError)
		}
		a.s.closeWindow(a.popup)
	}()
}

// dropPolling ends the polling of an earlier Auth.authorize.
func (s *sdk) dropPolling() {
	if s.polling != nil {
		close(s.polling)
		s.polling = nil
	}
}

// finish exchanges the code of a login that the SDK completes, and brings any
// other answer to the page.
func (a *authorization) finish(answer []field) {
	if a.flow == nil {
		a.respond(answer)
		return
	}
	made := object(append(answer, field{"state", js.ValueOf(a.flow.state)}))
	a.s.dropFlow(a.flow.state)
	a.settle.tell(a.s.complete(a.flow, made))
	jsbridge.Release(made)
}

// respond brings the answer to where the page wants it: to its redirect URI or,
// without one, to its callbacks. An answer without an error is a success.
func (a *authorization) respond(answer []field) {
	failed := false
	for _, f := range answer {
		failed = failed || f.name == "error" && f.value.Truthy()
	}
	if a.in.State != "" {
		answer = append(answer, field{"state", js.ValueOf(a.in.State)})
	}
	if a.in.RedirectURI == "" || a.s.isScript(a.in.RedirectURI) {
		a.settle.end(!failed, object(answer))
		return
	}
	separator := "?"
	if strings.Contains(a.in.RedirectURI, "?") {
		separator = "&"
	}
	a.settle.drop()
	a.s.navigate(a.in.RedirectURI + separator + kakao.EncodeQuery(pairs(answer)))
}

// isScript reports whether going to address would run it as a script.
func (s *sdk) isScript(address string) bool {
	url, err := jsbridge.New(jsbridge.Global("URL"), address, s.page.origin)
	if err != nil {
		return false
	}
	defer jsbridge.Release(url)
	return jsbridge.Text(url, "protocol") == "javascript:"
}

// navigate leads this window to address. A scheme that the browser knows no
// program for must not end the page's code.
func (s *sdk) navigate(address string) {
	location := jsbridge.Global("location")
	_, _ = jsbridge.Call(location, "assign", address)
	jsbridge.Release(location)
}
