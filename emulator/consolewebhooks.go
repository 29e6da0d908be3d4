package emulator

import "net/http"

// webhookOperations are about webhooks.
func webhookOperations() []operation {
	return []operation{
		{method: http.MethodGet, path: "/webhooks", id: "listDeliveries", summary: "Webhooks that were sent, and what the receivers answered", answer: []Delivery{}, serve: (*consoleAPI).listDeliveries},
	}
}

func (a *consoleAPI) listDeliveries(*http.Request) (any, error) { return listed(a.outbox.list()), nil }
