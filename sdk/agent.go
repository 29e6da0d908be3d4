package sdk

import (
	"strings"

	"github.com/kakaowasm/kakaowasm/kakao"
)

// Agent writes the agent string that Kakao's SDKs send as the ka parameter and
// the KA header. lang is the browser's language, device its platform, origin
// the page's origin, and extraKey what a page passed to init beside its key.
func Agent(lang, device, origin, extraKey string) string {
	agent := "sdk/" + kakao.Version + " os/javascript sdk_type/javascript lang/" + lang +
		" device/" + strings.ReplaceAll(device, " ", "_") + " origin/" + kakao.Escape(origin)
	if extraKey != "" {
		agent += " extra_app_key/" + extraKey
	}
	return agent
}
