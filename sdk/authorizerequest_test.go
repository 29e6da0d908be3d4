package sdk

import (
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kakaowasm/kakaowasm/kakao"
)

func TestAuthorizeURL(t *testing.T) {
	full := authorizeRequest{
		in: &Settings{
			Scope: "openid,account_email", LoginHint: "a@example.com", ServiceTerms: "t1,t2",
			ChannelPublicID: "_c", PlusFriendPublicID: "_p", ApprovalType: "project", DeviceType: "tv",
		},
		clientID: "key", redirectURI: "https://app.example.test/oauth", state: "s", nonce: "n", prompt: "login",
		challenge: "c", agent: "sdk/1 os/javascript", extra: []kakao.Pair{isPopup(false)},
	}
	tests := map[string]struct {
		request authorizeRequest
		want    url.Values
	}{
		"only what every request has": {
			authorizeRequest{in: &Settings{}, clientID: "key", redirectURI: "https://app.example.test/oauth", agent: "sdk/1"},
			url.Values{
				"client_id": {"key"}, "redirect_uri": {"https://app.example.test/oauth"}, "response_type": {"code"},
				"ka": {"sdk/1"},
			},
		},
		"everything": {full, url.Values{
			"client_id": {"key"}, "redirect_uri": {"https://app.example.test/oauth"}, "response_type": {"code"},
			"state": {"s"}, "nonce": {"n"}, "scope": {"openid,account_email"}, "prompt": {"login"},
			"login_hint": {"a@example.com"}, "extra.service_terms": {"t1,t2"}, "channel_public_id": {"_c"},
			"extra.plus_friend_public_id": {"_p"}, "approval_type": {"project"}, "device_type": {"tv"},
			"code_challenge": {"c"}, "code_challenge_method": {"S256"}, "ka": {"sdk/1 os/javascript"},
			"is_popup": {"false"},
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			u, err := url.Parse(test.request.url(kakao.Production))
			if err != nil {
				t.Fatal(err)
			}
			if got := u.Scheme + "://" + u.Host + u.Path; got != "https://kauth.kakao.com/oauth/authorize" {
				t.Errorf("the request goes to %s", got)
			}
			if diff := cmp.Diff(test.want, u.Query()); diff != "" {
				t.Errorf("parameters (-want +got):\n%s", diff)
			}
		})
	}
}
