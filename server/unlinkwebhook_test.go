package server

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

const formType = "application/x-www-form-urlencoded;charset=utf-8"

// formOf is what Kakao says in an unlink webhook.
func formOf(app, user string) string {
	return url.Values{"app_id": {app}, "user_id": {user}, "referrer_type": {"UNLINK_FROM_APPS"}}.Encode()
}

// unlinkHook is an unlink webhook of Kakao's that says this.
func unlinkHook(method, form string) *http.Request {
	r := hook(method, "unlink", formType, form)
	if method == http.MethodGet {
		r = hook(method, "unlink?"+form, "", "")
	}
	r.Header.Set("Authorization", "KakaoAK "+testAdminKey)
	return r
}

func TestUnlinkWebhook(t *testing.T) {
	good := formOf(testAppID, testUser)
	typed := func(contentType, body string) *http.Request {
		r := unlinkHook("POST", body)
		r.Header.Set("Content-Type", contentType)
		return r
	}
	keyed := func(values ...string) *http.Request {
		r := unlinkHook("POST", good)
		r.Header["Authorization"] = values
		return r
	}
	inQuery := unlinkHook("POST", "")
	inQuery.URL.RawQuery = good
	for name, test := range map[string]struct {
		request *http.Request
		status  int
		code    string
	}{
		"POST":                         {unlinkHook("POST", good), 200, ""},
		"GET":                          {unlinkHook("GET", good), 200, ""},
		"JSON with text":               {typed("application/json", `{"app_id":"`+testAppID+`","user_id":"`+testUser+`","referrer_type":"ACCOUNT_DELETE"}`), 200, ""},
		"JSON with numbers":            {typed("application/json; charset=utf-8", `{"app_id":`+testAppID+`,"user_id":`+testUser+`,"more":{}}`), 200, ""},
		"of a group app":               {unlinkHook("POST", good+"&group_user_token=x"), 200, ""},
		"another way of leaving":       {unlinkHook("POST", strings.Replace(good, "UNLINK_FROM_APPS", "A_NEW_WAY", 1)), 200, ""},
		"the scheme in other letters":  {keyed("kakaoak " + testAdminKey), 200, ""},
		"no key":                       {keyed(), 401, "access_denied"},
		"an empty key":                 {keyed("KakaoAK "), 401, "access_denied"},
		"the scheme only":              {keyed("KakaoAK"), 401, "access_denied"},
		"a wrong key":                  {keyed("KakaoAK " + strings.Repeat("x", len(testAdminKey))), 401, "access_denied"},
		"a key cut short":              {keyed("KakaoAK " + testAdminKey[:5]), 401, "access_denied"},
		"a longer key":                 {keyed("KakaoAK " + testAdminKey + "x"), 401, "access_denied"},
		"a key in capitals":            {keyed("KakaoAK " + strings.ToUpper(testAdminKey)), 401, "access_denied"},
		"the key as a bearer token":    {keyed("Bearer " + testAdminKey), 401, "access_denied"},
		"the key alone":                {keyed(testAdminKey), 401, "access_denied"},
		"the right key and another":    {keyed("KakaoAK "+testAdminKey, "KakaoAK x"), 401, "access_denied"},
		"the key after two spaces":     {keyed("KakaoAK  " + testAdminKey), 401, "access_denied"},
		"another app":                  {unlinkHook("POST", formOf("654321", testUser)), 403, "access_denied"},
		"another app by GET":           {unlinkHook("GET", formOf("654321", testUser)), 403, "access_denied"},
		"the app's number with a zero": {unlinkHook("POST", formOf("0"+testAppID, testUser)), 403, "access_denied"},
		"nothing":                      {unlinkHook("POST", ""), 400, "invalid_request"},
		"no user":                      {unlinkHook("POST", "app_id="+testAppID), 400, "invalid_request"},
		"an empty user":                {unlinkHook("POST", formOf(testAppID, "")), 400, "invalid_request"},
		"user 0":                       {unlinkHook("POST", formOf(testAppID, "0")), 400, "invalid_request"},
		"a negative user":              {unlinkHook("POST", formOf(testAppID, "-1")), 400, "invalid_request"},
		"a user like an exponent":      {typed("application/json", `{"app_id":`+testAppID+`,"user_id":1e9}`), 400, "invalid_request"},
		"a user of many digits":        {unlinkHook("POST", formOf(testAppID, strings.Repeat("9", 20))), 400, "invalid_request"},
		"a user like a pattern":        {unlinkHook("POST", formOf(testAppID, "*")), 400, "invalid_request"},
		"a user and a line break":      {unlinkHook("POST", formOf(testAppID, testUser+"\n")), 400, "invalid_request"},
		"two users":                    {unlinkHook("POST", good+"&user_id=42"), 400, "invalid_request"},
		"two apps":                     {unlinkHook("GET", good+"&app_id=654321"), 400, "invalid_request"},
		"a broken form":                {unlinkHook("POST", good+"&%zz"), 400, "invalid_request"},
		"a form in the query of POST":  {inQuery, 400, "invalid_request"},
		"broken JSON":                  {typed("application/json", `{"app_id":`), 400, "invalid_request"},
		"a JSON list":                  {typed("application/json", `[]`), 400, "invalid_request"},
		"JSON with a list of users":    {typed("application/json", `{"app_id":"`+testAppID+`","user_id":["`+testUser+`"]}`), 400, "invalid_request"},
		"no type":                      {typed("", good), 415, "invalid_request"},
		"a type that is not one":       {typed(";;", good), 415, "invalid_request"},
		"text":                         {typed("text/plain", good), 415, "invalid_request"},
		"parts":                        {typed("multipart/form-data; boundary=x", good), 415, "invalid_request"},
		"a long body":                  {unlinkHook("POST", good+"&x="+strings.Repeat("x", maxWebhook)), 413, "invalid_request"},
		"another method":               {unlinkHook("PUT", good), 405, "invalid_request"},
	} {
		t.Run(name, func(t *testing.T) {
			h, left := newWebhookHarness(t)
			h.login()
			res := h.send(test.request)
			if res.Header.Get("Location") != "" {
				t.Error("webhooks follow no redirect")
			}
			if h.isLoggedIn() == (test.status == 200) {
				t.Errorf("logged in after %s: %v", res.Status, h.isLoggedIn())
			}
			if challenge := res.Header.Get("WWW-Authenticate"); (challenge == "KakaoAK") != (test.status == 401) {
				t.Errorf("WWW-Authenticate: %q", challenge)
			}
			if test.status == 200 {
				if res.StatusCode != http.StatusOK {
					t.Errorf("got %s", res.Status)
				}
				left.expect(t, testUser)
				return
			}
			expectError(t, res.StatusCode, decode(t, res), test.status, test.code, "")
			left.expect(t)
			if strings.Contains(h.logs.String(), testAdminKey) {
				t.Error("the admin key is in the log")
			}
		})
	}
}

// Kakao wants its 200 for users too whom nobody knows here.
func TestUnlinkWebhookOfAnUnknownUser(t *testing.T) {
	h, left := newWebhookHarness(t)
	h.login()
	if res := h.send(unlinkHook("POST", formOf(testAppID, "42"))); res.StatusCode != http.StatusOK || !h.isLoggedIn() {
		t.Errorf("got %s", res.Status)
	}
	left.expect(t, "42")
}

func TestUnlinkWebhookNeedsAnAdminKey(t *testing.T) {
	h := newHarness(t)
	for _, authorization := range []string{"", "KakaoAK ", "KakaoAK " + testAdminKey} {
		r := unlinkHook("POST", formOf(testAppID, testUser))
		r.Header.Set("Authorization", authorization)
		res := h.send(r)
		expectError(t, res.StatusCode, decode(t, res), 404, "invalid_request", "")
	}
}

func FuzzUnlinkWebhook(f *testing.F) {
	h, _ := newWebhookHarness(f)
	for _, body := range []string{formOf(testAppID, testUser), formOf(testAppID, "0"), "app_id=1&app_id=2", "%", `{"app_id":123456,"user_id":"7"}`, `{"user_id":1e999}`, "null"} {
		for _, contentType := range []string{"", formType, "application/json"} {
			f.Add(contentType, body)
		}
	}
	f.Fuzz(func(t *testing.T, contentType, body string) {
		h := h.in(t)
		r := unlinkHook("POST", body)
		r.Header.Set("Content-Type", contentType)
		res := h.send(r)
		if res.StatusCode == http.StatusOK && !strings.Contains(body, testAppID) {
			t.Errorf("%q as %q is accepted", body, contentType)
		}
		if res.StatusCode != http.StatusOK && decode(t, res)["error"] == nil {
			t.Errorf("%s without an error object", res.Status)
		}
	})
}
