//go:build js

package main

import (
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
	LoginHint          string `js:"loginHint"`
	Reauthenticate     bool   `js:"reauthenticate"`
	AutoLogin          bool   `js:"autoLogin"`
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

// request is what in asks of the authorization server, without what a flow adds.
func (in authSettings) request(s *sdk) kakao.AuthorizeRequest {
	prompt := in.Prompts
	if prompt == "" && in.Reauthenticate {
		prompt = "login"
	}
	return kakao.AuthorizeRequest{
		ClientID:           s.appKey,
		RedirectURI:        in.RedirectURI,
		State:              in.State,
		Nonce:              in.Nonce,
		Scope:              in.Scope,
		Prompt:             prompt,
		LoginHint:          in.LoginHint,
		ServiceTerms:       in.ServiceTerms,
		ChannelPublicID:    in.ChannelPublicID,
		PlusFriendPublicID: in.PlusFriendPublicID,
		ApprovalType:       in.ApprovalType,
		DeviceType:         in.DeviceType,
		Agent:              s.agent,
	}
}
