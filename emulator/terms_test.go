package emulator_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kakaowasm/kakaowasm/emulator"
)

const (
	pathUserTerms    = "/v2/user/service_terms"
	pathRevokeTerms  = "/v2/user/revoke/service_terms"
	pathUpgradeTerms = "/v2/user/upgrade/service_terms"

	requiredTerm = "service_20260101"
	optionalTerm = "marketing_20260101"
)

// term is what the API says of service terms that the user has agreed to.
func term(tag string, required bool, at, by string) map[string]any {
	return map[string]any{"tag": tag, "required": required, "agreed": true, "revocable": !required, "agreed_at": at, "agreed_by": by}
}

// declined is what the API says of service terms that the user has not.
func declined(tag string, required bool) map[string]any {
	return map[string]any{"tag": tag, "required": required, "agreed": false, "revocable": false}
}

func wantTerms(t *testing.T, got answer, member string, want ...any) {
	t.Helper()
	if want == nil {
		want = []any{}
	}
	if got.status != http.StatusOK {
		t.Errorf("got %d %s", got.status, got.raw)
	}
	if diff := cmp.Diff(map[string]any{"id": float64(4210000001), member: want}, got.body); diff != "" {
		t.Error(diff)
	}
}

func TestServiceTermsOfAUserAreListed(t *testing.T) {
	p := start(t)
	at := p.clock.Now().UTC().Format(time.RFC3339)
	token := p.tokens(haneul).bearer()
	p.clock.Advance(time.Minute)
	tests := []struct {
		name  string
		query url.Values
		want  []any
	}{
		{"those agreed to, by default", nil, []any{term(requiredTerm, true, at, "KAUTH")}},
		{"those agreed to", url.Values{"result": {"agreed_service_terms"}}, []any{term(requiredTerm, true, at, "KAUTH")}},
		{"those of the app", url.Values{"result": {"app_service_terms"}}, []any{term(requiredTerm, true, at, "KAUTH"), declined(optionalTerm, false)}},
		{"one tag", url.Values{"tags": {requiredTerm}}, []any{term(requiredTerm, true, at, "KAUTH")}},
		{"one tag of those of the app", url.Values{"result": {"app_service_terms"}, "tags": {optionalTerm}}, []any{declined(optionalTerm, false)}},
		{"a tag that the list lacks", url.Values{"tags": {optionalTerm}}, nil},
		{"two tags, and one that nobody knows", url.Values{"result": {"app_service_terms"}, "tags": {optionalTerm + ",x," + requiredTerm}}, []any{
			term(requiredTerm, true, at, "KAUTH"), declined(optionalTerm, false),
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			wantTerms(t, p.call(http.MethodGet, pathUserTerms, token, tt.query), "service_terms", tt.want...)
		})
	}
}

func TestOptionalServiceTermsAreRevoked(t *testing.T) {
	p := start(t)
	at := p.clock.Now().UTC().Format(time.RFC3339)
	b := p.browser()
	asked := b.submit(b.authorize(), "/oauth/login", "user", haneul)
	done := b.submit(asked, "/oauth/consent", "decision", "accept", "service_terms", optionalTerm)
	token := p.exchange(done.redirect.Get("code")).bearer()
	wantTerms(t, p.call(http.MethodGet, pathUserTerms, token, nil), "service_terms", term(requiredTerm, true, at, "KAUTH"), term(optionalTerm, false, at, "KAUTH"))

	both := url.Values{"tags": {requiredTerm + "," + optionalTerm}}
	wantTerms(t, p.call(http.MethodPost, pathRevokeTerms, token, both), "revoked_service_terms", map[string]any{"tag": optionalTerm, "agreed": false})
	wantTerms(t, p.call(http.MethodPost, pathRevokeTerms, token, both), "revoked_service_terms")
	wantTerms(t, p.call(http.MethodGet, pathUserTerms, token, nil), "service_terms", term(requiredTerm, true, at, "KAUTH"))
	if terms := p.call(http.MethodGet, pathTerms, token, nil); strings.Contains(terms.raw, optionalTerm) {
		t.Errorf("the first version of the call still has it: %s", terms.raw)
	}
}

func TestServiceTermsAreAgreedToByTheService(t *testing.T) {
	p := start(t)
	agreed := p.clock.Now().UTC().Format(time.RFC3339)
	token := p.tokens(haneul).bearer()
	p.clock.Advance(time.Hour)
	upgraded := p.clock.Now().UTC().Format(time.RFC3339)
	all := url.Values{"tags": {"unknown," + optionalTerm + "," + requiredTerm}}
	wantTerms(t, p.call(http.MethodPost, pathUpgradeTerms, token, all), "agreed_service_terms",
		map[string]any{"tag": optionalTerm, "agreed": true, "agreed_at": upgraded, "agreed_by": "KAPI"})
	p.clock.Advance(time.Hour)
	wantTerms(t, p.call(http.MethodPost, pathUpgradeTerms, token, all), "agreed_service_terms")
	wantTerms(t, p.call(http.MethodPost, pathUpgradeTerms, token, url.Values{"tags": {"unknown"}}), "agreed_service_terms")
	wantTerms(t, p.call(http.MethodGet, pathUserTerms, token, nil), "service_terms",
		term(requiredTerm, true, agreed, "KAUTH"), term(optionalTerm, false, upgraded, "KAPI"))
}

func TestServiceTermsAreUpgradedOnce(t *testing.T) {
	p := start(t)
	token := p.tokens(haneul).bearer()
	var wait sync.WaitGroup
	var mu sync.Mutex
	var upgraded int
	for range 8 {
		wait.Go(func() {
			got := p.call(http.MethodPost, pathUpgradeTerms, token, url.Values{"tags": {optionalTerm}})
			mu.Lock()
			defer mu.Unlock()
			if list, _ := got.body["agreed_service_terms"].([]any); len(list) == 1 {
				upgraded++
			}
		})
	}
	wait.Wait()
	if upgraded != 1 {
		t.Errorf("%d of 8 calls were told that they changed something", upgraded)
	}
}

func TestWrongParametersOfTheServiceTerms(t *testing.T) {
	p := start(t)
	token := p.tokens(haneul).bearer()
	tests := []struct{ name, method, path, parameter, value, msg string }{
		{"result is unknown", http.MethodGet, pathUserTerms, "result", "all", "illegal value of result: expected one of agreed_service_terms, app_service_terms"},
		{"unknown tag", http.MethodGet, pathUserTerms, "tags", "test", "There is no tags to get service terms. check out to configured this tags([test]) in app(책방 오후)."},
		{"tags in JSON", http.MethodGet, pathUserTerms, "tags", `["` + requiredTerm + `"]`, "There is no tags to get service terms."},
		{"no tag between the commas", http.MethodGet, pathUserTerms, "tags", ",", "illegal value of tags: expected values separated by commas"},
		{"unknown tags to revoke", http.MethodPost, pathRevokeTerms, "tags", "a,b", "There is no tags to revoke. check out to configured this tags([a, b]) in app(책방 오후)."},
		{"no tag between the commas, to revoke", http.MethodPost, pathRevokeTerms, "tags", " , ", "illegal value of tags: expected values separated by commas"},
		{"tags to revoke are missing", http.MethodPost, pathRevokeTerms, "", "", "tags is required"},
		{"tags to agree to are missing", http.MethodPost, pathUpgradeTerms, "", "", "tags is required"},
		{"very many tags", http.MethodPost, pathRevokeTerms, "tags", strings.Repeat("가,", 1000), "..."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			wantAPIRefusal(t, p.call(tt.method, tt.path, token, url.Values{tt.parameter: {tt.value}}), http.StatusBadRequest, -2, tt.msg)
		})
	}
}

func TestWhoMayAskForServiceTerms(t *testing.T) {
	p := start(t)
	p.tokens(haneul)
	admin := "KakaoAK " + emulator.DemoAdminKey
	methods := map[string]string{pathUserTerms: http.MethodGet, pathRevokeTerms: http.MethodPost, pathUpgradeTerms: http.MethodPost}
	for path, method := range methods {
		form := url.Values{"tags": {requiredTerm}, "target_id_type": {"user_id"}, "target_id": {haneul}}
		if got := p.call(method, path, admin, form); got.status != http.StatusOK || got.body["id"] != float64(4210000001) {
			t.Errorf("%s with the admin key: %d %s", path, got.status, got.raw)
		}
		form.Set("target_id", dohyun)
		wantAPIRefusal(t, p.call(method, path, admin, form), http.StatusBadRequest, -101, "NotRegisteredUserException")
		wantAPIRefusal(t, p.call(method, path, "Bearer x", form), http.StatusUnauthorized, -401, "this access token does not exist")
	}
	wantAPIRefusal(t, p.call(http.MethodPost, pathUserTerms, admin, nil), http.StatusMethodNotAllowed, -2, "use GET")
	wantAPIRefusal(t, p.call(http.MethodGet, pathRevokeTerms, admin, nil), http.StatusMethodNotAllowed, -2, "use POST")
}

func TestServiceTermsThatARequestNamesAreOnTheConsentPage(t *testing.T) {
	tests := []struct {
		name          string
		pairs         []string
		shown, hidden []string
	}{
		{"left out", nil, []string{requiredTerm, optionalTerm}, nil},
		{"one", []string{"service_terms", optionalTerm}, []string{optionalTerm}, []string{requiredTerm}},
		{"one, as the JavaScript SDK names it", []string{"extra.service_terms", optionalTerm}, []string{optionalTerm}, []string{requiredTerm}},
		{"both", []string{"extra.service_terms", optionalTerm + "," + requiredTerm}, []string{requiredTerm, optionalTerm}, nil},
		{"unknown", []string{"service_terms", "x"}, nil, []string{requiredTerm, optionalTerm}},
	}
	p := start(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := p.browser()
			asked := b.submit(b.authorize(tt.pairs...), "/oauth/login", "user", haneul)
			for _, tag := range tt.shown {
				if !strings.Contains(asked.body, `value="`+tag+`"`) {
					t.Errorf("%s is not on the page:\n%s", tag, asked.body)
				}
			}
			for _, tag := range tt.hidden {
				if strings.Contains(asked.body, `value="`+tag+`"`) {
					t.Errorf("%s is on the page:\n%s", tag, asked.body)
				}
			}
		})
	}
	t.Run("without a tag", func(t *testing.T) {
		b := p.browser()
		shown := b.do(http.MethodGet, p.url+"/oauth/authorize?client_id="+emulator.DemoRESTAPIKey+"&redirect_uri="+url.QueryEscape(callback)+
			"&response_type=code&service_terms=", nil)
		if asked := b.submit(shown, "/oauth/login", "user", haneul); strings.Contains(asked.body, "service_terms") {
			t.Errorf("asks for terms:\n%s", asked.body)
		}
	})
}

func TestLaterLoginsAskForTermsOnlyWithARequiredOneAmongThem(t *testing.T) {
	p := start(t)
	b := p.browser()
	token := p.exchange(b.logIn(b.authorize("service_terms", "none"), haneul).redirect.Get("code")).bearer()
	wantTerms(t, p.call(http.MethodGet, pathUserTerms, token, nil), "service_terms")

	if done := b.authorize("extra.service_terms", optionalTerm); done.redirect.Get("code") == "" {
		t.Errorf("optional terms alone brought up the page: %d", done.status)
	}
	if done := b.authorize("extra.service_terms", optionalTerm, "prompt", "none"); done.redirect.Get("code") == "" {
		t.Errorf("optional terms alone: %v", done.redirect)
	}
	both := optionalTerm + "," + requiredTerm
	if silent := b.authorize("extra.service_terms", both, "prompt", "none"); silent.redirect.Get("error") != "consent_required" {
		t.Errorf("required terms that are missing: %v", silent.redirect)
	}
	b.submit(b.authorize("extra.service_terms", both), "/oauth/consent", "decision", "accept", "service_terms", optionalTerm)
	at := p.clock.Now().UTC().Format(time.RFC3339)
	wantTerms(t, p.call(http.MethodGet, pathUserTerms, token, nil), "service_terms", term(requiredTerm, true, at, "KAUTH"), term(optionalTerm, false, at, "KAUTH"))
	if done := b.authorize("extra.service_terms", both); done.redirect.Get("code") == "" {
		t.Errorf("asks again: %d", done.status)
	}
}
