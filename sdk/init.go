package sdk

import (
	"strings"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// init begins a life of the SDK. e holds appKey, what the SDK must know of the
// page and the browser (lang, device, origin, href, hash, userAgent,
// touchPoints, extraKey), its option restoreSession, where the legacy SDK kept its token (legacyKey) and
// what it left there (legacyToken, if there is one), for each address option
// what the browser made of it ("server.href", .origin, .protocol, .hostname, and
// .user where it holds a name or a password), and after "entries" area, key and
// text of each of the SDK's entries in the page's storage.
func (m *Machine) init(e *Event) {
	var addresses [3]string
	origin := e.get("origin")
	for i, option := range []string{"server", "authHost", "apiHost"} {
		if !isSecureAddress(e, option, origin) {
			m.throw(insecureOption(option))
			return
		}
		addresses[i] = strings.TrimSuffix(e.get(option+".href"), "/")
	}
	m.app = app{
		key:      e.get("appKey"),
		server:   addresses[0],
		platform: kakao.Platform{Auth: addresses[1], API: addresses[2]},
		origin:   origin,
		href:     e.get("href"),
		agent:    Agent(e.get("lang"), e.get("device"), origin, e.get("extraKey")),
		restores: e.has("restoreSession"),
		browser:  ParseBrowser(e.get("userAgent"), int(Number(e.get("touchPoints")))),
	}
	entries := savedEntries(e)
	ts := tokens{appKey: m.app.key}
	m.stored = entryIn(entries[0], ts.storageKey())
	m.openTokens(m.app.key, e.get("legacyKey"), entryIn(entries[1], ts.heldKey()))
	m.ended = false
	m.readLast(entryIn(entries[0], contract.LastKey(m.app.key)))
	m.restore(e, entries[1])
	m.adoptLegacy(e)
}

// savedEntries are the entries in localStorage and those in sessionStorage: of
// each a list of keys and texts in turn.
func savedEntries(e *Event) (entries [2][]string) {
	for i := 0; i < len(e.Data); i += 2 {
		if e.Data[i] != "entries" {
			continue
		}
		for i += 2; i+2 < len(e.Data); i += 3 {
			area := 0
			if e.Data[i] == session {
				area = 1
			}
			entries[area] = append(entries[area], e.Data[i+1], e.Data[i+2])
		}
	}
	return entries
}

func entryIn(entries []string, key string) string {
	for i := 0; i+1 < len(entries); i += 2 {
		if entries[i] == key {
			return entries[i+1]
		}
	}
	return ""
}

// cleanup ends what runs in the background. The token stays where it is.
func (m *Machine) cleanup() {
	m.stopFlows(apiLife)
	m.authCleanup()
	m.stopFlows(sdkLife)
	m.closeTokens()
	m.app.key = "null" // what the legacy SDK sends from then on
}

// authCleanup ends the logins, logouts and windows under way; the page does not
// hear of them any more.
func (m *Machine) authCleanup() {
	if m.isLoggingOut() {
		m.setToken(nil, contract.TokenRemoved) // nobody is left to do it after the answer
	}
	m.stopFlows(authLife)
	m.shutPopup(m.window, false)
}

// isSecureAddress reports whether codes and tokens may go to the address of an
// option: over TLS, to this machine, or to the page's own origin.
func isSecureAddress(e *Event, option, origin string) bool {
	if e.has(option + ".user") {
		return false
	}
	secure := e.get(option+".origin") == origin
	switch e.get(option + ".protocol") {
	case "https:":
		return true
	case "http:":
		host := e.get(option + ".hostname")
		return secure || contract.IsLoopbackHost(host)
	}
	return secure && e.has(option+".href")
}

func insecureOption(option string) *kakao.ParamError {
	return fault(
		contract.CodeIllegalParameter, option,
		"Kakao.init: "+option+" must be an https address, a path, or on this machine",
		"use https, or http only with localhost or 127.0.0.1",
	)
}
