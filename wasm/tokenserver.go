//go:build js

package main

import (
	"strconv"
	"syscall/js"

	"github.com/kakaowasm/kakaowasm/jsbridge"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// The token server's paths.
const (
	exchangePath = "/token"
	refreshPath  = "/refresh"
	logoutPath   = "/logout"
)

// serverTimeout is how long the token server may take, in milliseconds.
const serverTimeout = 30_000

// ask posts body to the token server, within timeout milliseconds, and returns
// what it answers. Its error is the server's own, or server_unavailable.
func (s *sdk) ask(path, body string, timeout int) (js.Value, *kakao.OAuthError) {
	headers := [][2]string{{kakao.PageHeader, kakao.PageHeaderValue}}
	if body != "" {
		headers = append(headers, [2]string{"Content-Type", "application/json"})
	}
	response, err := jsbridge.Fetch(jsbridge.Request{
		Method: "POST", URL: s.server + path, Headers: headers, Body: body,
		Credentials: true, Timeout: timeout,
	})
	if err != nil {
		return js.Undefined(), serverUnavailable("it gave no answer")
	}
	forgetRefreshToken(response.Body)
	if response.OK() && (path == logoutPath || isTokenResponse(response.Body)) {
		return response.Body, nil
	}
	e := readError(response.Body)
	jsbridge.Release(response.Body)
	if response.OK() || e == nil {
		e = serverUnavailable("its answer is not one of a token server")
	}
	return js.Undefined(), e
}

// forgetRefreshToken drops what no server should have sent, so that a page never
// gets it.
func forgetRefreshToken(body js.Value) {
	if body.Type() == js.TypeObject {
		body.Delete("refresh_token")
		body.Delete("refresh_token_expires_in")
	}
}

// isTokenResponse reports whether body is a successful response of RFC 6749
// section 5.1.
func isTokenResponse(body js.Value) bool {
	return body.Type() == js.TypeObject && jsbridge.Text(body, "access_token") != ""
}

func serverUnavailable(why string) *kakao.OAuthError {
	return &kakao.OAuthError{
		Code:        "server_unavailable",
		Description: "The token server cannot be used: " + why + ". Check its address (init option server, or data-server).",
	}
}

// readError reads an error object of the token server or of the relay page.
// nil means that body is none.
func readError(body js.Value) *kakao.OAuthError {
	if body.Type() != js.TypeObject {
		return nil
	}
	code := jsbridge.Text(body, "error")
	if code == "" {
		return nil
	}
	return &kakao.OAuthError{
		Code:        code,
		Description: jsbridge.Text(body, "error_description"),
		KOE:         jsbridge.Text(body, "error_code"),
		Hint:        jsbridge.Text(body, "hint"),
	}
}

// newAccessToken reads a token response (RFC 6749, section 5.1). Without a
// lifetime nobody knows when to renew the token, so that it is not renewed.
func newAccessToken(answer js.Value, persist bool) *accessToken {
	t := &accessToken{value: jsbridge.Text(answer, "access_token"), persist: persist}
	if t.lifetime = lifetimeOf(answer); t.lifetime > 0 {
		t.expires = jsbridge.Now() + int64(t.lifetime)*1000
	}
	return t
}

func lifetimeOf(answer js.Value) int {
	v := answer.Get("expires_in")
	defer jsbridge.Release(v)
	switch v.Type() {
	case js.TypeNumber:
		return v.Int()
	case js.TypeString:
		seconds, _ := strconv.Atoi(v.String())
		return seconds
	}
	return 0
}
