package emulator

import (
	"net/http"

	"github.com/kakaowasm/kakaowasm/emulator/internal/kapi"
)

// messageOperations are about what was sent at KakaoTalk.
func messageOperations() []operation {
	return []operation{
		{method: http.MethodGet, path: "/messages", id: "listMessages", summary: "Messages that were sent at KakaoTalk, oldest first", answer: []kapi.TalkMessage{}, serve: (*consoleAPI).listMessages},
	}
}

func (a *consoleAPI) listMessages(*http.Request) (any, error) { return listed(a.TalkMessages()), nil }
