package server

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/kakaowasm/kakaowasm/internal/transportfault"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
	"github.com/kakaowasm/kakaowasm/kakao/rest"
	"github.com/kakaowasm/kakaowasm/server/internal/web"
)

// grant is what a token response of Kakao grants.
// Source: Kakao Login > REST API > Request token, Refresh token.
type grant struct {
	TokenType        string
	AccessToken      rest.UserToken
	ExpiresAt        time.Time
	Scope            string            // empty where the response named none
	IDToken          rest.IDToken      // not verified yet
	RefreshToken     rest.RefreshToken // zero where the response held none
	RefreshExpiresAt time.Time         // zero where the response named no lifetime
}

// newGrant is what tokens that have just come grant.
func newGrant(tokens rest.Tokens) grant {
	now := time.Now()
	g := grant{
		TokenType:    tokens.TokenType,
		AccessToken:  tokens.AccessToken,
		ExpiresAt:    now.Add(tokens.ExpiresIn.Duration()),
		Scope:        tokens.Scope,
		IDToken:      tokens.IDToken,
		RefreshToken: tokens.RefreshToken,
	}
	if tokens.RefreshTokenExpiresIn > 0 {
		g.RefreshExpiresAt = now.Add(tokens.RefreshTokenExpiresIn.Duration())
	}
	return g
}

// upstream is Kakao as the server sees it.
type upstream struct {
	client  *rest.Client
	app     rest.AppClient
	metrics *metrics
}

// newUpstream returns the client of the configured platform. It gets no logger:
// Kakao's words could repeat a secret that the request did not hold.
func newUpstream(cfg Config, m *metrics) (*upstream, error) {
	client, err := rest.New(
		rest.WithPlatform(cfg.Platform),
		rest.WithHTTPClient(cfg.HTTPClient),
		rest.WithTimeout(cfg.UpstreamTimeout),
	)
	if err != nil {
		return nil, err
	}
	app := client.AsApp(rest.App{Key: cfg.RESTAPIKey, Secret: rest.NewClientSecret(cfg.ClientSecret)})
	return &upstream{client: client, app: app, metrics: m}, nil
}

// exchange redeems an authorization code (RFC 6749, section 4.1.3, with the
// verifier of RFC 7636, section 4.5, if there is one), again after a failure that
// passes. Kakao takes a code once. Where it had taken it, and the answer was lost,
// asking again is refused with KOE320, and loses no more than was lost by then; an
// answer that arrived and cannot be read says that the code is used up.
func (u *upstream) exchange(ctx context.Context, req tokenRequest) (grant, error) {
	var first error
	g, tries, err := u.request(ctx, "exchange", func() (rest.Tokens, error) {
		tokens, err := u.app.Exchange(ctx, rest.ExchangeRequest{
			RedirectURI: req.RedirectURI, Code: req.Code, CodeVerifier: req.CodeVerifier,
		})
		first = orElse(first, err)
		return tokens, err
	})
	var f *web.Failure
	switch {
	case !errors.As(err, &f):
		return g, err
	case errors.Is(err, rest.ErrUnreadable):
		return grant{}, unreadableExchange(f)
	case tries > 1 && f.KOE == catalog.ErrCode.KOE:
		return grant{}, lostExchange(f, fromTokenEndpoint(first))
	}
	return g, err
}

// refresh redeems a refresh token (RFC 6749, section 6), again after a failure
// that passes: but for its last month the token stays in force, and in it
// nothing is lost by asking again that was not lost with the answer. It returns
// how often it asked.
func (u *upstream) refresh(ctx context.Context, token rest.RefreshToken) (g grant, tries int, err error) {
	return u.request(ctx, "refresh", func() (rest.Tokens, error) {
		return u.app.Refresh(ctx, rest.RefreshRequest{RefreshToken: token})
	})
}

// soon reports whether a call that failed may succeed within the time of a
// request: unless Kakao itself asks for a longer pause, is not asked any more (see
// overloadGuard), or has done what it was
// asked and said so in a way that cannot be read.
func soon(err error) bool {
	var f *web.Failure
	var notMade *transportfault.NotMadeError
	return errors.As(err, &f) && f.Temporary() && f.RetryAfter <= web.RetryAfter && !errors.Is(err, rest.ErrUnreadable) && !errors.As(err, &notMade)
}

// request makes a token request, and makes it again, with growing pauses, after
// a failure that passes soon. It returns how often it did.
func (u *upstream) request(ctx context.Context, call string, do func() (rest.Tokens, error)) (g grant, tries int, err error) {
	g, err = repeat(ctx, kakaoTries, backoff.NewExponentialBackOff(), soon, func() (grant, error) {
		if tries++; tries > 1 {
			u.metrics.retried(call)
		}
		tokens, err := do()
		return u.granted(call, tokens, err)
	})
	return g, tries, err
}

// granted turns the outcome of a token request into a grant or a failure.
func (u *upstream) granted(call string, tokens rest.Tokens, err error) (grant, error) {
	u.metrics.upstream(call, err)
	if err != nil {
		f := fromTokenEndpoint(err)
		f.Endpoint = call
		return grant{}, f
	}
	return newGrant(tokens), nil
}

// userID asks whose access token this is: the service user ID, as text because
// it is a 64-bit number. It asks again after a passing failure.
func (u *upstream) userID(ctx context.Context, token rest.UserToken) (string, error) {
	info, err := u.client.AsUser(token).TokenInfo(ctx)
	if err := u.asked(catalog.TokenInfo, err); err != nil {
		return "", err
	}
	return strconv.FormatInt(info.ID, 10), nil
}

// logout expires the access token and its refresh token.
func (u *upstream) logout(ctx context.Context, token rest.UserToken) error {
	_, err := u.client.AsUser(token).Logout(ctx)
	return u.asked(catalog.Logout, err)
}

// asked counts a call of the REST API. The error that it returns holds nothing
// that Kakao said but its codes.
func (u *upstream) asked(call catalog.Call, err error) error {
	u.metrics.upstream(call.Path, err)
	var api *rest.Error
	var oauth *rest.OAuthError
	switch {
	case errors.As(err, &api):
		return &rest.Error{APIError: kakao.APIError{Code: api.Code}, Call: api.Call, Status: api.Status}
	case errors.As(err, &oauth):
		return &rest.OAuthError{OAuthError: kakao.OAuthError{Code: oauth.Code, KOE: oauth.KOE}, Call: oauth.Call, Status: oauth.Status}
	}
	return err
}
