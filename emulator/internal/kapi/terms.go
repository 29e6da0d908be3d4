package kapi

import (
	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/account"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// Lists that the parameter result chooses from.
const (
	resultAgreed = "agreed_service_terms"
	resultApp    = "app_service_terms"
)

// termsAnswer is the answer of the first version of the call, which the legacy
// JavaScript SDK uses. Its successor /v2/user/service_terms names the members
// differently.
type termsAnswer struct {
	UserID  int64        `json:"user_id"`
	Allowed []agreedTerm `json:"allowed_service_terms"`
	App     []appTerm    `json:"app_service_terms,omitempty"`
}

type agreedTerm struct {
	Tag      string `json:"tag"`
	AgreedAt string `json:"agreed_at"`
}

type appTerm struct {
	Tag       string `json:"tag"`
	CreatedAt string `json:"created_at"`
	UpdatedAt string `json:"updated_at"`
}

// serviceTerms is GET /v1/user/service/terms. The app's own terms come only
// with extra=app_service_terms. Source: Kakao Login > JavaScript SDK v1 >
// Retrieving consent details for service terms.
func (a *Server) serviceTerms(c *apiCall) (any, *apiError) {
	answer := termsAnswer{UserID: c.userID(), Allowed: []agreedTerm{}}
	for _, term := range c.app.ServiceTerms {
		if consent, agreed := c.linked.Terms[term.Tag]; agreed {
			answer.Allowed = append(answer.Allowed, agreedTerm{term.Tag, account.FormatTime(consent.At)})
		}
		if given[string](c, "extra") != "" {
			registered := account.FormatTime(term.RegisteredAt)
			answer.App = append(answer.App, appTerm{term.Tag, registered, registered})
		}
	}
	return answer, nil
}

// userTermsAnswer lists service terms with what the user decided.
type userTermsAnswer struct {
	ID           int64      `json:"id"`
	ServiceTerms []userTerm `json:"service_terms"`
}

type userTerm struct {
	Tag       string `json:"tag"`
	Required  bool   `json:"required"`
	Agreed    bool   `json:"agreed"`
	Revocable bool   `json:"revocable"`
	AgreedAt  string `json:"agreed_at,omitempty"`
	AgreedBy  string `json:"agreed_by,omitempty"`
}

// userTerms is GET /v2/user/service_terms. Where the samples of the reference
// contradict its text, the text holds, here and in the two calls below: terms
// that the user has not agreed to are not revocable, and tags choose from the
// list that result names, also by default.
func (a *Server) userTerms(c *apiCall) (any, *apiError) {
	terms, refusal := c.namedTerms("get service terms")
	if refusal != nil {
		return nil, refusal
	}
	answer := userTermsAnswer{ID: c.userID(), ServiceTerms: []userTerm{}}
	for _, term := range terms {
		item := userTerm{Tag: term.Tag, Required: term.Required}
		consent, agreed := c.linked.Terms[term.Tag]
		switch {
		case agreed:
			item.Agreed, item.Revocable = true, !term.Required
			item.AgreedAt, item.AgreedBy = account.FormatTime(consent.At), consent.By
		case given[string](c, "result") != resultApp:
			continue
		}
		answer.ServiceTerms = append(answer.ServiceTerms, item)
	}
	return answer, nil
}

type revokedTermsAnswer struct {
	ID      int64         `json:"id"`
	Revoked []revokedTerm `json:"revoked_service_terms"`
}

type revokedTerm struct {
	Tag    string `json:"tag"`
	Agreed bool   `json:"agreed"`
}

// revokeTerms is POST /v2/user/revoke/service_terms. Required terms, and those
// that the user has not agreed to, stay as they are and are left out.
func (a *Server) revokeTerms(c *apiCall) (any, *apiError) {
	terms, refusal := c.namedTerms("revoke")
	if refusal != nil {
		return nil, refusal
	}
	var optional []string
	for _, term := range terms {
		if !term.Required {
			optional = append(optional, term.Tag)
		}
	}
	answer := revokedTermsAnswer{ID: c.userID(), Revoked: []revokedTerm{}}
	for _, tag := range a.Store.RevokeTerms(c.link(), optional) {
		answer.Revoked = append(answer.Revoked, revokedTerm{Tag: tag})
	}
	return answer, nil
}

type upgradedTermsAnswer struct {
	ID     int64          `json:"id"`
	Agreed []upgradedTerm `json:"agreed_service_terms"`
}

type upgradedTerm struct {
	Tag      string `json:"tag"`
	Agreed   bool   `json:"agreed"`
	AgreedAt string `json:"agreed_at"`
	AgreedBy string `json:"agreed_by"`
}

// upgradeTerms is POST /v2/user/upgrade/service_terms: it records consents that
// the service got by itself. Terms that the user has agreed to before, and tags
// that the app does not have, are left out.
func (a *Server) upgradeTerms(c *apiCall) (any, *apiError) {
	var tags []string
	for _, term := range c.app.TermsNamed(given[[]string](c, "tags")) {
		tags = append(tags, term.Tag)
	}
	answer := upgradedTermsAnswer{ID: c.userID(), Agreed: []upgradedTerm{}}
	added, consent := a.Store.UpgradeTerms(c.link(), tags, config.AgreedByAPI)
	for _, tag := range added {
		answer.Agreed = append(answer.Agreed, upgradedTerm{tag, true, account.FormatTime(consent.At), consent.By})
	}
	return answer, nil
}

// namedTerms are the terms of the app that tags names, all if it was left out.
// It refuses tags of which the app has none; purpose is a part of the message.
func (c *apiCall) namedTerms(purpose string) ([]config.ServiceTerm, *apiError) {
	tags := given[[]string](c, "tags")
	if tags == nil {
		return c.app.ServiceTerms, nil
	}
	named := c.app.TermsNamed(tags)
	if len(named) == 0 {
		return nil, refuse(catalog.ErrArgument, "There is no tags to "+purpose+
			". check out to configured this tags("+listOf(tags)+") in app("+c.app.Name+").")
	}
	return named, nil
}
