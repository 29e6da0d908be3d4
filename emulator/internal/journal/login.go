package journal

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
	"sync"

	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// maxLoginKeys is how much is remembered of what calls have in common.
const maxLoginKeys = 20 * maxCalls

// logins tells which calls belong to one login: they share a state, a form, a
// code or a token. It keeps these, so that it belongs to the journal.
type logins struct {
	mu    sync.Mutex
	last  int
	byKey map[loginKey]int
}

// loginKey stands for a value that calls have in common: its hash, because values
// may be secret and long.
type loginKey [sha256.Size]byte

// of is the number of the login that a call belongs to, counted from 1; 0 for
// calls of none.
func (l *logins) of(c Call) int {
	keys := loginKeys(c)
	if len(keys) == 0 {
		return 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.byKey == nil || len(l.byKey) > maxLoginKeys {
		l.byKey = map[loginKey]int{}
	}
	number := 0
	for _, key := range keys {
		if known := l.byKey[key]; known != 0 {
			number = known
			break
		}
	}
	if number == 0 {
		l.last++
		number = l.last
	}
	for _, key := range keys {
		l.byKey[key] = number
	}
	return number
}

// forget begins anew, with numbers that were not used.
func (l *logins) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.byKey = nil
}

// loginParameters are parameters and members that two calls of one login share.
var loginParameters = []string{"state", "auth_tran_id", "ticket", "code", "refresh_token", "access_token"}

// pageTicket is the ticket of the form on a page.
var pageTicket = regexp.MustCompile(`name="ticket" value="([A-Z2-7]+)"`)

// loginKeys are the values by which a call is told to belong to a login.
func loginKeys(c Call) []loginKey {
	var keys []loginKey
	add := func(name, value string) {
		if value != "" {
			keys = append(keys, sha256.Sum256([]byte(name+" "+value)))
		}
	}
	location, _ := url.Parse(c.AnswerHeader.Get("Location"))
	answer := map[string]any{}
	if json.Unmarshal(c.Answer, &answer) != nil {
		answer = nil // a page
	}
	for _, name := range loginParameters {
		add(name, c.Query.Get(name))
		add(name, c.Form.Get(name))
		if location != nil && c.Path != catalog.LogoutOfAccount.Path {
			add(name, location.Query().Get(name))
		}
		if member, isText := answer[name].(string); isText && c.Path != kakao.PathDiscovery {
			add(name, member)
		}
	}
	if ticket := pageTicket.FindSubmatch(bytes.TrimSpace(c.Answer)); ticket != nil {
		add("ticket", string(ticket[1]))
	}
	if token, bears := strings.CutPrefix(c.Header.Get("Authorization"), catalog.ByUserToken.Scheme()+" "); bears {
		add("access_token", token)
	}
	return keys
}
