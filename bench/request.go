package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// written is a request as bytes, to be sent any number of times.
func written(method, addr, path, contentType, cookie, body string) []byte {
	r, err := http.NewRequest(method, "http://"+addr+path, strings.NewReader(body)) //nolint:noctx // It is only written.
	if err != nil {
		panic(err) // the parts are constants, tokens and addresses
	}
	if body != "" {
		r.Header.Set("Content-Type", contentType)
	}
	if cookie != "" {
		r.Header.Set("Cookie", cookie)
	}
	var b bytes.Buffer
	if err := r.Write(&b); err != nil {
		panic(err) // a buffer takes everything
	}
	return b.Bytes()
}

// tokenForm is a request to Kakao's token endpoint, by way of a proxy.
func tokenForm(addr string, form url.Values) []byte {
	form.Set("client_id", emulator.DemoRESTAPIKey)
	form.Set("client_secret", emulator.DemoClientSecret)
	return written(http.MethodPost, addr, kakao.PathToken, "application/x-www-form-urlencoded", "", form.Encode())
}

// proxiedExchange is the exchange of a code by way of the proxy.
func proxiedExchange(addr, code string) []byte {
	return tokenForm(addr, url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "code_verifier": {verifier}, "redirect_uri": {publicURL + "/callback"},
	})
}

// proxiedRefresh is the renewal of an access token by way of the proxy.
func proxiedRefresh(addr, refreshToken string) []byte {
	return tokenForm(addr, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refreshToken}})
}

// exchange is the exchange of a code at a token server.
func exchange(addr, code string) []byte {
	return written(http.MethodPost, addr, "/kakao/token", "application/json", "", exchangeBody(code))
}

// exchangeBody is the body of an exchange at a token server.
func exchangeBody(code string) string {
	body, _ := json.Marshal(map[string]string{"code": code, "code_verifier": verifier, "redirect_uri": publicURL + "/callback"})
	return string(body)
}

// refresh is the renewal of a session at a token server.
func refresh(addr, cookie string) []byte {
	return written(http.MethodPost, addr, "/kakao/refresh", "", cookie, "")
}

// session asks a token server whose session it is.
func session(addr, cookie string) []byte {
	return written(http.MethodGet, addr, "/kakao/session", "", cookie, "")
}

// authorized asks a token server, as a reverse proxy does, who is asking.
func authorized(addr, cookie string) []byte {
	return written(http.MethodGet, addr, "/kakao/auth", "", cookie, "")
}

// peerAuthorized asks the same of an oauth2-proxy.
func peerAuthorized(addr, cookie string) []byte {
	return written(http.MethodGet, addr, "/oauth2/auth", "", cookie, "")
}
