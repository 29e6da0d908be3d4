package catalog

// Where the types of account events are named: OpenID's OAuth event types, RISC
// and CAEP profiles, and Kakao's own.
const (
	oauthEvents = "https://schemas.openid.net/secevent/oauth/event-type/"
	riscEvents  = "https://schemas.openid.net/secevent/risc/event-type/"
	caepEvents  = "https://schemas.openid.net/secevent/caep/event-type/"
	kakaoEvents = "https://schemas.kakao.com/platevent/kakao/event-type/"
)

// The types of account events: what the account status change webhook tells of,
// as names in the events claim of a security event token (RFC 8417, section 2.2).
// Source: Kakao Login > Webhook > Account status change webhook; OpenID RISC
// Profile 1.0, section 2; OpenID CAEP 1.0, section 3.
const (
	EventUserLinked        = oauthEvents + "user-linked"
	EventUserUnlinked      = oauthEvents + "user-unlinked"
	EventUserScopeConsent  = oauthEvents + "user-scope-consent"
	EventUserScopeWithdraw = oauthEvents + "user-scope-withdraw"
	EventTokenIssued       = oauthEvents + "token-issued"
	EventTokensRevoked     = oauthEvents + "tokens-revoked"
	EventTokenRevoked      = oauthEvents + "token-revoked"

	EventAccountCredentialChangeRequired = riscEvents + "account-credential-change-required"
	EventAccountDisabled                 = riscEvents + "account-disabled"
	EventAccountEnabled                  = riscEvents + "account-enabled"
	EventAccountPurged                   = riscEvents + "account-purged"
	EventCredentialCompromise            = riscEvents + "credential-compromise"
	EventIdentifierChanged               = riscEvents + "identifier-changed"
	EventIdentifierRecycled              = riscEvents + "identifier-recycled"
	EventSessionsRevoked                 = riscEvents + "sessions-revoked"

	EventAssuranceLevelChange = caepEvents + "assurance-level-change"
	EventCredentialChange     = caepEvents + "credential-change"

	EventUserProfileChanged = kakaoEvents + "user-profile-changed"
)

// AccountEvents are all types of account events that Kakao sends.
func AccountEvents() []string {
	return []string{
		EventUserLinked, EventUserUnlinked, EventUserScopeConsent, EventUserScopeWithdraw,
		EventTokenIssued, EventTokensRevoked, EventTokenRevoked,
		EventAccountCredentialChangeRequired, EventAccountDisabled, EventAccountEnabled, EventAccountPurged,
		EventCredentialCompromise, EventIdentifierChanged, EventIdentifierRecycled, EventSessionsRevoked,
		EventAssuranceLevelChange, EventCredentialChange,
		EventUserProfileChanged,
	}
}
