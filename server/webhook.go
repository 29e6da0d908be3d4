package server

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/kakaowasm/kakaowasm/server/internal/storehealth"
	"github.com/kakaowasm/kakaowasm/server/internal/web"
)

const (
	// webhookTimeout is how long a webhook waits for what it has set going. Kakao
	// takes an answer within 3 seconds for one. Source: Kakao Login > Webhook.
	webhookTimeout = 2 * time.Second
	// maxWebhook bounds the body of a webhook, in bytes.
	maxWebhook = 16 << 10
)

// refuse answers an error of a webhook by write, and counts it against the
// caller's rate limit. It is all that is counted: what is Kakao's own comes from
// few addresses, perhaps in masses, and perhaps once only, so that none of it may
// be refused for being too much.
func (s *Server) refuse(limit func(http.Handler) http.Handler, write func(http.ResponseWriter, *web.Failure)) func(http.ResponseWriter, *http.Request, error) {
	return func(w http.ResponseWriter, r *http.Request, err error) {
		limit(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			write(w, s.logged(r, err))
		})).ServeHTTP(w, r)
	}
}

// inBackground does the work of a webhook in a goroutine of its own, which Close
// waits for, and returns when it is done or Kakao must have its answer: a store
// that does not answer must not keep Kakao waiting, nor an impatient Kakao end
// the work. Its error is errClosed.
func (s *Server) inBackground(ctx context.Context, work func(context.Context)) error {
	end, err := s.background.begin()
	if err != nil {
		return err
	}
	done := make(chan struct{})
	go func() {
		defer end()
		defer close(done)
		defer func() {
			if p := recover(); p != nil {
				_ = s.panicked(ctx, p)
			}
		}()
		work(context.WithoutCancel(ctx))
	}()
	answer := time.NewTimer(webhookTimeout)
	defer answer.Stop()
	select {
	case <-done:
	case <-answer.C:
	}
	return nil
}

// endUser ends every session of a user, and tells OnUnlink of one who has left
// the app, also where the store would not end the sessions: whatever else the app
// keeps of the user must go. Sessions of logins of which Kakao did not say whose
// they are end at their next renewal, which Kakao refuses. The error is the
// store's, and logged.
func (s *Server) endUser(ctx context.Context, userID string, left bool) error {
	ending, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	ended, err := storehealth.Retry(ending, func() (int, error) { return s.sessions.EndAll(ending, userID) })
	if err != nil {
		s.log.ErrorContext(ctx, "the sessions of a user live on until they are renewed or expire, although Kakao has ended them", "user_id", userID, "error", err)
	} else {
		s.log.LogAttrs(ctx, slog.LevelInfo, "Kakao has ended the sessions of a user", slog.Int("sessions", ended))
	}
	switch {
	case left:
		s.tell(ctx, notifyUnlink, notification{UserID: userID})
	case ended > 0:
		s.tell(ctx, notifyLogout, notification{UserID: userID})
	}
	if left {
		s.notify(ctx, s.cfg.OnUnlink, User{ID: userID})
	}
	return err
}

// readWebhook reads the body of a webhook.
func readWebhook(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxWebhook))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return nil, web.InvalidRequest(http.StatusRequestEntityTooLarge, "expected a body of at most 16 KB")
	}
	if err != nil {
		return nil, web.InvalidRequest(http.StatusBadRequest, "expected the whole body that Content-Length announces")
	}
	return body, nil
}
