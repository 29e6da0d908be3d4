package emulator

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kakaowasm/kakaowasm/internal/loopback"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

const pathConsole = "/console"

// consoleError is a refusal of the console.
type consoleError struct {
	status   int
	Message  string           `json:"error"`
	Mistakes []consoleMistake `json:"mistakes,omitempty"`
}

// consoleMistake is a mistake in what was sent: the member, seen from what was
// sent, and what is wrong with it.
type consoleMistake struct {
	Place   string `json:"place"`
	Problem string `json:"problem"`
}

func (e *consoleError) Error() string { return e.Message }

func notFound(what string) error {
	return &consoleError{status: http.StatusNotFound, Message: "there is no such " + what}
}

// console is the page and the JSON calls by which people and tests control the
// platform. Only its own page may call it from a browser, and only by a name
// that this machine goes by.
func (e *Emulator) console() http.Handler {
	table := map[string]func(*http.Request) (any, error){
		"GET /console/api/state": e.consoleState,

		"GET /console/api/apps":          func(*http.Request) (any, error) { return listed(e.Config().Apps), nil },
		"POST /console/api/apps":         e.consoleAddApp,
		"GET /console/api/apps/{app}":    e.consoleApp,
		"PUT /console/api/apps/{app}":    e.consoleReplaceApp,
		"PATCH /console/api/apps/{app}":  e.consoleChangeApp,
		"DELETE /console/api/apps/{app}": e.consoleRemoveApp,

		"GET /console/api/users":           func(*http.Request) (any, error) { return listed(e.Config().Users), nil },
		"POST /console/api/users":          e.consoleAddUser,
		"GET /console/api/users/{user}":    e.consoleUser,
		"PUT /console/api/users/{user}":    e.consoleReplaceUser,
		"PATCH /console/api/users/{user}":  e.consoleChangeUser,
		"DELETE /console/api/users/{user}": e.consoleRemoveUser,

		"GET /console/api/links":                      e.consoleLinks,
		"POST /console/api/links/{app}/{user}/unlink": e.consoleUnlink,
		"POST /console/api/links/{app}/{user}/events": e.consoleEvent,
		"GET /console/api/webhooks":                   e.consoleDeliveries,
		"GET /console/api/messages":                   e.consoleMessages,
		"GET /console/api/clock":                      e.consoleClock,
		"POST /console/api/clock":                     e.consoleSetClock,
		"GET /console/api/faults":                     func(*http.Request) (any, error) { return listed(e.Faults()), nil },
		"POST /console/api/faults":                    e.consoleInject,
		"DELETE /console/api/faults":                  e.consoleAct(e.ClearFaults),
		"DELETE /console/api/faults/{fault}":          e.consoleRemoveFault,
		"GET /console/api/calls":                      e.consoleCalls,
		"DELETE /console/api/calls":                   e.consoleAct(e.journal.clear),
		"POST /console/api/keys/rotate":               e.consoleRotate,
		"POST /console/api/tokens/expire-access":      e.consoleAct(e.ExpireAccessTokens),
		"POST /console/api/tokens/expire-refresh":     e.consoleAct(e.ExpireRefreshTokens),
		"PUT /console/api/auto-login":                 e.consoleAutoLogin,
		"POST /console/api/reset":                     e.consoleAct(e.Reset),
	}
	mux := http.NewServeMux()
	for pattern, serve := range table {
		mux.Handle(pattern, consoleCall(serve))
	}
	mux.HandleFunc("GET "+pathConsole, e.consolePage)
	mux.HandleFunc("GET "+pathConsole+"/{asset}", serveAsset)
	mux.HandleFunc(pathConsole+"/", func(w http.ResponseWriter, r *http.Request) {
		writeConsoleError(w, r, &consoleError{status: http.StatusNotFound, Message: "the console has no such address"})
	})
	return e.onlyOwnHost(http.NewCrossOriginProtection().Handler(mux))
}

// onlyOwnHost refuses names that are not this machine's, which ends DNS
// rebinding.
func (e *Emulator) onlyOwnHost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		issuer, _ := url.Parse(e.directory().Issuer)
		host := hostOf(r)
		_, notAddress := netip.ParseAddr(strings.Trim(host, "[]"))
		if notAddress != nil && !loopback.IsHost(host) && host != issuer.Hostname() && !slices.Contains(Hosts(), host) {
			http.Error(w, "the console answers at "+e.directory().Issuer+" only", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// consoleCall answers with the JSON of what serve returns.
func consoleCall(serve func(*http.Request) (any, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer, err := serve(r)
		if err != nil {
			writeConsoleError(w, r, err)
			return
		}
		if answer == nil {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		writeJSON(w, http.StatusOK, answer)
	})
}

// writeConsoleError answers with an error. What is no refusal of the console's
// own is a mistake in what was sent, of which all are named; ?lang=ko names them
// in Korean.
func writeConsoleError(w http.ResponseWriter, r *http.Request, err error) {
	var refusal *consoleError
	if !errors.As(err, &refusal) {
		refusal = &consoleError{
			status: http.StatusUnprocessableEntity, Message: "nothing was changed: correct the mistakes",
			Mistakes: consoleMistakes(err, language(r.URL.Query().Get("lang"))),
		}
	}
	writeJSON(w, refusal.status, refusal)
}

// element is what was sent as a whole: a place is told as seen from there.
var element = regexp.MustCompile(`^((apps|users)\[\d+\]\.?|fault$)`)

func consoleMistakes(err error, l language) []consoleMistake {
	joined, several := err.(interface{ Unwrap() []error })
	if !several {
		return []consoleMistake{mistakeOf(err, l)}
	}
	var list []consoleMistake
	for _, single := range joined.Unwrap() {
		list = append(list, mistakeOf(single, l))
	}
	return list
}

func mistakeOf(err error, l language) consoleMistake {
	var m *mistake
	if !errors.As(err, &m) {
		return consoleMistake{Problem: err.Error()}
	}
	return consoleMistake{Place: element.ReplaceAllString(m.place, ""), Problem: m.problem(l)}
}

// readConsole reads a JSON body into value.
func readConsole(r *http.Request, value any) error { return decodeConsole(r.Body, value) }

// decodeConsole reads JSON into value. Members that are not known are errors.
func decodeConsole(body io.Reader, value any) error {
	decoder := json.NewDecoder(body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(value); err != nil {
		return badBody(err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return badBody(errors.New("it goes on after its JSON value"))
	}
	return nil
}

func badBody(err error) error {
	return &consoleError{status: http.StatusBadRequest, Message: "the body is not the expected JSON: " + err.Error()}
}

// listed is a list for JSON, where an empty one is no null.
func listed[T any](list []T) []T { return append([]T{}, list...) }

// consoleAct is a call that does something and says nothing.
func (e *Emulator) consoleAct(act func()) func(*http.Request) (any, error) {
	return func(*http.Request) (any, error) {
		act()
		return nil, nil
	}
}

// numberOf is a number in the path; one that is none names nothing.
func numberOf(r *http.Request, name string) int64 {
	n, err := strconv.ParseInt(r.PathValue(name), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// consoleStateAnswer is what the console's page shows at a glance.
type consoleStateAnswer struct {
	Issuer     string      `json:"issuer"`
	Clock      clockAnswer `json:"clock"`
	Apps       []App       `json:"apps"`
	Users      []User      `json:"users"`
	Links      []linkInfo  `json:"links"`
	Faults     []Fault     `json:"faults"`
	AutoLogin  int64       `json:"auto_login"`
	Keys       []string    `json:"signing_keys"`
	Scopes     []Scope     `json:"known_scopes"`
	Paths      []string    `json:"paths"`
	EventTypes []string    `json:"event_types"`
	Referrers  []Referrer  `json:"referrers"`
}

func (e *Emulator) consoleState(*http.Request) (any, error) {
	cfg := e.Config()
	answer := consoleStateAnswer{
		Issuer: cfg.Issuer, Clock: e.clockAnswer(), Apps: listed(cfg.Apps), Users: listed(cfg.Users), Links: e.linkInfos(),
		Faults: listed(e.Faults()), AutoLogin: e.automatic.Load(), Scopes: knownScopes, Paths: paths(),
		EventTypes: EventTypes(), Referrers: referrers,
	}
	for _, key := range e.keys.all() {
		answer.Keys = append(answer.Keys, key.id)
	}
	return answer, nil
}

// paths are those of Kakao's that may be called, in order.
func paths() []string {
	var all []string
	for _, call := range append(catalog.Calls(), catalog.TalkCalls()...) {
		all = append(all, call.Path)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// linkInfo is a link of a user with an app.
type linkInfo struct {
	App           int64                `json:"app_id"`
	User          int64                `json:"user_id"` // number of the account
	ServiceUserID int64                `json:"service_user_id"`
	ConnectedAt   time.Time            `json:"connected_at"`
	Preregistered bool                 `json:"preregistered,omitempty"`
	Scopes        map[string]time.Time `json:"scopes"`
	Terms         []string             `json:"service_terms"`
	Properties    map[string]string    `json:"properties"`
}

func (e *Emulator) linkInfos() []linkInfo {
	d := e.directory()
	infos := []linkInfo{}
	for _, l := range e.store.links(func(link) bool { return true }) {
		app, user, registered := d.registered(l)
		c, linked := e.store.connection(l)
		if !registered || !linked {
			continue
		}
		info := linkInfo{
			App: app.ID, User: user.ID, ServiceUserID: user.ServiceUserIDs[app.ID], ConnectedAt: c.ConnectedAt,
			Preregistered: c.Preregistered, Scopes: c.Scopes, Terms: []string{}, Properties: c.Properties,
		}
		for tag := range c.Terms {
			info.Terms = append(info.Terms, tag)
		}
		slices.Sort(info.Terms)
		infos = append(infos, info)
	}
	return infos
}

func (e *Emulator) consoleLinks(*http.Request) (any, error) { return e.linkInfos(), nil }

// consoleUnlink plays a user who disconnects: {"referrer_type": "…"}, by default
// UNLINK_FROM_APPS.
func (e *Emulator) consoleUnlink(r *http.Request) (any, error) {
	asked := struct {
		Referrer Referrer `json:"referrer_type"`
	}{UnlinkFromApps}
	if err := readOptional(r, &asked); err != nil {
		return nil, err
	}
	if !slices.Contains(referrers, asked.Referrer) {
		return nil, &mistake{"referrer_type", "%q is none of ACCOUNT_DELETE, UNLINK_FROM_APPS and the other referrers", []any{asked.Referrer}}
	}
	if err := e.Disconnect(numberOf(r, "app"), numberOf(r, "user"), asked.Referrer); err != nil {
		return nil, notFound("link")
	}
	return nil, nil
}

// readOptional is readConsole for a body that may be left out.
func readOptional(r *http.Request, value any) error {
	if r.ContentLength == 0 {
		return nil
	}
	return readConsole(r, value)
}

// consoleEvent sends an account event: {"type": "https://…"}.
func (e *Emulator) consoleEvent(r *http.Request) (any, error) {
	var asked struct {
		Type string `json:"type"`
	}
	if err := readConsole(r, &asked); err != nil {
		return nil, err
	}
	err := e.SendEvent(numberOf(r, "app"), numberOf(r, "user"), asked.Type)
	if errors.Is(err, ErrNotLinked) {
		return nil, notFound("link")
	}
	return nil, err
}

func (e *Emulator) consoleDeliveries(*http.Request) (any, error) { return listed(e.outbox.list()), nil }

type clockAnswer struct {
	Now     time.Time `json:"now"`
	Stopped bool      `json:"stopped"`
}

func (e *Emulator) clockAnswer() clockAnswer {
	return clockAnswer{e.clock.Now().UTC(), e.clock.Stopped()}
}

func (e *Emulator) consoleClock(*http.Request) (any, error) { return e.clockAnswer(), nil }

// consoleSetClock moves the clock: {"advance": "12h"}, {"set": "2026-01-01T…Z"},
// {"stopped": true}, or several of these in that order.
func (e *Emulator) consoleSetClock(r *http.Request) (any, error) {
	var asked struct {
		Advance Duration  `json:"advance"`
		Set     time.Time `json:"set"`
		Stopped *bool     `json:"stopped"`
	}
	if err := readConsole(r, &asked); err != nil {
		return nil, err
	}
	e.clock.Advance(time.Duration(asked.Advance))
	if !asked.Set.IsZero() {
		e.clock.Set(asked.Set)
	}
	switch {
	case asked.Stopped == nil:
	case *asked.Stopped:
		e.clock.Stop()
	default:
		e.clock.Resume()
	}
	e.lapseSignups()
	return e.clockAnswer(), nil
}

func (e *Emulator) consoleInject(r *http.Request) (any, error) {
	var fault Fault
	if err := readConsole(r, &fault); err != nil {
		return nil, err
	}
	id, err := e.Inject(fault)
	if err != nil {
		return nil, err
	}
	fault.ID = id
	return fault, nil
}

func (e *Emulator) consoleRemoveFault(r *http.Request) (any, error) {
	if !e.faults.remove(int(numberOf(r, "fault"))) {
		return nil, notFound("fault")
	}
	return nil, nil
}

// consoleRotate makes a new key sign: {"retire": true} takes the old ones out of
// the key set.
func (e *Emulator) consoleRotate(r *http.Request) (any, error) {
	var asked struct {
		Retire bool `json:"retire"`
	}
	if err := readOptional(r, &asked); err != nil {
		return nil, err
	}
	return nil, e.RotateKeys(asked.Retire)
}

// consoleAutoLogin chooses who logs in without pages: {"user": 4210000001}, 0
// for nobody.
func (e *Emulator) consoleAutoLogin(r *http.Request) (any, error) {
	var asked struct {
		User int64 `json:"user"`
	}
	if err := readConsole(r, &asked); err != nil {
		return nil, err
	}
	return nil, e.AutoLogin(asked.User)
}
