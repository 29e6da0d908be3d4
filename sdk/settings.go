package sdk

import "strings"

// Settings are those of Auth.login, Auth.authorize and the shipping-address
// windows, without their callbacks, which never leave JavaScript. The tags name
// what the page writes.
type Settings struct {
	PersistAccessToken bool   `js:"persistAccessToken"`
	ThroughTalk        bool   `js:"throughTalk"`
	ApprovalType       string `js:"approvalType"`
	Scope              string `js:"scope"`
	PlusFriendPublicID string `js:"plusFriendPublicId"`
	ChannelPublicID    string `js:"channelPublicId"`
	ServiceTerms       string `js:"serviceTerms"`
	RedirectURI        string `js:"redirectUri"`
	State              string `js:"state"`
	DeviceType         string `js:"deviceType"`
	Nonce              string `js:"nonce"`
	IsPopup            bool   `js:"isPopup"`
	Prompts            string `js:"prompts"`
	Prompt             string `js:"prompt"` // the name of SDK v2
	LoginHint          string `js:"loginHint"`
	Reauthenticate     bool   `js:"reauthenticate"`
	AutoLogin          bool   `js:"autoLogin"`
	ThroughSyncplugin  bool   `js:"throughSyncplugin"`
	ReturnURL          string `js:"returnUrl"`
	ForceMobileLayout  bool   `js:"forceMobileLayout"`
	EnableBackButton   bool   `js:"enableBackButton"`
}

// prompt is the prompt parameter that s asks for.
func (s *Settings) prompt() string {
	switch {
	case s.Prompts != "":
		return s.Prompts
	case s.Prompt != "":
		return s.Prompt
	case s.Reauthenticate:
		return "login"
	case s.AutoLogin:
		return "none"
	}
	return ""
}

// isSilent reports whether s asks for a login without any dialog, which works
// inside KakaoTalk only. Like the legacy SDK it looks for the word anywhere.
func (s *Settings) isSilent() bool { return s.AutoLogin || strings.Contains(s.prompt(), "none") }

// asksForLogin reports whether the user is to enter a password.
func (s *Settings) asksForLogin() bool {
	return s.Reauthenticate || strings.Contains(s.prompt(), "login")
}

// newRequest is what s asks of the authorization server, without what a flow
// adds.
func (m *Machine) newRequest(s *Settings) *authorizeRequest {
	return &authorizeRequest{
		in: s, clientID: m.app.key, redirectURI: s.RedirectURI, state: s.State, nonce: s.Nonce,
		prompt: s.prompt(), agent: m.app.agent,
	}
}
