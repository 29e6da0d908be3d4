package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/server"
	"github.com/kakaowasm/kakaowasm/server/store"
	memorystore "github.com/kakaowasm/kakaowasm/server/store/memory"
)

// shop is an origin of pages that the running servers of these tests allow.
const shop = "https://shop.example.com"

// site is a running server and what is different about it, or about the doctor.
type site struct {
	https  bool
	server func(*server.Config)
	// front is what stands in front of the server.
	front  func(http.Handler) http.Handler
	config func(*Config)
}

// run starts the site and returns the configuration that its doctor has.
func (s site) run(t *testing.T) Config {
	t.Helper()
	web := httptest.NewUnstartedServer(nil)
	scheme := "http://"
	if s.https {
		scheme = "https://"
	}
	public := scheme + web.Listener.Addr().String() + "/kakao"
	cfg := server.Config{
		PublicURL: public, RESTAPIKey: emulator.DemoRESTAPIKey, JavaScriptKeys: []string{emulator.DemoJavaScriptKey},
		AllowedOrigins: []string{shop}, Registry: prometheus.NewRegistry(), Logger: slog.New(slog.DiscardHandler),
		SDK: fstest.MapFS{sdkScript: {Data: []byte("/*! the SDK */")}},
	}
	if s.server != nil {
		s.server(&cfg)
	}
	token, err := server.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	web.Config.Handler = token
	if s.front != nil {
		web.Config.Handler = s.front(token)
	}
	operations := httptest.NewServer(token.Operations())
	if s.https {
		web.StartTLS()
	} else {
		web.Start()
	}
	t.Cleanup(func() {
		web.Close()
		operations.Close()
		if err := token.Close(); err != nil {
			t.Error(err)
		}
	})
	asked := Config{
		PublicURL: public, RESTAPIKey: cfg.RESTAPIKey, JavaScriptKeys: cfg.JavaScriptKeys, AllowedOrigins: []string{shop},
		Live: true, Operations: operations.URL, Transport: web.Client().Transport,
	}
	if s.config != nil {
		s.config(&asked)
	}
	return asked
}

// look examines the running server only.
func (s site) look(t *testing.T) Report {
	t.Helper()
	e := newExamination(s.run(t).withDefaults())
	defer e.http.CloseIdleConnections()
	report := Report(e.checkLive(t.Context()))
	e.redact(report)
	wantTexts(t, report)
	return report
}

// changing is a proxy that changes what comes back.
func changing(edit func(*http.Request, http.Header)) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(&editedHeader{ResponseWriter: w, edit: func(h http.Header) { edit(r, h) }}, r)
		})
	}
}

// editedHeader edits the header of an answer before it is sent.
type editedHeader struct {
	http.ResponseWriter
	edit func(http.Header)
	sent bool
}

// WriteHeader implements [http.ResponseWriter].
func (w *editedHeader) WriteHeader(status int) {
	if !w.sent {
		w.sent = true
		w.edit(w.Header())
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write implements [http.ResponseWriter].
func (w *editedHeader) Write(p []byte) (int, error) {
	if !w.sent {
		w.WriteHeader(http.StatusOK)
	}
	return w.ResponseWriter.Write(p)
}

// sending is a proxy that changes what it passes on.
func sending(edit func(*http.Request)) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r = r.Clone(r.Context())
			edit(r)
			next.ServeHTTP(w, r)
		})
	}
}

// answering is a proxy that answers some requests itself.
func answering(which func(*http.Request) bool, answer http.HandlerFunc) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if which(r) {
				answer(w, r)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// inAnswers is a proxy that replaces a text in the answers of a path.
func inAnswers(path, old, text string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !strings.HasSuffix(r.URL.Path, path) {
				next.ServeHTTP(w, r)
				return
			}
			answer := httptest.NewRecorder()
			next.ServeHTTP(answer, r)
			_, _ = w.Write([]byte(strings.Replace(answer.Body.String(), old, text, 1)))
		})
	}
}

func always(*http.Request) bool { return true }

// setHeader sets a header of what comes back.
func setHeader(name, value string) func(http.Handler) http.Handler {
	return changing(func(_ *http.Request, h http.Header) { h.Set(name, value) })
}

// behindProxy is a proxy on this machine that the server trusts.
var behindProxy = func(c *server.Config) { c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} }

// naming is a proxy that says where a request came from.
var naming = sending(func(r *http.Request) { r.Header.Set("X-Forwarded-For", "192.0.2.7") })

func TestTheRunningServerIsWell(t *testing.T) {
	for name, s := range map[string]site{
		"on this machine": {},
		"behind a proxy":  {https: true, server: behindProxy, front: naming},
		"partitioned": {https: true, server: func(c *server.Config) { behindProxy(c); c.Partitioned = true }, front: naming, config: func(c *Config) {
			c.Partitioned = true
		}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, f := range s.look(t) {
				if f.Verdict != OK {
					t.Errorf("%s is %s: %s; %s", f.Check, f.Verdict, f.Found.En, f.Cause.En)
				}
			}
		})
	}
}

// Each mistake of a set-up is found, and nothing else is a failure with it that
// does not follow from it.
func TestMistakesOfTheRunningServerAreFound(t *testing.T) {
	for _, tc := range []struct {
		name   string
		site   site
		check  Check
		want   Verdict
		en, ko string // in what was found
	}{
		{
			"served under another base path",
			site{config: func(c *Config) { c.PublicURL = strings.TrimSuffix(c.PublicURL, "kakao") + "kako" }},
			CheckServer, Failure, "/kakao, not at", "아니라",
		},
		{
			"a base path that nobody would guess",
			site{server: func(c *server.Config) { c.PublicURL += "/login" }},
			CheckServer, Failure, "not under", "경로가 아님",
		},
		{
			"another program answers",
			site{front: answering(always, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>shop")) })},
			CheckServer, Failure, "something else answers", "다른 프로그램",
		},
		{
			"a proxy without its server",
			site{front: answering(always, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })},
			CheckServer, Failure, "proxy answers with status 502", "프록시가 상태 502",
		},
		{
			"a redirect",
			site{front: answering(always, func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "https://www.example.com"+r.URL.Path, http.StatusMovedPermanently)
			})},
			CheckServer, Failure, `redirects to "https://www.example.com`, "리다이렉트",
		},
		{
			"another host",
			site{front: sending(func(r *http.Request) { r.Host = "backend.internal" })},
			CheckServer, Failure, "does not know this host", "이 호스트를 받지 않음",
		},
		{
			"nothing listens",
			site{config: func(c *Config) { c.PublicURL = "http://127.0.0.1:1/kakao" }},
			CheckServer, Failure, "refused", "거부됨",
		},
		{
			"a name that is not there",
			site{config: func(c *Config) { c.PublicURL = "https://kakaowasm-doctor.invalid/kakao" }},
			CheckServer, Failure, "not resolved", "도메인 이름을 찾을 수 없음",
		},
		{
			"a certificate that nobody knows",
			site{https: true, config: func(c *Config) { c.Transport = newTransport() }},
			CheckServer, Failure, "no trusted connection", "신뢰할 수 있는 연결",
		},
		{
			"https at a port of http",
			site{config: func(c *Config) { c.PublicURL = strings.Replace(c.PublicURL, "http:", "https:", 1) }},
			CheckServer, Failure, "no trusted connection", "신뢰할 수 있는 연결",
		},
		{
			"http at a port of https",
			site{https: true, config: func(c *Config) { c.PublicURL = strings.Replace(c.PublicURL, "https:", "http:", 1) }},
			CheckServer, Failure, "something else answers", "다른 프로그램",
		},
		{
			"a certificate of another host",
			site{https: true, config: func(c *Config) {
				c.PublicURL = strings.Replace(c.PublicURL, "127.0.0.1", "localhost", 1)
			}},
			CheckServer, Failure, "another host (TLS)", "다른 호스트의 인증서",
		},
		{
			"a certificate that has ended",
			site{https: true, config: func(c *Config) { at(c, time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)) }},
			CheckServer, Failure, "expired", "만료",
		},
		{
			"a certificate that ends soon",
			site{https: true, config: func(c *Config) { at(c, testCertificateEnd(c).Add(-24*time.Hour)) }},
			CheckTLS, Warning, "the certificate ends on", "만료됨",
		},
		{
			"an origin that the server does not allow",
			site{config: func(c *Config) { c.AllowedOrigins = []string{"https://other.example.com"} }},
			CheckCORS, Failure, "pages of https://other.example.com are refused", "거부됨",
		},
		{
			"a proxy that answers preflights",
			site{front: answering(func(r *http.Request) bool { return r.Method == http.MethodOptions }, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(http.StatusNoContent)
			})},
			CheckCORS, Failure, "browsers keep the answers", "응답을 넘기지 않음",
		},
		{
			"a proxy that doubles the CORS headers",
			site{front: changing(func(r *http.Request, h http.Header) {
				h.Add("Access-Control-Allow-Origin", r.Header.Get("Origin"))
			})},
			CheckCORS, Failure, "browsers keep the answers", "응답을 넘기지 않음",
		},
		{
			"a proxy that lets everybody in",
			site{front: setHeader("Access-Control-Allow-Origin", "*")},
			CheckCORS, Failure, "every origin may read", "모든 오리진",
		},
		{
			"a proxy that changes Origin",
			site{front: sending(func(r *http.Request) {
				if r.Header.Get("Origin") != "" {
					r.Header.Set("Origin", "http://backend.internal")
				}
			})},
			CheckCORS, Failure, "pages of http://127.0.0.1", "거부됨",
		},
		{
			"a proxy that takes cookies away",
			site{front: changing(func(_ *http.Request, h http.Header) { h.Del("Set-Cookie") })},
			CheckCookie, Failure, "no session cookie arrives", "도착하지 않음",
		},
		{
			"a proxy that keeps cookies back",
			site{front: sending(func(r *http.Request) { r.Header.Del("Cookie") })},
			CheckCookie, Failure, "does not come back", "되돌아가지 않음",
		},
		{
			"a proxy that changes the path of cookies",
			site{front: changing(func(_ *http.Request, h http.Header) {
				h.Set("Set-Cookie", strings.Replace(h.Get("Set-Cookie"), "Path=/", "Path=/kakao", 1))
			})},
			CheckCookie, Failure, "attributes are not the server's", "속성이 서버의 값과 다름",
		},
		{
			"a server that does not know of its https",
			site{https: true, server: func(c *server.Config) {
				c.AllowedOrigins = append(c.AllowedOrigins, strings.TrimSuffix(c.PublicURL, "/kakao"))
				c.PublicURL = strings.Replace(c.PublicURL, "https:", "http:", 1)
			}},
			CheckCookie, Failure, "that of plain http", "http용 쿠키",
		},
		{
			"a server without Partitioned",
			site{https: true, config: func(c *Config) { c.Partitioned = true }},
			CheckCookie, Warning, "Partitioned is not as configured", "Partitioned",
		},
		{
			"a store that cannot be read",
			site{server: func(c *server.Config) { c.Store = unavailableStore{memorystore.New()} }},
			CheckCookie, Skipped, "the store does not answer", "저장소가 응답하지",
		},
		{
			"a store that cannot be written",
			site{server: func(c *server.Config) { c.Store = unavailableStore{memorystore.New()} }},
			CheckReadiness, Failure, "not ready (503)", "준비되지 않음",
		},
		{
			"an opener policy on the callback page",
			site{front: setHeader("Cross-Origin-Opener-Policy", "same-origin")},
			CheckCallback, Failure, "cut off", "끊어짐",
		},
		{
			"a second policy on the callback page",
			site{front: changing(func(_ *http.Request, h http.Header) {
				h.Add("Content-Security-Policy", "default-src 'none'")
			})},
			CheckCallback, Failure, "Content-Security-Policy", "Content-Security-Policy",
		},
		{
			"no SDK",
			site{server: func(c *server.Config) { c.SDK = nil }},
			CheckSDK, Warning, "serves no SDK", "SDK를 제공하지 않음",
		},
		{
			"a script that a CDN has changed",
			site{front: answering(isScript, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/javascript")
				_, _ = w.Write([]byte("minified"))
			})},
			CheckSDK, Failure, "not what its integrity value says", "integrity 값과 다름",
		},
		{
			"a script of another type",
			site{front: changing(func(r *http.Request, h http.Header) {
				if isScript(r) {
					h.Set("Content-Type", "text/plain")
				}
			})},
			CheckSDK, Failure, `arrives as "text/plain"`, "text/plain",
		},
		{
			"a script that is not there",
			site{front: answering(isScript, http.NotFound)},
			CheckSDK, Warning, "status 404", "상태 404",
		},
		{
			"an SDK of another version",
			site{front: inAnswers("integrity.json", `"`+kakao.Version+`"`, `"0.0.1"`)},
			CheckSDK, Warning, "the server has version 0.0.1", "서버는 0.0.1 버전",
		},
		{
			"paths that a proxy rewrites",
			site{front: answering(isIntegrityList, func(w http.ResponseWriter, _ *http.Request) {
				_, _ = w.Write([]byte(`{"version":"0.0.1","path":"/other/sdk/x/","files":{"kakao.js":"sha384-x"}}`))
			})},
			CheckSDK, Failure, "the server names the address", "서버가 알려 준 주소",
		},
		{
			"operations that are not reached",
			site{config: func(c *Config) { c.Operations = "http://127.0.0.1:1" }},
			CheckReadiness, Skipped, "does not answer", "응답 없음",
		},
		{
			"a proxy that is not trusted",
			site{front: naming},
			CheckProxy, Warning, "does not trust it", "신뢰하지 않음",
		},
		{
			"a trusted proxy that says nothing",
			site{server: behindProxy},
			CheckProxy, Warning, "does not name the client", "전달하지 않음",
		},
		{
			"https without a word of the client",
			site{https: true},
			CheckProxy, Warning, "what speaks https", "https를 처리하는 프록시",
		},
		{
			"the operations of another server",
			site{config: func(c *Config) { c.Operations = site{}.run(currentTest).Operations }},
			CheckProxy, Warning, "another server", "공개 URL의 서버와 다름",
		},
		{
			"a server's clock that is behind",
			site{front: setHeader("Date", "Mon, 02 Jan 2006 15:04:05 GMT"), config: func(c *Config) { c.Operations = "http://127.0.0.1:1" }},
			CheckServerClock, Failure, "behind", "늦음",
		},
		{
			"a server's clock that is ahead",
			site{front: setHeader("Date", "Thu, 02 Jan 2200 15:04:05 GMT"), config: func(c *Config) { c.Operations = "http://127.0.0.1:1" }},
			CheckServerClock, Failure, "ahead", "빠름",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			currentTest = t
			report := tc.site.look(t)
			for _, f := range of(report, tc.check) {
				if f.Verdict == tc.want && strings.Contains(f.Found.En, tc.en) && strings.Contains(f.Found.Ko, tc.ko) {
					return
				}
			}
			t.Errorf("%s is not %s with %q and %q:\n%s", tc.check, tc.want, tc.en, tc.ko, texts(report))
		})
	}
}

// Without the flag nobody asks the server, and a wrong address is said once.
func TestTheServerIsAskedOnDemand(t *testing.T) {
	for name, tc := range map[string]struct {
		config Config
		want   int
	}{
		"not asked for": {Config{PublicURL: "http://127.0.0.1:1/kakao"}, 0},
		"no address":    {Config{PublicURL: "nonsense", Live: true}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			e := newExamination(tc.config.withDefaults())
			report := Report(e.checkLive(t.Context()))
			wantTexts(t, report)
			if len(report) != tc.want || report.Count(Skipped) != tc.want {
				t.Errorf("got %s", texts(report))
			}
		})
	}
}

// A report of everything: the server's findings come after Kakao's.
func TestAReportHasTheRunningServer(t *testing.T) {
	p := emulator.Start(t)
	cfg := site{}.run(t)
	p.AllowRedirect(cfg.callback())
	cfg.Platform.Auth, cfg.Platform.API = p.URL, p.URL
	cfg.OpenStore = func(context.Context) (store.Store, error) { return memorystore.New(), nil }
	report := Run(t.Context(), cfg)
	wantTexts(t, report)
	for _, c := range []Check{CheckRedirectURI, CheckStore, CheckServer, CheckTLS, CheckCORS, CheckCookie, CheckCallback, CheckReadiness, CheckProxy, CheckServerClock} {
		if found := of(report, c); len(found) == 0 || found[0].Verdict != OK {
			t.Errorf("%s: %s", c, texts(found))
		}
	}
}

// The server's clock is judged by Kakao's, not by that of the doctor's machine.
func TestTheServersClockIsJudgedByKakaos(t *testing.T) {
	p := emulator.Start(t)
	cfg := site{}.run(t)
	cfg.Platform.Auth, cfg.Platform.API = p.URL, p.URL
	cfg.Now = func() time.Time { return time.Now().Add(time.Hour) }
	report := Run(t.Context(), cfg)
	if got := brief(of(report, CheckClock)) + ", " + brief(of(report, CheckServerClock)); got != "failure, ok" {
		t.Errorf("got %s", texts(report))
	}
}

func TestTheStoreIsWrittenAndRead(t *testing.T) {
	away := errors.New("connection refused")
	for name, tc := range map[string]struct {
		open   func(context.Context) (store.Store, error)
		live   bool
		want   string
		en, ko string
	}{
		"well":                    {func(context.Context) (store.Store, error) { return memorystore.New(), nil }, false, "ok", "written and read", "쓰고 읽을 수 있음"},
		"away":                    {func(context.Context) (store.Store, error) { return nil, store.Unavailable(away) }, false, "failure", "cannot be reached: ", "접속할 수 없음: "},
		"refuses to write":        {func(context.Context) (store.Store, error) { return unavailableStore{memorystore.New()}, nil }, false, "failure", "cannot be written", "쓸 수 없음"},
		"forgets":                 {func(context.Context) (store.Store, error) { return forgetfulStore{memorystore.New()}, nil }, false, "failure", "cannot be read", "읽을 수 없음"},
		"the server's own":        {nil, true, "skipped", "see Readiness", "준비 상태"},
		"the server's own, alone": {nil, false, "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			e := newExamination(Config{OpenStore: tc.open, Live: tc.live}.withDefaults())
			report := Report(e.checkStore(t.Context()))
			wantTexts(t, report)
			if brief(report) != tc.want || !strings.Contains(texts(report), tc.en) || len(report) > 0 && !strings.Contains(report[0].Found.Ko, tc.ko) {
				t.Errorf("got %s", texts(report))
			}
		})
	}
}

// currentTest is the test of whoever starts a second site.
var currentTest *testing.T

func isScript(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/"+sdkScript) }

func isIntegrityList(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/integrity.json") }

// at moves the clock of the doctor, and that of its TLS with it.
func at(c *Config, now time.Time) {
	transport := c.Transport.(*http.Transport).Clone()
	transport.TLSClientConfig.Time = func() time.Time { return now }
	c.Transport, c.Now = transport, func() time.Time { return now }
}

// testCertificateEnd is when the certificate of the test servers ends.
func testCertificateEnd(c *Config) time.Time {
	u, _ := url.Parse(c.PublicURL)
	pool := c.Transport.(*http.Transport).TLSClientConfig.RootCAs
	conn, err := tls.Dial("tcp", u.Host, &tls.Config{RootCAs: pool})
	if err != nil {
		panic(err)
	}
	defer func() { _ = conn.Close() }()
	return end(conn.ConnectionState().PeerCertificates)
}

func end(chain []*x509.Certificate) time.Time { return chain[0].NotAfter }

// unavailableStore cannot do its work.
type unavailableStore struct{ store.Store }

// Get implements [store.Store].
func (unavailableStore) Get(context.Context, string) (store.Entry, error) {
	return store.Entry{}, store.Unavailable(errors.New("away"))
}

// Create implements [store.Store].
func (unavailableStore) Create(context.Context, string, store.Entry) (store.Version, error) {
	return 0, store.Unavailable(errors.New("away"))
}

// Acquire implements [store.Store].
func (unavailableStore) Acquire(context.Context, string, time.Duration) (store.Lease, error) {
	return nil, store.Unavailable(errors.New("away"))
}

// forgetfulStore has something else than what was written.
type forgetfulStore struct{ store.Store }

// Get implements [store.Store].
func (forgetfulStore) Get(context.Context, string) (store.Entry, error) {
	return store.Entry{Value: []byte("else")}, nil
}
