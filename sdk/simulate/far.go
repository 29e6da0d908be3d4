package simulate

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// What the secrets of the scripted world begin with, so that they are found
// wherever they do not belong.
const (
	tokenMark    = "ATsecret"
	codeMark     = "CODEsecret"
	verifierMark = "VERIFIERsecret"
	nonceMark    = "NONCEsecret"
)

// tokenLifetime is that of an access token, in seconds, sharedFor how long, in
// milliseconds, the token server hands out a renewal again.
const (
	tokenLifetime = 21_600
	sharedFor     = 10_000
)

// Scripted is a far side that follows the contract: the token server with one
// session per browser, Kakao's API, and the code that is polled for.
type Scripted struct {
	codes    map[string]*grant
	polled   map[string]*grant // by transaction
	sessions map[string]*session
	tokens   map[string]*issued
	last     int
}

// grant is what the user has decided.
type grant struct {
	code, state, redirectURI, challenge, nonce string
	login                                      int // the number in its state
	denied                                     bool
	answer                                     *Response
}

type session struct {
	id      string
	login   int
	token   *issued
	renewed int64
	over    bool
}

type issued struct {
	text    string
	login   int
	since   int64
	expires int64
	dead    bool
}

// NewScripted makes a far side where nobody is logged in.
func NewScripted() *Scripted {
	return &Scripted{codes: map[string]*grant{}, polled: map[string]*grant{}, sessions: map[string]*session{}, tokens: map[string]*issued{}}
}

func (r *Request) path() string {
	path, _, _ := strings.Cut(r.URL, "?")
	_, path, _ = strings.Cut(path, "//")
	return path
}

func (s *Scripted) number(mark string) string {
	s.last++
	return mark + strconv.Itoa(s.last)
}

func ok(members ...string) *Response { return &Response{Status: 200, JSON: true, Members: members} }

func refused(status int, code string) *Response {
	return &Response{Status: status, JSON: true, Members: []string{"error", code, "error_description", "scripted"}}
}

// Serve implements [Far].
func (s *Scripted) Serve(w *World, r *Request) *Response {
	switch {
	case r.URL == ServerURL+contract.PathToken:
		return s.exchange(w, r)
	case r.URL == ServerURL+contract.PathSession:
		return &Response{Status: 200, JSON: true}
	case r.URL == ServerURL+contract.PathRefresh:
		return s.refresh(w, r)
	case r.URL == ServerURL+contract.PathLogout:
		return s.logout(r)
	case strings.HasPrefix(r.URL, AuthHost+kakao.PathCode):
		return s.poll(r)
	case strings.HasPrefix(r.URL, APIHost):
		return s.api(w, r)
	}
	return &Response{Status: 200}
}

func (s *Scripted) issue(w *World, login int) *issued {
	t := &issued{text: s.number(tokenMark), login: login, since: w.now, expires: w.now + tokenLifetime*1000}
	s.tokens[t.text], w.tokens[t.text] = t, login
	return t
}

func (s *Scripted) exchange(w *World, r *Request) *Response {
	var body struct {
		Code        string `json:"code"`
		Verifier    string `json:"code_verifier"`
		RedirectURI string `json:"redirect_uri"`
		Nonce       string `json:"nonce"`
	}
	if json.Unmarshal([]byte(r.Body), &body) != nil {
		return refused(400, contract.CodeInvalidRequest)
	}
	g := s.codes[body.Code]
	if n, found := verifierNumber(body.Verifier); g != nil && found && n != g.login {
		w.judge.broken("the code of another login is exchanged")
	}
	if g == nil || g.redirectURI != body.RedirectURI || g.challenge != challengeOf(body.Verifier) || g.nonce != body.Nonce {
		return refused(400, contract.CodeInvalidGrant)
	}
	if g.answer == nil {
		if w.choose("the exchange fails", 8) == 7 {
			return refused(400, contract.CodeInvalidGrant)
		}
		d := &session{id: s.number("cookie"), login: g.login, renewed: w.now}
		d.token = s.issue(w, g.login)
		s.sessions[d.id] = d
		nonce := g.nonce
		if nonce != "" && w.choose("the ID token is of another login", 12) == 11 {
			nonce = "another nonce"
			w.foreign[d.token.text] = true
		}
		g.answer = tokenResponse(d.token, nonce)
		g.answer.SetsCookie, g.answer.Cookie = true, d.id
	}
	return g.answer
}

// challengeOf is the challenge of a verifier; a code of the page has none.
func challengeOf(verifier string) string {
	if verifier == "" {
		return ""
	}
	return kakao.ChallengeS256(verifier)
}

func tokenResponse(t *issued, nonce string) *Response {
	members := []string{"access_token", t.text, "expires_in", strconv.Itoa(tokenLifetime)}
	if nonce != "" {
		members = append(members, "id_token", "an ID token")
	}
	return ok(append(members, "nonce", nonce)...)
}

func (s *Scripted) refresh(w *World, r *Request) *Response {
	d := s.sessions[r.Cookie]
	if d == nil || d.over {
		return refused(401, contract.CodeLoginRequired)
	}
	if w.now-d.renewed < sharedFor {
		return tokenResponse(d.token, "")
	}
	w.judge.upstream(d)
	d.token, d.renewed = s.issue(w, d.login), w.now
	return tokenResponse(d.token, "")
}

func (s *Scripted) logout(r *Request) *Response {
	if d := s.sessions[r.Cookie]; d != nil {
		d.over = true
		for _, t := range s.tokens {
			t.dead = t.dead || t.login == d.login
		}
	}
	return &Response{Status: 204}
}

func (s *Scripted) api(w *World, r *Request) *Response {
	t := s.tokens[strings.TrimPrefix(r.header("Authorization"), "Bearer ")]
	if t == nil || t.dead || t.expires <= w.now {
		w.judge.refusedToken(t)
		return &Response{Status: 401, JSON: true, Members: []string{"code", "-401"}}
	}
	return ok("id", "1")
}

var transaction = regexp.MustCompile(`auth_tran_id[":=]+([0-9a-v]{28}[0-9a-f]*)`)

// Decide implements [Far].
func (s *Scripted) Decide(_ *World, address string, accept bool) (redirectURI, query string) {
	address = readable(address)
	g := &grant{
		code: s.number(codeMark), state: parameter(address, "state"), redirectURI: unescaped(parameter(address, "redirect_uri")),
		challenge: parameter(address, "code_challenge"), nonce: parameter(address, "nonce"), denied: !accept,
	}
	g.login, _ = loginNumber(g.state)
	if m := transaction.FindStringSubmatch(address); m != nil {
		s.polled[m[1]] = g
	}
	answer := "error=access_denied&error_description=denied"
	if accept {
		s.codes[g.code] = g
		answer = "code=" + g.code
	}
	return g.redirectURI, answer + "&state=" + url.QueryEscape(g.state)
}

// readable undoes how often a link has escaped the address that it holds.
func readable(address string) string {
	for range 3 {
		if decoded, err := url.QueryUnescape(address); err == nil && !strings.Contains(address, "redirect_uri=http") {
			address = decoded
		}
	}
	return address
}

// loginNumber is the number that a state holds of its login; see page.randomBytes.
func loginNumber(state string) (n int, found bool) {
	_, number, found := strings.Cut(state, "state-")
	if found {
		n, _ = strconv.Atoi(number[:6])
	}
	return n, found
}

// verifierNumber is the number of the login whose verifier a text holds.
func verifierNumber(text string) (n int, found bool) {
	_, number, found := strings.Cut(text, verifierMark+"-")
	if found {
		n, _ = strconv.Atoi(number[:6])
	}
	return n, found
}

func unescaped(s string) string {
	if decoded, err := url.QueryUnescape(s); err == nil {
		return decoded
	}
	return s
}

// parameter finds a parameter in an address or in a link that holds one.
func parameter(address, name string) string {
	for _, begin := range []string{"?" + name + "=", "&" + name + "=", `"` + name + `":"`} {
		if _, after, found := strings.Cut(address, begin); found {
			if end := strings.IndexAny(after, `&"#;`); end >= 0 {
				after = after[:end]
			}
			return after
		}
	}
	return ""
}

func (s *Scripted) poll(r *Request) *Response {
	m := transaction.FindStringSubmatch(r.URL)
	if m == nil || s.polled[m[1]] == nil {
		return ok("outcome", "error", "code", "", "error", "waiting", "error_description", "", "number", `"300"`, "failed", "1")
	}
	g := s.polled[m[1]]
	if g.denied {
		return ok("outcome", "error", "code", "", "error", contract.CodeAccessDenied, "error_description", "denied", "number", `"400"`, "failed", "1")
	}
	return ok("outcome", "ok", "code", g.code, "error", "undefined", "error_description", "undefined", "number", "", "failed", "")
}
