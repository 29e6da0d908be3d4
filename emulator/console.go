package emulator

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/language"
	"github.com/kakaowasm/kakaowasm/emulator/internal/mistake"
	"github.com/kakaowasm/kakaowasm/emulator/internal/pages"
	"github.com/kakaowasm/kakaowasm/emulator/internal/schema"
	"github.com/kakaowasm/kakaowasm/emulator/internal/web"
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

// conflict is the refusal of what would be right at another time.
func conflict(err error) error {
	return &consoleError{status: http.StatusConflict, Message: strings.TrimPrefix(err.Error(), "emulator: ")}
}

func notFound(what string) error {
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
	serve   func(*consoleAPI, *http.Request) (any, error)
	// event is a value of the type of a stream's events, which stream serves: such an
	// operation has no answer, and nothing that serves it.
	event  any
	stream func(*World, http.ResponseWriter, *http.Request)
}

// queryParameter is one that an operation takes in its address.
type queryParameter struct{ name, description string }

// consoleAPI is what the calls of the console act on: a world, and the emulator
// that holds it.
type consoleAPI struct {
	*World
	emulator *Emulator
}

// operations is the route table of the console's API.
func operations() []operation {
	return slices.Concat(
		stateOperations(), worldOperations(), appOperations(), userOperations(), linkOperations(), clockOperations(), faultOperations(),
		callOperations(), webhookOperations(), messageOperations(), tokenOperations(),
	)
}

// console is the page and the JSON calls by which people and tests control a
// world. Only its own page may call it from a browser.
func (host *Emulator) console(e *World) http.Handler {
	api := &consoleAPI{World: e, emulator: host}
	mux := http.NewServeMux()
	for _, o := range operations() {
		mux.Handle(o.method+" "+pages.PathConsoleAPI+o.path, api.handler(o))
	}
	for _, document := range documentRoutes {
		mux.HandleFunc("GET "+document.path, serveDocument(document.kind, document.content))
	}
	mux.HandleFunc("GET "+pages.PathConsole, e.showConsole)
	mux.HandleFunc("GET "+pages.PathConsole+"/{asset}", pages.ServeAsset)
	mux.HandleFunc(pages.PathConsole+"/", func(w http.ResponseWriter, r *http.Request) {
		writeConsoleError(w, r, &consoleError{status: http.StatusNotFound, Message: "the console has no such address"})
	})
	return http.NewCrossOriginProtection().Handler(mux)
}

// handler answers with the JSON of what an operation returns, or streams.
func (api *consoleAPI) handler(o operation) http.HandlerFunc {
	if o.stream != nil {
		return func(w http.ResponseWriter, r *http.Request) { o.stream(api.World, w, r) }
	}
	return func(w http.ResponseWriter, r *http.Request) {
		answer, err := o.serve(api, r)
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
func acts(act func(*World)) func(*consoleAPI, *http.Request) (any, error) {
	return func(a *consoleAPI, _ *http.Request) (any, error) {
		act(a.World)
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
func (e *World) showConsole(w http.ResponseWriter, r *http.Request) {
	l, other := language.English, language.Korean
	if language.OfRequest(r) == language.Korean {
		l, other = language.Korean, language.English
	}
	pages.Show(w, http.StatusOK, l, pages.Console(l, string(other)))
}
