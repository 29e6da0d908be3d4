//go:build js

package main

import (
	"syscall/js"

	"github.com/kakaowasm/kakaowasm/jsbridge"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// callRequest calls an address of the REST API. The host has encoded call.data:
// a flat list of names and texts.
func (s *sdk) callRequest(call js.Value) any {
	endpoint, _ := kakao.FindEndpoint(jsbridge.Text(call, "url"))
	data := call.Get("data")
	pairs := make([]kakao.Pair, data.Length()/2)
	for i := range pairs {
		pairs[i] = kakao.Pair{Name: item(data, i*2), Value: item(data, i*2+1)}
	}
	jsbridge.Release(data)
	settle := s.settler(call)
	s.inBackground(func() { settle(s.request(endpoint, pairs)) })
	return nil
}

// inBackground runs work on a goroutine of its own, after what init began, and
// not at all if the page calls cleanup before that.
func (s *sdk) inBackground(work func()) {
	restored, ended := s.restored, s.ended
	go func() {
		if restored != nil {
			<-restored
		}
		if !isClosed(ended) {
			work()
		}
	}()
}

// request calls endpoint with the access token, which it renews before it
// expires and once after it was refused.
func (s *sdk) request(endpoint kakao.Endpoint, data []kakao.Pair) (bool, js.Value) {
	ended := s.ended
	token := s.tokens.get()
	if token.due() {
		_ = s.renew(token) // if that fails, the API says what it thinks of the token
		token = s.tokens.get()
	}
	response := s.send(endpoint, data, token)
	if response.Status == 401 && token.renewable() && !token.last && !isClosed(ended) {
		if e := s.renew(token); e == nil {
			if fresh := s.tokens.get(); fresh != nil { // nil after a logout
				jsbridge.Release(response.Body)
				response = s.send(endpoint, data, fresh)
			}
		} else if loginIsOver(e) && s.tokens.current == token {
			s.tokens.set(nil, tokenRemoved)
		}
	}
	if !response.Parsed {
		return false, s.host.Get("unknownError")
	}
	return response.OK(), response.Body
}

// send makes the request. Without an answer its response is not parsed.
func (s *sdk) send(endpoint kakao.Endpoint, data []kakao.Pair, token *accessToken) jsbridge.Response {
	response, err := jsbridge.Fetch(s.apiRequest(endpoint, data, token))
	if err != nil {
		return jsbridge.Response{}
	}
	return response
}

func (s *sdk) apiRequest(endpoint kakao.Endpoint, data []kakao.Pair, token *accessToken) jsbridge.Request {
	bearer := "null" // what the legacy SDK sent without a token
	if token != nil {
		bearer = token.value
	}
	request := jsbridge.Request{
		Method: endpoint.Method,
		URL:    s.platform.API + endpoint.Path,
		Headers: [][2]string{
			{"Authorization", "Bearer " + bearer},
			{"KA", s.agent},
		},
	}
	encoded := kakao.EncodeQuery(data)
	switch {
	case encoded == "":
	case endpoint.Method == kakao.Get:
		request.URL += "?" + encoded
	default:
		request.Body = encoded
		request.Headers = append(request.Headers,
			[2]string{"Content-Type", "application/x-www-form-urlencoded;charset=utf-8"})
	}
	return request
}
