package kakao

import "strconv"

// OAuthError is the error object of the authorization server and of the token
// server: RFC 6749 section 5.2 with Kakao's own error_code beside it.
type OAuthError struct {
	// Code is the "error" member, such as "invalid_grant" or "access_denied".
	Code string `json:"error"`
	// Description is the "error_description" member: for people, may change.
	Description string `json:"error_description,omitempty"`
	// KOE is Kakao's "error_code" member, such as "KOE320". Empty if Kakao sent
	// none. Source: Kakao Login > Troubleshooting.
	KOE string `json:"error_code,omitempty"`
	// Hint says to developers what to change, and where: the "hint" member of
	// the token server, in English. Kakao sends none.
	Hint string `json:"hint,omitempty"`
}

// Error says what failed, never with a token, code or secret in it.
func (e *OAuthError) Error() string {
	s := e.Code
	if e.KOE != "" {
		s += " (" + e.KOE + ")"
	}
	if e.Description != "" {
		s += ": " + e.Description
	}
	return s
}

// Is reports whether target is an *OAuthError that asks for this code, this
// Kakao error code, or both: empty fields of target match anything.
func (e *OAuthError) Is(target error) bool {
	t, ok := target.(*OAuthError)
	return ok && (t.Code == "" || t.Code == e.Code) && (t.KOE == "" || t.KOE == e.KOE)
}

// APIError is the error object of the REST API.
// Source: REST API > Response code.
type APIError struct {
	// Code is Kakao's negative error code, such as -401.
	Code int `json:"code"`
	// Msg is for people and may change.
	Msg string `json:"msg"`
	// APIType and RequiredScopes come with -402: the scopes that the user has
	// not agreed to yet.
	APIType        string   `json:"api_type,omitempty"`
	RequiredScopes []string `json:"required_scopes,omitempty"`
	// AllowedScopes are the scopes that the access token does hold.
	AllowedScopes []string `json:"allowed_scopes,omitempty"`
}

// CodeInvalidToken is the code of an access token that is unknown, expired or
// ended. Source: REST API > Response code.
const CodeInvalidToken = -401

// Error says what failed.
func (e *APIError) Error() string {
	s := "Kakao API error " + strconv.Itoa(e.Code)
	if e.Msg != "" {
		s += ": " + e.Msg
	}
	return s
}

// ParamError is a wrong call. A page gets it as an error of the name KakaoError.
type ParamError struct {
	// Message is what the legacy SDK said; pages may depend on it.
	Message string
	// Code is stable and made for programs: see the constants below.
	Code string
	// Param is the parameter at fault, or the comma-separated list of them.
	Param string
	// Hint says what to do.
	Hint string
}

// The codes of a ParamError.
const (
	CodeMissing = "missing_parameter"
	CodeUnknown = "unknown_parameter"
	CodeIllegal = "illegal_parameter"
)

// Error is the message.
func (e *ParamError) Error() string { return e.Message }
