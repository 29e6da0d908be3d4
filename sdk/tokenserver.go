package sdk

import (
	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// How long, in milliseconds, the token server may take, and how long a logout
// waits for a server.
const (
	serverTimeout = 30_000
	logoutTimeout = 5_000
)

// askServer posts body, which may be empty, to the token server.
func (m *Machine) askServer(f flow, path, body string, timeout int) int {
	data := []string{
		"as", "token", "method", kakao.Post, "url", m.app.server + path, "body", body,
		"timeout", text(timeout), "cookies", "1", "keepalive", keepalive(path), "headers", "", contract.PageHeader, contract.PageHeaderValue,
	}
	if body != "" {
		data = append(data, "Content-Type", "application/json")
	}
	return m.ask(f, DoFetch, data...)
}

// keepalive is set for a request that outlives its page: a logout.
func keepalive(path string) string { return flag(path == contract.PathLogout) }

// isAnswer reports whether e is the outcome of a request.
func isAnswer(e *Event) bool { return e.Type == Answer || e.Type == Failed }

// isOK reports whether the HTTP status is one of success.
func isOK(e *Event) bool { status := Number(e.get("status")); return status >= 200 && status < 300 }

// readServerAnswer returns the error that a token server answered with, or that
// says why its answer is none. A success must hold a token where one is wanted.
func readServerAnswer(e *Event, wantsToken bool) *kakao.OAuthError {
	if e.Type != Answer {
		return serverUnavailable("it gave no answer")
	}
	if isOK(e) && (!wantsToken || e.has("access_token")) {
		return nil
	}
	failed := readError(e)
	if isOK(e) || failed == nil {
		return serverUnavailable("its answer is not one of a token server")
	}
	return failed
}

func serverUnavailable(why string) *kakao.OAuthError {
	return &kakao.OAuthError{
		Code:        contract.CodeServerUnavailable,
		Description: "The token server cannot be used: " + why + ". Check its address (init option server, or data-server).",
	}
}

// readError reads an error object of the token server or of the relay page.
// nil means that e holds none.
func readError(e *Event) *kakao.OAuthError {
	if !e.has("error") {
		return nil
	}
	return &kakao.OAuthError{
		Code:        e.get("error"),
		Description: e.get("error_description"),
		KOE:         e.get("error_code"),
		Hint:        e.get("hint"),
	}
}

// newAccessToken reads a token response (RFC 6749, section 5.1). Without a
// lifetime nobody knows when to renew the token, so that it is not renewed.
func (m *Machine) newAccessToken(e *Event, persist bool, began int64) *accessToken {
	t := &accessToken{value: e.get("access_token"), persist: persist, began: began}
	if t.lifetime = seconds(e.get("expires_in")); t.lifetime > 0 {
		t.expires = m.now + int64(t.lifetime)*1000
	}
	return t
}
