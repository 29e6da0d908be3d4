package server

import (
	"net/http"
	"sync"

	"github.com/kakaowasm/kakaowasm/kakao/catalog"
	"github.com/kakaowasm/kakaowasm/server/internal/web"
)

// Warning is something in a [Config] that works and is probably not meant.
type Warning struct {
	Field string // such as "JavaScriptKeys"
	// Text says what will happen, and what to do.
	Text catalog.Text
}

// Warnings returns what is probably not meant in a configuration that [Config.Validate]
// has no objection to. It is for those who start a server to show.
func (c Config) Warnings() []Warning {
	var found []Warning
	if len(c.JavaScriptKeys) == 0 {
		found = append(found, Warning{"JavaScriptKeys", catalog.Text{
			En: "no JavaScript key: logins with the scope openid will be refused, because their ID tokens name the key of the page; add the app's JavaScript key",
			Ko: "JavaScript 키가 없습니다. scope에 openid를 넣은 로그인은 ID 토큰에 페이지의 키가 들어 있어 거부됩니다. 앱의 JavaScript 키를 추가하세요",
		}})
	}
	if c.SDK == nil {
		found = append(found, Warning{"SDK", catalog.Text{
			En: "no SDK: this server answers 404 for the SDK's script; name the folder of the built SDK, or load the script from elsewhere",
			Ko: "SDK가 없습니다. 이 서버의 SDK 스크립트 주소는 404를 응답합니다. 빌드한 SDK 폴더를 지정하거나 다른 곳에서 스크립트를 불러오세요",
		}})
	}
	at, err := parsePublicURL(c.PublicURL)
	for _, origin := range c.AllowedOrigins {
		if err == nil && at.isOtherLoopback(origin) {
			found = append(found, Warning{"AllowedOrigins", catalog.Text{
				En: otherLoopback,
				Ko: "페이지와 서버가 이 컴퓨터를 localhost와 127.0.0.1처럼 서로 다른 이름으로 부릅니다. 브라우저는 둘을 다른 사이트로 보고 쿠키를 보내지 않습니다. 서버의 공개 URL과 같은 이름으로 페이지를 여세요",
			}})
		}
	}
	return found
}

// warnings are what is warned of once while a server runs.
type warnings struct{ forwarded sync.Once }

// noteClient counts how the client of a request is known, and warns, once, that
// somebody who is no trusted proxy names one: a reverse proxy that was forgotten
// makes all its clients one for the rate limit.
func (s *Server) noteClient(r *http.Request) {
	source := s.proxies.SourceOf(r)
	s.metrics.clients.WithLabelValues(string(source)).Inc()
	if source != web.FromUntrusted {
		return
	}
	s.warned.forwarded.Do(func() {
		s.log.WarnContext(r.Context(), "a request came with a forwarding header from an address that is no trusted proxy; if it is your reverse proxy, name it among the trusted proxies: until then all its clients count as one",
			"header", s.cfg.ForwardedHeader, "address", s.proxies.Peer(r))
	})
}
