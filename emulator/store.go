package emulator

import (
	"crypto/rand"
	"maps"
	"sync"
	"time"
)

// Lifetimes of what is not a token.
const (
	codeTTL    = 10 * time.Minute // RFC 6749, section 4.1.2
	ticketTTL  = 30 * time.Minute // a page left open
	sessionTTL = 24 * time.Hour   // Kakao Login > REST API > Getting tokens
	// rotationWindow is how much validity a refresh token must have lost
	// before it is replaced: Kakao does so in its last month.
	rotationWindow = 30 * 24 * time.Hour
)

// store is the memory of the platform. Every method is one atomic step.
type store struct {
	now                   func() time.Time
	accessTTL, refreshTTL time.Duration

	mu          sync.Mutex
	sessions    map[string]*session
	tickets     map[string]ticket
	codes       map[string]authorizationCode
	answers     map[transaction]keptAnswer
	access      map[string]issuedToken
	refresh     map[string]issuedToken
	connections map[connectionKey]connection
	served      map[string]int
	sweepAt     time.Time
}

// session is one browser at the emulator: what Kakao keeps in its own login
// session. The user is nil until somebody logs in.
type session struct {
	key      string // never leaves the process; binds tickets across logins
	user     *User
	authTime time.Time
	expires  time.Time
}

// ticket allows one form of one page to be sent once, by the browser that it
// was shown to.
type ticket struct {
	session string // session.key
	request *authorizeRequest
	user    *User // whom the consent page was shown to; nil on the login page
	expires time.Time
}

// grant is what one login allows: the tokens that descend from it share it.
type grant struct {
	app      *App
	user     *User
	clientID string // the key used at authorize, the audience of ID tokens
	openID   bool
	nonce    string
	authTime time.Time
}

type authorizationCode struct {
	grant       *grant
	redirectURI string
	challenge   string
	expires     time.Time
}

// keptAnswer waits for the page that polls for it.
type keptAnswer struct {
	polledAnswer
	expires time.Time
}

// issuedToken is an access or refresh token.
type issuedToken struct {
	grant   *grant
	expires time.Time
}

// tokens is what one token request issued. refresh is empty if the old refresh
// token goes on.
type tokens struct {
	grant          *grant
	access         string
	accessExpires  time.Time
	refresh        string
	refreshExpires time.Time
}

type connectionKey struct{ app, user int64 }

// connection is the link between a user and an app, with what was agreed to
// and when.
type connection struct {
	connectedAt time.Time
	scopes      map[string]time.Time
	terms       map[string]termConsent
}

// termConsent is an agreement to service terms.
type termConsent struct {
	at time.Time
	by string // agreedOnPage or agreedByAPI
}

func newStore(now func() time.Time, access, refresh Duration) *store {
	s := &store{now: now, accessTTL: time.Duration(access), refreshTTL: time.Duration(refresh)}
	s.reset()
	return s
}

func (s *store) reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions = map[string]*session{}
	s.tickets = map[string]ticket{}
	s.codes = map[string]authorizationCode{}
	s.answers = map[transaction]keptAnswer{}
	s.access = map[string]issuedToken{}
	s.refresh = map[string]issuedToken{}
	s.connections = map[connectionKey]connection{}
	s.served = map[string]int{}
}

// sweep forgets pages, codes, answers and sessions that nobody came back to, at
// most once a minute. Tokens stay, so that an expired one can be called expired.
func (s *store) sweep(now time.Time) {
	if now.Before(s.sweepAt) {
		return
	}
	s.sweepAt = now.Add(time.Minute)
	maps.DeleteFunc(s.tickets, func(_ string, t ticket) bool { return !now.Before(t.expires) })
	maps.DeleteFunc(s.codes, func(_ string, c authorizationCode) bool { return !now.Before(c.expires) })
	maps.DeleteFunc(s.answers, func(_ transaction, a keptAnswer) bool { return !now.Before(a.expires) })
	maps.DeleteFunc(s.sessions, func(_ string, b *session) bool { return !now.Before(b.expires) })
}

// openSession begins the session of a new browser.
func (s *store) openSession() (id string, opened session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	s.sweep(now)
	id = rand.Text()
	opened = session{key: rand.Text(), expires: now.Add(sessionTTL)}
	kept := opened
	s.sessions[id] = &kept
	return id, opened
}

// session returns the session with this id, if it is still valid.
func (s *store) session(id string) (session, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.sessions[id]
	if found == nil || !s.now().Before(found.expires) {
		return session{}, false
	}
	return *found, true
}

// signIn makes user the user of a session and gives the session a new id, so
// that an id known before the login is worth nothing after it.
func (s *store) signIn(id string, user *User) (newID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.sessions[id]
	if found == nil {
		found = &session{key: rand.Text()}
	}
	delete(s.sessions, id)
	now := s.now()
	found.user, found.authTime, found.expires = user, now, now.Add(sessionTTL)
	newID = rand.Text()
	s.sessions[newID] = found
	return newID
}

// issueTicket keeps t for [ticketTTL].
func (s *store) issueTicket(t ticket) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	s.sweep(now)
	t.expires = now.Add(ticketTTL)
	value := rand.Text()
	s.tickets[value] = t
	return value
}

// takeTicket spends a ticket. It fails, and spends nothing, for any browser but
// the one that the ticket was made for.
func (s *store) takeTicket(value string, by session) (ticket, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.tickets[value]
	if !ok || t.session != by.key || !s.now().Before(t.expires) {
		return ticket{}, false
	}
	delete(s.tickets, value)
	return t, true
}

// issueCode keeps c for [codeTTL].
func (s *store) issueCode(c authorizationCode) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	s.sweep(now)
	c.expires = now.Add(codeTTL)
	code := rand.Text() + rand.Text()
	s.codes[code] = c
	return code
}

// takeCode spends an authorization code of app, whatever comes of it.
func (s *store) takeCode(code string, app *App) (authorizationCode, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.codes[code]
	if !ok || c.grant.app != app {
		return authorizationCode{}, false
	}
	delete(s.codes, code)
	return c, s.now().Before(c.expires)
}

// keepAnswer keeps the answer of a transaction as long as a code, in the place
// of an earlier one.
func (s *store) keepAnswer(t transaction, answer polledAnswer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	s.sweep(now)
	s.answers[t] = keptAnswer{answer, now.Add(codeTTL)}
}

// takeAnswer hands out the answer of a transaction, once.
func (s *store) takeAnswer(t transaction) (polledAnswer, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept, ok := s.answers[t]
	delete(s.answers, t)
	return kept.polledAnswer, ok && s.now().Before(kept.expires)
}

// issueTokens begins the tokens of a grant.
func (s *store) issueTokens(g *grant) tokens {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	t := s.newAccessToken(g, now)
	s.addRefreshToken(&t, now)
	return t
}

// renew issues an access token for a refresh token of app, and replaces the
// refresh token if it is in its last month.
func (s *store) renew(value string, app *App) (tokens, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	old, ok := s.refresh[value]
	if !ok || old.grant.app != app || !now.Before(old.expires) {
		return tokens{}, false
	}
	t := s.newAccessToken(old.grant, now)
	if old.expires.Sub(now) < rotationWindow {
		delete(s.refresh, value)
		s.addRefreshToken(&t, now)
	}
	return t, true
}

func (s *store) newAccessToken(g *grant, now time.Time) tokens {
	t := tokens{grant: g, access: rand.Text() + rand.Text(), accessExpires: now.Add(s.accessTTL)}
	s.access[t.access] = issuedToken{grant: g, expires: t.accessExpires}
	return t
}

func (s *store) addRefreshToken(t *tokens, now time.Time) {
	t.refresh, t.refreshExpires = rand.Text()+rand.Text(), now.Add(s.refreshTTL)
	s.refresh[t.refresh] = issuedToken{grant: t.grant, expires: t.refreshExpires}
}

// lookup returns what an access token was issued for, also if it has expired.
func (s *store) lookup(access string) (issuedToken, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.access[access]
	return t, ok
}

// endGrants forgets the tokens and codes of all grants that match.
func (s *store) endGrants(match func(*grant) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dropGrants(match)
}

func (s *store) dropGrants(match func(*grant) bool) {
	maps.DeleteFunc(s.codes, func(_ string, c authorizationCode) bool { return match(c.grant) })
	maps.DeleteFunc(s.access, func(_ string, t issuedToken) bool { return match(t.grant) })
	maps.DeleteFunc(s.refresh, func(_ string, t issuedToken) bool { return match(t.grant) })
}

// connection returns a copy of the link between a user and an app.
func (s *store) connection(app *App, user *User) (connection, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.connections[connectionKey{app.ID, user.ID}]
	if !ok {
		return connection{}, false
	}
	c.scopes, c.terms = maps.Clone(c.scopes), maps.Clone(c.terms)
	return c, true
}

// agree records what was agreed to on the consent page, and links the user with
// the app at the first time.
func (s *store) agree(app *App, user *User, scopes, terms []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	key := connectionKey{app.ID, user.ID}
	c, ok := s.connections[key]
	if !ok {
		c = connection{connectedAt: now, scopes: map[string]time.Time{}, terms: map[string]termConsent{}}
		s.connections[key] = c
	}
	for _, id := range scopes {
		c.scopes[id] = now
	}
	for _, tag := range terms {
		c.terms[tag] = termConsent{now, agreedOnPage}
	}
}

// upgradeTerms records a consent to those terms that the user has not agreed to
// yet, and returns their tags.
func (s *store) upgradeTerms(app *App, user *User, tags []string) (added []string, consent termConsent) {
	s.mu.Lock()
	defer s.mu.Unlock()
	consent = termConsent{s.now(), agreedByAPI}
	c, linked := s.connections[connectionKey{app.ID, user.ID}]
	for _, tag := range tags {
		if _, agreed := c.terms[tag]; linked && !agreed {
			c.terms[tag] = consent
			added = append(added, tag)
		}
	}
	return added, consent
}

// revokeTerms withdraws consents to terms, and returns the tags of those that
// the user had agreed to.
func (s *store) revokeTerms(app *App, user *User, tags []string) (revoked []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.connections[connectionKey{app.ID, user.ID}]
	for _, tag := range tags {
		if _, agreed := c.terms[tag]; agreed {
			delete(c.terms, tag)
			revoked = append(revoked, tag)
		}
	}
	return revoked
}

// revoke withdraws consents.
func (s *store) revoke(app *App, user *User, scopes []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.connections[connectionKey{app.ID, user.ID}]
	for _, id := range scopes {
		delete(c.scopes, id)
	}
}

// unlink forgets the link between a user and an app, and every token of it.
func (s *store) unlink(app *App, user *User) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.connections, connectionKey{app.ID, user.ID})
	s.dropGrants(func(g *grant) bool { return g.app == app && g.user == user })
}

func (s *store) expireAccessTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expireAll(s.access)
}

func (s *store) expireRefreshTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expireAll(s.refresh)
}

// expireAll ends the validity of tokens. The caller holds the lock.
func (s *store) expireAll(tokens map[string]issuedToken) {
	now := s.now()
	for value, t := range tokens {
		t.expires = earlier(t.expires, now)
		tokens[value] = t
	}
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// answered counts a token request.
func (s *store) answered(grantType string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.served[grantType]++
}

func (s *store) count(grantType string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.served[grantType]
}
