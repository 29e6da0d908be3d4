package emulator

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"
)

// Lifetimes of what is not a token.
const (
	codeTTL    = 10 * time.Minute // RFC 6749, section 4.1.2
	ticketTTL  = 30 * time.Minute // a page left open
	sessionTTL = 24 * time.Hour   // Kakao Login > REST API > Getting tokens
	signupTTL  = 24 * time.Hour   // Kakao Login > REST API > Manual signup
	// rotationWindow is the last month of a refresh token, in which Kakao
	// replaces it.
	rotationWindow = 30 * 24 * time.Hour
)

// store is what happened at the platform: who is logged in where, what was
// agreed to, which codes and tokens are out. Every method is one atomic step.
// It knows apps and users by their numbers only.
type store struct {
	now func() time.Time

	mu sync.Mutex
	memory
	served  map[string]int
	sweepAt time.Time
	// lapseAt is a time before which no sign-up lapses.
	lapseAt time.Time
}

// memory is the part of a store that survives a restart.
type memory struct {
	Sessions    map[string]*session
	Tickets     map[string]ticket
	Codes       map[string]authorizationCode
	Answers     map[transaction]keptAnswer
	Access      map[string]issuedToken
	Refresh     map[string]issuedToken
	Connections map[link]connection
}

func newMemory() memory {
	return memory{
		Sessions:    map[string]*session{},
		Tickets:     map[string]ticket{},
		Codes:       map[string]authorizationCode{},
		Answers:     map[transaction]keptAnswer{},
		Access:      map[string]issuedToken{},
		Refresh:     map[string]issuedToken{},
		Connections: map[link]connection{},
	}
}

// link is a pair of an app and an account, by their numbers.
type link struct{ App, User int64 }

// MarshalText writes the link as a key of a JSON object.
func (l link) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "%d/%d", l.App, l.User), nil }

// UnmarshalText reads what MarshalText writes.
func (l *link) UnmarshalText(text []byte) error {
	if _, err := fmt.Sscanf(string(text), "%d/%d", &l.App, &l.User); err != nil {
		return fmt.Errorf("%q is not a pair of app and user: %w", text, err)
	}
	return nil
}

// session is one browser at the emulator: what Kakao keeps in its own login
// session.
type session struct {
	Key string // never leaves the process; binds tickets across logins
	// Accounts are those logged in, the current one first.
	Accounts []signedIn
	Expires  time.Time
}

// signedIn is an account in a browser.
type signedIn struct {
	User int64
	At   time.Time
}

// ticket allows one form of one page to be sent once, by the browser that it
// was shown to.
type ticket struct {
	Session string // session.Key
	// Query is that of the request that the page belongs to.
	Query string
	// User is whom the consent page was shown to; 0 on other pages.
	User    int64
	Expires time.Time
}

// grant is what one login allows: the tokens that descend from it share it.
type grant struct {
	ID       string
	Link     link
	ClientID string // the key used at authorize, the audience of ID tokens
	OpenID   bool
	Nonce    string
	AuthTime time.Time
}

type authorizationCode struct {
	Grant       grant
	RedirectURI string
	Challenge   string
	Expires     time.Time
}

// keptAnswer waits for the page that polls for it.
type keptAnswer struct {
	Answer  polledAnswer
	Expires time.Time
}

// issuedToken is an access or refresh token.
type issuedToken struct {
	Grant   grant
	Expires time.Time
}

// inLastMonth reports whether a refresh token is due to be replaced.
func (t issuedToken) inLastMonth(now time.Time) bool { return t.Expires.Sub(now) < rotationWindow }

// tokens is what one token request issued. refresh is empty if the old refresh
// token goes on.
type tokens struct {
	grant          grant
	access         string
	accessExpires  time.Time
	refresh        string
	refreshExpires time.Time
}

// connection is the link between a user and an app, with what was agreed to
// and when.
type connection struct {
	ConnectedAt time.Time
	// Synced tells that the user came through Kakao Sync.
	Synced bool
	// Preregistered tells that the app has yet to sign the user up.
	Preregistered bool
	Scopes        map[string]time.Time
	Terms         map[string]termConsent
	Properties    map[string]string
}

// clone returns a copy that shares nothing with c.
func (c connection) clone() connection {
	c.Scopes, c.Terms, c.Properties = maps.Clone(c.Scopes), maps.Clone(c.Terms), maps.Clone(c.Properties)
	return c
}

// termConsent is an agreement to service terms.
type termConsent struct {
	At time.Time
	By string // agreedOnPage or agreedByAPI
}

func newStore(now func() time.Time) *store {
	return &store{now: now, memory: newMemory(), served: map[string]int{}}
}

// replace puts another past in the place of the one that was.
func (s *store) replace(m memory, served map[string]int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.memory, s.served = m, map[string]int{}
	maps.Copy(s.served, served)
	s.sweepAt, s.lapseAt = time.Time{}, time.Time{}
}

// How much the store keeps, whoever asks for it: beyond that, what expires next
// goes first.
const (
	sessionLimit = 10_000
	ticketLimit  = 5_000
	codeLimit    = 10_000
	tokenLimit   = 50_000
)

// makeRoom removes the tenth that expires next from what is full.
func makeRoom[K comparable, V any](kept map[K]V, limit int, expires func(V) time.Time) {
	if len(kept) < limit {
		return
	}
	keys := slices.SortedFunc(maps.Keys(kept), func(a, b K) int { return expires(kept[a]).Compare(expires(kept[b])) })
	for _, key := range keys[:len(keys)/10+1] {
		delete(kept, key)
	}
}

// share is how many are kept where one holds so many bytes of what a client
// sent.
func share(limit, bytes int) int { return limit / (1 + bytes/(4<<10)) }

// sweep forgets pages, codes, answers and sessions that nobody came back to, at
// most once a minute. Tokens stay for a day after they expired, so that an
// expired one can be called expired.
func (s *store) sweep(now time.Time) {
	if now.Before(s.sweepAt) {
		return
	}
	s.sweepAt = now.Add(time.Minute)
	maps.DeleteFunc(s.Tickets, func(_ string, t ticket) bool { return !now.Before(t.Expires) })
	maps.DeleteFunc(s.Codes, func(_ string, c authorizationCode) bool { return !now.Before(c.Expires) })
	maps.DeleteFunc(s.Answers, func(_ transaction, a keptAnswer) bool { return !now.Before(a.Expires) })
	maps.DeleteFunc(s.Sessions, func(_ string, b *session) bool { return !now.Before(b.Expires) })
	for _, tokens := range []map[string]issuedToken{s.Access, s.Refresh} {
		maps.DeleteFunc(tokens, func(_ string, t issuedToken) bool { return now.Sub(t.Expires) > 24*time.Hour })
	}
}

// openSession begins the session of a new browser.
func (s *store) openSession() (id string, opened session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	s.sweep(now)
	id = rand.Text()
	opened = session{Key: rand.Text(), Expires: now.Add(sessionTTL)}
	kept := opened
	makeRoom(s.Sessions, sessionLimit, func(b *session) time.Time { return b.Expires })
	s.Sessions[id] = &kept
	return id, opened
}

// session returns the session with this id, if it is still valid.
func (s *store) session(id string) (session, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.Sessions[id]
	if found == nil || !s.now().Before(found.Expires) {
		return session{}, false
	}
	copied := *found
	copied.Accounts = found.signedIn(s.now())
	return copied, true
}

// signedIn returns the accounts whose login has not run out: using one does not
// prolong it.
func (b *session) signedIn(now time.Time) []signedIn {
	return without(b.Accounts, func(a signedIn) bool { return now.Sub(a.At) >= sessionTTL })
}

// signIn makes user the current account of a session and gives the session a
// new id, so that an id known before the login is worth nothing after it. An
// account that was there before keeps the time of its login unless fresh.
func (s *store) signIn(id string, user int64, fresh bool) (newID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.Sessions[id]
	if found == nil {
		found = &session{Key: rand.Text()}
	}
	delete(s.Sessions, id)
	now := s.now()
	found.Accounts = found.signedIn(now)
	account := signedIn{user, now}
	if at := slices.IndexFunc(found.Accounts, func(a signedIn) bool { return a.User == user }); at >= 0 {
		if !fresh {
			account = found.Accounts[at]
		}
		found.Accounts = slices.Delete(found.Accounts, at, at+1)
	}
	found.Accounts = append([]signedIn{account}, found.Accounts...)
	found.Expires = now.Add(sessionTTL)
	newID = rand.Text()
	makeRoom(s.Sessions, sessionLimit, func(b *session) time.Time { return b.Expires })
	s.Sessions[newID] = found
	return newID
}

// signOut ends the session of a browser with all its accounts.
func (s *store) signOut(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.Sessions, id)
}

// issueTicket keeps t for [ticketTTL].
func (s *store) issueTicket(t ticket) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	s.sweep(now)
	t.Expires = now.Add(ticketTTL)
	value := rand.Text()
	makeRoom(s.Tickets, share(ticketLimit, len(t.Query)), func(t ticket) time.Time { return t.Expires })
	s.Tickets[value] = t
	return value
}

// takeTicket spends a ticket. It fails, and spends nothing, for any browser but
// the one that the ticket was made for.
func (s *store) takeTicket(value string, by session) (ticket, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.Tickets[value]
	if !ok || t.Session != by.Key || !s.now().Before(t.Expires) {
		return ticket{}, false
	}
	delete(s.Tickets, value)
	return t, true
}

// issueCode keeps c, with a grant of its own, for [codeTTL].
func (s *store) issueCode(c authorizationCode) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	s.sweep(now)
	c.Grant.ID, c.Expires = rand.Text(), now.Add(codeTTL)
	code := rand.Text() + rand.Text()
	makeRoom(s.Codes, share(codeLimit, len(c.Grant.Nonce)), func(c authorizationCode) time.Time { return c.Expires })
	s.Codes[code] = c
	return code
}

// codeLink is whom an authorization code of an app is about.
func (s *store) codeLink(code string, app int64) (link, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.Codes[code]
	return c.Grant.Link, ok && c.Grant.Link.App == app
}

// takeCode spends an authorization code of an app, whatever comes of it.
func (s *store) takeCode(code string, app int64) (authorizationCode, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.Codes[code]
	if !ok || c.Grant.Link.App != app {
		return authorizationCode{}, false
	}
	delete(s.Codes, code)
	return c, s.now().Before(c.Expires)
}

// keepAnswer keeps the answer of a transaction as long as a code, in the place
// of an earlier one.
func (s *store) keepAnswer(t transaction, answer polledAnswer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	s.sweep(now)
	makeRoom(s.Answers, codeLimit, func(a keptAnswer) time.Time { return a.Expires })
	s.Answers[t] = keptAnswer{answer, now.Add(codeTTL)}
}

// takeAnswer hands out the answer of a transaction, once.
func (s *store) takeAnswer(t transaction) (polledAnswer, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept, ok := s.Answers[t]
	delete(s.Answers, t)
	return kept.Answer, ok && s.now().Before(kept.Expires)
}

// lifetimes are those of the tokens that a request issues.
type lifetimes struct{ access, refresh time.Duration }

// issueTokens begins the tokens of a grant.
func (s *store) issueTokens(g grant, ttl lifetimes) tokens {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	t := s.newAccessToken(g, now, ttl)
	s.addRefreshToken(&t, now, ttl)
	return t
}

// refreshToken returns what a refresh token of an app was issued for, if it is
// still valid.
func (s *store) refreshToken(value string, app int64) (issuedToken, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := s.Refresh[value]
	return found, ok && found.Grant.Link.App == app && s.now().Before(found.Expires)
}

// renew issues an access token for a refresh token of an app, and replaces the
// refresh token if it is in its last month.
func (s *store) renew(value string, app int64, ttl lifetimes) (tokens, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	old, ok := s.Refresh[value]
	if !ok || old.Grant.Link.App != app || !now.Before(old.Expires) {
		return tokens{}, false
	}
	t := s.newAccessToken(old.Grant, now, ttl)
	if old.inLastMonth(now) {
		delete(s.Refresh, value)
		s.addRefreshToken(&t, now, ttl)
	}
	return t, true
}

func (s *store) newAccessToken(g grant, now time.Time, ttl lifetimes) tokens {
	t := tokens{grant: g, access: rand.Text() + rand.Text(), accessExpires: now.Add(ttl.access)}
	makeRoom(s.Access, share(tokenLimit, len(g.Nonce)), func(t issuedToken) time.Time { return t.Expires })
	s.Access[t.access] = issuedToken{Grant: g, Expires: t.accessExpires}
	return t
}

func (s *store) addRefreshToken(t *tokens, now time.Time, ttl lifetimes) {
	t.refresh, t.refreshExpires = rand.Text()+rand.Text(), now.Add(ttl.refresh)
	makeRoom(s.Refresh, share(tokenLimit, len(t.grant.Nonce)), func(t issuedToken) time.Time { return t.Expires })
	s.Refresh[t.refresh] = issuedToken{Grant: t.grant, Expires: t.refreshExpires}
}

// lookup returns what an access token was issued for, also if it has expired.
func (s *store) lookup(access string) (issuedToken, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.Access[access]
	return t, ok
}

// endGrants forgets the tokens and codes of all grants that match.
func (s *store) endGrants(match func(grant) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dropGrants(match)
}

func (s *store) dropGrants(match func(grant) bool) {
	maps.DeleteFunc(s.Codes, func(_ string, c authorizationCode) bool { return match(c.Grant) })
	maps.DeleteFunc(s.Access, func(_ string, t issuedToken) bool { return match(t.Grant) })
	maps.DeleteFunc(s.Refresh, func(_ string, t issuedToken) bool { return match(t.Grant) })
}

// connection returns a copy of the link between a user and an app.
func (s *store) connection(l link) (connection, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.Connections[l]
	return c.clone(), ok
}

// links returns the links that match, ordered by app and user.
func (s *store) links(match func(link) bool) []link {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []link
	for l := range s.Connections {
		if match(l) {
			found = append(found, l)
		}
	}
	slices.SortFunc(found, func(a, b link) int { return cmp.Or(cmp.Compare(a.App, b.App), cmp.Compare(a.User, b.User)) })
	return found
}

// agree records what was agreed to on the consent page, and links the user with
// the app at the first time, in the form of first.
func (s *store) agree(l link, first connection, scopes, terms []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	c, ok := s.Connections[l]
	if !ok {
		c = first
		c.ConnectedAt = now
		c.Scopes, c.Terms, c.Properties = map[string]time.Time{}, map[string]termConsent{}, map[string]string{}
		s.Connections[l] = c
		s.lapseAt = earlier(s.lapseAt, now.Add(signupTTL))
	}
	for _, id := range scopes {
		c.Scopes[id] = now
	}
	for _, tag := range terms {
		c.Terms[tag] = termConsent{now, agreedOnPage}
	}
}

// signUp completes the link of a preregistered user. It fails, and changes
// nothing, for anybody else.
func (s *store) signUp(l link, properties map[string]string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.Connections[l]
	if !ok || !c.Preregistered {
		return false
	}
	c.Preregistered, c.ConnectedAt = false, s.now()
	maps.Copy(c.Properties, properties)
	s.Connections[l] = c
	return true
}

// setProperties stores user properties.
func (s *store) setProperties(l link, properties map[string]string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c, ok := s.Connections[l]; ok {
		maps.Copy(c.Properties, properties)
	}
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// lapsedSignups unlinks the users whom no app has signed up in time.
func (s *store) lapsedSignups() []link {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if now.Before(s.lapseAt) {
		return nil
	}
	s.lapseAt = now.Add(signupTTL)
	var lapsed []link
	for l, c := range s.Connections {
		switch lapses := c.ConnectedAt.Add(signupTTL); {
		case !c.Preregistered:
		case now.Before(lapses):
			s.lapseAt = earlier(s.lapseAt, lapses)
		default:
			lapsed = append(lapsed, l)
		}
	}
	for _, l := range lapsed {
		s.drop(l)
	}
	return lapsed
}

// upgradeTerms records a consent to those terms that the user has not agreed to
// yet, and returns their tags.
func (s *store) upgradeTerms(l link, tags []string) (added []string, consent termConsent) {
	s.mu.Lock()
	defer s.mu.Unlock()
	consent = termConsent{s.now(), agreedByAPI}
	c, linked := s.Connections[l]
	for _, tag := range tags {
		if _, agreed := c.Terms[tag]; linked && !agreed {
			c.Terms[tag] = consent
			added = append(added, tag)
		}
	}
	return added, consent
}

// revokeTerms withdraws consents to terms, and returns the tags of those that
// the user had agreed to.
func (s *store) revokeTerms(l link, tags []string) (revoked []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.Connections[l]
	for _, tag := range tags {
		if _, agreed := c.Terms[tag]; agreed {
			delete(c.Terms, tag)
			revoked = append(revoked, tag)
		}
	}
	return revoked
}

// revoke withdraws consents.
func (s *store) revoke(l link, scopes []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.Connections[l]
	for _, id := range scopes {
		delete(c.Scopes, id)
	}
}

// unlink forgets the link between a user and an app, and every token of it. It
// reports whether there was one.
func (s *store) unlink(l link) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.drop(l)
}

func (s *store) drop(l link) bool {
	_, linked := s.Connections[l]
	delete(s.Connections, l)
	s.dropGrants(func(g grant) bool { return g.Link == l })
	return linked
}

func (s *store) expireAccessTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expireAll(s.Access)
}

func (s *store) expireRefreshTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expireAll(s.Refresh)
}

// expireAll ends the validity of tokens. The caller holds the lock.
func (s *store) expireAll(tokens map[string]issuedToken) {
	now := s.now()
	for value, t := range tokens {
		if now.Before(t.Expires) {
			t.Expires = now
			tokens[value] = t
		}
	}
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
