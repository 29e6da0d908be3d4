package server

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"golang.org/x/oauth2"

	"github.com/kakaowasm/kakaowasm/kakao"
)

// Calls of the REST API that the server makes itself.
// Source: Kakao Login > REST API > Retrieve token information, Logout.
const (
	pathTokenInfo = "/v1/user/access_token_info"
	pathLogout    = "/v1/user/logout"
)

// maxAPIAnswer bounds what is read of an answer of the REST API, in bytes.
const maxAPIAnswer = 64 << 10

// grant is what a token response of Kakao grants.
// Source: Kakao Login > REST API > Request token, Refresh token.
type grant struct {
	TokenType        string
	AccessToken      string
	ExpiresAt        time.Time
	Scope            string // empty where the response named none
	IDToken          string
	RefreshToken     string
	RefreshExpiresAt time.Time // zero where the response named no lifetime
}

// upstream is Kakao as the server sees it.
type upstream struct {
	oauth   oauth2.Config
	client  *http.Client
	api     string
	timeout time.Duration
	metrics *metrics
}

// newUpstream returns the client of the configured platform.
func newUpstream(cfg Config, m *metrics) *upstream {
	client := *cfg.HTTPClient
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &upstream{
		oauth: oauth2.Config{
			ClientID:     cfg.RESTAPIKey,
			ClientSecret: cfg.ClientSecret,
			Endpoint: oauth2.Endpoint{
				TokenURL: cfg.Platform.Auth + kakao.PathToken,
				// Kakao takes the credentials in the body only. Left to probe,
				// the package tries HTTP Basic first, and the failed attempt
				// uses the code up.
				AuthStyle: oauth2.AuthStyleInParams,
			},
		},
		client:  &client,
		api:     cfg.Platform.API,
		timeout: cfg.UpstreamTimeout,
		metrics: m,
	}
}

// exchange redeems an authorization code (RFC 6749, section 4.1.3, with the
// verifier of RFC 7636, section 4.5, if there is one).
func (u *upstream) exchange(ctx context.Context, req tokenRequest) (grant, error) {
	ctx, cancel := u.bound(ctx)
	defer cancel()
	options := []oauth2.AuthCodeOption{oauth2.SetAuthURLParam("redirect_uri", req.RedirectURI)}
	if req.CodeVerifier != "" {
		options = append(options, oauth2.VerifierOption(req.CodeVerifier))
	}
	token, err := u.oauth.Exchange(ctx, req.Code, options...)
	return u.granted("exchange", token, err, req.Code, req.CodeVerifier)
}

// refresh redeems a refresh token (RFC 6749, section 6). Where Kakao does not
// rotate it, the grant carries the old one.
func (u *upstream) refresh(ctx context.Context, refreshToken string) (grant, error) {
	ctx, cancel := u.bound(ctx)
	defer cancel()
	token, err := u.oauth.TokenSource(ctx, &oauth2.Token{RefreshToken: refreshToken}).Token()
	return u.granted("refresh", token, err, refreshToken)
}

// bound gives the oauth2 package this client and a time limit.
func (u *upstream) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithTimeout(ctx, u.timeout)
	return context.WithValue(ctx, oauth2.HTTPClient, u.client), cancel
}

// granted turns the outcome of a token request into a grant or a failure.
func (u *upstream) granted(call string, token *oauth2.Token, err error, secrets ...string) (grant, error) {
	u.metrics.upstream(call, err)
	if err != nil {
		f := fromTokenEndpoint(err, append(secrets, u.oauth.ClientSecret)...)
		f.Endpoint = call
		return grant{}, f
	}
	text := func(name string) string { s, _ := token.Extra(name).(string); return s }
	g := grant{
		TokenType:    token.TokenType,
		AccessToken:  token.AccessToken,
		ExpiresAt:    token.Expiry,
		Scope:        text("scope"),
		IDToken:      text("id_token"),
		RefreshToken: token.RefreshToken,
	}
	if seconds, ok := token.Extra("refresh_token_expires_in").(float64); ok && seconds > 0 {
		g.RefreshExpiresAt = time.Now().Add(time.Duration(seconds) * time.Second)
	}
	return g, nil
}

// userID asks whose access token this is: the service user ID, as text because
// it is a 64-bit number.
func (u *upstream) userID(ctx context.Context, accessToken string) (string, error) {
	var info struct {
		ID json.Number `json:"id"`
	}
	err := u.call(ctx, http.MethodGet, pathTokenInfo, accessToken, &info)
	return info.ID.String(), err
}

// logout expires the access token and its refresh token.
func (u *upstream) logout(ctx context.Context, accessToken string) error {
	return u.call(ctx, http.MethodPost, pathLogout, accessToken, &struct{}{})
}

// call makes one call of the REST API with a user's access token. Its errors
// hold neither the token nor what Kakao said.
func (u *upstream) call(ctx context.Context, method, path, accessToken string, into any) (err error) {
	defer func() { u.metrics.upstream(path, err) }()
	ctx, cancel := context.WithTimeout(ctx, u.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, u.api+path, http.NoBody)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+accessToken)
	res, err := u.client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	answer := json.NewDecoder(io.LimitReader(res.Body, maxAPIAnswer))
	if res.StatusCode != http.StatusOK {
		var said kakao.APIError
		_ = answer.Decode(&said) // A body that is no error object leaves code 0.
		return fmt.Errorf("%s: expected 200 from Kakao, got %d: %w", path, res.StatusCode, &kakao.APIError{Code: said.Code})
	}
	if err := answer.Decode(into); err != nil {
		return fmt.Errorf("%s: expected a JSON object from Kakao: %T", path, err)
	}
	return nil
}
