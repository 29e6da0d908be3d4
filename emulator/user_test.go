package emulator_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kakaowasm/kakaowasm/emulator"
)

// withManyAddresses gives the user one default address, which is the oldest, and
// 24 others, of which address n was changed at second n.
func withManyAddresses(c *emulator.Config) {
	c.Apps[0].Scopes = []emulator.Scope{{ID: "shipping_address"}}
	c.Users[0].ShippingAddresses = nil
	for n := range int64(25) {
		c.Users[0].ShippingAddresses = append(c.Users[0].ShippingAddresses, emulator.ShippingAddress{
			ID: n + 1, IsDefault: n == 0, UpdatedAt: n + 1, Type: "NEW", Name: fmt.Sprint("곳 ", n+1),
		})
	}
}

func TestPagesOfShippingAddresses(t *testing.T) {
	p := start(t, withManyAddresses)
	token := p.tokens(haneul, "shipping_address").bearer()
	tests := []struct {
		name  string
		query url.Values
		want  []float64
	}{
		{"a first page has ten", nil, []float64{1, 25, 24, 23, 22, 21, 20, 19, 18, 17}},
		{"a page of two", url.Values{"page_size": {"2"}}, []float64{1, 25}},
		{"from the beginning", url.Values{"page_size": {"2"}, "from_updated_at": {"0"}}, []float64{1, 25}},
		{"the next page", url.Values{"page_size": {"3"}, "from_updated_at": {"25"}}, []float64{24, 23, 22}},
		{"the last page", url.Values{"from_updated_at": {"4"}}, []float64{3, 2}},
		{"beyond the last", url.Values{"from_updated_at": {"2"}}, nil},
		{"one address", url.Values{"address_id": {"7"}}, []float64{7}},
		{"an address of nobody", url.Values{"address_id": {"99"}}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := p.call(http.MethodGet, "/v1/user/shipping_address", token, tt.query)
			var ids []float64
			list, _ := got.body["shipping_addresses"].([]any)
			for _, element := range list {
				ids = append(ids, element.(map[string]any)["id"].(float64))
			}
			if diff := cmp.Diff(tt.want, ids); diff != "" {
				t.Errorf("%s\n%s", diff, got.raw)
			}
		})
	}
	wantAPIRefusal(t, p.call(http.MethodGet, "/v1/user/shipping_address", token, url.Values{"page_size": {"1"}}), http.StatusBadRequest, -2, "page_size")
}

func TestShippingAddressesThatCannotBeRead(t *testing.T) {
	tests := []struct {
		name, user string
		want       bool // needs_agreement
	}{
		{"the user has not agreed", haneul, true},
		{"the user has none", dohyun, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := start(t, withManyAddresses)
			got := p.call(http.MethodGet, "/v1/user/shipping_address", p.tokens(tt.user).bearer(), nil)
			want := map[string]any{"user_id": got.body["user_id"], "shipping_addresses_needs_agreement": tt.want}
			if diff := cmp.Diff(want, got.body); diff != "" {
				t.Error(diff)
			}
		})
	}
	p := start(t, func(c *emulator.Config) { c.Apps[0].Scopes = []emulator.Scope{{ID: "account_email"}} })
	wantAPIRefusal(t, p.call(http.MethodGet, "/v1/user/shipping_address", p.tokens(haneul).bearer(), nil), http.StatusForbidden, -3, "App disabled [shipping_address]")
}

func TestTheListOfUsersIsReadPageByPage(t *testing.T) {
	p := start(t)
	for _, user := range []string{haneul, dohyun, "4210000003", onyu} {
		p.tokens(user)
	}
	admin := "KakaoAK " + emulator.DemoAdminKey
	for order, want := range map[string][]float64{
		"asc":  {4210000001, 4210000002, 4210000003, 4210000004},
		"desc": {4210000004, 4210000003, 4210000002, 4210000001},
	} {
		path, seen := "/v1/user/ids?limit=2&order="+order, []float64{}
		for path != "" {
			page := p.call(http.MethodGet, path, admin, nil)
			list, _ := page.body["elements"].([]any)
			for _, id := range list {
				if len(seen) == 0 || seen[len(seen)-1] != id { // pages overlap by one
					seen = append(seen, id.(float64))
				}
			}
			next := page.text("after_url")
			path = strings.TrimPrefix(next, p.url)
		}
		if diff := cmp.Diff(want, seen); diff != "" {
			t.Errorf("%s: %s", order, diff)
		}
	}
	for query, want := range map[string][]any{
		"from_id=4210000003":            {4210000003.0, 4210000004.0},
		"from_id=1&limit=1":             {4210000001.0},
		"from_id=9999999999":            {},
		"from_id=4210000003&order=desc": {4210000003.0, 4210000002.0, 4210000001.0},
	} {
		if got := p.call(http.MethodGet, "/v1/user/ids?"+query, admin, nil); !cmp.Equal(want, got.body["elements"]) {
			t.Errorf("%s: %s", query, got.raw)
		}
	}
}

func TestSeveralUsersAtOnce(t *testing.T) {
	p := start(t)
	p.tokens(haneul, "account_email")
	ask := func(ids, keys string) answer {
		form := url.Values{"target_id_type": {"user_id"}, "target_ids": {ids}}
		if keys != "" {
			form.Set("property_keys", keys)
		}
		return p.call(http.MethodGet, "/v2/app/users", "KakaoAK "+emulator.DemoAdminKey, form)
	}
	many := func(n int) string { return "[" + strings.TrimSuffix(strings.Repeat(haneul+",", n), ",") + "]" }
	if got := ask("["+dohyun+",1]", ""); got.status != http.StatusOK || strings.TrimSpace(got.raw) != "[]" {
		t.Errorf("users who are not linked: %d %s", got.status, got.raw)
	}
	if got := ask(many(100), ""); got.status != http.StatusOK {
		t.Errorf("100 users: %d %s", got.status, got.raw)
	}
	if got := ask(many(20), `["kakao_account."]`); got.status != http.StatusOK || !strings.Contains(got.raw, "haneul@example.com") {
		t.Errorf("20 users with what they agreed to: %d %s", got.status, got.raw)
	}
	wantAPIRefusal(t, ask(many(101), ""), http.StatusBadRequest, -2, "target_ids")
	wantAPIRefusal(t, ask(many(21), `["kakao_account."]`), http.StatusBadRequest, -2, "at most 20")
	wantAPIRefusal(t, ask("["+haneul+"]", `["properties.shoe"]`), http.StatusBadRequest, -201, "properties.shoe")
	wantAPIRefusal(t, ask("["+haneul+".5]", ""), http.StatusBadRequest, -2, "target_ids")
}

func TestUnknownUserPropertiesAreNotStored(t *testing.T) {
	p := start(t, func(c *emulator.Config) { c.Apps[0].UserProperties = []string{"clothing_size"} })
	token := p.tokens(haneul).bearer()
	store := func(properties string) answer {
		return p.call(http.MethodPost, "/v1/user/update_profile", token, url.Values{"properties": {properties}})
	}
	wantAPIRefusal(t, store(`{"clothing_size":"small","nickname":"x","age":"9"}`), http.StatusBadRequest, -201, "([age, nickname] for appId=100001)")
	if me := p.call(http.MethodGet, pathMe, token, nil); strings.Contains(me.raw, "small") {
		t.Errorf("a refused request stored something: %s", me.raw)
	}
}

func TestAnAddressThatAnotherAccountTookOver(t *testing.T) {
	p := start(t, func(c *emulator.Config) { c.Users[0].EmailInvalid, c.Users[1].EmailUnverified = true, true })
	tests := []struct {
		user            string
		valid, verified bool
		inIDToken       bool
	}{{haneul, false, true, false}, {dohyun, true, false, true}}
	for _, tt := range tests {
		got := p.tokens(tt.user, "account_email")
		account, _ := p.call(http.MethodGet, pathMe, got.bearer(), nil).body["kakao_account"].(map[string]any)
		if account["is_email_valid"] != tt.valid || account["is_email_verified"] != tt.verified {
			t.Errorf("got %v", account)
		}
		if info := p.call(http.MethodGet, "/v1/oidc/userinfo", got.bearer(), nil); info.body["email_verified"] != false {
			t.Errorf("got %s", info.raw)
		}
		if _, has := verifyIDToken(t, p, got.text("id_token"))["email"]; has != tt.inIDToken {
			t.Errorf("the address is in the ID token: %t", has)
		}
	}
}

func TestIDTokensThatTheDebuggingCallRefuses(t *testing.T) {
	p := start(t)
	info := func(token, host string) answer {
		return p.call(http.MethodPost, "/oauth/tokeninfo", "", url.Values{"id_token": {token}}, "Host", orOwn(host, p))
	}
	good := p.tokens(haneul).text("id_token")
	if got := info(good, ""); got.status != http.StatusOK || got.text("sub") != haneul {
		t.Errorf("got %d %s", got.status, got.raw)
	}
	wantRefusal(t, info("", ""), http.StatusBadRequest, "invalid_token", "KOE400")
	wantRefusal(t, info(good, "kauth.kakao.com"), http.StatusBadRequest, "invalid_token", "KOE401")
	p.inject(emulator.Fault{Path: "/oauth/token", WrongSignature: true, Times: 1})
	forged := p.tokens(haneul).text("id_token")
	wantRefusal(t, info(forged, ""), http.StatusBadRequest, "invalid_token", "KOE402")
	p.clock.Advance(12 * time.Hour)
	wantRefusal(t, info(good, ""), http.StatusBadRequest, "invalid_token", "KOE403")
	fresh := p.tokens(haneul).text("id_token")
	if err := p.RotateKeys(true); err != nil {
		t.Fatal(err)
	}
	wantRefusal(t, info(fresh, ""), http.StatusBadRequest, "invalid_token", "KOE402")
}
