package kapi

import (
	"net/http"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/web"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// tokenInfoAnswer describes an access token.
type tokenInfoAnswer struct {
	ID        int64 `json:"id"`
	ExpiresIn int64 `json:"expires_in"`
	AppID     int64 `json:"app_id"`
}

// accessTokenInfo is GET /v1/user/access_token_info.
func (a *Server) accessTokenInfo(c *apiCall) (any, *apiError) {
	left := c.token.Expires.Sub(a.Now())
	return tokenInfoAnswer{ID: c.userID(), ExpiresIn: int64(left / time.Second), AppID: c.app.ID}, nil
}

// checkOrigin refuses pages of other sites than the app registered, in a request
// to the platform at some origin.
func checkOrigin(a *config.App, r *http.Request) *apiError {
	if web.MayCall(a, r) {
		return nil
	}
	return domainMismatch(r.Header.Get("Origin"))
}

func domainMismatch(origin string) *apiError {
	return refuse(catalog.ErrToken, "domain mismatched! caller="+web.Shorten(origin)+". check out registered web domains.")
}
