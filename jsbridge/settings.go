package jsbridge

import "github.com/kakaowasm/kakaowasm/sdk"

// What comes before a value of the settings: its type.
const (
	textValue = 's'
	flagTrue  = "b1"
)

// bindByName reads settings without reflection, which would cost each visitor 12
// KB (docs/size.md): fields are names and values in turn, each value after the
// letter of its type. One of another type than the field's is left out. A test
// holds it against vert.
func bindByName(fields []string) *sdk.Settings {
	var s sdk.Settings
	for i := 0; i+1 < len(fields); i += 2 {
		name, value := fields[i], fields[i+1]
		if into := textField(&s, name); into != nil && value != "" && value[0] == textValue {
			*into = value[1:]
		}
		if into := flagField(&s, name); into != nil {
			*into = value == flagTrue
		}
	}
	return &s
}

// textField is the text of that name, nil if there is none.
func textField(s *sdk.Settings, name string) *string {
	switch name {
	case "approvalType":
		return &s.ApprovalType
	case "scope":
		return &s.Scope
	case "plusFriendPublicId":
		return &s.PlusFriendPublicID
	case "channelPublicId":
		return &s.ChannelPublicID
	case "serviceTerms":
		return &s.ServiceTerms
	case "redirectUri":
		return &s.RedirectURI
	case "state":
		return &s.State
	case "deviceType":
		return &s.DeviceType
	case "nonce":
		return &s.Nonce
	case "prompts":
		return &s.Prompts
	case "prompt":
		return &s.Prompt
	case "loginHint":
		return &s.LoginHint
	case "returnUrl":
		return &s.ReturnURL
	}
	return nil
}

// flagField is the boolean of that name, nil if there is none.
func flagField(s *sdk.Settings, name string) *bool {
	switch name {
	case "persistAccessToken":
		return &s.PersistAccessToken
	case "throughTalk":
		return &s.ThroughTalk
	case "isPopup":
		return &s.IsPopup
	case "reauthenticate":
		return &s.Reauthenticate
	case "autoLogin":
		return &s.AutoLogin
	case "throughSyncplugin":
		return &s.ThroughSyncplugin
	case "forceMobileLayout":
		return &s.ForceMobileLayout
	case "enableBackButton":
		return &s.EnableBackButton
	}
	return nil
}
