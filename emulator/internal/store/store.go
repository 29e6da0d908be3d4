// Package store is what happened at a platform: who is logged in where, what was
// agreed to, which codes and tokens are out. It knows apps and users by their
// numbers only, and nothing of HTTP.
package store

import (
	"cmp"
	"crypto/rand"
	"errors"
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

// Store is what happened at the platform: who is logged in where, what was
// agreed to, which codes and tokens are out. Every method is one atomic step.
// It knows apps and users by their numbers only.
type Store struct {
	now func() time.Time

	mu      sync.Mutex
	kept    Memory
	served  map[string]int
	sweepAt time.Time
	// lapseAt is a time before which no sign-up lapses.
	lapseAt time.Time
}

// Memory is the part of a store that survives a restart.
type Memory struct {
	Sessions    map[string]*Session
	Tickets     map[string]Ticket
	Codes       map[string]AuthorizationCode
	Answers     map[Transaction]keptAnswer
	Access      map[string]IssuedToken
	Refresh     map[string]IssuedToken
	Connections map[Link]Connection
}

// NewMemory remembers nothing yet.
func NewMemory() Memory {
	return Memory{
		Sessions:    map[string]*Session{},
		Tickets:     map[string]Ticket{},
		Codes:       map[string]AuthorizationCode{},
		Answers:     map[Transaction]keptAnswer{},
		Access:      map[string]IssuedToken{},
		Refresh:     map[string]IssuedToken{},
		Connections: map[Link]Connection{},
	}
}

// Link is a pair of an app and an account, by their numbers.
type Link struct{ App, User int64 }

// MarshalText writes the link as a key of a JSON object.
func (l Link) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "%d/%d", l.App, l.User), nil }

// UnmarshalText reads what MarshalText writes.
func (l *Link) UnmarshalText(text []byte) error {
	if _, err := fmt.Sscanf(string(text), "%d/%d", &l.App, &l.User); err != nil {
		return fmt.Errorf("%q is not a pair of app and user: %w", text, err)
	}
	return nil
}

// Session is one browser at the emulator: what Kakao keeps in its own login
// session.
type Session struct {
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

// Ticket allows one form of one page to be sent once, by the browser that it
// was shown to.
type Ticket struct {
	Session string // session.Key
	// Query is that of the request that the page belongs to.
	Query string
	// User is whom the consent page was shown to; 0 on other pages.
	User    int64
	Expires time.Time
}

// Grant is what one login allows: the tokens that descend from it share it.
type Grant struct {
	ID       string
	Link     Link
	ClientID string // the key used at authorize, the audience of ID tokens
	OpenID   bool
	Nonce    string
	AuthTime time.Time
}

// AuthorizationCode is what a code was issued for.
type AuthorizationCode struct {
	Grant       Grant
	RedirectURI string
	Challenge   string
	Expires     time.Time
}

// keptAnswer waits for the page that polls for it.
type keptAnswer struct {
	Answer  PolledAnswer
	Expires time.Time
}

// IssuedToken is an access or refresh token.
type IssuedToken struct {
	Grant   Grant
	Expires time.Time
}

// InLastMonth reports whether a refresh token is due to be replaced.
func (t IssuedToken) InLastMonth(now time.Time) bool { return t.Expires.Sub(now) < rotationWindow }

// Tokens is what one token request issued. refresh is empty if the old refresh
// token goes on.
type Tokens struct {
	Grant          Grant
	Access         string
	AccessExpires  time.Time
	Refresh        string
	refreshExpires time.Time
}

// Connection is the link between a user and an app, with what was agreed to
// and when.
type Connection struct {
	ConnectedAt time.Time
	// Synced tells that the user came through Kakao Sync.
	Synced bool
	// Preregistered tells that the app has yet to sign the user up.
	Preregistered bool
	Scopes        map[string]time.Time
	Terms         map[string]TermConsent
	Properties    map[string]string
}

// clone returns a copy that shares nothing with c.
func (c Connection) clone() Connection {
	c.Scopes, c.Terms, c.Properties = maps.Clone(c.Scopes), maps.Clone(c.Terms), maps.Clone(c.Properties)
	return c
}

// TermConsent is an agreement to service terms.
type TermConsent struct {
	At time.Time
	By string // "KAUTH" or "KAPI"
}

// New is a store in which nothing has happened. now is the platform's clock.
func New(now func() time.Time) *Store {
	return &Store{now: now, kept: NewMemory(), served: map[string]int{}}
}

// Replace puts another past in the place of the one that was.
func (s *Store) Replace(m Memory, served map[string]int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept, s.served = m, map[string]int{}
	maps.Copy(s.served, served)
	s.sweepAt, s.lapseAt = time.Time{}, time.Time{}
}

// Read hands out all that is kept, and how many token requests were answered, to
// a function that must keep and change nothing of it.
func (s *Store) Read(use func(m Memory, served map[string]int) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return use(s.kept, s.served)
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
func (s *Store) sweep(now time.Time) {
	if now.Before(s.sweepAt) {
		return
	}
	s.sweepAt = now.Add(time.Minute)
	maps.DeleteFunc(s.kept.Tickets, func(_ string, t Ticket) bool { return !now.Before(t.Expires) })
	maps.DeleteFunc(s.kept.Codes, func(_ string, c AuthorizationCode) bool { return !now.Before(c.Expires) })
	maps.DeleteFunc(s.kept.Answers, func(_ Transaction, a keptAnswer) bool { return !now.Before(a.Expires) })
	maps.DeleteFunc(s.kept.Sessions, func(_ string, b *Session) bool { return !now.Before(b.Expires) })
	for _, tokens := range []map[string]IssuedToken{s.kept.Access, s.kept.Refresh} {
		maps.DeleteFunc(tokens, func(_ string, t IssuedToken) bool { return now.Sub(t.Expires) > 24*time.Hour })
	}
}

// OpenSession begins the session of a new browser.
func (s *Store) OpenSession() (id string, opened Session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	s.sweep(now)
	id = rand.Text()
	opened = Session{Key: rand.Text(), Expires: now.Add(sessionTTL)}
	kept := opened
	makeRoom(s.kept.Sessions, sessionLimit, func(b *Session) time.Time { return b.Expires })
	s.kept.Sessions[id] = &kept
	return id, opened
}

// Session returns the session with this id, if it is still valid.
func (s *Store) Session(id string) (Session, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.kept.Sessions[id]
	if found == nil || !s.now().Before(found.Expires) {
		return Session{}, false
	}
	copied := *found
	copied.Accounts = found.signedIn(s.now())
	return copied, true
}

// signedIn returns the accounts whose login has not run out: using one does not
// prolong it.
func (b *Session) signedIn(now time.Time) []signedIn {
	return slices.DeleteFunc(slices.Clone(b.Accounts), func(a signedIn) bool { return now.Sub(a.At) >= sessionTTL })
}

// SignIn makes user the current account of a session and gives the session a
// new id, so that an id known before the login is worth nothing after it. An
// account that was there before keeps the time of its login unless fresh.
func (s *Store) SignIn(id string, user int64, fresh bool) (newID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.kept.Sessions[id]
	if found == nil {
		found = &Session{Key: rand.Text()}
	}
	delete(s.kept.Sessions, id)
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
	makeRoom(s.kept.Sessions, sessionLimit, func(b *Session) time.Time { return b.Expires })
	s.kept.Sessions[newID] = found
	return newID
}

// SignOut ends the session of a browser with all its accounts.
func (s *Store) SignOut(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.kept.Sessions, id)
}

// IssueTicket keeps t for [ticketTTL].
func (s *Store) IssueTicket(t Ticket) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	s.sweep(now)
	t.Expires = now.Add(ticketTTL)
	value := rand.Text()
	makeRoom(s.kept.Tickets, share(ticketLimit, len(t.Query)), func(t Ticket) time.Time { return t.Expires })
	s.kept.Tickets[value] = t
	return value
}

// TakeTicket spends a ticket. It fails, and spends nothing, for any browser but
// the one that the ticket was made for.
func (s *Store) TakeTicket(value string, by Session) (Ticket, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.kept.Tickets[value]
	if !ok || t.Session != by.Key || !s.now().Before(t.Expires) {
		return Ticket{}, false
	}
	delete(s.kept.Tickets, value)
	return t, true
}

// IssueCode keeps c, with a grant of its own, for [codeTTL].
func (s *Store) IssueCode(c AuthorizationCode) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	s.sweep(now)
	c.Grant.ID, c.Expires = rand.Text(), now.Add(codeTTL)
	code := rand.Text() + rand.Text()
	makeRoom(s.kept.Codes, share(codeLimit, len(c.Grant.Nonce)), func(c AuthorizationCode) time.Time { return c.Expires })
	s.kept.Codes[code] = c
	return code
}

// CodeLink is whom an authorization code of an app is about.
func (s *Store) CodeLink(code string, app int64) (Link, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.kept.Codes[code]
	return c.Grant.Link, ok && c.Grant.Link.App == app
}

// TakeCode spends an authorization code of an app, whatever comes of it.
func (s *Store) TakeCode(code string, app int64) (AuthorizationCode, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.kept.Codes[code]
	if !ok || c.Grant.Link.App != app {
		return AuthorizationCode{}, false
	}
	delete(s.kept.Codes, code)
	return c, s.now().Before(c.Expires)
}

// KeepAnswer keeps the answer of a transaction as long as a code, in the place
// of an earlier one.
func (s *Store) KeepAnswer(t Transaction, answer PolledAnswer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	s.sweep(now)
	makeRoom(s.kept.Answers, codeLimit, func(a keptAnswer) time.Time { return a.Expires })
	s.kept.Answers[t] = keptAnswer{answer, now.Add(codeTTL)}
}

// TakeAnswer hands out the answer of a transaction, once.
func (s *Store) TakeAnswer(t Transaction) (PolledAnswer, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept, ok := s.kept.Answers[t]
	delete(s.kept.Answers, t)
	return kept.Answer, ok && s.now().Before(kept.Expires)
}

// Lifetimes are those of the tokens that a request issues.
type Lifetimes struct{ Access, Refresh time.Duration }

// IssueTokens begins the tokens of a grant.
func (s *Store) IssueTokens(g Grant, ttl Lifetimes) Tokens {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	t := s.newAccessToken(g, now, ttl)
	s.addRefreshToken(&t, now, ttl)
	return t
}

// RefreshToken returns what a refresh token of an app was issued for, if it is
// still valid.
func (s *Store) RefreshToken(value string, app int64) (IssuedToken, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := s.kept.Refresh[value]
	return found, ok && found.Grant.Link.App == app && s.now().Before(found.Expires)
}

// Renew issues an access token for a refresh token of an app, and replaces the
// refresh token if it is in its last month.
func (s *Store) Renew(value string, app int64, ttl Lifetimes) (Tokens, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	old, ok := s.kept.Refresh[value]
	if !ok || old.Grant.Link.App != app || !now.Before(old.Expires) {
		return Tokens{}, false
	}
	t := s.newAccessToken(old.Grant, now, ttl)
	if old.InLastMonth(now) {
		delete(s.kept.Refresh, value)
		s.addRefreshToken(&t, now, ttl)
	}
	return t, true
}

func (s *Store) newAccessToken(g Grant, now time.Time, ttl Lifetimes) Tokens {
	t := Tokens{Grant: g, Access: rand.Text() + rand.Text(), AccessExpires: now.Add(ttl.Access)}
	makeRoom(s.kept.Access, share(tokenLimit, len(g.Nonce)), func(t IssuedToken) time.Time { return t.Expires })
	s.kept.Access[t.Access] = IssuedToken{Grant: g, Expires: t.AccessExpires}
	return t
}

func (s *Store) addRefreshToken(t *Tokens, now time.Time, ttl Lifetimes) {
	t.Refresh, t.refreshExpires = rand.Text()+rand.Text(), now.Add(ttl.Refresh)
	makeRoom(s.kept.Refresh, share(tokenLimit, len(t.Grant.Nonce)), func(t IssuedToken) time.Time { return t.Expires })
	s.kept.Refresh[t.Refresh] = IssuedToken{Grant: t.Grant, Expires: t.refreshExpires}
}

// Lookup returns what an access token was issued for, also if it has expired.
func (s *Store) Lookup(access string) (IssuedToken, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.kept.Access[access]
	return t, ok
}

// EndGrants forgets the tokens and codes of all grants that match.
func (s *Store) EndGrants(match func(Grant) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dropGrants(match)
}

func (s *Store) dropGrants(match func(Grant) bool) {
	maps.DeleteFunc(s.kept.Codes, func(_ string, c AuthorizationCode) bool { return match(c.Grant) })
	maps.DeleteFunc(s.kept.Access, func(_ string, t IssuedToken) bool { return match(t.Grant) })
	maps.DeleteFunc(s.kept.Refresh, func(_ string, t IssuedToken) bool { return match(t.Grant) })
}

// Connection returns a copy of the link between a user and an app.
func (s *Store) Connection(l Link) (Connection, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.kept.Connections[l]
	return c.clone(), ok
}

// Links returns the links that match, ordered by app and user.
func (s *Store) Links(match func(Link) bool) []Link {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []Link
	for l := range s.kept.Connections {
		if match(l) {
			found = append(found, l)
		}
	}
	slices.SortFunc(found, func(a, b Link) int { return cmp.Or(cmp.Compare(a.App, b.App), cmp.Compare(a.User, b.User)) })
	return found
}

// Agree records what was agreed to, and by which way terms were, and links the user
// with the app at the first time, in the form of first.
func (s *Store) Agree(l Link, first Connection, scopes, terms []string, by string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	c, ok := s.kept.Connections[l]
	if !ok {
		c = first
		c.ConnectedAt = now
		c.Scopes, c.Terms, c.Properties = map[string]time.Time{}, map[string]TermConsent{}, map[string]string{}
		s.kept.Connections[l] = c
		s.lapseAt = earlier(s.lapseAt, now.Add(signupTTL))
	}
	for _, id := range scopes {
		c.Scopes[id] = now
	}
	for _, tag := range terms {
		c.Terms[tag] = TermConsent{now, by}
	}
}

// SignUp completes the link of a preregistered user. It fails, and changes
// nothing, for anybody else.
func (s *Store) SignUp(l Link, properties map[string]string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.kept.Connections[l]
	if !ok || !c.Preregistered {
		return false
	}
	c.Preregistered, c.ConnectedAt = false, s.now()
	maps.Copy(c.Properties, properties)
	s.kept.Connections[l] = c
	return true
}

// SetProperties stores user properties.
func (s *Store) SetProperties(l Link, properties map[string]string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c, ok := s.kept.Connections[l]; ok {
		maps.Copy(c.Properties, properties)
	}
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// LapsedSignups unlinks the users whom no app has signed up in time.
func (s *Store) LapsedSignups() []Link {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if now.Before(s.lapseAt) {
		return nil
	}
	s.lapseAt = now.Add(signupTTL)
	var lapsed []Link
	for l, c := range s.kept.Connections {
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

// UpgradeTerms records a consent to those terms that the user has not agreed to
// yet, and returns their tags.
func (s *Store) UpgradeTerms(l Link, tags []string, by string) (added []string, consent TermConsent) {
	s.mu.Lock()
	defer s.mu.Unlock()
	consent = TermConsent{s.now(), by}
	c, linked := s.kept.Connections[l]
	for _, tag := range tags {
		if _, agreed := c.Terms[tag]; linked && !agreed {
			c.Terms[tag] = consent
			added = append(added, tag)
		}
	}
	return added, consent
}

// RevokeTerms withdraws consents to terms, and returns the tags of those that
// the user had agreed to.
func (s *Store) RevokeTerms(l Link, tags []string) (revoked []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.kept.Connections[l]
	for _, tag := range tags {
		if _, agreed := c.Terms[tag]; agreed {
			delete(c.Terms, tag)
			revoked = append(revoked, tag)
		}
	}
	return revoked
}

// Revoke withdraws consents.
func (s *Store) Revoke(l Link, scopes []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.kept.Connections[l]
	for _, id := range scopes {
		delete(c.Scopes, id)
	}
}

// Unlink forgets the link between a user and an app, and every token of it. It
// reports whether there was one.
func (s *Store) Unlink(l Link) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.drop(l)
}

func (s *Store) drop(l Link) bool {
	_, linked := s.kept.Connections[l]
	delete(s.kept.Connections, l)
	s.dropGrants(func(g Grant) bool { return g.Link == l })
	return linked
}

// ExpireAccessTokens ends the validity of every access token that is out.
func (s *Store) ExpireAccessTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expireAll(s.kept.Access)
}

// ExpireRefreshTokens does the same with refresh tokens.
func (s *Store) ExpireRefreshTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expireAll(s.kept.Refresh)
}

// expireAll ends the validity of tokens. The caller holds the lock.
func (s *Store) expireAll(tokens map[string]IssuedToken) {
	now := s.now()
	for value, t := range tokens {
		if now.Before(t.Expires) {
			t.Expires = now
			tokens[value] = t
		}
	}
}

// Answered counts a token request.
func (s *Store) Answered(grantType string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.served[grantType]++
}

// Count is how many token requests of a grant type were answered.
func (s *Store) Count(grantType string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.served[grantType]
}

// AgreedToAny reports whether one of some consent items was agreed to.
func (c Connection) AgreedToAny(scopes ...string) bool {
	return slices.ContainsFunc(scopes, func(scope string) bool { _, agreed := c.Scopes[scope]; return agreed })
}

// ErrNotLinked is the error of actions on a user who is not linked with the app.
var ErrNotLinked = errors.New("emulator: the user is not linked with the app")
