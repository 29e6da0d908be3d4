//go:build js

package main

import (
	"syscall/js"

	"github.com/kakaowasm/kakaowasm/jsbridge"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// logoutTimeout is how long, in milliseconds, a logout waits for a server.
const logoutTimeout = 5_000

// callLogout ends the login at the servers and here, whatever the servers say.
// It settles with true, as the legacy SDK did.
func (s *sdk) callLogout(call js.Value) any {
	settle := settler(call)
	s.inBackground(func() {
		s.endLogin(s.tokens.get())
		s.tokens.set(nil, tokenRemoved)
		settle(true, js.ValueOf(true))
	})
	return nil
}

// endLogin has the token server end its session and the tokens at Kakao. Where
// there is no session, or nobody to end it, the access token is ended directly.
func (s *sdk) endLogin(token *accessToken) {
	if token.renewable() {
		if _, err := s.ask("/logout", "", logoutTimeout); err == nil {
			return
		}
	}
	endpoint, _ := kakao.FindEndpoint("/v1/user/logout")
	request := s.apiRequest(endpoint, nil, token)
	request.Timeout = logoutTimeout
	if response, err := jsbridge.Fetch(request); err == nil {
		jsbridge.Release(response.Body)
	}
}

// callStatus settles with {status: "connected", user} or
// {status: "not_connected"}; at once if there is nothing to ask.
func (s *sdk) callStatus(call js.Value) any {
	settle := settler(call)
	if s.restored == nil && s.tokens.get() == nil {
		settle(true, notConnected())
		return nil
	}
	s.inBackground(func() { settle(true, s.status()) })
	return nil
}

func (s *sdk) status() js.Value {
	if s.tokens.get() == nil {
		return notConnected()
	}
	endpoint, _ := kakao.FindEndpoint("/v2/user/me")
	ok, user := s.request(endpoint, nil)
	defer jsbridge.Release(user)
	if !ok {
		return notConnected()
	}
	return jsbridge.Object(map[string]any{"status": "connected", "user": user})
}

func notConnected() js.Value {
	return jsbridge.Object(map[string]any{"status": "not_connected"})
}
