package emulator

import (
	"net/http"

	"github.com/kakaowasm/kakaowasm/emulator/internal/webhook"
)

// webhookOperations are about webhooks.
func webhookOperations() []operation {
	return []operation{
		{method: http.MethodGet, path: "/webhooks", id: "listDeliveries", summary: "Webhooks that were sent, and what the receivers answered", answer: []webhook.Delivery{}, serve: (*consoleAPI).listDeliveries},
		{method: http.MethodPost, path: "/webhooks/{delivery}/resend", id: "resendDelivery", summary: "Send a webhook once more, as it was", serve: (*consoleAPI).resendDelivery},
	}
}

func (a *consoleAPI) listDeliveries(*http.Request) (any, error) {
	return listed(a.webhooks.Sent()), nil
}

func (a *consoleAPI) resendDelivery(r *http.Request) (any, error) {
	if !a.Resend(int(numberOf(r, "delivery"))) {
		return nil, notFound("delivery")
	}
	return nil, nil
}
