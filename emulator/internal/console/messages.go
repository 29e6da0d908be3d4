package console

import (
	"net/http"

	"github.com/kakaowasm/kakaowasm/emulator/internal/kapi"
	"github.com/kakaowasm/kakaowasm/internal/eventlog"
)

// messageResource is what was sent at KakaoTalk.
type messageResource struct {
	messages *eventlog.Log[kapi.TalkMessage]
}

// operations are those of the resource.
func (a *messageResource) operations() []operation {
	return []operation{
		{method: http.MethodGet, path: "/messages", id: "listMessages", summary: "Messages that were sent at KakaoTalk, oldest first", answer: []kapi.TalkMessage{}, serve: a.listMessages},
	}
}

func (a *messageResource) listMessages(*http.Request) (any, error) {
	return listed(a.messages.All()), nil
}
