package rest

import (
	"context"
	"time"

	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// ScopesRequest chooses consent items.
// Source: Kakao Login > REST API > Retrieving consent details.
type ScopesRequest struct {
	// Scopes are IDs such as account_email; empty means all.
	Scopes []string `kakao:"scopes"`
}

// Scopes are the consent items of the app with what the user decided.
// Source: Kakao Login > REST API > Retrieving consent details.
type Scopes struct {
	// ID is the service user ID.
	ID     int64   `json:"id"`
	Scopes []Scope `json:"scopes"`
	Raw    Raw     `json:"-"`
}

// UnmarshalJSON implements [json.Unmarshaler].
func (s *Scopes) UnmarshalJSON(data []byte) error { return decode(data, s) }

// Scope is one consent item.
// Source: Kakao Login > REST API > Retrieving consent details, Scope.
type Scope struct {
	ID          string `json:"id"`
	DisplayName string `json:"display_name"`
	Type        string `json:"type"` // PRIVACY or SERVICE
	// Using is false for items that the user agreed to and the app dropped.
	Using  bool `json:"using"`
	Agreed bool `json:"agreed"`
	// Revocable is nil where the user has not agreed.
	Revocable *bool `json:"revocable"`
	Raw       Raw   `json:"-"`
}

// UnmarshalJSON implements [json.Unmarshaler].
func (s *Scope) UnmarshalJSON(data []byte) error { return decode(data, s) }

// Scopes lists the consent items of the app with what the user decided.
// Source: Kakao Login > REST API > Retrieving consent details.
func (a account) Scopes(ctx context.Context, req ScopesRequest) (Scopes, error) {
	return invoke[Scopes](ctx, a.caller, catalog.Scopes, req)
}

// RevokeScopesRequest names consent items.
// Source: Kakao Login > REST API > Revoking consent.
type RevokeScopesRequest struct {
	Scopes []string `kakao:"scopes"`
}

// RevokeScopes takes the user's consent back. Items that are not revocable are
// refused with [ErrDisabled].
// Source: Kakao Login > REST API > Revoking consent.
func (a account) RevokeScopes(ctx context.Context, req RevokeScopesRequest) (Scopes, error) {
	return invoke[Scopes](ctx, a.caller, catalog.RevokeScopes, req)
}

// TermsResult is the list that ServiceTerms answers with.
// Source: Kakao Login > REST API > Retrieving consent details for service terms.
type TermsResult string

// The lists.
const (
	AgreedServiceTerms TermsResult = "agreed_service_terms" // the default
	AppServiceTerms    TermsResult = "app_service_terms"
)

// ServiceTermsRequest chooses service terms.
// Source: Kakao Login > REST API > Retrieving consent details for service terms.
type ServiceTermsRequest struct {
	Result TermsResult `kakao:"result"`
	// Tags choose from the list; empty means all of it.
	Tags []string `kakao:"tags"`
}

// ServiceTerms are service terms with what the user decided.
// Source: Kakao Login > REST API > Retrieving consent details for service terms.
type ServiceTerms struct {
	// ID is the service user ID.
	ID           int64         `json:"id"`
	ServiceTerms []ServiceTerm `json:"service_terms"`
	Raw          Raw           `json:"-"`
}

// UnmarshalJSON implements [json.Unmarshaler].
func (s *ServiceTerms) UnmarshalJSON(data []byte) error { return decode(data, s) }

// ServiceTerm is one of the app's terms.
// Source: Kakao Login > REST API > Retrieving consent details for service terms.
type ServiceTerm struct {
	Tag       string `json:"tag"`
	Required  bool   `json:"required"`
	Agreed    bool   `json:"agreed"`
	Revocable bool   `json:"revocable"`
	// AgreedAt is zero where the user has not agreed.
	AgreedAt time.Time `json:"agreed_at"`
	AgreedBy string    `json:"agreed_by"` // KAUTH or KAPI
	Raw      Raw       `json:"-"`
}

// UnmarshalJSON implements [json.Unmarshaler].
func (s *ServiceTerm) UnmarshalJSON(data []byte) error { return decode(data, s) }

// ServiceTerms lists service terms with what the user decided. Kakao Sync only.
// Source: Kakao Login > REST API > Retrieving consent details for service terms.
func (a account) ServiceTerms(ctx context.Context, req ServiceTermsRequest) (ServiceTerms, error) {
	return invoke[ServiceTerms](ctx, a.caller, catalog.ServiceTerms, req)
}

// RevokeServiceTermsRequest names service terms.
// Source: Kakao Login > REST API > Revoking consent for service terms.
type RevokeServiceTermsRequest struct {
	Tags []string `kakao:"tags"`
}

// RevokedServiceTerms are the terms that were revoked.
// Source: Kakao Login > REST API > Revoking consent for service terms.
type RevokedServiceTerms struct {
	// ID is the service user ID.
	ID                  int64                `json:"id"`
	RevokedServiceTerms []RevokedServiceTerm `json:"revoked_service_terms"`
	Raw                 Raw                  `json:"-"`
}

// UnmarshalJSON implements [json.Unmarshaler].
func (r *RevokedServiceTerms) UnmarshalJSON(data []byte) error { return decode(data, r) }

// RevokedServiceTerm is one of them.
// Source: Kakao Login > REST API > Revoking consent for service terms.
type RevokedServiceTerm struct {
	Tag    string `json:"tag"`
	Agreed bool   `json:"agreed"`
	Raw    Raw    `json:"-"`
}

// UnmarshalJSON implements [json.Unmarshaler].
func (r *RevokedServiceTerm) UnmarshalJSON(data []byte) error { return decode(data, r) }

// RevokeServiceTerms takes the user's consent to service terms back. Terms that
// cannot be revoked are left out of the answer. Kakao Sync only.
// Source: Kakao Login > REST API > Revoking consent for service terms.
func (a account) RevokeServiceTerms(ctx context.Context, req RevokeServiceTermsRequest) (RevokedServiceTerms, error) {
	return invoke[RevokedServiceTerms](ctx, a.caller, catalog.RevokeServiceTerms, req)
}

// UpgradeServiceTermsRequest names service terms.
// Source: Kakao Login > REST API > Setting consent to service terms.
type UpgradeServiceTermsRequest struct {
	Tags []string `kakao:"tags"`
}

// UpgradedServiceTerms are the terms that the user now agrees to.
// Source: Kakao Login > REST API > Setting consent to service terms.
type UpgradedServiceTerms struct {
	// ID is the service user ID.
	ID                 int64                 `json:"id"`
	AgreedServiceTerms []UpgradedServiceTerm `json:"agreed_service_terms"`
	Raw                Raw                   `json:"-"`
}

// UnmarshalJSON implements [json.Unmarshaler].
func (u *UpgradedServiceTerms) UnmarshalJSON(data []byte) error { return decode(data, u) }

// UpgradedServiceTerm is one of them.
// Source: Kakao Login > REST API > Setting consent to service terms.
type UpgradedServiceTerm struct {
	Tag      string    `json:"tag"`
	Agreed   bool      `json:"agreed"`
	AgreedAt time.Time `json:"agreed_at"`
	AgreedBy string    `json:"agreed_by"` // KAUTH or KAPI
	Raw      Raw       `json:"-"`
}

// UnmarshalJSON implements [json.Unmarshaler].
func (u *UpgradedServiceTerm) UnmarshalJSON(data []byte) error { return decode(data, u) }

// UpgradeServiceTerms records consents that the service got by itself. Kakao
// Sync only. Source: Kakao Login > REST API > Setting consent to service terms.
func (a account) UpgradeServiceTerms(ctx context.Context, req UpgradeServiceTermsRequest) (UpgradedServiceTerms, error) {
	return invoke[UpgradedServiceTerms](ctx, a.caller, catalog.UpgradeServiceTerms, req)
}

// ServiceTermsV1Request is the request of the first version.
type ServiceTermsV1Request struct {
	// Extra is [AppServiceTerms] to list the app's terms too.
	Extra TermsResult `kakao:"extra"`
}

// ServiceTermsV1 is the answer of the first version. Source: JavaScript SDK v1
// (legacy) reference > Retrieving consent details for service terms.
type ServiceTermsV1 struct {
	// UserID is the service user ID.
	UserID              int64           `json:"user_id"`
	AllowedServiceTerms []AllowedTermV1 `json:"allowed_service_terms"`
	AppServiceTerms     []AppTermV1     `json:"app_service_terms"`
	Raw                 Raw             `json:"-"`
}

// UnmarshalJSON implements [json.Unmarshaler].
func (s *ServiceTermsV1) UnmarshalJSON(data []byte) error { return decode(data, s) }

// AllowedTermV1 is one of the terms that the user agreed to.
type AllowedTermV1 struct {
	Tag      string    `json:"tag"`
	AgreedAt time.Time `json:"agreed_at"`
	Raw      Raw       `json:"-"`
}

// UnmarshalJSON implements [json.Unmarshaler].
func (a *AllowedTermV1) UnmarshalJSON(data []byte) error { return decode(data, a) }

// AppTermV1 is one of the app's terms.
type AppTermV1 struct {
	Tag       string    `json:"tag"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
	Raw       Raw       `json:"-"`
}

// UnmarshalJSON implements [json.Unmarshaler].
func (a *AppTermV1) UnmarshalJSON(data []byte) error { return decode(data, a) }

// ServiceTermsV1 is the first version of ServiceTerms, which the legacy
// JavaScript SDK uses. Source: JavaScript SDK v1 (legacy) reference >
// Retrieving consent details for service terms.
func (a account) ServiceTermsV1(ctx context.Context, req ServiceTermsV1Request) (ServiceTermsV1, error) {
	return invoke[ServiceTermsV1](ctx, a.caller, catalog.ServiceTermsV1, req)
}
