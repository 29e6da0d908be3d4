package emulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// Paths of the console.
const (
	pathConsole    = "/console"
	pathConsoleAPI = pathConsole + "/api"
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
		mux.Handle(o.method+" "+pathConsoleAPI+o.path, consoleCall(api, o))
	}
	mux.HandleFunc("GET "+pathConsole, e.consolePage)
	mux.HandleFunc("GET "+pathConsole+"/{asset}", serveAsset)
	mux.HandleFunc(pathConsole+"/", func(w http.ResponseWriter, r *http.Request) {
		writeConsoleError(w, r, &consoleError{status: http.StatusNotFound, Message: "the console has no such address"})
	})
	return http.NewCrossOriginProtection().Handler(mux)
}

// consoleCall answers with the JSON of what an operation returns.
func consoleCall(api *consoleAPI, o operation) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer, err := o.serve(api, r)
		if err != nil {
			writeConsoleError(w, r, within(o.element, err))
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

func consoleMistakes(err error, l language) []consoleMistake {
	var all mistakes
	all.join(err)
	var list []consoleMistake
	for _, single := range all {
		list = append(list, mistakeOf(single, l))
	}
	return list
}

func mistakeOf(err error, l language) consoleMistake {
	var m *mistake
	if !errors.As(err, &m) {
		return consoleMistake{Problem: err.Error()}
	}
	return consoleMistake{Place: m.place, Problem: m.problem(l)}
}

// readConsole reads a JSON body into value.
func readConsole(r *http.Request, value any) error { return decodeConsole(r.Body, value) }

// decodeConsole reads JSON into value. Members that are not known are errors.
func decodeConsole(body io.Reader, value any) error {
	text, err := io.ReadAll(body)
	if err == nil {
		err = decodeStrictly(text, value)
	}
	if err != nil {
		return badBody(err)
	}
	return nil
}

// decodeStrictly reads one JSON value, whose members must all be known.
func decodeStrictly(text []byte, value any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(value); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("it goes on after its JSON value")
	}
	return nil
}

func badBody(err error) error {
	return &consoleError{status: http.StatusBadRequest, Message: "the body is not the expected JSON: " + err.Error()}
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

// readOptional is readConsole for a body that may be left out.
func readOptional(r *http.Request, value any) error {
	if r.ContentLength == 0 {
		return nil
	}
	return readConsole(r, value)
}
