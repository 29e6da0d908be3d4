package emulator_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// apiCalls are the catalogue's calls of the REST API.
func apiCalls() []catalog.Call {
	return slices.DeleteFunc(catalog.Calls(), func(c catalog.Call) bool { return c.Host != catalog.KAPI })
}

// samples are values that the parameters of the REST API take.
var samples = url.Values{
	"target_id_type": {"user_id"}, "target_id": {haneul}, "target_ids": {"[" + haneul + "]"},
	"properties": {"{}"}, "scopes": {`["gender"]`}, "tags": {optionalTerm},
}

// credential is one that a call takes, of the demo app.
func credential(call catalog.Call, token string) string {
	if slices.Contains(call.Auth, catalog.ByAdminKey) {
		return "KakaoAK " + emulator.DemoAdminKey
	}
	return token
}

// required are the parameters that a call with that credential cannot do without.
func required(call catalog.Call) url.Values {
	auth := catalog.ByUserToken
	if slices.Contains(call.Auth, catalog.ByAdminKey) {
		auth = catalog.ByAdminKey
	}
	form := url.Values{}
	for _, p := range call.ParamsFor(auth) {
		if p.Required {
			form[p.Name] = samples[p.Name]
		}
	}
	return form
}

func TestEveryCallRefusesOtherMethods(t *testing.T) {
	p := start(t)
	token := p.tokens(haneul).bearer()
	for _, call := range catalog.Calls() {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, "MADE-UP"} {
			// The logout page is sent to its own address.
			if slices.Contains(call.Methods, method) || call.Path == catalog.LogoutOfAccount.Path {
				continue
			}
			got := p.call(method, call.Path, token, nil)
			if got.status != http.StatusMethodNotAllowed || got.header.Get("Allow") == "" || got.text("msg")+got.text("error_description") == "" {
				t.Errorf("%s %s: %d %s", method, call.Path, got.status, got.raw)
			}
		}
	}
}

func TestEveryCallOfTheAPINamesTheParameterThatIsMissing(t *testing.T) {
	p := start(t)
	token := p.tokens(haneul, "gender").bearer()
	for _, call := range apiCalls() {
		for name := range required(call) {
			form := required(call)
			form.Del(name)
			for _, method := range call.Methods {
				wantAPIRefusal(t, p.call(method, call.Path, credential(call, token), form), http.StatusBadRequest, -2, name+" is required")
			}
		}
	}
}

func TestEveryCallOfTheAPIRefusesValuesOfAnotherType(t *testing.T) {
	wrong := map[catalog.Type]string{catalog.Boolean: "1", catalog.Integer: "1.5", catalog.Long: "9223372036854775808", catalog.Map: `{"a":1}`}
	p := start(t)
	token := p.tokens(haneul, "gender").bearer()
	for _, call := range apiCalls() {
		for _, parameter := range call.Params {
			value, typed := wrong[parameter.Type]
			switch {
			case parameter.List:
				value = "["
			case parameter.OneOf != nil, parameter.Fixed != "":
				value = "made-up"
			case !typed:
				continue
			}
			if parameter.List && parameter.Encoding == catalog.Commas {
				value = " , "
			}
			form := required(call)
			form.Set(parameter.Name, value)
			wantAPIRefusal(t, p.call(call.Methods[0], call.Path, credential(call, token), form), http.StatusBadRequest, -2, parameter.Name)
		}
	}
}

func TestEveryCallOfTheAPIWantsACredential(t *testing.T) {
	p := start(t)
	for _, call := range apiCalls() {
		for authorization, msg := range map[string]string{
			"":                                       "no authentication key!",
			"Bearer made-up":                         "this access token does not exist",
			"KakaoAK made-up":                        "does not exist",
			"Basic dXNlcjpwYXNz":                     "this access token does not exist",
			strings.Repeat("x", 99):                  "this access token does not exist",
			"Bearer " + strings.Repeat("x", 300<<10): "this access token does not exist",
			"Bearer " + emulator.DemoAdminKey:        "this access token does not exist",
			"KakaoAK " + emulator.DemoRESTAPIKey:     "does not exist",
		} {
			got := p.call(call.Methods[0], call.Path, authorization, required(call))
			wantAPIRefusal(t, got, http.StatusUnauthorized, -401, msg)
			if got.header.Get("WWW-Authenticate") == "" {
				t.Errorf("%s: no challenge", call.Path)
			}
		}
	}
}

func TestBodiesOfOtherTypesAreNotRead(t *testing.T) {
	var files bytes.Buffer
	parts := multipart.NewWriter(&files)
	for name, values := range samples {
		if err := parts.WriteField(name, values[0]); err != nil {
			t.Fatal(err)
		}
	}
	if err := parts.Close(); err != nil {
		t.Fatal(err)
	}
	bodies := map[string]string{
		"application/json":          `{"target_id_type":"user_id","target_id":` + haneul + `,"scopes":["gender"],"tags":"` + optionalTerm + `","properties":{}}`,
		parts.FormDataContentType(): files.String(),
		"text/plain":                samples.Encode(),
		"":                          samples.Encode(),
	}
	p := start(t)
	p.tokens(haneul, "gender")
	for _, call := range apiCalls() {
		if len(required(call)) == 0 || call.Methods[len(call.Methods)-1] != http.MethodPost {
			continue
		}
		for contentType, body := range bodies {
			got := p.post(call.Path, contentType, body, "Authorization", credential(call, p.tokens(haneul).bearer()))
			wantAPIRefusal(t, got, http.StatusBadRequest, -2, "is required")
		}
	}
}

// post sends any body; pairs are further headers.
func (p *platform) post(path, contentType, body string, headers ...string) answer {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.url+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return p.send(r)
}

func TestEverythingThatIsTooLargeIsRefused(t *testing.T) {
	huge := strings.Repeat("x", 1<<20)
	p := start(t)
	token := p.tokens(haneul).bearer()
	const form = "application/x-www-form-urlencoded"
	for _, call := range apiCalls() {
		if call.Methods[len(call.Methods)-1] == http.MethodPost {
			wantAPIRefusal(t, p.post(call.Path, form, "x="+huge, "Authorization", token), http.StatusRequestEntityTooLarge, -2, "64 KB")
		}
	}
	for _, path := range []string{kakao.PathToken, catalog.IDTokenInfo.Path} {
		wantRefusal(t, p.post(path, form, "x="+huge), http.StatusBadRequest, "invalid_request", "")
	}
	for _, path := range []string{"/oauth/login", "/oauth/consent", "/oauth/create"} {
		if got := p.browser().do(http.MethodPost, p.url+path, url.Values{"ticket": {huge}}); got.status != http.StatusForbidden || got.body == "" {
			t.Errorf("%s: %d", path, got.status)
		}
	}
	b := p.browser()
	b.header.Set("Cookie", "kakao_emulator_session="+huge[:500<<10])
	wantKind(t, b.authorize("login_hint", huge[:100<<10]), "login")
	if got := b.authorize("state", huge[:2<<10]); !strings.Contains(got.body, `name="ticket"`) {
		t.Errorf("got %d", got.status)
	}
	b.header.Set("Cookie", "a="+huge+huge)
	if got := b.do(http.MethodGet, p.url+kakao.PathAuthorize, nil); got.status != http.StatusRequestHeaderFieldsTooLarge || got.body == "" {
		t.Errorf("headers of 2 MB: %d %q", got.status, got.body)
	}
}

func TestWhatBelongsToAnotherAppIsUnknown(t *testing.T) {
	p := start(t, secondApp, func(c *emulator.Config) { c.Apps[1].AdminKey = "other-admin" })
	mine := p.tokens(haneul)
	b := p.browser()
	code := b.logIn(b.authorize("client_id", "other-rest"), haneul).redirect.Get("code")
	theirs := p.exchange(code, "client_id", "other-rest")
	theirID := p.call(http.MethodGet, pathMe, theirs.bearer(), nil).raw
	theirID = strings.TrimPrefix(strings.SplitN(theirID, `"id":`, 2)[1], " ")
	theirID = theirID[:strings.IndexAny(theirID, ",}")]

	wantRefusal(t, p.refresh(theirs.text("refresh_token")), http.StatusBadRequest, "invalid_grant", "KOE322")
	wantRefusal(t, p.refresh(mine.text("refresh_token"), "client_id", "other-rest"), http.StatusBadRequest, "invalid_grant", "KOE322")
	if renewed := p.refresh(mine.text("refresh_token")); renewed.status != http.StatusOK {
		t.Errorf("the attempt ended the token: %s", renewed.raw)
	}
	about := func(key, user string) answer {
		return p.call(http.MethodGet, pathMe, "KakaoAK "+key, url.Values{"target_id_type": {"user_id"}, "target_id": {user}})
	}
	for name, got := range map[string]answer{
		"their user with my key": about(emulator.DemoAdminKey, theirID),
		"my user with their key": about("other-admin", haneul),
	} {
		if got.status != http.StatusBadRequest || got.body["code"] != float64(-101) {
			t.Errorf("%s: %d %s", name, got.status, got.raw)
		}
	}
	if got := about("other-admin", theirID); got.status != http.StatusOK {
		t.Errorf("their user with their key: %d %s", got.status, got.raw)
	}
	if ids := p.call(http.MethodGet, "/v1/user/ids", "KakaoAK other-admin", nil); strings.Contains(ids.raw, haneul) {
		t.Errorf("their list has my user: %s", ids.raw)
	}
	list := p.call(http.MethodGet, "/v2/app/users", "KakaoAK other-admin", url.Values{"target_id_type": {"user_id"}, "target_ids": {"[" + haneul + "]"}})
	if list.status != http.StatusOK || strings.TrimSpace(list.raw) != "[]" {
		t.Errorf("got %d %s", list.status, list.raw)
	}
	p.call(http.MethodPost, "/v1/user/unlink", theirs.bearer(), nil)
	if me := p.call(http.MethodGet, pathMe, mine.bearer(), nil); me.status != http.StatusOK {
		t.Errorf("their unlinking ended my tokens: %s", me.raw)
	}
}

func TestCallsOutsideKakaoLoginSayThatTheyAreNotPlayed(t *testing.T) {
	p := start(t)
	for _, call := range catalog.SDKCalls() {
		wantAPIRefusal(t, p.call(call.Methods[0], call.Path, "Bearer x", nil), http.StatusForbidden, -3, "does not play")
	}
}

func TestOddAddressesAreAnsweredLikeUnknownOnes(t *testing.T) {
	p := start(t)
	for _, host := range []string{"", "kauth.kakao.com", "KAUTH.KAKAO.COM.", "kauth.kakao.com:8443"} {
		for _, path := range []string{"//oauth/token", "/oauth/./token", "/oauth//token", "/oauth/token/", "/oauth/%2e%2e/oauth/token", "/oauth/nothing"} {
			got := p.call(http.MethodPost, path, "", nil, "Host", orOwn(host, p))
			if host == "" && path == "//oauth/token" { // not one of the authorization server's
				wantAPIRefusal(t, got, http.StatusNotFound, -2, "does not exist")
				continue
			}
			wantRefusal(t, got, http.StatusNotFound, "invalid_request", "KOE002")
		}
	}
	for _, path := range []string{"/v2//user/me", "/v2/user/me/", "/v2/../v2/user/me", "/%00", "/v2/user/me%2f", "/"} {
		wantAPIRefusal(t, p.call(http.MethodGet, path, "Bearer x", nil, "Host", "kapi.kakao.com"), http.StatusNotFound, -2, "does not exist")
	}
}

// orOwn is host, or the platform's own if there is none.
func orOwn(host string, p *platform) string {
	if host == "" {
		return strings.TrimPrefix(p.url, "http://")
	}
	return host
}

func TestHalvesOfThePlatformKeepApart(t *testing.T) {
	p := start(t)
	wantAPIRefusal(t, p.call(http.MethodPost, kakao.PathToken, "", nil, "Host", "kapi.kakao.com"), http.StatusNotFound, -2, "does not exist")
	wantRefusal(t, p.call(http.MethodGet, pathMe, "", nil, "Host", "kauth.kakao.com"), http.StatusNotFound, "invalid_request", "KOE002")
}
