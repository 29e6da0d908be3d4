package sdk

import "github.com/kakaowasm/kakaowasm/kakao"

// authorizeRequest is one request to the authorization endpoint. Empty fields
// are left out of the address. Sources: Kakao Login > REST API > Getting
// authorization code, RFC 6749 section 4.1.1, RFC 7636 section 4.3, OpenID
// Connect Core 1.0 section 3.1.2.1.
type authorizeRequest struct {
	// in are the settings of the page's call: what they say of scope, login
	// hint, terms, channels, approval and device type goes to Kakao as it is.
	in          *Settings
	clientID    string // the app's JavaScript key
	redirectURI string
	state       string
	nonce       string
	prompt      string       // login, none, create, select_account; separated by commas
	challenge   string       // code_challenge, always S256
	transaction string       // auth_tran_id: the code is polled for by it
	agent       string       // what Agent returns
	extra       []kakao.Pair // what only one flow sends, such as is_popup
}

// params are the request's parameters, in the order in which the legacy SDK
// sent them, without agent and extra ones.
func (r *authorizeRequest) params() []kakao.Pair {
	method := ""
	if r.challenge != "" {
		method = "S256"
	}
	return append([]kakao.Pair{{Name: "client_id", Value: r.clientID}}, withValue([]kakao.Pair{
		{Name: "approval_type", Value: r.in.ApprovalType},
		{Name: "scope", Value: r.in.Scope},
		{Name: "state", Value: r.state},
		{Name: "nonce", Value: r.nonce},
		{Name: "login_hint", Value: r.in.LoginHint},
		{Name: "prompt", Value: r.prompt},
		{Name: "device_type", Value: r.in.DeviceType},
		{Name: "extra.plus_friend_public_id", Value: r.in.PlusFriendPublicID},
		{Name: "channel_public_id", Value: r.in.ChannelPublicID},
		{Name: "extra.service_terms", Value: r.in.ServiceTerms},
		{Name: "redirect_uri", Value: r.redirectURI},
		{Name: "response_type", Value: "code"},
		{Name: "code_challenge", Value: r.challenge},
		{Name: "code_challenge_method", Value: method},
		{Name: "auth_tran_id", Value: r.transaction},
	})...)
}

// query is the whole query of the request.
func (r *authorizeRequest) query() string {
	agent := withValue([]kakao.Pair{{Name: "ka", Value: r.agent}})
	return kakao.EncodeQuery(append(append(r.params(), agent...), r.extra...))
}

// url returns the request's address at platform.
func (r *authorizeRequest) url(platform kakao.Platform) string {
	return platform.Auth + kakao.PathAuthorize + "?" + r.query()
}

// with is the request with another prompt and other extra parameters.
func (r *authorizeRequest) with(prompt string, extra ...kakao.Pair) *authorizeRequest {
	changed := *r
	changed.prompt, changed.extra = prompt, extra
	return &changed
}

func withValue(pairs []kakao.Pair) []kakao.Pair {
	kept := pairs[:0]
	for _, p := range pairs {
		if p.Value != "" {
			kept = append(kept, p)
		}
	}
	return kept
}
