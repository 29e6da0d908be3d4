package upstream

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/kakaowasm/kakaowasm/internal/transportfault"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
	"github.com/kakaowasm/kakaowasm/kakao/rest"
	"github.com/kakaowasm/kakaowasm/server/internal/retry"
	"github.com/kakaowasm/kakaowasm/server/internal/web"
)

// Grant is what a token response of Kakao grants.
// Source: Kakao Login > REST API > Request token, Refresh token.
type Grant struct {
	TokenType        string
	AccessToken      rest.UserToken
	ExpiresAt        time.Time
	Scope            string            // empty where the response named none
	IDToken          rest.IDToken      // not verified yet
	RefreshToken     rest.RefreshToken // zero where the response held none
	RefreshExpiresAt time.Time         // zero where the response named no lifetime
}

// newGrant is what tokens that have just come grant.
func newGrant(tokens rest.Tokens) Grant {
	now := time.Now()
	g := Grant{
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

// Tries is how often a call to Kakao is made that may be repeated. More would make
// a Kakao that is overloaded worse, and the page asks again anyway.
const Tries = 3

// Config says whom the server calls, as which app, and who counts the calls.
type Config struct {
	Platform  kakao.Platform
	Client    *http.Client // see [HTTPClient]
	Timeout   time.Duration
	AppKey    string
	AppSecret string
	// Called counts one call and its outcome, Retried one that is made again.
	Called  func(call string, err error)
	Retried func(call string)
}

// Client is Kakao as the server sees it.
type Client struct {
	client *rest.Client
	app    rest.AppClient

	called  func(call string, err error)
	retried func(call string)
}

// New returns the client of a platform. It gets no logger: Kakao's words could
// repeat a secret that the request did not hold.
func New(cfg Config) (*Client, error) {
	client, err := rest.New(
		rest.WithPlatform(cfg.Platform),
		rest.WithHTTPClient(cfg.Client),
		rest.WithTimeout(cfg.Timeout),
	)
	if err != nil {
		return nil, err
	}
	app := client.AsApp(rest.App{Key: cfg.AppKey, Secret: rest.NewClientSecret(cfg.AppSecret)})
	return &Client{client: client, app: app, called: cfg.Called, retried: cfg.Retried}, nil
}

// Exchange redeems an authorization code (RFC 6749, section 4.1.3, with the
// verifier of RFC 7636, section 4.5, if there is one), again after a failure that
// passes. Kakao takes a code once. Where it had taken it, and the answer was lost,
// asking again is refused with KOE320, and loses no more than was lost by then; an
// answer that arrived and cannot be read says that the code is used up.
func (c *Client) Exchange(ctx context.Context, req rest.ExchangeRequest) (Grant, error) {
	var first error
	g, tries, err := c.request(ctx, "exchange", func() (rest.Tokens, error) {
		tokens, err := c.app.Exchange(ctx, req)
		if first == nil {
			first = err
		}
		return tokens, err
	})
	var f *web.Failure
	switch {
	case !errors.As(err, &f):
		return g, err
	case errors.Is(err, rest.ErrUnreadable):
		return Grant{}, unreadableExchange(f)
	case tries > 1 && f.KOE == catalog.ErrCode.KOE:
		return Grant{}, lostExchange(f, fromTokenEndpoint(first))
	}
	return g, err
}

// Refresh redeems a refresh token (RFC 6749, section 6), again after a failure
// that passes: but for its last month the token stays in force, and in it
// nothing is lost by asking again that was not lost with the answer. It returns
// how often it asked.
func (c *Client) Refresh(ctx context.Context, token rest.RefreshToken) (g Grant, tries int, err error) {
	return c.request(ctx, "refresh", func() (rest.Tokens, error) {
		return c.app.Refresh(ctx, rest.RefreshRequest{RefreshToken: token})
	})
}

// soon reports whether a call that failed may succeed within the time of a
// request: unless Kakao itself asks for a longer pause, is not asked any more (see
// overloadGuard), or has done what it was asked and said so in a way that cannot be
// read.
func soon(err error) bool {
	var f *web.Failure
	var notMade *transportfault.NotMadeError
	return errors.As(err, &f) && f.Temporary() && f.RetryAfter <= web.RetryAfter && !errors.Is(err, rest.ErrUnreadable) && !errors.As(err, &notMade)
}

// request makes a token request, and makes it again, with growing pauses, after
// a failure that passes soon. It returns how often it did.
func (c *Client) request(ctx context.Context, call string, do func() (rest.Tokens, error)) (g Grant, tries int, err error) {
	g, err = retry.Do(ctx, Tries, backoff.NewExponentialBackOff(), soon, func() (Grant, error) {
		if tries++; tries > 1 {
			c.retried(call)
		}
		tokens, err := do()
		return c.granted(call, tokens, err)
	})
	return g, tries, err
}

// granted turns the outcome of a token request into a grant or a failure.
func (c *Client) granted(call string, tokens rest.Tokens, err error) (Grant, error) {
	c.called(call, err)
	if err != nil {
		f := fromTokenEndpoint(err)
		f.Endpoint = call
		return Grant{}, f
	}
	return newGrant(tokens), nil
}

// UserID asks whose access token this is: the service user ID, as text because
// it is a 64-bit number. It asks again after a passing failure.
func (c *Client) UserID(ctx context.Context, token rest.UserToken) (string, error) {
	info, err := c.client.AsUser(token).TokenInfo(ctx)
	if err := c.asked(catalog.TokenInfo, err); err != nil {
		return "", err
	}
	return strconv.FormatInt(info.ID, 10), nil
}

// Logout expires the access token and its refresh token.
func (c *Client) Logout(ctx context.Context, token rest.UserToken) error {
	_, err := c.client.AsUser(token).Logout(ctx)
	return c.asked(catalog.Logout, err)
}

// asked counts a call of the REST API. The error that it returns holds nothing
// that Kakao said but its codes.
func (c *Client) asked(call catalog.Call, err error) error {
	c.called(call.Path, err)
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

// LogoutURL is the address of Kakao's page that ends the session of the Kakao
// Account.
func (c *Client) LogoutURL(req rest.LogoutRequest) (string, error) { return c.app.LogoutURL(req) }
