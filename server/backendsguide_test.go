package server

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kakaowasm/kakaowasm/internal/guidetest"
	"github.com/kakaowasm/kakaowasm/server/internal/signing"
)

// The guides for back ends, whose code these tests run.
var backEndGuides = []string{"../docs/backends.md", "../docs/backends.ko.md"}

// Both guides show the same code, and the same values.
func TestGuidesForBackEndsShowTheSameCode(t *testing.T) {
	var blocks [2][]string
	for i, guide := range backEndGuides {
		text, err := os.ReadFile(guide)
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range regexp.MustCompile("(?s)```[a-z]+\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
			blocks[i] = append(blocks[i], block[1])
		}
		for name := range authHeaders {
			if !strings.Contains(string(text), "`"+name+"`") {
				t.Errorf("%s does not name %s", guide, name)
			}
		}
		for _, kind := range []string{notifyLogin, notifyRefreshFailed, notifyLogout, notifyUnlink} {
			if !strings.Contains(string(text), "| `"+kind+"` |") {
				t.Errorf("%s does not name the notification %s", guide, kind)
			}
		}
	}
	if diff := cmp.Diff(blocks[0], blocks[1]); diff != "" || len(blocks[0]) < 10 {
		t.Errorf("-English +Korean:\n%s", diff)
	}
}

// node runs a module in Node at the root of the repository, gives it a value as
// JSON, and returns what it prints.
func node(t *testing.T, code string, input any) string {
	t.Helper()
	program, err := exec.LookPath("node")
	if err != nil {
		t.Skipf("%v; install Node to test what the guides show for it", err)
	}
	if _, err := os.Stat("../node_modules/jose"); err != nil {
		t.Skipf("%v; install it with: npm ci", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	run := exec.CommandContext(ctx, program, "--input-type=module", "-e", "const input = "+encode(input)+";\n"+code)
	run.Dir = ".."
	out, err := run.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return strings.TrimSpace(string(out))
}

// withoutTail is a token with another end.
func withoutTail(token string) string { return token[:len(token)-8] + "AAAAAAAA" }

// What the guide shows for Express lets a user through by jose, and nobody else.
func TestSessionTokensAreVerifiedByJose(t *testing.T) {
	for _, alg := range []string{signing.RS256, signing.EdDSA} {
		t.Run(alg, func(t *testing.T) {
			site := newTokenSite(t, alg)
			token := site.token()
			shown := strings.ReplaceAll(guidetest.Code(t, backEndGuides[0], "node: requireUser"), "https://app.example.com/kakao", site.issuer)
			got := node(t, shown+`
const meet = async (authorization) => {
  const request = { headers: { authorization } };
  let status = 0;
  const response = { status: (s) => { status = s; return { json: () => {} }; } };
  await requireUser(request, response, () => { status = 200; });
  return [status, request.user?.id ?? null, request.user?.scope ?? null];
};
console.log(JSON.stringify([
  await meet('Bearer ' + input.token), await meet('Bearer ' + input.altered), await meet(undefined), await meet('Bearer x.y.z'),
]));
const real = Date.now;
globalThis.Date = class extends Date { constructor(...a) { super(...(a.length ? a : [real() + 301_000])); } static now() { return real() + 301_000; } };
console.log(JSON.stringify(await meet('Bearer ' + input.token)));
`, map[string]string{"token": token, "altered": withoutTail(token)})
			want := `[[200,"` + testUser + `",["profile_nickname","openid"]],[401,null,null],[401,null,null],[401,null,null]]` + "\n[401,null,null]"
			if got != want {
				t.Errorf("got %s, want %s", got, want)
			}
			elsewhere := strings.ReplaceAll(shown, testBackEnd, otherBackEnd)
			if got := node(t, elsewhere+`
const request = { headers: { authorization: 'Bearer ' + input } };
await requireUser(request, { status: (s) => ({ json: () => console.log(s) }) }, () => console.log('let through'));
`, token); got != "401" {
				t.Errorf("at another back end: got %s", got)
			}
		})
	}
}

// What the guide shows for GET /session knows the user by the session cookie among
// others.
func TestSessionIsAskedForAsTheGuideShows(t *testing.T) {
	site := newTokenSite(t, signing.EdDSA)
	site.token()
	shown := strings.ReplaceAll(guidetest.Code(t, backEndGuides[0], "node: session"), "http://127.0.0.1:8480/kakao", site.issuer)
	for cookies, want := range map[string]string{
		"theme=dark; " + site.cookies.Name + "=" + site.cookie + "; other=1": "true " + testUser,
		"theme=dark": "false undefined",
	} {
		got := node(t, "const request = { headers: { cookie: input } };\n"+shown+"\nconsole.log(authenticated, user_id);", cookies)
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// What the guide shows for pages asks for a token once, again when it nears its end,
// and knows that nobody is logged in.
func TestPageAsksForATokenAsTheGuideShows(t *testing.T) {
	site := newTokenSite(t, signing.EdDSA)
	site.token()
	got := node(t, `
const real = fetch;
let asked = 0, cookie = input.cookie, passed = 0;
const sent = [];
const now = Date.now;
Date.now = () => now() + passed;
globalThis.fetch = async (address, init) => {
  if (!address.startsWith('/kakao/')) { sent.push(address + new Headers(init.headers).get('authorization')); return new Response('{}'); }
  asked++;
  return real(input.origin + address, { ...init, headers: { ...init.headers, cookie } });
};
`+guidetest.Code(t, backEndGuides[0], "page: backEndToken")+`
const first = await backEndToken();
await ask('/orders');
const again = await backEndToken();
const soon = asked;
passed = 271_000;
const later = await backEndToken();
held.until = 0;
cookie = '';
console.log(first === again, soon, first !== later, asked, await backEndToken(), sent.join() === 'https://api.example.com/ordersBearer ' + first);
cookie = input.cookie;
globalThis.fetch = async () => new Response('{}', { status: 503 });
console.log(await backEndToken().catch((error) => error.message));
`, map[string]string{"origin": strings.TrimSuffix(site.issuer, "/kakao"), "cookie": site.cookies.Name + "=" + site.cookie})
	if want := "true 1 true 2 null true\nno token: 503"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// aNotification is a notification as a back end gets it over the network.
type aNotification struct {
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
}

// oneNotification is the first notification of a server.
func oneNotification(t *testing.T) aNotification {
	t.Helper()
	arrived := make(chan aNotification, 10)
	back := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		n := aNotification{Headers: map[string]string{}, Body: string(body)}
		for name := range r.Header {
			n.Headers[strings.ToLower(name)] = r.Header.Get(name)
		}
		arrived <- n
	}))
	t.Cleanup(back.Close)
	h := newHarness(t, func(c *Config) {
		kakaoOnly := c.HTTPClient.Transport
		c.HTTPClient = &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			if strings.HasPrefix(r.URL.String(), back.URL) {
				return http.DefaultTransport.RoundTrip(r)
			}
			return kakaoOnly.RoundTrip(r)
		})}
		c.NotifyURL, c.NotifySecrets = back.URL+"/hooks", []string{testNotifySecret}
	})
	t.Cleanup(http.DefaultTransport.(*http.Transport).CloseIdleConnections)
	h.login()
	select {
	case n := <-arrived:
		return n
	case <-time.After(time.Minute):
		t.Fatal("no notification has arrived")
		return aNotification{}
	}
}

// roundTripper is a function that carries requests.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// forgedNotifications are a notification and what must not be taken for one.
func forgedNotifications(n aNotification) map[string]aNotification {
	change := func(header, value string) aNotification {
		changed := aNotification{map[string]string{}, n.Body}
		for name, v := range n.Headers {
			changed.Headers[name] = v
		}
		changed.Headers[header] = value
		return changed
	}
	// Signed by the right secret, six minutes ago and in six minutes.
	at := func(d time.Duration) aNotification {
		timestamp := strconv.FormatInt(time.Now().Add(d).Unix(), 10)
		key, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(testNotifySecret, "whsec_"))
		mac := hmac.New(sha256.New, key)
		_, _ = fmt.Fprintf(mac, "%s.%s.%s", n.Headers["webhook-id"], timestamp, n.Body)
		changed := change("webhook-timestamp", timestamp)
		changed.Headers["webhook-signature"] = "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
		return changed
	}
	signature := n.Headers["webhook-signature"]
	return map[string]aNotification{
		"as it came":           n,
		"beside another":       change("webhook-signature", "v1,AAAA "+signature),
		"fresh":                at(-4 * time.Minute),
		"forged: old":          at(-6 * time.Minute),
		"forged: to come":      at(6 * time.Minute),
		"forged: body":         {n.Headers, strings.Replace(n.Body, testUser, "666", 1)},
		"forged: ID":           change("webhook-id", "msg_other"),
		"forged: time":         change("webhook-timestamp", "1"),
		"forged: no time":      change("webhook-timestamp", ""),
		"forged: no signature": change("webhook-signature", ""),
		"forged: another":      change("webhook-signature", "v1,"+strings.Repeat("A", 43)+"="),
	}
}

// expectVerdicts checks what a verifier says of each.
func expectVerdicts(t *testing.T, verifier string, said map[string]bool, of map[string]aNotification) {
	t.Helper()
	if len(said) != len(of) {
		t.Errorf("%s: %d verdicts of %d", verifier, len(said), len(of))
	}
	for name, good := range said {
		if good == strings.HasPrefix(name, "forged") {
			t.Errorf("%s: %s: taken for good: %v", verifier, name, good)
		}
	}
}

// What the guide shows for Node, and the library of Standard Webhooks, take what
// the server sends, and nothing else.
func TestNotificationsAreVerifiedInNode(t *testing.T) {
	sent := forgedNotifications(oneNotification(t))
	for verifier, code := range map[string]string{
		"the guide's": guidetest.Code(t, backEndGuides[0], "node: verify") + "\nconst good = (n) => verify(n.headers, n.body, input.secret) !== null;",
		"the library": "import { Webhook } from 'standardwebhooks';\nconst hook = new Webhook(input.secret);\nconst good = (n) => { try { hook.verify(n.body, n.headers); return true; } catch { return false; } };",
	} {
		var said map[string]bool
		out := node(t, code+`
console.log(JSON.stringify(Object.fromEntries(Object.entries(input.sent).map(([name, n]) => [name, good(n)]))));
`, map[string]any{"secret": testNotifySecret, "sent": sent})
		if err := json.Unmarshal([]byte(out), &said); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		expectVerdicts(t, verifier, said, sent)
	}
}

// goVerifier is what stands around the guide's verifier in Go.
const goVerifier = `package main

import (
	"encoding/json"
	"os"
)

%s

func main() {
	var input map[string]struct { Headers map[string]string; Body string }
	if err := json.NewDecoder(os.Stdin).Decode(&input); err != nil { panic(err) }
	said := map[string]bool{}
	for name, n := range input {
		h := http.Header{}
		for header, value := range n.Headers { h.Set(header, value) }
		said[name] = verify(h, []byte(n.Body), os.Args[1])
	}
	_ = json.NewEncoder(os.Stdout).Encode(said)
}
`

func TestNotificationsAreVerifiedInGo(t *testing.T) {
	code := guidetest.Code(t, backEndGuides[0], "go: verify")
	path := filepath.Join(t.TempDir(), "main.go")
	if err := os.WriteFile(path, fmt.Appendf(nil, goVerifier, code), 0o600); err != nil {
		t.Fatal(err)
	}
	sent := forgedNotifications(oneNotification(t))
	run := exec.CommandContext(t.Context(), "go", "run", path, testNotifySecret)
	run.Stdin = strings.NewReader(encode(sent))
	out, err := run.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var said map[string]bool
	if err := json.Unmarshal(out, &said); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	expectVerdicts(t, "the guide's", said, sent)
}
