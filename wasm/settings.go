//go:build js

package main

import (
	"strings"
	"syscall/js"

	"github.com/kakaowasm/kakaowasm/jsbridge"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// authSettings are the settings of Auth.login and Auth.authorize, without their
// callbacks, which stay on the JavaScript side.
type authSettings struct {
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
}

func bindAuthSettings(call js.Value) authSettings {
	settings := call.Get("settings")
	defer jsbridge.Release(settings)
	var in authSettings
	// What the rules let through fits the struct; a field that still would
	// not is left at its zero value.
	_ = jsbridge.Bind(settings, &in)
	return in
}

// prompt is the prompt parameter that in asks for.
func (in authSettings) prompt() string {
	switch {
	case in.Prompts != "":
		return in.Prompts
	case in.Prompt != "":
		return in.Prompt
	case in.Reauthenticate:
		return "login"
	case in.AutoLogin:
		return "none"
	}
	return ""
}

// isSilent reports whether in asks for a login without any dialog, which works
// inside KakaoTalk only. Like the legacy SDK it looks for the word anywhere.
func (in authSettings) isSilent() bool { return in.AutoLogin || strings.Contains(in.prompt(), "none") }

// asksForLogin reports whether the user is to enter a password.
func (in authSettings) asksForLogin() bool {
	return in.Reauthenticate || strings.Contains(in.prompt(), "login")
}

// request is what in asks of the authorization server, without what a flow adds.
func (in authSettings) request(s *sdk) kakao.AuthorizeRequest {
	return kakao.AuthorizeRequest{
		ClientID:           s.appKey,
		RedirectURI:        in.RedirectURI,
		State:              in.State,
		Nonce:              in.Nonce,
		Scope:              in.Scope,
		Prompt:             in.prompt(),
		LoginHint:          in.LoginHint,
		ServiceTerms:       in.ServiceTerms,
		ChannelPublicID:    in.ChannelPublicID,
		PlusFriendPublicID: in.PlusFriendPublicID,
		ApprovalType:       in.ApprovalType,
		DeviceType:         in.DeviceType,
		Agent:              s.agent,
	}
}
