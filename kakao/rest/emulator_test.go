package rest_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/rest"
)

const (
	callback = "http://127.0.0.1:1/callback" // nobody listens: the browser stops at it
	verifier = "verifier-of-the-tests-0123456789-0123456789-0123456789"
)

// platform is the emulator behind a real server, with a client of it.
type platform struct {
	*emulator.Platform
	t      *testing.T
	origin string
	rest   *rest.Client
	app    rest.AppClient
	admin  rest.AdminClient
}

func startPlatform(t *testing.T) *platform {
	t.Helper()
	e := emulator.Start(t)
	e.AllowRedirect(callback)
	c, err := rest.New(
		rest.WithPlatform(kakao.Platform{Auth: e.URL, API: e.URL}),
		rest.WithHTTPClient(&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}),
		eachMillisecond(),
	)
	if err != nil {
		t.Fatal(err)
	}
	return &platform{
		e, t, e.URL, c,
		c.AsApp(rest.App{Key: emulator.DemoRESTAPIKey, Secret: rest.NewClientSecret(emulator.DemoClientSecret)}),
		c.AsAdmin(rest.NewAdminKey(emulator.DemoAdminKey)),
	}
}

// drop makes the platform drop the connections of a path.
func (p *platform) drop(path string) {
	p.t.Helper()
	if _, err := p.Inject(emulator.Fault{Path: path, Drop: true}); err != nil {
		p.t.Fatal(err)
	}
}

var ticket = regexp.MustCompile(`name="ticket" value="([^"]+)"`)

// visit leads a browser to address, logs user in, agrees to scopes, and returns
// what came to the callback; the browser goes on with its cookies.
func (p *platform) visit(browser *http.Client, address string, scopes ...string) url.Values {
	p.t.Helper()
	res, err := browser.Get(address)
	for _, step := range []struct {
		path string
		form url.Values
	}{
		{"/oauth/login", url.Values{"user": {strconv.FormatInt(userID, 10)}}},
		{"/oauth/consent", url.Values{"decision": {"accept"}, "scope": scopes, "term": {"marketing_20260101"}}},
	} {
		if err != nil {
			p.t.Fatal(err)
		}
		if res.StatusCode == http.StatusFound {
			break
		}
		page, _ := io.ReadAll(res.Body)
		res.Body.Close()
		form := ticket.FindStringSubmatch(string(page))
		if form == nil {
			p.t.Fatalf("%s: no form: %s", step.path, page)
		}
		step.form.Set("ticket", form[1])
		res, err = browser.PostForm(p.origin+step.path, step.form)
	}
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	target, err := res.Location()
	if err != nil || !strings.HasPrefix(target.String(), callback) {
		p.t.Fatalf("led to %v, %v", target, err)
	}
	return target.Query()
}

func (p *platform) browser() *http.Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	return &http.Client{
		Jar: jar, Transport: &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(r *http.Request, _ []*http.Request) error {
			if strings.HasPrefix(r.URL.String(), p.origin) {
				return nil
			}
			return http.ErrUseLastResponse
		},
	}
}

// logIn goes through a whole login with PKCE, state and nonce.
func (p *platform) logIn(scopes ...string) rest.Tokens {
	p.t.Helper()
	address, err := p.app.AuthorizeURL(rest.AuthorizeRequest{
		RedirectURI: callback, Scope: append([]string{"openid"}, scopes...), State: "state-1", Nonce: "nonce-1", Lang: "en",
		CodeChallenge: kakao.ChallengeS256(verifier),
	})
	if err != nil {
		p.t.Fatal(err)
	}
	code, err := rest.ParseCallback(p.visit(p.browser(), address, scopes...), "state-1")
	if err != nil {
		p.t.Fatal(err)
	}
	tokens, err := p.app.Exchange(p.t.Context(), rest.ExchangeRequest{RedirectURI: callback, Code: code, CodeVerifier: verifier})
	if err != nil {
		p.t.Fatal(err)
	}
	return tokens
}

func TestALoginOnTheEmulator(t *testing.T) {
	p := startPlatform(t)
	ctx := t.Context()
	tokens := p.logIn("profile_nickname", "account_email")
	if tokens.ExpiresIn.Duration() < 11*time.Hour || tokens.RefreshTokenExpiresIn.Duration() != 60*24*time.Hour || tokens.IDToken.IsZero() ||
		!kakao.HasScope(tokens.Scope, "account_email") {
		t.Errorf("%+v", tokens)
	}
	renewed, err := p.app.Refresh(ctx, rest.RefreshRequest{RefreshToken: tokens.RefreshToken})
	if err != nil || renewed.AccessToken.IsZero() || renewed.AccessToken.Reveal() == tokens.AccessToken.Reveal() || !renewed.RefreshToken.IsZero() {
		t.Errorf("%+v, %v", renewed, err)
	}
	info, err := p.rest.AsUser(renewed.AccessToken).TokenInfo(ctx)
	if err != nil || info.ID != userID || info.AppID != 100001 || info.ExpiresIn <= 0 || info.Raw != nil {
		t.Errorf("%+v, %v", info, err)
	}
	p.ExpireRefreshTokens()
	if _, err := p.app.Refresh(ctx, rest.RefreshRequest{RefreshToken: tokens.RefreshToken}); !errors.Is(err, &kakao.OAuthError{KOE: "KOE322"}) || !errors.Is(err, rest.ErrInvalidGrant) {
		t.Error(err)
	}
	_, err = p.app.Exchange(ctx, rest.ExchangeRequest{RedirectURI: callback, Code: "none"})
	if !errors.Is(err, &kakao.OAuthError{KOE: "KOE320"}) {
		t.Error(err)
	}
	wrong := p.rest.AsApp(rest.App{Key: emulator.DemoRESTAPIKey, Secret: rest.NewClientSecret("wrong")})
	if _, err := wrong.Exchange(ctx, rest.ExchangeRequest{RedirectURI: callback, Code: "none"}); !errors.Is(err, rest.ErrInvalidClient) {
		t.Error(err)
	}
}

func TestAutoLoginOnTheEmulator(t *testing.T) {
	p, browser := startPlatform(t), (*http.Client)(nil)
	browser = p.browser()
	silent, err := p.app.AutoLoginURL(rest.AuthorizeRequest{RedirectURI: callback, State: "s"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := rest.ParseCallback(p.visit(browser, silent), "s"); !errors.Is(err, rest.ErrLoginRequired) {
		t.Errorf("nobody is logged in: %v", err)
	}
	loud, err := p.app.TermsURL(rest.AuthorizeRequest{RedirectURI: callback, State: "s", ServiceTerms: []string{"marketing_20260101"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := rest.ParseCallback(p.visit(browser, loud, "profile_nickname"), "s"); err != nil {
		t.Fatal(err)
	}
	if code, err := rest.ParseCallback(p.visit(browser, silent), "s"); err != nil || code == "" {
		t.Errorf("%q, %v", code, err)
	}
	more, err := p.app.ConsentURL(rest.AuthorizeRequest{RedirectURI: callback, State: "s", Scope: []string{"gender"}})
	if err != nil {
		t.Fatal(err)
	}
	if code, err := rest.ParseCallback(p.visit(browser, more, "gender"), "s"); err != nil || code == "" {
		t.Errorf("%q, %v", code, err)
	}
}

func TestPollingOnTheEmulator(t *testing.T) {
	p := startPlatform(t)
	app := p.rest.AsApp(rest.App{Key: emulator.DemoJavaScriptKey})
	req := rest.PollRequest{TransactionID: "transaction-1"}
	if got, err := app.PollCode(t.Context(), req); err != nil || !got.Waiting() || got.Raw != nil {
		t.Errorf("%+v, %v", got, err)
	}
	address, err := app.AuthorizeURL(rest.AuthorizeRequest{RedirectURI: callback})
	if err != nil {
		t.Fatal(err)
	}
	p.visit(p.browser(), address+"&auth_tran_id=transaction-1", "profile_nickname")
	if got, err := app.PollCode(t.Context(), req); err != nil || got.Waiting() || got.Code == "" {
		t.Errorf("%+v, %v", got, err)
	}
}

// about makes the calls that both credentials may make.
type about interface {
	Me(context.Context, rest.MeRequest) (rest.User, error)
	Scopes(context.Context, rest.ScopesRequest) (rest.Scopes, error)
	RevokeScopes(context.Context, rest.RevokeScopesRequest) (rest.Scopes, error)
	ServiceTerms(context.Context, rest.ServiceTermsRequest) (rest.ServiceTerms, error)
	ServiceTermsV1(context.Context, rest.ServiceTermsV1Request) (rest.ServiceTermsV1, error)
	RevokeServiceTerms(context.Context, rest.RevokeServiceTermsRequest) (rest.RevokedServiceTerms, error)
	UpgradeServiceTerms(context.Context, rest.UpgradeServiceTermsRequest) (rest.UpgradedServiceTerms, error)
	Logout(context.Context) (rest.UserID, error)
	Unlink(context.Context) (rest.UserID, error)
}

func TestCallsAboutAUserOnTheEmulator(t *testing.T) {
	for _, credential := range []string{"user token", "admin key"} {
		t.Run(credential, func(t *testing.T) {
			p := startPlatform(t)
			token := p.logIn("profile_nickname", "account_email", "gender").AccessToken
			var a about = p.rest.AsUser(token)
			if credential == "admin key" {
				a = p.admin.For(userID)
			}
			readsUser(t, a)
			readsAndRevokesScopes(t, a)
			readsAndChangesTerms(t, a)
			if got, err := a.Logout(t.Context()); err != nil || got.ID != userID {
				t.Errorf("logout: %+v, %v", got, err)
			}
			if _, err := p.rest.AsUser(token).TokenInfo(t.Context()); !errors.Is(err, rest.ErrInvalidToken) {
				t.Errorf("the token lives on: %v", err)
			}
			if got, err := p.admin.For(userID).Unlink(t.Context()); err != nil || got.ID != userID {
				t.Errorf("unlink: %+v, %v", got, err)
			}
			if _, err := p.admin.For(userID).Me(t.Context(), rest.MeRequest{}); !errors.Is(err, rest.ErrNotLinked) {
				t.Errorf("still linked: %v", err)
			}
		})
	}
}

func readsUser(t *testing.T, a about) {
	t.Helper()
	for _, post := range []bool{false, true} {
		got, err := a.Me(t.Context(), rest.MeRequest{Post: post})
		account := got.KakaoAccount
		if err != nil || got.ID != userID || time.Since(got.ConnectedAt) > time.Hour || account.Email != "haneul@example.com" ||
			!account.IsEmailVerified || account.Profile.Nickname != "하늘보리" || account.Gender != "female" || !account.BirthdayNeedsAgreement ||
			got.Properties["nickname"] != "하늘보리" {
			t.Errorf("%+v, %v", got, err)
		}
		if got.Raw != nil || account.Raw != nil || account.Profile.Raw != nil {
			t.Errorf("unknown members: %v %v %v", got.Raw, account.Raw, account.Profile.Raw)
		}
		got, err = a.Me(t.Context(), rest.MeRequest{PropertyKeys: []string{"kakao_account.gender"}, SecureResource: true, Post: post})
		if err != nil || got.KakaoAccount.Gender != "female" || got.KakaoAccount.Email != "" {
			t.Errorf("narrowed: %+v, %v", got, err)
		}
	}
	if _, err := a.Me(t.Context(), rest.MeRequest{PropertyKeys: []string{"properties.none"}}); !errors.Is(err, rest.ErrUnknownProperty) {
		t.Error(err)
	}
}

func readsAndRevokesScopes(t *testing.T, a about) {
	t.Helper()
	all, err := a.Scopes(t.Context(), rest.ScopesRequest{})
	if err != nil || all.ID != userID || len(all.Scopes) != 10 {
		t.Errorf("%+v, %v", all, err)
	}
	some, err := a.Scopes(t.Context(), rest.ScopesRequest{Scopes: []string{"profile_nickname", "gender"}})
	if err != nil || len(some.Scopes) != 2 || *some.Scopes[0].Revocable || !*some.Scopes[1].Revocable || some.Scopes[0].Raw != nil {
		t.Errorf("%+v, %v", some, err)
	}
	left, err := a.RevokeScopes(t.Context(), rest.RevokeScopesRequest{Scopes: []string{"gender"}})
	if err != nil || slices.ContainsFunc(left.Scopes, func(s rest.Scope) bool { return s.ID == "gender" && (s.Agreed || s.Revocable != nil) }) {
		t.Errorf("%+v, %v", left, err)
	}
	if _, err := a.RevokeScopes(t.Context(), rest.RevokeScopesRequest{Scopes: []string{"profile_nickname"}}); !errors.Is(err, rest.ErrDisabled) {
		t.Error(err)
	}
	if _, err := a.RevokeScopes(t.Context(), rest.RevokeScopesRequest{Scopes: []string{"none"}}); !errors.Is(err, rest.ErrArgument) {
		t.Error(err)
	}
}

func readsAndChangesTerms(t *testing.T, a about) {
	t.Helper()
	const optional, required = "marketing_20260101", "service_20260101"
	ctx := t.Context()
	upgraded, err := a.UpgradeServiceTerms(ctx, rest.UpgradeServiceTermsRequest{Tags: []string{optional, required}})
	if err != nil || upgraded.ID != userID {
		t.Errorf("%+v, %v", upgraded, err)
	}
	app, err := a.ServiceTerms(ctx, rest.ServiceTermsRequest{Result: rest.AppServiceTerms, Tags: []string{required}})
	if err != nil || len(app.ServiceTerms) != 1 || !app.ServiceTerms[0].Agreed || app.ServiceTerms[0].AgreedAt.IsZero() || app.ServiceTerms[0].Raw != nil {
		t.Errorf("%+v, %v", app, err)
	}
	revoked, err := a.RevokeServiceTerms(ctx, rest.RevokeServiceTermsRequest{Tags: []string{optional, required}})
	if err != nil || len(revoked.RevokedServiceTerms) != 1 || revoked.RevokedServiceTerms[0].Tag != optional {
		t.Errorf("%+v, %v", revoked, err)
	}
	upgraded, err = a.UpgradeServiceTerms(ctx, rest.UpgradeServiceTermsRequest{Tags: []string{optional}})
	if err != nil || len(upgraded.AgreedServiceTerms) != 1 || upgraded.AgreedServiceTerms[0].AgreedBy != "KAPI" {
		t.Errorf("%+v, %v", upgraded, err)
	}
	agreed, err := a.ServiceTerms(ctx, rest.ServiceTermsRequest{})
	if err != nil || len(agreed.ServiceTerms) != 2 {
		t.Errorf("%+v, %v", agreed, err)
	}
	first, err := a.ServiceTermsV1(ctx, rest.ServiceTermsV1Request{Extra: rest.AppServiceTerms})
	if err != nil || first.UserID != userID || len(first.AllowedServiceTerms) != 2 || len(first.AppServiceTerms) != 2 || first.AppServiceTerms[0].CreatedAt.IsZero() {
		t.Errorf("%+v, %v", first, err)
	}
	if _, err := a.ServiceTerms(ctx, rest.ServiceTermsRequest{Tags: []string{"none"}}); !errors.Is(err, rest.ErrArgument) {
		t.Error(err)
	}
}

func TestOpenIDOnTheEmulator(t *testing.T) {
	p := startPlatform(t)
	metadata, err := p.rest.Discovery(t.Context())
	if err != nil || metadata.Issuer != p.origin || metadata.TokenEndpoint != p.origin+kakao.PathToken || metadata.Raw != nil {
		t.Errorf("%+v, %v", metadata, err)
	}
	keys, err := p.rest.JWKS(t.Context())
	if err != nil || len(keys.Keys) != 1 || keys.Keys[0].Algorithm != "RS256" || keys.Keys[0].Modulus == "" || keys.Keys[0].Raw != nil {
		t.Errorf("%+v, %v", keys, err)
	}
	token := p.logIn("profile_nickname", "account_email").AccessToken
	claims, err := p.rest.AsUser(token).UserInfo(t.Context())
	if err != nil || claims.Sub != "4210000001" || claims.Nickname != "하늘보리" || !claims.EmailVerified || claims.Raw != nil {
		t.Errorf("%+v, %v", claims, err)
	}
}

func TestFailuresOnTheEmulator(t *testing.T) {
	p := startPlatform(t)
	tokens := p.logIn("profile_nickname")
	p.ExpireAccessTokens()
	for _, token := range []rest.UserToken{tokens.AccessToken, rest.NewUserToken("none")} {
		if _, err := p.rest.AsUser(token).Me(t.Context(), rest.MeRequest{}); !errors.Is(err, rest.ErrInvalidToken) {
			t.Error(err)
		}
	}
	wrong := p.rest.AsAdmin(rest.NewAdminKey("wrong"))
	if _, err := wrong.For(userID).Me(t.Context(), rest.MeRequest{}); !errors.Is(err, rest.ErrInvalidToken) {
		t.Error(err)
	}
	p.drop("/v2/*")
	if _, err := p.rest.AsUser(tokens.AccessToken).Me(t.Context(), rest.MeRequest{}); !errors.Is(err, rest.ErrUnreachable) {
		t.Error(err)
	}
	p.drop(kakao.PathToken)
	before := p.Count("refresh_token")
	if _, err := p.app.Refresh(t.Context(), rest.RefreshRequest{RefreshToken: tokens.RefreshToken}); !errors.Is(err, rest.ErrUnreachable) || p.Count("refresh_token") != before {
		t.Error(err)
	}
}
