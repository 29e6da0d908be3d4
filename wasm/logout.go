//go:build js

package main

import (
	"syscall/js"
	"time"

	"github.com/kakaowasm/kakaowasm/jsbridge"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// logoutTimeout is how long a logout waits for servers that do not answer.
const logoutTimeout = 5 * time.Second

// callLogout ends the login: at Kakao, at the token server, and here, whatever
// the other two say. It settles with true, as the legacy SDK did.
func (s *sdk) callLogout(call js.Value) any {
	settle := settler(call)
	s.inBackground(func() {
		token := s.tokens.get()
		done := make(chan struct{}, 2)
		calls := 1
		go func() {
			endpoint, _ := kakao.FindEndpoint("/v1/user/logout")
			jsbridge.Release(s.send(endpoint, nil, token).Body)
			done <- struct{}{}
		}()
		if token.renewable() {
			calls++
			go func() {
				_, _ = s.ask("/logout", "")
				done <- struct{}{}
			}()
		}
		timeout := time.After(logoutTimeout)
		for answered := 0; answered < calls; {
			select {
			case <-done:
				answered++
			case <-timeout:
				answered = calls
			}
		}
		s.tokens.set(nil, tokenRemoved)
		settle(true, true)
	})
	return nil
}

// callStatus settles with {status: "connected", user} or
// {status: "not_connected"}. It returns true if it has settled at once.
func (s *sdk) callStatus(call js.Value) any {
	settle := settler(call)
	notConnected := map[string]any{"status": "not_connected"}
	if s.restored == nil && s.tokens.get() == nil {
		settle(true, notConnected)
		return nil
	}
	s.inBackground(func() {
		if s.tokens.get() == nil {
			settle(true, notConnected)
			return
		}
		endpoint, _ := kakao.FindEndpoint("/v2/user/me")
		ok, user := s.request(endpoint, nil)
		defer jsbridge.Release(user)
		if !ok {
			settle(true, notConnected)
			return
		}
		settle(true, map[string]any{"status": "connected", "user": user})
	})
	return nil
}
