package console

import (
	"net/http"
	"strconv"

	"github.com/kakaowasm/kakaowasm/emulator/internal/journal"
)

// callResource is what was called.
type callResource struct {
	journal *journal.Journal
	traffic traffic
}

// operations are those of the resource.
func (a *callResource) operations() []operation {
	return []operation{
		{
			method: http.MethodGet, path: "/calls", id: "listCalls", summary: "Requests and answers without secrets, oldest first", answer: []journal.CallInfo{},
			query: []queryParameter{{"path", "Only calls of this path"}, {"after", "Only calls with a later number"}}, serve: a.listCalls,
		},
		{method: http.MethodGet, path: "/calls/{call}", id: "getCall", summary: "One request with its answer, by its number", answer: journal.CallInfo{}, serve: a.getCall},
		{method: http.MethodPost, path: "/calls/{call}/replay", id: "replayCall", summary: "Make the same request once more, with what is hidden", answer: journal.CallInfo{}, serve: a.replayCall},
		{
			method: http.MethodGet, path: "/stream", id: "streamCalls", summary: "Each call as it comes, as a stream of server-sent events of type call", event: journal.CallInfo{},
			query: []queryParameter{{"after", "Begin after the call of this number, 0 for the first that is remembered; left out, with the calls to come. The header Last-Event-ID goes before it"}}, stream: a.stream,
		},
		{method: http.MethodDelete, path: "/calls", id: "clearCalls", summary: "Forget all calls", serve: acts(func() { a.journal.Clear() })},
	}
}

// listCalls lists what was called: ?path= only that path, ?after= only later
// numbers.
func (a *callResource) listCalls(r *http.Request) (any, error) {
	after, _ := strconv.Atoi(r.URL.Query().Get("after"))
	infos := []journal.CallInfo{}
	for _, c := range a.journal.Calls(r.URL.Query().Get("path"), after) {
		infos = append(infos, c.Info())
	}
	return infos, nil
}

func (a *callResource) getCall(r *http.Request) (any, error) {
	c, found := a.journal.Get(int(numberOf(r, "call")))
	if !found {
		return nil, NotFound("call")
	}
	return c.Info(), nil
}

func (a *callResource) replayCall(r *http.Request) (any, error) {
	c, found := a.journal.Get(int(numberOf(r, "call")))
	if !found {
		return nil, NotFound("call")
	}
	again, made := a.traffic.Replay(r, c)
	if !made {
		return nil, NotFound("call")
	}
	return again.Info(), nil
}

func (a *callResource) stream(w http.ResponseWriter, r *http.Request) { a.traffic.Stream(w, r) }
