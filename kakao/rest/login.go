package rest

import (
	"context"
	"crypto/subtle"
	"fmt"
	"net/url"
	"strings"

	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// Prompt is a value of the prompt parameter.
// Source: Kakao Login > REST API > Getting authorization code.
type Prompt string

// The prompts.
const (
	PromptLogin         Prompt = "login"          // ask for the password again
	PromptNone          Prompt = "none"           // show no page
	PromptCreate        Prompt = "create"         // begin with the sign-up of a Kakao Account
	PromptSelectAccount Prompt = "select_account" // offer the accounts of the browser
)

// AuthorizeRequest is a request to the authorization endpoint. Empty members
// are left out. Source: Kakao Login > REST API > Getting authorization code;
// RFC 6749 section 4.1.1; RFC 7636 section 4.3.
type AuthorizeRequest struct {
	RedirectURI string   `kakao:"redirect_uri"`
	Scope       []string `kakao:"scope"`
	Prompt      []Prompt `kakao:"prompt"`
	LoginHint   string   `kakao:"login_hint"`
	// ServiceTerms are tags.
	ServiceTerms []string `kakao:"service_terms"`
	// State is a random value that the caller keeps for [ParseCallback].
	State string `kakao:"state"`
	// Nonce is a random value that the caller compares with the ID token's.
	Nonce string `kakao:"nonce"`
	// Lang is ko, en, ja or zh.
	Lang string `kakao:"lang"`
	// CodeChallenge is what [kakao.ChallengeS256] makes of a code verifier.
	CodeChallenge string `kakao:"code_challenge"`
}

// AuthorizeURL returns the address to which the browser is led. The error is a
// *[kakao.ParamError].
// Source: Kakao Login > REST API > Getting authorization code.
func (a AppClient) AuthorizeURL(req AuthorizeRequest) (string, error) {
	return a.browserURL(catalog.Authorize, req)
}

// AutoLoginURL is [AppClient.AuthorizeURL] without any page: in KakaoTalk's
// browser, for a user who agreed before. Leave Prompt empty.
// Source: Kakao Login > REST API > Auto-login from Kakao Talk.
func (a AppClient) AutoLoginURL(req AuthorizeRequest) (string, error) {
	return a.browserURL(catalog.AutoLogin, req)
}

// ConsentURL is [AppClient.AuthorizeURL] for consent items that are still
// missing; Scope is required.
// Source: Kakao Login > REST API > Requesting additional consent.
func (a AppClient) ConsentURL(req AuthorizeRequest) (string, error) {
	return a.browserURL(catalog.RequestConsent, req)
}

// TermsURL is [AppClient.AuthorizeURL] for chosen service terms; ServiceTerms
// is required.
// Source: Kakao Login > REST API > Getting consent to desired service terms.
func (a AppClient) TermsURL(req AuthorizeRequest) (string, error) {
	return a.browserURL(catalog.RequestTerms, req)
}

// LogoutRequest leads the browser to the end of its Kakao Account session.
// Source: Kakao Login > REST API > Logout of service and Kakao Account.
type LogoutRequest struct {
	LogoutRedirectURI string `kakao:"logout_redirect_uri"`
	// State comes back in the address; refuse the answer if it differs.
	State string `kakao:"state"`
}

// LogoutURL returns the address to which the browser is led. The error is a
// *[kakao.ParamError].
// Source: Kakao Login > REST API > Logout of service and Kakao Account.
func (a AppClient) LogoutURL(req LogoutRequest) (string, error) {
	return a.browserURL(catalog.LogoutOfAccount, req)
}

func (c caller) browserURL(call catalog.Call, request any) (string, error) {
	r, err := c.prepare(call, request)
	if err != nil {
		return "", fmt.Errorf("%s: %w", call.Path, err)
	}
	return r.url(), nil
}

// ParseCallback reads what came to the redirect URI: the authorization code, or
// Kakao's refusal as an *[OAuthError]. state is that of the request; an answer
// with another, or a request without one, is [ErrState].
// Source: RFC 6749 sections 4.1.2 and 10.12.
func ParseCallback(query url.Values, state string) (string, error) {
	if state == "" || subtle.ConstantTimeCompare([]byte(query.Get("state")), []byte(state)) != 1 {
		return "", ErrState
	}
	if refused := query.Get("error"); refused != "" {
		return "", &OAuthError{Call: "callback", OAuthError: cleaned(kakao.OAuthError{
			Code: refused, Description: query.Get("error_description"), KOE: query.Get("error_code"),
		}, query.Get("code"), state)}
	}
	code := query.Get("code")
	if code == "" {
		return "", unreadable("callback", "code is missing")
	}
	return code, nil
}

// PollRequest asks for the answer to an authorization request that carried a
// transaction ID.
type PollRequest struct {
	TransactionID string `kakao:"auth_tran_id"`
	// Agent is the SDK's agent string, see [kakao.Agent]; it may be empty.
	Agent string `kakao:"ka"`
}

// PolledCode is the answer to one poll.
// Source: observed behaviour of the JavaScript SDK v1, Auth.authorize.
type PolledCode struct {
	Status           string `json:"status"`
	Code             string `json:"code"`
	ErrorCode        string `json:"error_code"`
	Error            string `json:"error"`
	ErrorDescription string `json:"error_description"`
	Raw              Raw    `json:"-"`
}

// UnmarshalJSON implements [json.Unmarshaler].
func (p *PolledCode) UnmarshalJSON(data []byte) error { return decode(data, p) }

// Waiting reports whether there is no answer yet, so that another poll makes
// sense.
func (p PolledCode) Waiting() bool { return p.Status == "error" && p.ErrorCode == "300" }

// PollCode asks once for the answer to an authorization request of the
// JavaScript SDK. The app's key is the JavaScript key.
// Source: observed behaviour of the JavaScript SDK v1, Auth.authorize.
func (a AppClient) PollCode(ctx context.Context, req PollRequest) (PolledCode, error) {
	return invoke[PolledCode](ctx, a.caller, catalog.PollCode, req)
}

// ExchangeRequest redeems an authorization code.
// Source: Kakao Login > REST API > Getting tokens; RFC 7636 section 4.5.
type ExchangeRequest struct {
	// RedirectURI is that of the authorization request.
	RedirectURI string `kakao:"redirect_uri"`
	Code        string `kakao:"code"`
	// CodeVerifier is what the code challenge was made of; empty if there was
	// none.
	CodeVerifier string `kakao:"code_verifier"`
}

// Tokens are what a token request grants.
// Source: Kakao Login > REST API > Getting tokens, Refreshing tokens.
type Tokens struct {
	TokenType   string    `json:"token_type"`
	AccessToken UserToken `json:"access_token"`
	ExpiresIn   Seconds   `json:"expires_in"`
	// RefreshToken is zero where a refresh left the old one in force, or where
	// an exchange gave none.
	RefreshToken          RefreshToken `json:"refresh_token"`
	RefreshTokenExpiresIn Seconds      `json:"refresh_token_expires_in"`
	// Scope lists what the access token opens, separated by spaces.
	Scope string `json:"scope"`
	// IDToken comes with OpenID Connect only. It is not verified yet.
	IDToken IDToken `json:"id_token"`
	Raw     Raw     `json:"-"`
}

// UnmarshalJSON implements [json.Unmarshaler].
func (t *Tokens) UnmarshalJSON(data []byte) error { return decode(data, t) }

// Exchange redeems an authorization code. It is tried once, because a failed
// attempt may use the code up.
// Source: Kakao Login > REST API > Getting tokens; RFC 6749 section 4.1.3.
func (a AppClient) Exchange(ctx context.Context, req ExchangeRequest) (Tokens, error) {
	return a.tokens(ctx, catalog.Exchange, req)
}

// RefreshRequest redeems a refresh token.
// Source: Kakao Login > REST API > Refreshing tokens.
type RefreshRequest struct {
	RefreshToken RefreshToken `kakao:"refresh_token"`
}

// Refresh gets new tokens. It is tried once, because Kakao may have replaced
// the refresh token although its answer was lost.
// Source: Kakao Login > REST API > Refreshing tokens; RFC 6749 section 6.
func (a AppClient) Refresh(ctx context.Context, req RefreshRequest) (Tokens, error) {
	return a.tokens(ctx, catalog.Refresh, req)
}

// tokens makes a token request and refuses tokens of a kind that nobody here
// can use (RFC 6749, section 7.1).
func (c caller) tokens(ctx context.Context, call catalog.Call, req any) (Tokens, error) {
	// The grant is used up by the time of the answer, so that tokens without
	// all that Kakao documents are better than none: only what RFC 6749,
	// section 5.1, requires is asked for, below.
	call.Fields = nil
	granted, err := invoke[Tokens](ctx, c, call, req)
	if err != nil {
		return Tokens{}, err
	}
	if !strings.EqualFold(granted.TokenType, "bearer") || granted.AccessToken.IsZero() {
		return Tokens{}, unreadable(kakao.Post+" "+call.Path, "it holds no bearer token")
	}
	return granted, nil
}
