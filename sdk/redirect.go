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
	address, _, _ := strings.Cut(href, "#")
	returnTo := address
	if m.app.relayIsOurs() {
		// The relay finds the address here, and Kakao need not see it.
		returnTo = m.app.origin + "/"
	}
	f.secrets, f.request = m.newSecrets(contract.RedirectFlow, returnTo, f.in)
	f.request.transaction = m.newTransaction()
	if f.handoff {
		f.secrets.kind, f.secrets.transaction = talkKind, f.request.transaction
	}
	f.step = savesSecrets
	f.saving = 2
	m.newRecord(f, &f.secrets, href)
}

// saved goes on when everything is saved, and ends the login when nothing can be.
func (f *authorization) saved(m *Machine, e *Event) {
	if e.Type == Failed {
		f.fails(m, errNoStorage)
		return
	}
	if f.saving--; f.saving == 0 {
		f.lead(m)
	}
}

// fails ends the login with an error.
func (f *authorization) fails(m *Machine, e *kakao.OAuthError) {
	m.settle(f, false, failure(e)...)
	if f.secrets.hasRecord() {
		m.conclude(&f.secrets, e)
	}
	m.end(f)
}
