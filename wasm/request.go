//go:build js

package main

import (
	"syscall/js"

	"github.com/kakaowasm/kakaowasm/jsbridge"
	"github.com/kakaowasm/kakaowasm/kakao"
	rules "github.com/kakaowasm/kakaowasm/sdk"
)

// apiCall is one call of the REST API.
type apiCall struct {
	endpoint rules.Endpoint
	data     []kakao.Pair
	form     js.Value // the files as FormData; undefined if there are none
}

// callRequest calls an address of the REST API. The host has encoded call.data:
// a flat list of names and texts; call.form holds the files, if there are any.
func (s *sdk) callRequest(call js.Value) any {
	endpoint, _ := rules.FindEndpoint(jsbridge.Text(call, "url"))
	data := call.Get("data")
	pairs := make([]kakao.Pair, data.Length()/2)
	for i := range pairs {
		pairs[i] = kakao.Pair{Name: item(data, i*2), Value: item(data, i*2+1)}
		if p := &pairs[i]; endpoint.ForceSecure && p.Name == "secure_resource" && p.Value == "false" {
			p.Value = "true"
			s.warn("The secure_resource parameter is deprecated.")
		}
	}
	jsbridge.Release(data)
	settle := s.settler(call, s.api)
	form := call.Get("form")
	s.inBackground(s.api, func() {
		ok, answer := s.request(apiCall{endpoint, pairs, form})
		jsbridge.Release(form)
		settle.end(ok, answer)
	})
	return nil
}

// warn tells the page's developer.
func (s *sdk) warn(text string) { jsbridge.Host("warn", text) }

// inBackground runs work on a goroutine of its own, after what init began, and
// not at all if life has ended before that.
func (s *sdk) inBackground(life <-chan struct{}, work func()) {
	restored := s.restored
	go func() {
		if restored != nil {
			<-restored
		}
		if !isClosed(life) {
			work()
		}
	}()
}

// request makes the call with the access token, which it renews before it
// expires and once after it was refused.
func (s *sdk) request(c apiCall) (bool, js.Value) {
	ended := s.ended
	token := s.tokens.get()
	if token.due() {
		_ = s.renew(token) // if that fails, the API says what it thinks of the token
		token = s.tokens.get()
	}
	response := s.send(c, token)
	if response.Status == 401 && c.endpoint.Credential == rules.UserToken &&
		token.renewable() && !token.last && !isClosed(ended) {
		if e := s.renew(token); e == nil {
			if fresh := s.tokens.get(); fresh != nil { // nil after a logout
				jsbridge.Release(response.Body)
				response = s.send(c, fresh)
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
func (s *sdk) send(c apiCall, token *accessToken) jsbridge.Response {
	response, err := jsbridge.Fetch(s.apiRequest(c, token))
	if err != nil {
		return jsbridge.Response{}
	}
	return response
}

func (s *sdk) apiRequest(c apiCall, token *accessToken) jsbridge.Request {
	request := jsbridge.Request{
		Method: c.endpoint.Method,
		URL:    s.platform.API + c.endpoint.Path,
		Headers: [][2]string{
			{"Authorization", s.credential(c.endpoint, token)},
			{"KA", s.agent},
		},
		Form: c.form,
	}
	encoded := kakao.EncodeQuery(c.data)
	switch {
	case encoded == "":
	case c.endpoint.Method == kakao.Post:
		request.Body = encoded
		request.Headers = append(request.Headers,
			[2]string{"Content-Type", "application/x-www-form-urlencoded;charset=utf-8"})
	default:
		request.URL += "?" + encoded
	}
	return request
}

// credential is the Authorization header of a call. Without a token it is what
// the legacy SDK sent.
func (s *sdk) credential(endpoint rules.Endpoint, token *accessToken) string {
	if endpoint.Credential == rules.AppKey {
		return "KakaoAK " + s.appKey
	}
	return "Bearer " + token.text()
}
