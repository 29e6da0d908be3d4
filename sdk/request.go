package sdk

import (
	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// The steps of a request.
const (
	asksAPI      step = "asks the API"
	asksAPIAgain step = "asks the API with a fresh token"
)

// apiRequest is one call of the REST API, with the access token, which it
// renews before it expires and once after it was refused.
type apiRequest struct {
	progress
	endpoint Endpoint
	data     []kakao.Pair
	form     string // the call whose files are sent, "" if there are none
	token    *accessToken
	sent     bool
	parsed   bool // the refusal that is kept for the page was JSON
	status   bool // the answer is one for Auth.getStatusInfo
}

// request calls an address of the REST API.
func (m *Machine) request(e *Event) {
	f := &apiRequest{}
	m.begin(f, "request", e.Number, apiLife)
	f.endpoint, _ = FindEndpoint(e.get("url"))
	f.data = m.pairs(e, f.endpoint)
	if e.has("form") {
		f.form = text(e.Number)
	}
	m.afterInit(f)
}

// pairs are the parameters of a request.
func (m *Machine) pairs(e *Event, endpoint Endpoint) []kakao.Pair {
	var list []kakao.Pair
	for i := 0; i+1 < len(e.Data); i += 2 {
		if e.Data[i] == "data" {
			list = make([]kakao.Pair, 0, (len(e.Data)-i)/2)
			for i += 2; i+1 < len(e.Data); i += 2 {
				p := kakao.Pair{Name: e.Data[i], Value: e.Data[i+1]}
				if endpoint.ForceSecure && p.Name == "secure_resource" && p.Value == "false" {
					p.Value = "true"
					m.do(DoWarn, "text", "The secure_resource parameter is deprecated.")
				}
				list = append(list, p)
			}
		}
	}
	return list
}

// status settles with {status: "connected", user} or {status:
// "not_connected"}; at once if there is nothing to ask.
func (m *Machine) status(e *Event) {
	if !m.restored && m.token().isEmpty() {
		m.settleCall(e.Number, true, notConnected...)
		return
	}
	f := &apiRequest{}
	m.begin(f, "status", e.Number, authLife)
	f.endpoint, _ = FindEndpoint("/v2/user/me")
	f.status = true
	m.afterInit(f)
}

var notConnected = []string{"answer", "object", "fields", "", "status", "not_connected"}

// afterInit has a flow wait for what init began.
func (m *Machine) afterInit(f flow) {
	f.at().step = waitsForInit
	if m.restoring == 0 {
		f.handle(m, &Event{Type: resumed})
	}
}

// stop ends the request; a logout may wait for that.
func (f *apiRequest) stop(m *Machine) {
	m.end(f)
	m.resume(waitsForRequests, nil)
}

func (f *apiRequest) handle(m *Machine, e *Event) {
	switch {
	case f.step == waitsForInit && e.Type == resumed:
		f.start(m)
	case f.step == waitsForRenewal && e.Type == resumed:
		f.renewed(m)
	case (f.step == asksAPI || f.step == asksAPIAgain) && isAnswer(e):
		f.answered(m, e)
	default:
		m.drop(e)
	}
}

func (f *apiRequest) start(m *Machine) {
	f.token = m.token()
	switch {
	case f.status && f.token.isEmpty():
		m.settle(f, true, notConnected...)
		f.stop(m)
	case f.token.due(m.now):
		f.waitForRenewal(m)
	default:
		f.send(m)
	}
}

func (f *apiRequest) waitForRenewal(m *Machine) {
	f.step = waitsForRenewal
	m.renew(f.token)
}

// renewed goes on after a renewal: with the request, if it was not sent yet
// (without a fresh token the API says what it thinks of the old one), or with
// its repetition, if there is a fresh token.
func (f *apiRequest) renewed(m *Machine) {
	fresh := m.token()
	switch {
	case !f.sent:
		f.token = fresh
		f.send(m)
	case f.failed == nil && fresh != nil: // nil after a logout
		f.step = asksAPIAgain
		m.fetchAPI(f, f.endpoint, f.data, f.form, fresh, 0)
	default:
		if f.failed != nil && loginIsOver(f.failed) && m.tokens.current == f.token {
			m.setToken(nil, contract.TokenRemoved)
		}
		f.finish(m, false, f.parsed, "kept")
	}
}

func (f *apiRequest) send(m *Machine) {
	f.sent = true
	f.step = asksAPI
	m.fetchAPI(f, f.endpoint, f.data, f.form, f.token, 0)
}

func (f *apiRequest) answered(m *Machine, e *Event) {
	refused := e.get("status") == "401" && f.endpoint.Credential == UserToken
	if f.step == asksAPI && refused && f.token.renewable() && !f.token.last {
		f.parsed = e.has("parsed")
		m.do(DoKeep, "call", text(f.call))
		f.waitForRenewal(m)
		return
	}
	f.finish(m, isOK(e), e.has("parsed"), "value")
}

// finish settles with an answer: the one that the event brought, or one kept.
func (f *apiRequest) finish(m *Machine, ok, parsed bool, answer string) {
	switch {
	case f.status && ok && parsed:
		m.settle(f, true, "answer", "object", "as", "user", "fields", "", "status", "connected")
	case f.status:
		m.settle(f, true, notConnected...)
	case parsed:
		m.settle(f, ok, "answer", answer)
	default:
		m.settle(f, false, "answer", "unknown")
	}
	f.stop(m)
}

// fetchAPI sends a request to the REST API; timeout is in milliseconds, 0 means
// none. form is the call whose files are sent.
func (m *Machine) fetchAPI(f flow, endpoint Endpoint, data []kakao.Pair, form string, token *accessToken, timeout int) {
	url := m.app.platform.API + endpoint.Path
	headers := []string{"headers", "", "Authorization", m.credential(endpoint, token), "KA", m.app.agent}
	body := ""
	if encoded := kakao.EncodeQuery(data); encoded != "" {
		if endpoint.Method == kakao.Post {
			body = encoded
			headers = append(headers, "Content-Type", "application/x-www-form-urlencoded;charset=utf-8")
		} else {
			url += "?" + encoded
		}
	}
	m.ask(f, DoFetch, append([]string{
		"as", "api", "method", endpoint.Method, "url", url, "body", body, "form", form, "timeout", text(timeout),
	}, headers...)...)
}

// credential is the Authorization header of a call. Without a token it is what
// the legacy SDK sent.
func (m *Machine) credential(endpoint Endpoint, token *accessToken) string {
	if endpoint.Credential == AppKey {
		return "KakaoAK " + m.app.key
	}
	return "Bearer " + token.text()
}
