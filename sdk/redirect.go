package sdk

import (
	"strings"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
)

var errNoStorage = &kakao.OAuthError{
	Code:        contract.CodeStorageForbidden,
	Description: "The browser keeps nothing for this page, so that a redirect could not be completed. Use Auth.login.",
}

// beginRedirect makes a login that leads this window to the consent page and
// back, and saves what the return takes.
func (f *authorization) beginRedirect(m *Machine, href string) {
	address, fragment, _ := strings.Cut(href, "#")
	returnTo := address
	if m.app.relayIsOurs() {
		// The relay finds the address here, and Kakao need not see it.
		returnTo = m.app.origin + "/"
	}
	f.secrets, f.request = m.newSecrets(contract.RedirectFlow, returnTo, f.in)
	f.request.transaction = m.newTransaction()
	s := f.secrets
	openid := ""
	if s.openid {
		openid = "openid"
	}
	f.step = savesSecrets
	f.saving = 2
	kept := strings.Join([]string{s.verifier, openid, fragment, s.nonce}, " ")
	m.ask(f, DoSave, "area", session, "key", contract.RedirectKey+s.state, "text", kept)
	m.ask(f, DoSave, "area", session, "key", contract.ReturnKey+s.state, "text", href)
}

// saved goes on when everything is saved, and ends the login when nothing can be.
func (f *authorization) saved(m *Machine, e *Event) {
	if e.Type == Failed {
		m.fail(f, errNoStorage)
		return
	}
	if f.saving--; f.saving == 0 {
		f.lead(m)
	}
}

// dropRedirect forgets a login whose answer came another way than by the relay.
func (m *Machine) dropRedirect(state string) {
	m.do(DoRemove, "area", session, "key", contract.RedirectKey+state)
	m.do(DoRemove, "area", session, "key", contract.ReturnKey+state)
}
