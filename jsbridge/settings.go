//go:build js

package jsbridge

import (
	"syscall/js"

	"github.com/kakaowasm/kakaowasm/sdk"
)

// bindByName reads settings from a plain object without reflection, which would
// cost each visitor 12 KB (docs/size.md). A test holds it against vert.
func bindByName(object js.Value) *sdk.Settings {
	var s sdk.Settings
	for _, field := range []struct {
		name string
		into *string
	}{
		{"approvalType", &s.ApprovalType},
		{"scope", &s.Scope},
		{"plusFriendPublicId", &s.PlusFriendPublicID},
		{"channelPublicId", &s.ChannelPublicID},
		{"serviceTerms", &s.ServiceTerms},
		{"redirectUri", &s.RedirectURI},
		{"state", &s.State},
		{"deviceType", &s.DeviceType},
		{"nonce", &s.Nonce},
		{"prompts", &s.Prompts},
		{"prompt", &s.Prompt},
		{"loginHint", &s.LoginHint},
		{"returnUrl", &s.ReturnURL},
	} {
		*field.into = Text(object, field.name)
	}
	for _, field := range []struct {
		name string
		into *bool
	}{
		{"persistAccessToken", &s.PersistAccessToken},
		{"throughTalk", &s.ThroughTalk},
		{"isPopup", &s.IsPopup},
		{"reauthenticate", &s.Reauthenticate},
		{"autoLogin", &s.AutoLogin},
		{"throughSyncplugin", &s.ThroughSyncplugin},
		{"forceMobileLayout", &s.ForceMobileLayout},
		{"enableBackButton", &s.EnableBackButton},
	} {
		v := object.Get(field.name)
		*field.into = v.Type() == js.TypeBoolean && v.Bool()
		Release(v)
	}
	return &s
}

// Text reads a property, "" if it is no string.
func Text(object js.Value, name string) string {
	v := object.Get(name)
	defer Release(v)
	if v.Type() != js.TypeString {
		return ""
	}
	return v.String()
}
