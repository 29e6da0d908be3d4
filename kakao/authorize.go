package kakao

import "strings"

// AuthorizeRequest is one request to the authorization endpoint. Empty fields
// are left out of the address. Sources: Kakao Login > REST API > Getting
// authorization code, RFC 6749 section 4.1.1, RFC 7636 section 4.3, OpenID
// Connect Core 1.0 section 3.1.2.1.
type AuthorizeRequest struct {
	ClientID           string // the app's JavaScript key
	RedirectURI        string
	State              string
	Nonce              string
	Scope              string // as the page wrote it: separated by commas or spaces
	Prompt             string // login, none, create, select_account; separated by commas
	LoginHint          string
	ServiceTerms       string
	ChannelPublicID    string
	PlusFriendPublicID string
	ApprovalType       string
	DeviceType         string
	Challenge          string // code_challenge, always S256
	Transaction        string // auth_tran_id: the code is polled for by it
	Agent              string // what Agent returns
	Extra              []Pair // what only one flow sends, such as is_popup
}

// Params are the request's parameters, in the order in which the legacy SDK
// sent them, without agent and extra ones.
func (r AuthorizeRequest) Params() []Pair {
	method := ""
	if r.Challenge != "" {
		method = "S256"
	}
	return append([]Pair{{"client_id", r.ClientID}}, withValue([]Pair{
		{"approval_type", r.ApprovalType},
		{"scope", r.Scope},
		{"state", r.State},
		{"nonce", r.Nonce},
		{"login_hint", r.LoginHint},
		{"prompt", r.Prompt},
		{"device_type", r.DeviceType},
		{"extra.plus_friend_public_id", r.PlusFriendPublicID},
		{"channel_public_id", r.ChannelPublicID},
		{"extra.service_terms", r.ServiceTerms},
		{"redirect_uri", r.RedirectURI},
		{"response_type", "code"},
		{"code_challenge", r.Challenge},
		{"code_challenge_method", method},
		{"auth_tran_id", r.Transaction},
	})...)
}

// Query is the whole query of the request.
func (r AuthorizeRequest) Query() string {
	agent := withValue([]Pair{{"ka", r.Agent}})
	return EncodeQuery(append(append(r.Params(), agent...), r.Extra...))
}

// URL returns the request's address at platform.
func (r AuthorizeRequest) URL(platform Platform) string {
	return platform.Auth + PathAuthorize + "?" + r.Query()
}

func withValue(pairs []Pair) []Pair {
	kept := pairs[:0]
	for _, p := range pairs {
		if p.Value != "" {
			kept = append(kept, p)
		}
	}
	return kept
}

// HasScope reports whether a list of scopes, separated by commas or spaces,
// names scope.
func HasScope(scopes, scope string) bool {
	for _, s := range strings.FieldsFunc(scopes, func(r rune) bool { return r == ',' || r == ' ' }) {
		if s == scope {
			return true
		}
	}
	return false
}
