package rest_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
	"github.com/kakaowasm/kakaowasm/kakao/rest"
)

// refusals are the error answers of the reference.
var refusals = []struct {
	file   string
	status int
	want   error
	code   int
	text   string
}{
	{"error_no_token", 401, rest.ErrInvalidToken, -401, "GET /v2/user/me: status 401: Kakao API error -401: this access token does not exist"},
	{"error_not_revocable", 403, rest.ErrDisabled, -3, "[profile] is not revocable"},
	{"error_no_scopes", 400, rest.ErrArgument, -2, "scope id([email])"},
	{"error_no_terms", 400, rest.ErrArgument, -2, "tags([gifts])"},
	{"error_already_registered", 400, rest.ErrAlreadyLinked, -102, "already registered"},
	{"error_property", 400, rest.ErrUnknownProperty, -201, "([gender, age] for appId=100001)"},
	{"error_scope", 403, rest.ErrInsufficientScope, -402, "insufficient scopes. (required scopes: talk_message, friends)"},
	{"error_id_token", 400, &kakao.OAuthError{Code: "invalid_token", KOE: "KOE400"}, 0, "GET /v2/user/me: invalid_token (KOE400): invalid id_token format"},
}

func me(ctx context.Context, c *rest.Client) error {
	_, err := user(c).Me(ctx, rest.MeRequest{})
	return err
}

func TestRefusalsOfTheReference(t *testing.T) {
	for _, r := range refusals {
		t.Run(r.file, func(t *testing.T) {
			err := me(t.Context(), answering(r.status, sample(t, r.file)).client(t))
			if !errors.Is(err, r.want) || !strings.Contains(err.Error(), r.text) {
				t.Fatalf("got %v", err)
			}
			for _, other := range refusals {
				if other.code != r.code && errors.Is(err, other.want) {
					t.Errorf("it also is %v", other.want)
				}
			}
			var api *rest.Error
			if r.code != 0 && (!errors.As(err, &api) || api.Code != r.code || api.Status != r.status || api.Call != "GET /v2/user/me") {
				t.Errorf("got %+v", api)
			}
		})
	}
}

func TestMissingConsentNamesTheScopes(t *testing.T) {
	err := me(t.Context(), answering(403, sample(t, "error_scope")).client(t))
	var api *rest.Error
	if !errors.As(err, &api) {
		t.Fatal(err)
	}
	want := kakao.APIError{
		Code: -402, Msg: "insufficient scopes.", APIType: "TALK_MESSAGE",
		RequiredScopes: []string{"talk_message", "friends"}, AllowedScopes: []string{"profile_nickname"},
	}
	if diff := cmp.Diff(want, api.APIError); diff != "" {
		t.Error(diff)
	}
	var object *kakao.APIError
	if !errors.As(err, &object) || object.Code != -402 {
		t.Errorf("no error object in %v", err)
	}
}

func TestRefusalsByTheTokenEndpoint(t *testing.T) {
	cases := []struct {
		status    int
		body      string
		want, not error
	}{
		{400, `{"error":"invalid_grant","error_description":"authorization code not found for code=code-1","error_code":"KOE320"}`, rest.ErrInvalidGrant, rest.ErrInvalidClient},
		{400, `{"error":"invalid_grant","error_code":"KOE320"}`, &kakao.OAuthError{KOE: "KOE320"}, &kakao.OAuthError{KOE: "KOE322"}},
		{401, `{"error":"invalid_client","error_description":"Bad client credentials","error_code":"KOE010"}`, rest.ErrInvalidClient, rest.ErrInvalidGrant},
		{400, `{"error":"invalid_grant","error_code":"KOE320"}`, &rest.OAuthError{Status: 400}, &rest.OAuthError{Status: 401}},
		{400, `{"error":"invalid_grant","error_code":"KOE320"}`, &rest.OAuthError{OAuthError: kakao.OAuthError{KOE: "KOE320"}}, &rest.Error{}},
	}
	for _, c := range cases {
		_, err := app(answering(c.status, c.body).client(t)).Exchange(t.Context(), rest.ExchangeRequest{RedirectURI: "https://app.example.com/cb", Code: "code-1"})
		if !errors.Is(err, c.want) || errors.Is(err, c.not) {
			t.Errorf("%s: got %v", c.body, err)
		}
		if strings.Contains(err.Error(), "code-1") {
			t.Errorf("the error repeats the code: %v", err)
		}
	}
}

// What the token endpoint refuses is a refusal with any status; elsewhere an
// answer of status 200 may hold an error, which is the caller's to read.
func TestRefusalsByTheTokenEndpointMayComeAsSuccess(t *testing.T) {
	for name, member := range map[string]string{"plain": `error`, "escaped": `\u0065rror`} {
		t.Run(name, func(t *testing.T) { testRefusalAsSuccess(t, member) })
	}
	polled, err := app(answering(200, `{"status":"error","error_code":"400","error":"access_denied"}`).client(t)).PollCode(t.Context(), rest.PollRequest{TransactionID: "tran-1"})
	if err != nil || polled.Error != "access_denied" {
		t.Errorf("%+v, %v", polled, err)
	}
}

// testRefusalAsSuccess tests a refusal whose members begin with "error", written
// in some way.
func testRefusalAsSuccess(t *testing.T, written string) {
	body := strings.ReplaceAll(`{"error":"invalid_grant","error_description":"no such token refresh-1","error_code":"KOE322"}`, "error", written)
	c := answering(200, body).client(t)
	_, err := app(c).Refresh(t.Context(), rest.RefreshRequest{RefreshToken: rest.NewRefreshToken("refresh-1")})
	want := &rest.OAuthError{
		OAuthError: kakao.OAuthError{
			Code: "invalid_grant", Description: "no such token [redacted]", KOE: "KOE322",
			Hint: "Log in again; after each refresh keep the new refresh token, if one comes.",
		},
		Call: "POST /oauth/token", Status: 200,
	}
	var refused *rest.OAuthError
	if !errors.As(err, &refused) {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, refused); diff != "" {
		t.Error(diff)
	}
}

// A code that does not look like one may be anything, a token included, and so
// is left out; so is a member of another type.
func TestErrorCodesAreKeptInTheirFormOnly(t *testing.T) {
	cases := []struct {
		name, body string
		want       kakao.OAuthError
		text       string
	}{
		{"both codes", `{"error":"invalid_grant","error_code":"KOE999"}`, kakao.OAuthError{Code: "invalid_grant", KOE: "KOE999"}, "invalid_grant (KOE999)"},
		{"an error_code alone", `{"error_code":"KOE999","error_description":"x"}`, kakao.OAuthError{KOE: "KOE999", Description: "x"}, "an error without a name (KOE999): x"},
		{"a token for an error", `{"error":"refresh-2","error_code":"KOE999"}`, kakao.OAuthError{KOE: "KOE999"}, "an error without a name (KOE999)"},
		{"a token for an error_code", `{"error":"invalid_grant","error_code":"refresh-2"}`, kakao.OAuthError{Code: "invalid_grant"}, "invalid_grant"},
		{"the code of the request", `{"error":"code-1","error_code":"code-1"}`, kakao.OAuthError{}, "an error without a name"},
		{"too long", `{"error":"` + strings.Repeat("a", 65) + `","error_code":"` + strings.Repeat("K", 17) + `"}`, kakao.OAuthError{}, "an error without a name"},
		{"an error_code that is a number", `{"error":"invalid_grant","error_code":320}`, kakao.OAuthError{Code: "invalid_grant"}, "invalid_grant"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := app(answering(400, c.body).client(t)).Exchange(t.Context(), rest.ExchangeRequest{RedirectURI: "https://app.example.com/cb", Code: "code-1"})
			var refused *rest.OAuthError
			if !errors.As(err, &refused) {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, refused.OAuthError); diff != "" {
				t.Error(diff)
			}
			if want := "POST /oauth/token: " + c.text; err.Error() != want {
				t.Errorf("got %q, want %q", err, want)
			}
		})
	}
}

func TestRefusalsSayWhatToChange(t *testing.T) {
	exchange := func(body string) error {
		_, err := app(answering(400, body).client(t)).Exchange(t.Context(), rest.ExchangeRequest{RedirectURI: "https://app.example.com/cb", Code: "code-1"})
		return err
	}
	call := func(body string) error { return me(t.Context(), answering(403, body).client(t)) }
	cases := []struct {
		name   string
		err    error
		en, ko string
	}{
		{"by the authorization server", exchange(`{"error":"invalid_grant","error_code":"KOE320"}`), "Log in again, and use each code once.", "다시 로그인합니다. 인가 코드는 한 번만 사용합니다."},
		{"with a code that nobody knows", exchange(`{"error":"invalid_grant","error_code":"KOE999","hint":"theirs"}`), "", ""},
		{"without a code", exchange(`{"error":"invalid_grant"}`), "", ""},
		{"by the REST API", call(`{"msg":"not registered","code":-101}`), "Have the user log in with Kakao.", "사용자가 카카오 로그인을 하게 합니다."},
		{"by the REST API, with a code that nobody knows", call(`{"msg":"new","code":-77777}`), "", ""},
		{"by a gateway", call("<html>"), "", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var refusal interface {
				Problem() (catalog.Problem, bool)
			}
			if !errors.As(c.err, &refusal) {
				t.Fatalf("got %#v", c.err)
			}
			problem, ok := refusal.Problem()
			if want := (catalog.Text{En: c.en, Ko: c.ko}); ok != (c.en != "") || problem.Fix != want {
				t.Errorf("got %+v, %t; want the fix %+v", problem, ok, want)
			}
			var object *kakao.OAuthError
			if errors.As(c.err, &object) && object.Hint != c.en {
				t.Errorf("the hint is %q, want %q", object.Hint, c.en)
			}
		})
	}
}

func TestAnswersThatAreNoErrorObject(t *testing.T) {
	cases := []struct {
		name   string
		status int
		body   string
	}{
		{"a page of a gateway", 502, "<html>bad gateway</html>"},
		{"nothing", 500, ""},
		{"another object", 404, `{"message":"token-aaaa"}`},
		{"an array", 400, `[1]`},
		{"null", 400, `null`},
		{"a code that is no number", 400, `{"code":"token-aaaa","msg":"token-aaaa"}`},
		{"a code beyond all numbers", 400, `{"code":1e999,"msg":"x"}`},
		{"a redirect", 302, ""},
		{"success of another kind", 204, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			err := me(t.Context(), answering(c.status, c.body).client(t, rest.WithTries(1)))
			var api *rest.Error
			if !errors.As(err, &api) || api.Status != c.status || api.Code != 0 || api.Msg != "" {
				t.Errorf("got %#v", err)
			}
			if !errors.Is(err, &rest.Error{Status: c.status}) || errors.Is(err, rest.ErrInvalidToken) {
				t.Errorf("matches wrongly: %v", err)
			}
		})
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		kakao := answering(status, "", "Location", "https://elsewhere.example.com/v2/user/me")
		if err := me(t.Context(), kakao.client(t)); !errors.Is(err, &rest.Error{Status: status}) {
			t.Errorf("%d: %v", status, err)
		}
		if kakao.count() != 1 {
			t.Errorf("%d: %d requests", status, kakao.count())
		}
	}
}

func TestErrorTextsAreBounded(t *testing.T) {
	long := strings.Repeat("가", 5_000)
	scopes := `["` + strings.Join(slices.Repeat([]string{"s\\n" + long}, 200), `","`) + `"]`
	body := `{"code":-402,"msg":"one\nline ` + long + `","required_scopes":` + scopes + `}`
	err := me(t.Context(), answering(403, body).client(t, rest.WithMaxAnswer(100<<20)))
	var api *rest.Error
	if !errors.As(err, &api) || len(api.Msg) > 310 || len(api.RequiredScopes) > 50 || len(api.RequiredScopes[0]) > 310 {
		t.Errorf("%d bytes, %d scopes", len(api.Msg), len(api.RequiredScopes))
	}
	refused := me(t.Context(), answering(400, `{"error":"invalid_request","error_description":"one\nline `+long+`"}`).client(t))
	var oauth *rest.OAuthError
	if !errors.As(refused, &oauth) || len(oauth.Description) > 310 {
		t.Errorf("%d bytes", len(oauth.Description))
	}
	if strings.ContainsAny(err.Error()+refused.Error(), "\n\r") {
		t.Error("an error has more than one line")
	}
}

func TestAnswersThatAreNotAsDocumented(t *testing.T) {
	cases := []struct{ name, body, text string }{
		{"nothing", "", "it is no JSON"},
		{"a page", "<html>secret</html>", "it is no JSON"},
		{"null", "null", "id is missing"},
		{"an array", `["secret"]`, "it is not an object"},
		{"a string", `"secret"`, "it is not an object"},
		{"an empty object", "{}", "id is missing"},
		{"a required member that is null", `{"id":null}`, "id is missing"},
		{"a name in other letters", `{"ID":1}`, "id is missing"},
		{"an ID that is text", `{"id":"secret"}`, "id is not int64"},
		{"an ID with a fraction", `{"id":1.5}`, "id is not int64"},
		{"an ID beyond 64 bits", `{"id":9223372036854775808}`, "id is not int64"},
		{"a time that is none", `{"id":1,"connected_at":"secret"}`, "connected_at is not in its documented form"},
		{"a wrong member below", `{"id":1,"kakao_account":{"profile":{"nickname":5}}}`, "kakao_account.profile.nickname is not string"},
		{"an object that is a list", `{"id":1,"kakao_account":{"profile":["secret"]}}`, "kakao_account.profile is not an object"},
		{"properties that are a list", `{"id":1,"properties":[]}`, "properties is not an object"},
		{"cut off", `{"id":1,"kakao_account":{`, "it is no JSON"},
		{"two objects", `{"id":1}{"id":2}`, "it is no JSON"},
		{"nested without end", strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000), "it is no JSON"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			err := me(t.Context(), answering(200, c.body).client(t))
			if !errors.Is(err, rest.ErrUnreadable) || !strings.HasSuffix(err.Error(), ": "+c.text) || strings.Contains(err.Error(), "secret") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestTokensOfAnotherKindAreRefused(t *testing.T) {
	for _, body := range []string{
		`{"token_type":"mac","access_token":"a","expires_in":1,"refresh_token":"r","refresh_token_expires_in":1}`,
		`{"token_type":"bearer","access_token":"","expires_in":1,"refresh_token":"r","refresh_token_expires_in":1}`,
		`{"token_type":"bearer","access_token":["a"],"expires_in":1,"refresh_token":"r","refresh_token_expires_in":1}`,
		`{"token_type":"bearer","expires_in":1}`,
	} {
		got, err := app(answering(200, body).client(t)).Exchange(t.Context(), rest.ExchangeRequest{RedirectURI: "https://app.example.com/cb", Code: "code-1"})
		if !errors.Is(err, rest.ErrUnreadable) || !got.AccessToken.IsZero() {
			t.Errorf("%s: %v", body, err)
		}
	}
}

// The code is used up: tokens without the rest are better than none.
func TestTokensNeedNothingButThemselves(t *testing.T) {
	got, err := app(answering(200, `{"token_type":"Bearer","access_token":"token-aaaa"}`).client(t)).Exchange(t.Context(), rest.ExchangeRequest{RedirectURI: "https://app.example.com/cb", Code: "code-1"})
	if err != nil || got.AccessToken.Reveal() != accessToken || !got.RefreshToken.IsZero() || got.ExpiresIn != 0 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestUnknownMembersAreKept(t *testing.T) {
	body := `{"id":1,"later":{"a":[1.50]},"ID":"x","-":0,"Raw":1,"kakao_account":{"legal_name":"윤하늘","profile":{"color":"blue"}},"properties":{"n":12,"o":{"p":null}}}`
	got, err := user(answering(200, body).client(t)).Me(t.Context(), rest.MeRequest{})
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		raw  rest.Raw
		want map[string]string
	}{
		{got.Raw, map[string]string{"later": `{"a":[1.50]}`, "ID": `"x"`, "-": "0", "Raw": "1"}},
		{got.KakaoAccount.Raw, map[string]string{"legal_name": `"윤하늘"`}},
		{got.KakaoAccount.Profile.Raw, map[string]string{"color": `"blue"`}},
	}
	for _, c := range cases {
		texts := map[string]string{}
		for name, value := range c.raw {
			texts[name] = string(value)
		}
		if diff := cmp.Diff(c.want, texts); diff != "" {
			t.Error(diff)
		}
	}
	if diff := cmp.Diff(rest.Properties{"n": "12", "o": `{"p":null}`}, got.Properties); diff != "" {
		t.Error(diff)
	}
}

// A service user ID of more than 53 bits survives.
func TestUserIDsKeepAll64Bits(t *testing.T) {
	const id = int64(9223372036854775807)
	kakao := answering(200, `{"id":9223372036854775807}`)
	got, err := admin(kakao.client(t)).For(id).Me(t.Context(), rest.MeRequest{})
	if err != nil || got.ID != id || kakao.requests[0].params.Get("target_id") != "9223372036854775807" {
		t.Errorf("%d, %v, %v", got.ID, err, kakao.requests)
	}
}

func TestHugeAnswersAreCutOff(t *testing.T) {
	endless := &endless{}
	kakao := &far{answer: func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: endless}, nil
	}}
	if err := me(t.Context(), kakao.client(t)); !errors.Is(err, rest.ErrUnreadable) || !strings.Contains(err.Error(), "longer than 1048576 bytes") {
		t.Error(err)
	}
	if endless.read > 1<<21 || !endless.closed {
		t.Errorf("%d bytes were read, closed %t", endless.read, endless.closed)
	}
	refused := &far{answer: func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: http.StatusBadRequest, Header: http.Header{}, Body: endless}, nil
	}}
	if err := me(t.Context(), refused.client(t)); !errors.Is(err, &rest.Error{Status: 400}) {
		t.Error(err)
	}
}

// endless is a body without end.
type endless struct {
	read   int
	closed bool
}

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	e.read += len(p)
	return len(p), nil
}

func (e *endless) Close() error { e.closed = true; return nil }

func TestWrongParametersAreRefusedBeforeAnythingIsSent(t *testing.T) {
	kakao := answering(500, "")
	c := kakao.client(t)
	ctx := t.Context()
	many := make([]int64, 101)
	cases := []struct {
		name, param, code string
		call              func() error
	}{
		{"no code", "code", kakaoMissing, func() error { _, err := app(c).Exchange(ctx, rest.ExchangeRequest{RedirectURI: "x"}); return err }},
		{"no redirect URI", "redirect_uri", kakaoMissing, func() error { _, err := app(c).AuthorizeURL(rest.AuthorizeRequest{}); return err }},
		{"no refresh token", "refresh_token", kakaoMissing, func() error { _, err := app(c).Refresh(ctx, rest.RefreshRequest{}); return err }},
		{"no properties", "properties", kakaoMissing, func() error { _, err := user(c).UpdateProfile(ctx, rest.UpdateProfileRequest{}); return err }},
		{"no scopes to revoke", "scopes", kakaoMissing, func() error { _, err := user(c).RevokeScopes(ctx, rest.RevokeScopesRequest{}); return err }},
		{"no scope to ask for", "scope", kakaoMissing, func() error {
			_, err := app(c).ConsentURL(rest.AuthorizeRequest{RedirectURI: "x"})
			return err
		}},
		{"no terms to ask for", "service_terms", kakaoMissing, func() error { _, err := app(c).TermsURL(rest.AuthorizeRequest{RedirectURI: "x"}); return err }},
		{"another prompt in auto-login", "prompt", kakaoIllegal, func() error {
			_, err := app(c).AutoLoginURL(rest.AuthorizeRequest{RedirectURI: "x", Prompt: []rest.Prompt{rest.PromptLogin}})
			return err
		}},
		{"an unknown prompt", "prompt", kakaoIllegal, func() error {
			_, err := app(c).AuthorizeURL(rest.AuthorizeRequest{RedirectURI: "x", Prompt: []rest.Prompt{"maybe"}})
			return err
		}},
		{"an unknown language", "lang", kakaoIllegal, func() error {
			_, err := app(c).AuthorizeURL(rest.AuthorizeRequest{RedirectURI: "x", Lang: "fr"})
			return err
		}},
		{"a comma in a tag", "tags", kakaoIllegal, func() error {
			_, err := user(c).RevokeServiceTerms(ctx, rest.RevokeServiceTermsRequest{Tags: []string{"a,b"}})
			return err
		}},
		{"too large a page", "limit", kakaoIllegal, func() error { _, err := admin(c).UserIDs(ctx, rest.UserIDsRequest{Limit: 101}); return err }},
		{"a direction that is none", "order", kakaoIllegal, func() error { _, err := admin(c).UserIDs(ctx, rest.UserIDsRequest{Order: "up"}); return err }},
		{"too small a page", "page_size", kakaoIllegal, func() error {
			_, err := user(c).ShippingAddresses(ctx, rest.ShippingAddressesRequest{PageSize: 1})
			return err
		}},
		{"too many users", "target_ids", kakaoIllegal, func() error { _, err := admin(c).AppUsers(ctx, rest.AppUsersRequest{TargetIDs: many}); return err }},
		{"too many users with keys", "target_ids", kakaoIllegal, func() error {
			_, err := admin(c).AppUsers(ctx, rest.AppUsersRequest{TargetIDs: many[:21], PropertyKeys: []string{"id"}})
			return err
		}},
		{"no ID token", "id_token", kakaoMissing, func() error { _, err := c.IDTokenInfo(ctx, rest.IDTokenInfoRequest{}); return err }},
	}
	for _, tc := range cases {
		var refusal *kakaoParamError
		if err := tc.call(); !errors.As(err, &refusal) || refusal.Param != tc.param || refusal.Code != tc.code {
			t.Errorf("%s: got %v", tc.name, err)
		}
	}
	if kakao.count() != 0 {
		t.Errorf("%d requests were sent", kakao.count())
	}
}

type kakaoParamError = kakao.ParamError

const (
	kakaoMissing = kakao.CodeMissing
	kakaoIllegal = kakao.CodeIllegal
)

func TestCallbacks(t *testing.T) {
	const state = "state-1"
	cases := []struct {
		name, query, code string
		want              error
	}{
		{"a code", "code=code-1&state=state-1", "code-1", nil},
		{"a refusal", "error=access_denied&error_description=User%20denied%20access&state=state-1", "", rest.ErrAccessDenied},
		{"auto-login without consent", "error=consent_required&error_description=user%20consent%20required.&state=state-1", "", rest.ErrConsentRequired},
		{"auto-login without login", "error=login_required&state=state-1", "", rest.ErrLoginRequired},
		{"a refusal with an error code", "error=invalid_scope&error_code=KOE205&state=state-1", "", &kakao.OAuthError{KOE: "KOE205"}},
		{"another state", "code=code-1&state=state-2", "", rest.ErrState},
		{"no state", "code=code-1", "", rest.ErrState},
		{"a refusal with another state", "error=access_denied&state=x", "", rest.ErrState},
		{"nothing", "state=state-1", "", rest.ErrUnreadable},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			query, err := url.ParseQuery(c.query)
			if err != nil {
				t.Fatal(err)
			}
			code, err := rest.ParseCallback(query, state)
			if code != c.code || !errors.Is(err, c.want) {
				t.Errorf("%q, %v", code, err)
			}
		})
	}
	if _, err := rest.ParseCallback(url.Values{"code": {"code-1"}, "state": {""}}, ""); !errors.Is(err, rest.ErrState) {
		t.Errorf("a request without a state: %v", err)
	}
}

// A code comes out of a callback only with the state of the request.
func FuzzCallback(f *testing.F) {
	for _, query := range []string{
		"code=code-1&state=state-1", "code=code-1&state=state-2", "state=state-1&state=state-2&code=c", "code=a&code=b&state=state-1",
		"error=access_denied&state=state-1", "code=c&error=e&state=state-1", "code=%00&state=state-1", "state=", "=&=", "%zz",
	} {
		f.Add(query)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		query, _ := url.ParseQuery(raw)
		code, err := rest.ParseCallback(query, "state-1")
		if (code == "") != (err != nil) || err == nil && (query.Get("state") != "state-1" || query.Get("code") != code) {
			t.Errorf("%q: %q, %v", raw, code, err)
		}
	})
}

func TestDiscoveryOfAnotherIssuerIsRefused(t *testing.T) {
	body := strings.Replace(sample(t, "discovery"), `"issuer": "https://kauth.kakao.com"`, `"issuer": "https://kauth.example.com"`, 1)
	if got, err := answering(200, body).client(t).Discovery(t.Context()); !errors.Is(err, rest.ErrIssuer) || got.TokenEndpoint != "" {
		t.Errorf("%v, %v", got, err)
	}
}

func TestClaimsOfAnotherUserAreRefused(t *testing.T) {
	user := answering(200, `{"sub":"4210000001","nickname":"a"}`).client(t).AsUser(rest.NewUserToken("token"))
	for sub, want := range map[string]error{"4210000001": nil, "4210000002": rest.ErrSubject, "421000000": rest.ErrSubject, "": rest.ErrSubject} {
		claims, err := user.UserInfoOf(t.Context(), sub)
		if !errors.Is(err, want) || (claims.Nickname == "a") != (want == nil) {
			t.Errorf("for %q: %+v, %v", sub, claims, err)
		}
	}
}

func TestOptionsAreChecked(t *testing.T) {
	safe := kakao.Platform{Auth: "http://127.0.0.1:8481", API: "http://localhost:8481"}
	if _, err := rest.New(rest.WithPlatform(safe)); err != nil {
		t.Error(err)
	}
	for name, opt := range map[string]rest.Option{
		"plain http":   rest.WithPlatform(kakao.Platform{Auth: "http://kauth.example.com", API: safe.API}),
		"a path":       rest.WithPlatform(kakao.Platform{Auth: safe.Auth, API: safe.API + "/"}),
		"no platform":  rest.WithPlatform(kakao.Platform{}),
		"another kind": rest.WithPlatform(kakao.Platform{Auth: "ftp://127.0.0.1", API: safe.API}),
		"no time":      rest.WithTimeout(0),
		"no try":       rest.WithTries(0),
		"no bytes":     rest.WithMaxAnswer(0),
	} {
		if c, err := rest.New(opt); err == nil || c != nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestLifetimesAndTimes(t *testing.T) {
	if got := rest.Seconds(43199).Duration(); got != 43199*time.Second {
		t.Error(got)
	}
	if got := rest.Seconds(1 << 62).Duration(); got <= 0 {
		t.Errorf("overflow: %s", got)
	}
	if got := rest.UnixTime(1700000000).Time(); got.Format(time.RFC3339) != "2023-11-14T22:13:20Z" {
		t.Error(got)
	}
}

func FuzzAnswers(f *testing.F) {
	for _, s := range samples {
		f.Add(`{"id":1,"elements":[{"id":1}],"kakao_account":{"profile":{}}}` + s.name)
	}
	f.Add(`{"id":1,"connected_at":"x","properties":{"a":1},"keys":[null]}`)
	f.Fuzz(func(t *testing.T, body string) {
		for _, s := range samples {
			_, _ = s.call(t.Context(), answering(200, body).client(t))
		}
		_ = me(t.Context(), answering(400, body).client(t, rest.WithTries(1)))
	})
}
