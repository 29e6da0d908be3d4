package catalog_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// documentedEvents are the types as the reference lists them.
// Source: Kakao Login > Webhook > Account status change webhook.
const documentedEvents = `
https://schemas.openid.net/secevent/oauth/event-type/user-linked
https://schemas.openid.net/secevent/oauth/event-type/user-unlinked
https://schemas.openid.net/secevent/oauth/event-type/user-scope-consent
https://schemas.openid.net/secevent/oauth/event-type/user-scope-withdraw
https://schemas.openid.net/secevent/oauth/event-type/token-issued
https://schemas.openid.net/secevent/oauth/event-type/tokens-revoked
https://schemas.openid.net/secevent/oauth/event-type/token-revoked
https://schemas.openid.net/secevent/risc/event-type/account-credential-change-required
https://schemas.openid.net/secevent/risc/event-type/account-disabled
https://schemas.openid.net/secevent/risc/event-type/account-enabled
https://schemas.openid.net/secevent/risc/event-type/account-purged
https://schemas.openid.net/secevent/risc/event-type/credential-compromise
https://schemas.openid.net/secevent/risc/event-type/identifier-changed
https://schemas.openid.net/secevent/risc/event-type/identifier-recycled
https://schemas.openid.net/secevent/risc/event-type/sessions-revoked
https://schemas.openid.net/secevent/caep/event-type/assurance-level-change
https://schemas.openid.net/secevent/caep/event-type/credential-change
https://schemas.kakao.com/platevent/kakao/event-type/user-profile-changed`

func TestAccountEventsAreThoseOfTheReference(t *testing.T) {
	want, got := strings.Fields(documentedEvents), catalog.AccountEvents()
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
