//go:build js

package jsbridge

import (
	"syscall/js"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// eval makes a JavaScript value of an expression.
func eval(expression string) js.Value {
	return js.Global().Get("Function").New("return (" + expression + ")").Invoke()
}

// The release binds by name and the standard-Go build by vert: both read the
// same from what the rules of the calls let through.
// fields is what npm/border.js writes of an object.
func fields(object js.Value) []string {
	write := eval(`(settings) => Object.keys(settings).flatMap((name) => {
		const value = settings[name];
		if (typeof value === 'string') return [name, 's' + value];
		return typeof value === 'boolean' ? [name, value ? 'b1' : 'b'] : [];
	})`)
	list := write.Invoke(object)
	all := make([]string, list.Length())
	for i := range all {
		all[i] = list.Index(i).String()
	}
	return all
}

func TestBothWaysToBindReadTheSame(t *testing.T) {
	texts := []string{
		"approvalType", "scope", "plusFriendPublicId", "channelPublicId", "serviceTerms", "redirectUri", "state",
		"deviceType", "nonce", "prompts", "prompt", "loginHint", "returnUrl",
	}
	flags := []string{
		"persistAccessToken", "throughTalk", "isPopup", "reauthenticate", "autoLogin", "throughSyncplugin",
		"forceMobileLayout", "enableBackButton",
	}
	corpus := []string{"{}", "{bogus: 1}", "{scope: undefined}", "{scope: null, throughTalk: null}"}
	for _, name := range texts {
		for _, value := range []string{"''", "'a'", "'한글 🦁'", "'\\0\\x01'", "'x'.repeat(5000)", "'\\ud800'"} {
			corpus = append(corpus, "{"+name+": "+value+"}", "{"+name+": "+value+", state: 's', isPopup: true}")
		}
	}
	for _, name := range flags {
		corpus = append(corpus, "{"+name+": true}", "{"+name+": false}", "{"+name+": true, scope: 'openid'}")
	}
	for _, expression := range corpus {
		if diff := cmp.Diff(BindSettings(eval(expression)), bindByName(fields(eval(expression)))); diff != "" {
			t.Errorf("%s (-vert +by name):\n%s", expression, diff)
		}
	}
}
