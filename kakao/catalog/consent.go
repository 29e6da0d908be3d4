package catalog

import "github.com/kakaowasm/kakaowasm/kakao"

var scopesAnswer = []Field{
	{Name: "id", Type: Long, Required: true, Doc: "Service user ID."},
	{Name: "scopes", Type: Object, List: true, Required: true, Doc: "Consent items of the app.", Fields: []Field{
		{Name: "id", Required: true, Doc: "ID, such as account_email."},
		{Name: "display_name", Required: true, Doc: "What the consent page calls it."},
		{Name: "type", Required: true, OneOf: []string{"PRIVACY", "SERVICE"}, Doc: "PRIVACY: personal information. SERVICE: a permission."},
		{Name: "using", Type: Boolean, Required: true, Doc: "Whether the app still uses it."},
		{Name: "agreed", Type: Boolean, Required: true, Doc: "Whether the user agreed."},
		{Name: "revocable", Type: Boolean, Doc: "Whether the consent can be revoked; only where the user agreed."},
	}},
}

// Scopes lists the consent items of the app with what a user decided.
var Scopes = Call{
	Name: "Scopes", Title: "Retrieve consent details",
	Methods: []string{kakao.Get}, Host: KAPI, Path: "/v2/user/scopes", Auth: userOrAdmin,
	Params:     []Param{{Name: "scopes", List: true, Encoding: JSON, AlsoCommas: true, Doc: "The items to answer with; otherwise all."}},
	Fields:     scopesAnswer,
	Errors:     []Error{ErrToken, ErrNotLinked},
	Repeatable: true,
	Source:     "Kakao Login > REST API > Retrieving consent details",
	Notes:      []string{"The text separates scopes by commas, the samples send a JSON array. The client sends what the samples do."},
}

// RevokeScopes takes back a user's consent.
var RevokeScopes = Call{
	Name: "RevokeScopes", Title: "Revoke consent",
	Methods: []string{kakao.Post}, Host: KAPI, Path: "/v2/user/revoke/scopes", Auth: userOrAdmin,
	Params: []Param{{Name: "scopes", List: true, Encoding: JSON, AlsoCommas: true, Required: true, Doc: "The items to revoke; each must be revocable."}},
	Fields: scopesAnswer,
	Errors: []Error{ErrDisabled, ErrArgument, ErrToken, ErrNotLinked},
	Source: "Kakao Login > REST API > Revoking consent",
	Notes:  []string{"The reference has no table of the answer; its sample has the form of Retrieve consent details."},
}

var (
	termTag      = Field{Name: "tag", Required: true, Doc: "Tag of the terms."}
	termAgreed   = Field{Name: "agreed", Type: Boolean, Required: true, Doc: "Whether the user agrees now."}
	termAgreedAt = Field{Name: "agreed_at", Type: Datetime, Doc: "When the user last agreed."}
	termAgreedBy = Field{Name: "agreed_by", OneOf: []string{"KAUTH", "KAPI"}, Doc: "KAUTH: on the consent page. KAPI: set by the service."}
)

// ServiceTerms lists service terms with what a user decided.
var ServiceTerms = Call{
	Name: "ServiceTerms", Title: "Retrieve consent details for service terms",
	Methods: []string{kakao.Get}, Host: KAPI, Path: "/v2/user/service_terms", Auth: userOrAdmin,
	Params: []Param{
		{Name: "result", OneOf: []string{"agreed_service_terms", "app_service_terms"}, Default: "agreed_service_terms", Doc: "Which list: what the user agreed to, or all terms of the app."},
		{Name: "tags", List: true, Encoding: Commas, Doc: "Terms of that list to answer with; otherwise all."},
	},
	Fields: []Field{
		{Name: "id", Type: Long, Required: true, Doc: "Service user ID."},
		{Name: "service_terms", Type: Object, List: true, Doc: "The terms.", Fields: []Field{
			termTag,
			{Name: "required", Type: Boolean, Required: true, Doc: "Whether the user must agree."},
			termAgreed,
			{Name: "revocable", Type: Boolean, Required: true, Doc: "Whether the consent can be revoked."},
			termAgreedAt, termAgreedBy,
		}},
	},
	Errors:     []Error{ErrArgument, ErrToken, ErrNotLinked},
	Repeatable: true,
	Source:     "Kakao Login > REST API > Retrieving consent details for service terms",
	Notes: []string{
		"Terms without consent are not revocable by the text, but revocable in the samples.",
		"The sample for tags lists terms without consent although result was left out.",
	},
}

// RevokeServiceTerms takes back a user's consent to service terms.
var RevokeServiceTerms = Call{
	Name: "RevokeServiceTerms", Title: "Revoke consent for service terms",
	Methods: []string{kakao.Post}, Host: KAPI, Path: "/v2/user/revoke/service_terms", Auth: userOrAdmin,
	Params: []Param{{Name: "tags", List: true, Encoding: Commas, Required: true, Doc: "Terms to revoke; each must be revocable."}},
	Fields: []Field{
		{Name: "id", Type: Long, Required: true, Doc: "Service user ID."},
		{Name: "revoked_service_terms", Type: Object, List: true, Fields: []Field{termTag, termAgreed}, Doc: "What was revoked; the others are left out."},
	},
	Errors: []Error{ErrArgument, ErrToken, ErrNotLinked},
	Source: "Kakao Login > REST API > Revoking consent for service terms",
}

// UpgradeServiceTerms records consents that the service got by itself.
var UpgradeServiceTerms = Call{
	Name: "UpgradeServiceTerms", Title: "Set consent to service terms",
	Methods: []string{kakao.Post}, Host: KAPI, Path: "/v2/user/upgrade/service_terms", Auth: userOrAdmin,
	Params: []Param{{Name: "tags", List: true, Encoding: Commas, Required: true, Doc: "Terms that the user agreed to."}},
	Fields: []Field{
		{Name: "id", Type: Long, Required: true, Doc: "Service user ID."},
		{Name: "agreed_service_terms", Type: Object, List: true, Fields: []Field{termTag, termAgreed, termAgreedAt, termAgreedBy}, Doc: "What was set; terms with an earlier consent and unknown tags are left out."},
	},
	Errors: []Error{ErrToken, ErrNotLinked},
	Source: "Kakao Login > REST API > Setting consent to service terms",
	Notes: []string{
		"The table and the samples send POST, the text speaks of GET.",
		"The samples post to /v2/internal/user/upgrade/service_terms, the table to the path above.",
		"The text leaves terms with an earlier consent out, yet a sample lists some that were agreed to on the consent page.",
	},
}

// ServiceTermsV1 is the first version of ServiceTerms.
var ServiceTermsV1 = Call{
	Name: "ServiceTermsV1", Title: "Retrieve consent details for service terms, first version",
	Methods: []string{kakao.Get}, Host: KAPI, Path: "/v1/user/service/terms", Auth: userOrAdmin,
	Params: []Param{{Name: "extra", OneOf: []string{"app_service_terms"}, Doc: "Also list the terms of the app."}},
	Fields: []Field{
		{Name: "user_id", Type: Long, Required: true, Doc: "Service user ID."},
		{Name: "allowed_service_terms", Type: Object, List: true, Doc: "Terms that the user agreed to.", Fields: []Field{termTag, termAgreedAt}},
		{Name: "app_service_terms", Type: Object, List: true, Doc: "Terms of the app, where asked for.", Fields: []Field{
			termTag,
			{Name: "created_at", Type: Datetime, Doc: "When the app registered them."},
			{Name: "updated_at", Type: Datetime, Doc: "When the app changed them."},
		}},
	},
	Errors:     []Error{ErrToken, ErrNotLinked},
	Repeatable: true,
	Source:     "JavaScript SDK v1 (legacy) reference > Retrieving consent details for service terms",
	Notes: []string{
		"The REST reference no longer has this version; the SDK's refers to it for the answer, so the members are those seen in use.",
	},
}
