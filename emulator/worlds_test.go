package emulator_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kakaowasm/kakaowasm/emulator"
)

// worldAnswer is a world as the console tells it.
type worldAnswer struct {
	Name       string `json:"name"`
	Origin     string `json:"origin"`
	PortOrigin string `json:"port_origin"`
	HostOrigin string `json:"host_origin"`
}

// call sends a JSON request to a host; "" is that of the address.
func call(t *testing.T, method, address, host, body string) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Host = host
	response, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	got := answer{status: response.StatusCode, header: response.Header, raw: string(raw)}
	_ = json.Unmarshal(raw, &got.body)
	return got
}

// logInAt follows a login at a platform by its automatic login, and returns the
// answer to the exchange.
func logInAt(t *testing.T, client *http.Client, origin string) answer {
	t.Helper()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	response, err := client.Get(origin + "/oauth/authorize?" + url.Values{
		"response_type": {"code"}, "client_id": {emulator.DemoRESTAPIKey}, "redirect_uri": {callback}, "scope": {"openid,profile_nickname"},
	}.Encode())
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	back, err := response.Location()
	if err != nil {
		t.Fatalf("no redirect: %d", response.StatusCode)
	}
	got, err := client.PostForm(origin+"/oauth/token", url.Values{
		"grant_type": {"authorization_code"}, "client_id": {emulator.DemoRESTAPIKey}, "client_secret": {emulator.DemoClientSecret},
		"redirect_uri": {callback}, "code": {back.Query().Get("code")},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	raw, _ := io.ReadAll(got.Body)
	a := answer{status: got.StatusCode, header: got.Header, raw: string(raw)}
	_ = json.Unmarshal(raw, &a.body)
	return a
}

// startWorlds is a platform whose app redirects to callback.
func startWorlds(t *testing.T) *emulator.Platform {
	return emulator.Start(t, func(c *emulator.Config) { c.Apps[0].RedirectURIs = []string{callback} })
}

func TestWorldsAreMadeByTheConsoleAndReachedByPortAndName(t *testing.T) {
	p := startWorlds(t)
	api := p.URL + "/console/api/"
	made := read[worldAnswer](t, call(t, http.MethodPost, api+"worlds", "", `{"name":"shop-1"}`))
	port := strings.TrimPrefix(p.URL, "http://127.0.0.1:")
	if made.Name != "shop-1" || made.HostOrigin != "http://shop-1.localhost:"+port ||
		made.Origin != made.PortOrigin || !strings.HasPrefix(made.PortOrigin, "http://127.0.0.1:") || made.PortOrigin == p.URL {
		t.Fatalf("got %+v", made)
	}

	call(t, http.MethodPost, made.Origin+"/console/api/users", "", `{"id":77,"nickname":"only here"}`)
	for name, at := range map[string]struct {
		origin, host string
		users        int
		issuer       string
	}{
		"by its port":         {made.Origin, "", 5, made.Origin},
		"by its name":         {p.URL, "shop-1.localhost:" + port, 5, made.HostOrigin},
		"by name at its port": {made.Origin, "shop-1.localhost:1", 5, "http://shop-1.localhost:1"},
		"the default world":   {p.URL, "", 4, p.URL},
	} {
		users := read[[]emulator.User](t, call(t, http.MethodGet, at.origin+"/console/api/users", at.host, ""))
		if len(users) != at.users {
			t.Errorf("%s: %d users, want %d", name, len(users), at.users)
		}
		if got := call(t, http.MethodGet, at.origin+"/.well-known/openid-configuration", at.host, "").text("issuer"); got != at.issuer {
			t.Errorf("%s: issuer %q, want %q", name, got, at.issuer)
		}
	}

	for _, host := range []string{"shop-2.localhost:" + port, "x.shop-1.localhost", "shop-1.evil.example", "evil.example"} {
		for _, path := range []string{"/", "/console", "/console/api/worlds", "/oauth/authorize", "/v2/user/me", "/nothing"} {
			if got := call(t, http.MethodGet, p.URL+path, host, ""); got.status != http.StatusNotFound {
				t.Errorf("%s at %s: %d, want 404", path, host, got.status)
			}
		}
	}
	if got := call(t, http.MethodGet, made.Origin+"/v2/user/me", "shop-2.localhost", ""); got.status != http.StatusNotFound {
		t.Errorf("another world's name at the port of this one: %d, want 404", got.status)
	}

	var names []string
	for _, w := range read[[]worldAnswer](t, call(t, http.MethodGet, api+"worlds", "", "")) {
		names = append(names, w.Name)
	}
	if !slices.Equal(names, []string{"default", "shop-1"}) {
		t.Errorf("worlds %v", names)
	}
	if got := call(t, http.MethodDelete, api+"worlds/shop-1", "", ""); got.status != http.StatusNoContent {
		t.Errorf("%d %s", got.status, got.raw)
	}
	if got := call(t, http.MethodGet, p.URL+"/", "shop-1.localhost", ""); got.status != http.StatusNotFound {
		t.Errorf("the name of a world that is gone: %d", got.status)
	}
	if _, err := http.Get(made.Origin); err == nil {
		t.Error("the port of a world that is gone answers")
	}
}

func TestWorldsThatCannotBe(t *testing.T) {
	p := startWorlds(t)
	api := p.URL + "/console/api/worlds"
	call(t, http.MethodPost, api, "", `{"name":"taken"}`)
	for name, tt := range map[string]struct {
		method, path, body string
		status             int
		says               []string
	}{
		"no name":           {http.MethodPost, "", `{}`, 422, []string{`"place":"name"`}},
		"a name of two":     {http.MethodPost, "", `{"name":"a.b"}`, 422, []string{`a.b`}},
		"a name with -":     {http.MethodPost, "", `{"name":"-a"}`, 422, []string{`-a`}},
		"a long name":       {http.MethodPost, "", `{"name":"` + strings.Repeat("a", 64) + `"}`, 422, []string{`"name"`}},
		"a name twice":      {http.MethodPost, "", `{"name":"taken"}`, 409, nil},
		"the default one":   {http.MethodPost, "", `{"name":"default"}`, 409, nil},
		"a wrong seed":      {http.MethodPost, "", `{"name":"b","seed":{"apps":[],"users":[{"id":1}],"auto_login":2}}`, 422, []string{`"place":"seed.users[0].nickname"`, `"place":"seed.auto_login"`}},
		"end the default":   {http.MethodDelete, "/default", ``, 409, nil},
		"end what is not":   {http.MethodDelete, "/b", ``, 404, nil},
		"look at what isnt": {http.MethodGet, "/b", ``, 404, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := call(t, tt.method, api+tt.path, "", tt.body)
			if got.status != tt.status {
				t.Errorf("%d %s, want %d", got.status, got.raw, tt.status)
			}
			for _, text := range tt.says {
				if !strings.Contains(got.raw, text) {
					t.Errorf("%s does not say %s", got.raw, text)
				}
			}
		})
	}
	if worlds := read[[]worldAnswer](t, call(t, http.MethodGet, api, "", "")); len(worlds) != 2 {
		t.Errorf("there are %+v", worlds)
	}
}

func TestOneBrowserIsLoggedInAtManyWorlds(t *testing.T) {
	p := startWorlds(t)
	a, b := p.World(t, "a"), p.World(t, "b")
	a.LogInAs(4210000001)
	b.LogInAs(4210000002)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	for _, world := range []*emulator.Platform{p.World(t, "c"), a, b} {
		if err := world.AutoLogin(map[string]int64{"a": 4210000001, "b": 4210000002, "c": 4210000003}[world.Name()]); err != nil {
			t.Fatal(err)
		}
		if got := logInAt(t, client, world.URL); got.status != http.StatusOK {
			t.Errorf("%s: %d %s", world.Name(), got.status, got.raw)
		}
	}
	origin, err := url.Parse(a.URL + "/oauth/")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, cookie := range jar.Cookies(origin) {
		names = append(names, cookie.Name)
	}
	slices.Sort(names)
	want := []string{"kakao_emulator_session_a", "kakao_emulator_session_b", "kakao_emulator_session_c"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Error(diff)
	}
}

func TestWorldsShareNothing(t *testing.T) {
	p := startWorlds(t)
	p.LogInAs(4210000001)
	other := p.World(t, "other", func(s *emulator.Seed) { s.Users = []emulator.User{{ID: 1, Nickname: "alone"}} })
	other.Clock().Advance(48 * time.Hour)
	if _, err := other.Inject(emulator.Fault{Path: "/v2/*", Status: 503}); err != nil {
		t.Fatal(err)
	}
	got := logInAt(t, &http.Client{}, p.URL)
	if got.status != http.StatusOK {
		t.Fatalf("%d %s", got.status, got.raw)
	}
	if len(other.Calls("")) != 0 || len(p.Faults()) != 0 || len(p.Config().Users) != 4 {
		t.Errorf("calls %v, faults %v, users %d", other.Calls(""), p.Faults(), len(p.Config().Users))
	}
	if ahead := time.Until(p.Clock().Now()); ahead > time.Minute {
		t.Errorf("the clock is %v ahead", ahead)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, other.URL+"/v2/user/me", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+got.text("access_token"))
	other.ClearFaults()
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusUnauthorized {
		t.Errorf("a token of another world: %d, want 401", response.StatusCode)
	}
}

func TestWorldIsMadeOnceAndEndsWithTheEmulator(t *testing.T) {
	e, err := emulator.New(emulator.Default("http://127.0.0.1:8481"))
	if err != nil {
		t.Fatal(err)
	}
	first, err := e.World("w")
	if err != nil {
		t.Fatal(err)
	}
	again, err := e.World("w")
	if err != nil || again != first || first.Origin() != "http://w.localhost:8481" {
		t.Errorf("got %p, %v, want %p; origin %s", again, err, first, first.Origin())
	}
	if found, err := e.World(emulator.DefaultWorld); err != nil || found.Name() != emulator.DefaultWorld {
		t.Errorf("got %v, %v", found, err)
	}
	if err := e.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := e.World("w"); !errors.Is(err, emulator.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}
