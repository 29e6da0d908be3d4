package rest

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// Defaults of a client.
const (
	defaultTimeout   = 10 * time.Second
	defaultTries     = 3
	defaultMaxAnswer = 1 << 20
)

// Client makes calls of one Kakao platform. Make one with [New]; it is safe for
// concurrent use.
type Client struct {
	platform  kakao.Platform
	http      http.Client
	timeout   time.Duration
	tries     uint
	backOff   func() backoff.BackOff
	maxAnswer int64
	log       *slog.Logger
}

// Option changes how [New] makes a [Client].
type Option func(*Client)

// WithPlatform sets another platform than [kakao.Production], such as an
// emulator. Both origins must be https, or http on loopback.
func WithPlatform(p kakao.Platform) Option { return func(c *Client) { c.platform = p } }

// WithHTTPClient sets what carries the requests; [http.DefaultClient] is the
// default. The client is copied: redirects are not followed and cookies not
// kept, whatever it says, since a redirect would carry credentials elsewhere.
func WithHTTPClient(client *http.Client) Option { return func(c *Client) { c.http = *client } }

// WithTimeout bounds one attempt of a call; 10 seconds is the default. A whole
// call is bounded by its context.
func WithTimeout(d time.Duration) Option { return func(c *Client) { c.timeout = d } }

// WithTries sets how often a call that changes nothing is tried; 3 is the
// default, 1 means no repetition. Other calls are always tried once.
func WithTries(n uint) Option { return func(c *Client) { c.tries = n } }

// WithBackOff sets how long to wait between tries; it is asked for a fresh
// policy per call. The default waits half a second, then half as long again
// each time, both give or take a half.
func WithBackOff(policy func() backoff.BackOff) Option { return func(c *Client) { c.backOff = policy } }

// WithMaxAnswer bounds what is read of an answer, in bytes; 1 MiB is the
// default.
func WithMaxAnswer(bytes int64) Option { return func(c *Client) { c.maxAnswer = bytes } }

// WithLogger sends a line per attempt to logger, at level debug: call, status,
// duration, error. Lines never hold a parameter, a token or a secret. The
// default discards them.
func WithLogger(logger *slog.Logger) Option { return func(c *Client) { c.log = logger } }

// New returns a client of [kakao.Production], or of what the options name. The
// error says which option is wrong.
func New(opts ...Option) (*Client, error) {
	c := &Client{
		platform: kakao.Production, http: *http.DefaultClient,
		timeout: defaultTimeout, tries: defaultTries, maxAnswer: defaultMaxAnswer,
		backOff: func() backoff.BackOff { return backoff.NewExponentialBackOff() },
		log:     slog.New(slog.DiscardHandler),
	}
	for _, opt := range opts {
		opt(c)
	}
	c.http.Jar = nil
	c.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	switch {
	case !isSafeOrigin(c.platform.Auth), !isSafeOrigin(c.platform.API):
		return nil, fmt.Errorf("rest: WithPlatform: %q and %q must be origins such as https://kauth.kakao.com; http is for loopback only",
			c.platform.Auth, c.platform.API)
	case c.timeout <= 0, c.tries == 0, c.maxAnswer <= 0:
		return nil, errors.New("rest: WithTimeout, WithTries and WithMaxAnswer must be positive")
	}
	return c, nil
}

// isSafeOrigin reports whether s is scheme://host[:port] and nothing else, and
// may be sent credentials.
func isSafeOrigin(s string) bool {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || s != u.Scheme+"://"+u.Host {
		return false
	}
	return u.Scheme == "https" || u.Scheme == "http" && contract.IsLoopbackHost(u.Hostname())
}

// App is how an app names itself to the authorization server
// (RFC 6749, section 2.3.1).
type App struct {
	// Key is the REST API key. For [AppClient.PollCode] it is the key of the
	// authorization request, which is the JavaScript key.
	Key string
	// Secret is the client secret; zero where the app has it switched off.
	Secret ClientSecret
}

// AppClient makes the calls of an app. Get one from [Client.AsApp].
type AppClient struct{ caller }

// AsApp returns the calls of an app.
func (c *Client) AsApp(app App) AppClient {
	given := values{"client_id": app.Key}
	if !app.Secret.IsZero() {
		given["client_secret"] = app.Secret.secret
	}
	return AppClient{caller{client: c, auth: catalog.ByApp, given: given}}
}

// account makes the calls that are about one user, with either credential.
type account struct{ caller }

// UserClient makes the calls of a user, by their access token. Get one from
// [Client.AsUser].
type UserClient struct{ account }

// AsUser returns the calls that an access token may make.
func (c *Client) AsUser(token UserToken) UserClient {
	return UserClient{account{caller{client: c, auth: catalog.ByUserToken, credential: token.secret}}}
}

// AdminClient makes the calls of an app's administrator. Get one from
// [Client.AsAdmin].
type AdminClient struct{ caller }

// AsAdmin returns the calls that an admin key may make.
func (c *Client) AsAdmin(key AdminKey) AdminClient {
	return AdminClient{caller{client: c, auth: catalog.ByAdminKey, credential: key.secret}}
}

// TargetClient makes the calls of an app's administrator that are about one
// user. Get one from [AdminClient.For].
type TargetClient struct{ account }

// For returns the calls about the user of that service user ID.
func (a AdminClient) For(userID int64) TargetClient {
	target := a.caller
	target.given = values{"target_id": userID}
	return TargetClient{account{target}}
}
