package doctor

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

const (
	publicURL = "http://127.0.0.1:8480/kakao"
	callback  = publicURL + "/callback"
)

// change is a way in which a setup differs from a right one.
type change struct {
	app    func(*emulator.App)
	faults []emulator.Fault
	config func(*Config)
}

// examine runs the doctor over a right setup with changes, against a platform
// that forgets what was before.
func examine(t *testing.T, p *emulator.Platform, c change) Report {
	t.Helper()
	report := Run(t.Context(), setUp(t, p, c))
	wantTexts(t, report)
	return report
}

// setUp registers the app of a setup and returns the configuration to examine.
func setUp(t *testing.T, p *emulator.Platform, c change) Config {
	t.Helper()
	p.Reset()
	err := p.Update(func(cfg *emulator.Config) {
		app := emulator.Default(p.URL, callback).Apps[0]
		app.LogoutRedirectURIs = []string{publicURL + "/logout/callback"}
		if c.app != nil {
			c.app(&app)
		}
		cfg.Apps = []emulator.App{app}
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range c.faults {
		if _, err := p.Inject(fault); err != nil {
			t.Fatal(err)
		}
	}
	cfg := Config{
		PublicURL:      publicURL,
		RESTAPIKey:     emulator.DemoRESTAPIKey,
		JavaScriptKeys: []string{emulator.DemoJavaScriptKey},
		ClientSecret:   emulator.DemoClientSecret,
		AdminKey:       emulator.DemoAdminKey,
		Scopes:         []string{"openid", "profile_nickname"},
		Platform:       kakao.Platform{Auth: p.URL, API: p.URL},
	}
	if c.config != nil {
		c.config(&cfg)
	}
	return cfg
}

// wantTexts fails the test unless every finding speaks both languages, and says
// cause and fix where something is wrong.
func wantTexts(t *testing.T, report Report) {
	t.Helper()
	for _, f := range report {
		texts := []catalog.Text{f.Check.Title(), f.Found}
		if f.Verdict == Warning || f.Verdict == Failure {
			texts = append(texts, f.Cause, f.Fix)
		} else if f.Cause != (catalog.Text{}) || f.Fix != (catalog.Text{}) {
			t.Errorf("%s is %s, with a cause or a fix", f.Check, f.Verdict)
		}
		for _, text := range texts {
			if text.En == "" || text.Ko == "" || strings.Contains(text.En+text.Ko, "%!") {
				t.Errorf("%s, %s: text missing or broken: %+v", f.Check, f.Verdict, text)
			}
		}
	}
}

// of are the findings of one check.
func of(report Report, c Check) Report {
	var found Report
	for _, f := range report {
		if f.Check == c {
			found = append(found, f)
		}
	}
	return found
}

// brief writes findings as "failure KOE006", joined by commas.
func brief(report Report) string {
	var words []string
	for _, f := range report {
		words = append(words, strings.TrimSpace(f.Verdict.String()+" "+f.Code))
	}
	return strings.Join(words, ", ")
}

// standIn is a transport that answers requests to one path itself, or never if
// there is no answer.
type standIn struct {
	path   string
	answer func(*http.Request) *http.Response
}

// RoundTrip implements [http.RoundTripper].
func (s standIn) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Path != s.path {
		return http.DefaultTransport.RoundTrip(r)
	}
	if s.answer == nil {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	res := s.answer(r)
	res.Request = r
	return res, nil
}

// CloseIdleConnections ends those of the transport behind.
func (standIn) CloseIdleConnections() {
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
}

// rewriting is a transport that replaces a text in the metadata.
type rewriting struct{ old, text string }

// RoundTrip implements [http.RoundTripper].
func (w rewriting) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil || r.URL.Path != kakao.PathDiscovery {
		return res, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	res.Body = io.NopCloser(bytes.NewReader(bytes.ReplaceAll(body, []byte(w.old), []byte(w.text))))
	return res, err
}

// CloseIdleConnections ends those of the transport behind.
func (rewriting) CloseIdleConnections() {
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
}

// page is an answer with a body.
func page(status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}},
		Body: io.NopCloser(bytes.NewReader([]byte(body))),
	}
}

// redirect is an answer that leads elsewhere.
func redirect(location string) *http.Response {
	res := page(http.StatusFound, "")
	res.Header.Set("Location", location)
	return res
}

// toLogin leads to the login page, as Kakao does for a browser that nobody is
// logged in with.
func toLogin(r *http.Request) *http.Response {
	return redirect("https://accounts.kakao.com/login?continue=" + url.QueryEscape(r.URL.String()))
}
