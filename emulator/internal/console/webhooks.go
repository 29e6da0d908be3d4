package console

import (
	"net/http"

	"github.com/kakaowasm/kakaowasm/emulator/internal/webhook"
)

// webhookResource is what apps were told.
type webhookResource struct {
	webhooks *webhook.Webhooks
}

// operations are those of the resource.
func (a *webhookResource) operations() []operation {
	return []operation{
		{method: http.MethodGet, path: "/webhooks", id: "listDeliveries", summary: "Webhooks that were sent, and what the receivers answered", answer: []webhook.Delivery{}, serve: a.listDeliveries},
		{method: http.MethodPost, path: "/webhooks/{delivery}/resend", id: "resendDelivery", summary: "Send a webhook once more, as it was", serve: a.resendDelivery},
	}
}

func (a *webhookResource) listDeliveries(*http.Request) (any, error) {
	return listed(a.webhooks.Sent()), nil
}

func (a *webhookResource) resendDelivery(r *http.Request) (any, error) {
	if !a.webhooks.Resend(int(numberOf(r, "delivery"))) {
		return nil, NotFound("delivery")
	}
	return nil, nil
}
