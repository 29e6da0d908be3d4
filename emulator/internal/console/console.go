// Package console is the page and the JSON calls by which people and tests control a
// world: operations is its route table, and each resource, with the few things that
// it acts on, is a file.
package console

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/fault"
	"github.com/kakaowasm/kakaowasm/emulator/internal/journal"
	"github.com/kakaowasm/kakaowasm/emulator/internal/kapi"
	"github.com/kakaowasm/kakaowasm/emulator/internal/language"
	"github.com/kakaowasm/kakaowasm/emulator/internal/mistake"
	"github.com/kakaowasm/kakaowasm/emulator/internal/pages"
	"github.com/kakaowasm/kakaowasm/emulator/internal/registry"
	"github.com/kakaowasm/kakaowasm/emulator/internal/schema"
	"github.com/kakaowasm/kakaowasm/emulator/internal/signing"
	"github.com/kakaowasm/kakaowasm/emulator/internal/snapshot"
	"github.com/kakaowasm/kakaowasm/emulator/internal/store"
	"github.com/kakaowasm/kakaowasm/emulator/internal/web"
	"github.com/kakaowasm/kakaowasm/emulator/internal/webhook"
	"github.com/kakaowasm/kakaowasm/internal/eventlog"
)

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

// Conflict is the refusal of what would be right at another time.
func Conflict(err error) error {
	return &consoleError{status: http.StatusConflict, Message: strings.TrimPrefix(err.Error(), "emulator: ")}
}

// NotFound is the refusal of what does not exist.
func NotFound(what string) error {
	return &consoleError{status: http.StatusNotFound, Message: "there is no such " + what}
}

// operation is one call of the console's API.
type operation struct {
	method, path string // below pathConsoleAPI
	id, summary  string
	query        []queryParameter
	// request and answer are values of the types of the bodies, nil where there is
	// none. optional tells that the request's may be left out.
	request, answer any
	optional        bool
	// element is where what is sent stands in the configuration: mistakes are told
	// as seen from there.
	element string
	serve   func(*http.Request) (any, error)
	// event is a value of the type of a stream's events, which stream serves: such an
	// operation has no answer, and nothing that serves it.
	event  any
	stream http.HandlerFunc
}

// queryParameter is one that an operation takes in its address.
type queryParameter struct{ name, description string }

// Setup is what the console shows and changes.
type Setup struct {
	Registry *registry.Registry
	Store    *store.Store
	Keys     *signing.Keys
	Journal  *journal.Journal
	Faults   *fault.Set
	Webhooks *webhook.Webhooks
	Messages *eventlog.Log[kapi.TalkMessage]
	Time     clock
	World    worldState
	People   people
	Traffic  traffic
	Worlds   emulatorWorlds
}

// clock is the clock of a world.
type clock interface {
	Now() time.Time
	Stopped() bool
	Advance(by time.Duration)
	Set(to time.Time)
	Stop()
	Resume()
}

// worldState is a world as a whole: what it is, and how it returns to what it was.
type worldState interface {
	Info() WorldInfo
	Export() (config.Seed, error)
	ApplySeed(seed config.Seed) error
	Reset()
	Snapshots() []snapshot.Snapshot
	SaveSnapshot(name string) (snapshot.Snapshot, error)
	RestoreSnapshot(name string) error
	RemoveSnapshot(name string) error
}

// people is what users do outside of an app, and who logs in by themselves.
type people interface {
	DeleteUser(user int64) error
	Disconnect(app, user int64, referrer webhook.Referrer) error
	SendEvent(app, user int64, event string) error
	AutoLogin(user int64) error
	Automatic() int64
	LapseSignups()
}

// traffic is what was called, as it comes and once more.
type traffic interface {
	Stream(w http.ResponseWriter, r *http.Request)
	Replay(r *http.Request, c journal.Call) (again journal.Call, found bool)
}

// emulatorWorlds are all worlds of the emulator. Its errors are those that the
// console answers with.
type emulatorWorlds interface {
	StartState() config.Seed
	All() []WorldInfo
	Get(name string) (WorldInfo, bool)
	Add(name string, seed config.Seed) (WorldInfo, error)
	Remove(ctx context.Context, name string) error
}

// operations is the route table of the console's API.
func operations(s Setup) []operation {
	clock := &clockResource{s.Time, s.People}
	links := &linkResource{s.Registry, s.Store, s.People}
	return slices.Concat(
		(&stateResource{s, clock, links}).operations(),
		(&worldResource{s.Worlds}).operations(),
		(&appResource{s.Registry, s.Store}).operations(),
		(&userResource{s.Registry, s.People}).operations(),
		links.operations(),
		clock.operations(),
		(&faultResource{s.Faults}).operations(),
		(&callResource{s.Journal, s.Traffic}).operations(),
		(&webhookResource{s.Webhooks}).operations(),
		(&messageResource{s.Messages}).operations(),
		(&tokenResource{s.Keys, s.Store, s.People}).operations(),
	)
}

// New is the page and the JSON calls by which people and tests control a
// world. Only its own page may call it from a browser.
func New(s Setup) http.Handler {
	mux := http.NewServeMux()
	for _, o := range operations(s) {
		mux.Handle(o.method+" "+pages.PathConsoleAPI+o.path, o.handler())
	}
	for _, document := range documentRoutes {
		mux.HandleFunc("GET "+document.path, serveDocument(document.kind, document.content))
	}
	mux.HandleFunc("GET "+pages.PathConsole, showConsole)
	mux.HandleFunc("GET "+pages.PathConsole+"/{asset}", pages.ServeAsset)
	mux.HandleFunc(pages.PathConsole+"/", func(w http.ResponseWriter, r *http.Request) {
		writeConsoleError(w, r, &consoleError{status: http.StatusNotFound, Message: "the console has no such address"})
	})
	return http.NewCrossOriginProtection().Handler(unreadForStrangers(mux))
}

// unreadForStrangers refuses what a page of another origin asks for, which could
// not read the answer anyway: it must not hold streams open either. Links that lead
// here are no such requests.
func unreadForStrangers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if askedByStranger(r) {
			writeConsoleError(w, r, &consoleError{status: http.StatusForbidden, Message: "pages of other origins may not ask the console"})
			return
		}
		next.ServeHTTP(w, r)
	})
}

func askedByStranger(r *http.Request) bool {
	if origin := r.Header.Get("Origin"); origin != "" {
		page, err := url.Parse(origin)
		return err != nil || !strings.EqualFold(page.Host, r.Host)
	}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "none", "same-origin":
		return false
	}
	return r.Header.Get("Sec-Fetch-Mode") != "navigate"
}

// handler answers with the JSON of what an operation returns, or streams.
func (o operation) handler() http.HandlerFunc {
	if o.stream != nil {
		return o.stream
	}
	return func(w http.ResponseWriter, r *http.Request) {
		answer, err := o.serve(r)
		if err != nil {
			writeConsoleError(w, r, mistake.Within(o.element, err))
			return
		}
		if answer == nil {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		if _, isSeed := answer.(config.Seed); isSeed && strings.Contains(r.Header.Get("Accept"), "yaml") {
			writeYAML(w, answer)
			return
		}
		web.WriteJSON(w, http.StatusOK, answer)
	}
}

// writeYAML answers as writeJSON does, in YAML (RFC 9512).
func writeYAML(w http.ResponseWriter, answer any) {
	text, err := json.Marshal(answer)
	if err == nil {
		text, err = schema.ToYAML(text)
	}
	if err != nil {
		http.Error(w, "the answer cannot be written", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/yaml")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(text)
}

// writeConsoleError answers with an error. What is no refusal of the console's
// own is a mistake in what was sent, of which all are named; ?lang=ko names them
// in Korean.
func writeConsoleError(w http.ResponseWriter, r *http.Request, err error) {
	var refusal *consoleError
	if !errors.As(err, &refusal) {
		refusal = &consoleError{
			status: http.StatusUnprocessableEntity, Message: "nothing was changed: correct the mistakes",
			Mistakes: consoleMistakes(err, language.Tag(r.URL.Query().Get("lang"))),
		}
	}
	web.WriteJSON(w, refusal.status, refusal)
}

func consoleMistakes(err error, l language.Tag) []consoleMistake {
	var all mistake.List
	all.Join(err)
	var list []consoleMistake
	for _, single := range all {
		list = append(list, mistakeOf(single, l))
	}
	return list
}

func mistakeOf(err error, l language.Tag) consoleMistake {
	var m *mistake.Mistake
	if !errors.As(err, &m) {
		return consoleMistake{Problem: err.Error()}
	}
	return consoleMistake{Place: m.Place, Problem: m.Problem(l)}
}

// consoleBodyLimit is the largest body that the console reads, in bytes.
const consoleBodyLimit = 4 << 20

// readConsole reads a body into value, see [decode].
func readConsole(r *http.Request, value any) error {
	text, err := readBody(r)
	if err != nil {
		return err
	}
	return refusalOf(schema.Decode(text, value))
}

// readOptional is readConsole for a body that may be left out.
func readOptional(r *http.Request, value any) error {
	text, err := readBody(r)
	if err != nil || len(text) == 0 {
		return err
	}
	return refusalOf(schema.Decode(text, value))
}

func readBody(r *http.Request) ([]byte, error) {
	text, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, consoleBodyLimit))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return nil, &consoleError{status: http.StatusRequestEntityTooLarge, Message: "the body is larger than 4 MB"}
	}
	if err != nil {
		return nil, badBody(err)
	}
	return text, nil
}

// refusalOf makes a refusal of a text that could not be read; mistakes stay what
// they are.
func refusalOf(err error) error {
	var syntax *schema.SyntaxError
	if errors.As(err, &syntax) {
		return badBody(syntax)
	}
	return err
}

func badBody(err error) error {
	return &consoleError{status: http.StatusBadRequest, Message: "the body is not the expected JSON or YAML: " + err.Error()}
}

// listed is a list for JSON, where an empty one is no null.
func listed[T any](list []T) []T { return append([]T{}, list...) }

// acts is a call that does something and says nothing.
func acts(act func()) func(*http.Request) (any, error) {
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

// showConsole shows the page of the console, in Korean or English.
func showConsole(w http.ResponseWriter, r *http.Request) {
	l, other := language.English, language.Korean
	if language.OfRequest(r) == language.Korean {
		l, other = language.Korean, language.English
	}
	pages.Show(w, http.StatusOK, l, pages.Console(l, string(other)))
}
