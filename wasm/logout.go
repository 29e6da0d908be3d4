//go:build js

package main

import (
	"syscall/js"

	"github.com/kakaowasm/kakaowasm/jsbridge"
	rules "github.com/kakaowasm/kakaowasm/sdk"
)

// logoutTimeout is how long, in milliseconds, a logout waits for a server.
const logoutTimeout = 5_000

// callLogout ends the login at the servers and here, whatever the servers say.
// It settles with true, as the legacy SDK did.
func (s *sdk) callLogout(call js.Value) any {
	settle := s.settler(call, s.auth)
	ended := s.auth
	s.logouts++
	s.inBackground(nil, func() { // a logout is done even if nobody hears of it
		token := s.tokens.get()
		s.endLogin(token)
		s.logouts--
		if isClosed(ended) {
			settle.drop()
			return
		}
		// A login that was complete meanwhile stays.
		if current := s.tokens.current; current == token || !current.renewable() {
			s.tokens.set(nil, tokenRemoved)
		}
		settle.end(true, js.ValueOf(true))
	})
	return nil
}

// endLogin has the token server end its session, whoever began it, and the
// tokens at Kakao. A token that the server does not know, or could not end, is
// ended directly.
func (s *sdk) endLogin(token *accessToken) {
	done := make(chan struct{})
	s.loggingOut = done
	defer close(done)
	server := make(chan bool, 1)
	go func() {
		_, e := s.ask(logoutPath, "", logoutTimeout)
		server <- e == nil
	}()
	if token.renewable() && <-server {
		return
	}
	endpoint, _ := rules.FindEndpoint("/v1/user/logout")
	request := s.apiRequest(apiCall{endpoint: endpoint}, token)
	request.Timeout = logoutTimeout
	if response, err := jsbridge.Fetch(request); err == nil {
		jsbridge.Release(response.Body)
	}
	if !token.renewable() {
		<-server
	}
}

// callStatus settles with {status: "connected", user} or
// {status: "not_connected"}; at once if there is nothing to ask.
func (s *sdk) callStatus(call js.Value) any {
	settle := s.settler(call, s.auth)
	if s.restored == nil && s.tokens.get() == nil {
		settle.end(true, notConnected())
		return nil
	}
	s.inBackground(s.auth, func() { settle.end(true, s.status()) })
	return nil
}

func (s *sdk) status() js.Value {
	if s.tokens.get() == nil {
		return notConnected()
	}
	endpoint, _ := rules.FindEndpoint("/v2/user/me")
	ok, user := s.request(apiCall{endpoint: endpoint})
	defer jsbridge.Release(user)
	if !ok {
		return notConnected()
	}
	return jsbridge.Object("status", "connected", "user", user)
}

func notConnected() js.Value {
	return jsbridge.Object("status", "not_connected")
}
