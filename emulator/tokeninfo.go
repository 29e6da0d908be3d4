package emulator

import "time"

// tokenInfoAnswer describes an access token.
type tokenInfoAnswer struct {
	ID        int64 `json:"id"`
	ExpiresIn int64 `json:"expires_in"`
	AppID     int64 `json:"app_id"`
}

// accessTokenInfo is GET /v1/user/access_token_info.
func (a *restAPI) accessTokenInfo(c *apiCall) (any, *apiError) {
	left := c.token.Expires.Sub(a.now())
	return tokenInfoAnswer{ID: c.userID(), ExpiresIn: int64(left / time.Second), AppID: c.app.ID}, nil
}
