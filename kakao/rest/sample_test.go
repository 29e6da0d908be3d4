package rest_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kakaowasm/kakaowasm/kakao/rest"
)

const (
	kauth = "https://kauth.kakao.com"
	kapi  = "https://kapi.kakao.com"
)

// samples are the requests and answers of the reference with other values: each
// request must look like this, and each member of the answer must arrive.
var samples = []struct {
	name    string // also that of the file with the answer, before the first comma
	request received
	call    func(context.Context, *rest.Client) (any, error)
}{
	{"exchange", post(kauth+"/oauth/token", "", "grant_type", "authorization_code", "client_id", appKey, "client_secret", clientSecret, "redirect_uri", "https://app.example.com/cb", "code", "code-1", "code_verifier", "verifier-1"), func(ctx context.Context, c *rest.Client) (any, error) {
		return app(c).Exchange(ctx, rest.ExchangeRequest{RedirectURI: "https://app.example.com/cb", Code: "code-1", CodeVerifier: "verifier-1"})
	}},
	{"exchange_openid", post(kauth+"/oauth/token", "", "grant_type", "authorization_code", "client_id", appKey, "redirect_uri", "https://app.example.com/cb", "code", "code-1"), func(ctx context.Context, c *rest.Client) (any, error) {
		return c.AsApp(rest.App{Key: appKey}).Exchange(ctx, rest.ExchangeRequest{RedirectURI: "https://app.example.com/cb", Code: "code-1"})
	}},
	{"refresh", post(kauth+"/oauth/token", "", "grant_type", "refresh_token", "client_id", appKey, "client_secret", clientSecret, "refresh_token", "refresh-1"), func(ctx context.Context, c *rest.Client) (any, error) {
		return app(c).Refresh(ctx, rest.RefreshRequest{RefreshToken: rest.NewRefreshToken("refresh-1")})
	}},
	{"refresh_openid", post(kauth+"/oauth/token", "", "grant_type", "refresh_token", "client_id", appKey, "refresh_token", "refresh-1"), func(ctx context.Context, c *rest.Client) (any, error) {
		return c.AsApp(rest.App{Key: appKey}).Refresh(ctx, rest.RefreshRequest{RefreshToken: rest.NewRefreshToken("refresh-1")})
	}},
	{"poll_code", get(kauth+"/apiweb/code.json", "", "client_id", appKey, "auth_tran_id", "tran-1", "ka", "sdk/1"), func(ctx context.Context, c *rest.Client) (any, error) {
		return c.AsApp(rest.App{Key: appKey}).PollCode(ctx, rest.PollRequest{TransactionID: "tran-1", Agent: "sdk/1"})
	}},
	{"poll_waiting", get(kauth+"/apiweb/code.json", "", "client_id", appKey, "auth_tran_id", "tran-1"), poll},
	{"poll_refused", get(kauth+"/apiweb/code.json", "", "client_id", appKey, "auth_tran_id", "tran-1"), poll},
	{"user_id, logout by token", post(kapi+"/v1/user/logout", "Bearer "+accessToken), func(ctx context.Context, c *rest.Client) (any, error) {
		return user(c).Logout(ctx)
	}},
	{"user_id, logout by admin key", post(kapi+"/v1/user/logout", "KakaoAK "+adminKey, "target_id_type", "user_id", "target_id", "4210000001"), func(ctx context.Context, c *rest.Client) (any, error) {
		return admin(c).For(userID).Logout(ctx)
	}},
	{"user_id, unlink by token", post(kapi+"/v1/user/unlink", "Bearer "+accessToken), func(ctx context.Context, c *rest.Client) (any, error) {
		return user(c).Unlink(ctx)
	}},
	{"user_id, unlink by admin key", post(kapi+"/v1/user/unlink", "KakaoAK "+adminKey, "target_id_type", "user_id", "target_id", "4210000001"), func(ctx context.Context, c *rest.Client) (any, error) {
		return admin(c).For(userID).Unlink(ctx)
	}},
	{"access_token_info", get(kapi+"/v1/user/access_token_info", "Bearer "+accessToken), func(ctx context.Context, c *rest.Client) (any, error) {
		return user(c).TokenInfo(ctx)
	}},
	{"me", get(kapi+"/v2/user/me", "Bearer "+accessToken), func(ctx context.Context, c *rest.Client) (any, error) {
		return user(c).Me(ctx, rest.MeRequest{})
	}},
	{"me_every_member", get(kapi+"/v2/user/me", "Bearer "+accessToken, "secure_resource", "true"), func(ctx context.Context, c *rest.Client) (any, error) {
		return user(c).Me(ctx, rest.MeRequest{SecureResource: true})
	}},
	{"me_narrowed, POST by token", post(kapi+"/v2/user/me", "Bearer "+accessToken, "property_keys", `["kakao_account.email"]`), func(ctx context.Context, c *rest.Client) (any, error) {
		return user(c).Me(ctx, rest.MeRequest{PropertyKeys: []string{"kakao_account.email"}, Post: true})
	}},
	{"me_narrowed, POST by admin key", post(kapi+"/v2/user/me", "KakaoAK "+adminKey, "target_id_type", "user_id", "target_id", "4210000001", "property_keys", `["kakao_account.email"]`), func(ctx context.Context, c *rest.Client) (any, error) {
		return admin(c).For(userID).Me(ctx, rest.MeRequest{PropertyKeys: []string{"kakao_account.email"}, Post: true})
	}},
	{"user_id, update_profile", post(kapi+"/v1/user/update_profile", "Bearer "+accessToken, "properties", `{"clothing_size":"small"}`), func(ctx context.Context, c *rest.Client) (any, error) {
		return user(c).UpdateProfile(ctx, rest.UpdateProfileRequest{Properties: map[string]string{"clothing_size": "small"}})
	}},
	{"signup", post(kapi+"/v1/user/signup", "Bearer "+accessToken), func(ctx context.Context, c *rest.Client) (any, error) {
		return user(c).Signup(ctx, rest.SignupRequest{})
	}},
	{"signup, with properties", post(kapi+"/v1/user/signup", "Bearer "+accessToken, "properties", `{"clothing_size":"small"}`), func(ctx context.Context, c *rest.Client) (any, error) {
		return user(c).Signup(ctx, rest.SignupRequest{Properties: map[string]string{"clothing_size": "small"}})
	}},
	{"user_ids", get(kapi+"/v1/user/ids", "KakaoAK "+adminKey, "limit", "3", "order", "asc", "from_id", "12345"), func(ctx context.Context, c *rest.Client) (any, error) {
		return admin(c).UserIDs(ctx, rest.UserIDsRequest{Limit: 3, Order: rest.Ascending, FromID: 12345})
	}},
	{"user_ids_with_total", get(kapi+"/v1/user/ids", "KakaoAK "+adminKey), func(ctx context.Context, c *rest.Client) (any, error) {
		return admin(c).UserIDs(ctx, rest.UserIDsRequest{})
	}},
	{"app_users", get(kapi+"/v2/app/users", "KakaoAK "+adminKey, "target_id_type", "user_id", "target_ids", "[4210000001,4210000002]"), appUsers()},
	{"app_users_as_the_table_says", get(kapi+"/v2/app/users", "KakaoAK "+adminKey, "target_id_type", "user_id", "target_ids", "[4210000001,4210000002]"), appUsers()},
	{"app_users_detailed", get(kapi+"/v2/app/users", "KakaoAK "+adminKey, "target_id_type", "user_id", "target_ids", "[4210000001,4210000002]", "property_keys", `["kakao_account.","properties."]`), appUsers("kakao_account.", "properties.")},
	{"shipping_address, by token", get(kapi+"/v1/user/shipping_address", "Bearer "+accessToken, "address_id", "319", "from_updated_at", "1700000200", "page_size", "2"), func(ctx context.Context, c *rest.Client) (any, error) {
		return user(c).ShippingAddresses(ctx, rest.ShippingAddressesRequest{AddressID: 319, FromUpdatedAt: 1700000200, PageSize: 2})
	}},
	{"shipping_address, by admin key", get(kapi+"/v1/user/shipping_address", "KakaoAK "+adminKey, "target_id_type", "user_id", "target_id", "4210000001"), func(ctx context.Context, c *rest.Client) (any, error) {
		return admin(c).For(userID).ShippingAddresses(ctx, rest.ShippingAddressesRequest{})
	}},
	{"scopes", get(kapi+"/v2/user/scopes", "KakaoAK "+adminKey, "target_id_type", "user_id", "target_id", "4210000001"), func(ctx context.Context, c *rest.Client) (any, error) {
		return admin(c).For(userID).Scopes(ctx, rest.ScopesRequest{})
	}},
	{"scopes_chosen", get(kapi+"/v2/user/scopes", "Bearer "+accessToken, "scopes", `["account_email","friends"]`), func(ctx context.Context, c *rest.Client) (any, error) {
		return user(c).Scopes(ctx, rest.ScopesRequest{Scopes: []string{"account_email", "friends"}})
	}},
	{"revoke_scopes", post(kapi+"/v2/user/revoke/scopes", "Bearer "+accessToken, "scopes", `["account_email"]`), func(ctx context.Context, c *rest.Client) (any, error) {
		return user(c).RevokeScopes(ctx, rest.RevokeScopesRequest{Scopes: []string{"account_email"}})
	}},
	{"service_terms", get(kapi+"/v2/user/service_terms", "Bearer "+accessToken), func(ctx context.Context, c *rest.Client) (any, error) {
		return user(c).ServiceTerms(ctx, rest.ServiceTermsRequest{})
	}},
	{"service_terms_of_the_app", get(kapi+"/v2/user/service_terms", "Bearer "+accessToken, "result", "app_service_terms"), func(ctx context.Context, c *rest.Client) (any, error) {
		return user(c).ServiceTerms(ctx, rest.ServiceTermsRequest{Result: rest.AppServiceTerms})
	}},
	{"service_terms_chosen", get(kapi+"/v2/user/service_terms", "KakaoAK "+adminKey, "target_id_type", "user_id", "target_id", "4210000001", "tags", "gifts_2024,service_2024"), func(ctx context.Context, c *rest.Client) (any, error) {
		return admin(c).For(userID).ServiceTerms(ctx, rest.ServiceTermsRequest{Tags: []string{"gifts_2024", "service_2024"}})
	}},
	{"revoke_service_terms", post(kapi+"/v2/user/revoke/service_terms", "Bearer "+accessToken, "tags", "news_2024,gifts_2024"), func(ctx context.Context, c *rest.Client) (any, error) {
		return user(c).RevokeServiceTerms(ctx, rest.RevokeServiceTermsRequest{Tags: []string{"news_2024", "gifts_2024"}})
	}},
	{"upgrade_service_terms", post(kapi+"/v2/user/upgrade/service_terms", "Bearer "+accessToken, "tags", "term01,term02,term03"), func(ctx context.Context, c *rest.Client) (any, error) {
		return user(c).UpgradeServiceTerms(ctx, rest.UpgradeServiceTermsRequest{Tags: []string{"term01", "term02", "term03"}})
	}},
	{"upgrade_service_terms_bare", post(kapi+"/v2/user/upgrade/service_terms", "KakaoAK "+adminKey, "target_id_type", "user_id", "target_id", "4210000001", "tags", "term02"), func(ctx context.Context, c *rest.Client) (any, error) {
		return admin(c).For(userID).UpgradeServiceTerms(ctx, rest.UpgradeServiceTermsRequest{Tags: []string{"term02"}})
	}},
	{"service_terms_v1", get(kapi+"/v1/user/service/terms", "Bearer "+accessToken, "extra", "app_service_terms"), func(ctx context.Context, c *rest.Client) (any, error) {
		return user(c).ServiceTermsV1(ctx, rest.ServiceTermsV1Request{Extra: rest.AppServiceTerms})
	}},
	{"discovery", get(kauth+"/.well-known/openid-configuration", ""), func(ctx context.Context, c *rest.Client) (any, error) {
		return c.Discovery(ctx)
	}},
	{"jwks", get(kauth+"/.well-known/jwks.json", ""), func(ctx context.Context, c *rest.Client) (any, error) { return c.JWKS(ctx) }},
	{"userinfo", get(kapi+"/v1/oidc/userinfo", "Bearer "+accessToken), func(ctx context.Context, c *rest.Client) (any, error) {
		return user(c).UserInfo(ctx)
	}},
	{"id_token_info", post(kauth+"/oauth/tokeninfo", "", "id_token", "head.body.signature"), func(ctx context.Context, c *rest.Client) (any, error) {
		return c.IDTokenInfo(ctx, rest.IDTokenInfoRequest{IDToken: rest.NewIDToken("head.body.signature")})
	}},
}

func poll(ctx context.Context, c *rest.Client) (any, error) {
	return c.AsApp(rest.App{Key: appKey}).PollCode(ctx, rest.PollRequest{TransactionID: "tran-1"})
}

func appUsers(keys ...string) func(context.Context, *rest.Client) (any, error) {
	return func(ctx context.Context, c *rest.Client) (any, error) {
		return admin(c).AppUsers(ctx, rest.AppUsersRequest{TargetIDs: []int64{4210000001, 4210000002}, PropertyKeys: keys})
	}
}

func get(address, auth string, pairs ...string) received {
	params := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		params.Set(pairs[i], pairs[i+1])
	}
	return received{method: http.MethodGet, url: address, auth: auth, params: params}
}

func post(address, auth string, pairs ...string) received {
	r := get(address, auth, pairs...)
	r.method, r.contentType = http.MethodPost, "application/x-www-form-urlencoded;charset=utf-8"
	return r
}

func TestSamplesOfTheReference(t *testing.T) {
	for _, s := range samples {
		t.Run(s.name, func(t *testing.T) {
			file, _, _ := strings.Cut(s.name, ",")
			text := sample(t, file)
			kakao := answering(http.StatusOK, text)
			answer, err := s.call(t.Context(), kakao.client(t))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]received{s.request}, kakao.requests, cmp.AllowUnexported(received{})); diff != "" {
				t.Errorf("request (-want +got):\n%s", diff)
			}
			decoder := json.NewDecoder(strings.NewReader(text))
			decoder.UseNumber()
			var want any
			if err := decoder.Decode(&want); err != nil {
				t.Fatal(err)
			}
			if list, bare := want.([]any); bare {
				want = map[string]any{"elements": list}
			}
			wantValue(t, file, want, reflect.ValueOf(answer))
		})
	}
}

// wantValue checks that each member of a JSON value arrived in a member of a
// struct, and that Raw holds none of them.
func wantValue(t *testing.T, path string, want any, got reflect.Value) {
	t.Helper()
	switch want := want.(type) {
	case map[string]any:
		if got.Kind() == reflect.Map {
			wantMap(t, path, want, got)
			return
		}
		if raw := got.FieldByName("Raw"); !raw.IsNil() {
			t.Errorf("%s: Raw holds %v", path, raw)
		}
		for name, value := range want {
			member, ok := memberOf(got, name)
			if !ok {
				t.Errorf("%s.%s: no member of %s", path, name, got.Type())
				continue
			}
			wantValue(t, path+"."+name, value, member)
		}
	case []any:
		if got.Len() != len(want) {
			t.Fatalf("%s: %d items, want %d", path, got.Len(), len(want))
		}
		for i, value := range want {
			wantValue(t, path+"["+strconv.Itoa(i)+"]", value, got.Index(i))
		}
	default:
		wantText(t, path, want, got)
	}
}

func wantMap(t *testing.T, path string, want map[string]any, got reflect.Value) {
	t.Helper()
	if got.Len() != len(want) {
		t.Errorf("%s: %v, want %v", path, got, want)
	}
	for key, value := range want {
		wantValue(t, path+"."+key, value, got.MapIndex(reflect.ValueOf(key)))
	}
}

// wantText compares a value that is neither object nor array.
func wantText(t *testing.T, path string, want any, got reflect.Value) {
	t.Helper()
	if got.Kind() == reflect.Pointer {
		got = got.Elem()
	}
	text := got.Interface()
	switch value := got.Interface().(type) {
	case time.Time:
		text = value.Format(time.RFC3339)
	case interface{ Reveal() string }:
		text = value.Reveal()
	case rest.PageURL:
		text = string(value)
		if address, ok := want.(string); ok {
			want = withoutKey(t, address)
		} else {
			want = ""
		}
	}
	switch {
	case got.CanInt():
		text = json.Number(strconv.FormatInt(got.Int(), 10))
	case got.Kind() == reflect.String:
		text = got.String()
	}
	if text != want {
		t.Errorf("%s: got %v, want %v", path, text, want)
	}
}

func withoutKey(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	query.Del("app_key")
	u.RawQuery = query.Encode()
	return u.String()
}

func memberOf(v reflect.Value, name string) (reflect.Value, bool) {
	for field, member := range v.Fields() {
		if field.Tag.Get("json") == name {
			return member, true
		}
	}
	return reflect.Value{}, false
}

func TestEverySampleFileIsUsed(t *testing.T) {
	used := map[string]bool{}
	for _, s := range samples {
		file, _, _ := strings.Cut(s.name, ",")
		used[file+".json"] = true
	}
	for _, r := range refusals {
		used[r.file+".json"] = true
	}
	files, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !f.IsDir() && !used[f.Name()] {
			t.Errorf("testdata/%s is used by no test", f.Name())
		}
	}
}
