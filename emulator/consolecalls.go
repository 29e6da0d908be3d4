package emulator

import (
	"net/http"
	"strconv"

	"github.com/kakaowasm/kakaowasm/emulator/internal/journal"
)

// callOperations are about what was called.
func callOperations() []operation {
	return []operation{
		{
			method: http.MethodGet, path: "/calls", id: "listCalls", summary: "Requests and answers without secrets, oldest first", answer: []journal.CallInfo{},
			query: []queryParameter{{"path", "Only calls of this path"}, {"after", "Only calls with a later number"}}, serve: (*consoleAPI).listCalls,
		},
		{method: http.MethodGet, path: "/calls/{call}", id: "getCall", summary: "One request with its answer, by its number", answer: journal.CallInfo{}, serve: (*consoleAPI).getCall},
		{method: http.MethodPost, path: "/calls/{call}/replay", id: "replayCall", summary: "Make the same request once more, with what is hidden", answer: journal.CallInfo{}, serve: (*consoleAPI).replayCall},
		{
			method: http.MethodGet, path: "/stream", id: "streamCalls", summary: "Each call as it comes, as a stream of server-sent events of type call", event: journal.CallInfo{},
			query: []queryParameter{{"after", "Begin after the call of this number, 0 for the first that is remembered; left out, with the calls to come. The header Last-Event-ID goes before it"}}, stream: (*World).stream,
		},
		{method: http.MethodDelete, path: "/calls", id: "clearCalls", summary: "Forget all calls", serve: acts(func(e *World) { e.journal.Clear() })},
	}
}

// listCalls lists what was called: ?path= only that path, ?after= only later
// numbers.
func (a *consoleAPI) listCalls(r *http.Request) (any, error) {
	after, _ := strconv.Atoi(r.URL.Query().Get("after"))
	infos := []journal.CallInfo{}
	for _, c := range a.journal.Calls(r.URL.Query().Get("path"), after) {
		infos = append(infos, c.Info())
	}
	return infos, nil
}

func (a *consoleAPI) getCall(r *http.Request) (any, error) {
	c, found := a.journal.Get(int(numberOf(r, "call")))
	if !found {
		return nil, notFound("call")
	}
	return c.Info(), nil
}

func (a *consoleAPI) replayCall(r *http.Request) (any, error) {
	c, found := a.journal.Get(int(numberOf(r, "call")))
	if !found {
		return nil, notFound("call")
	}
	again, err := a.replay(r, c)
	if err != nil {
		return nil, err
	}
	return again.Info(), nil
}
