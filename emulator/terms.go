package emulator

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
func (e *Emulator) serviceTerms(c *call) (any, *apiError) {
	answer := termsAnswer{UserID: c.user.ID, Allowed: []agreedTerm{}}
	registered := kakaoTime(e.started)
	for _, term := range c.app.ServiceTerms {
		if at, agreed := c.linked.terms[term.Tag]; agreed {
			answer.Allowed = append(answer.Allowed, agreedTerm{term.Tag, kakaoTime(at)})
		}
		if given[string](c, "extra") != "" {
			answer.App = append(answer.App, appTerm{term.Tag, registered, registered})
		}
	}
	return answer, nil
}
