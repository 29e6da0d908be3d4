package outbox

import (
	"log/slog"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// silent is a receiver that never answers.
type silent struct{}

func (silent) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

func TestAReceiverOfWebhooksHasThreeSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := New(slog.New(slog.DiscardHandler), time.Now)
		defer o.cancel()
		o.client.Transport = silent{}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://app.example/hook", nil)
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		o.Deliver(r, Delivery{}, http.StatusOK)
		if err := o.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		if waited := time.Since(began); waited != 3*time.Second {
			t.Errorf("gave up after %v", waited)
		}
		if sent := o.Sent(); len(sent) != 1 || sent[0].Accepted || sent[0].Problem == "" {
			t.Errorf("got %+v", sent)
		}
	})
}
