package web

import (
	"context"
	"log/slog"
	"strings"
	"testing"
)

func TestRequestIDStaysInDerivedLoggers(t *testing.T) {
	var out strings.Builder
	log := slog.New(RequestLog{slog.NewTextHandler(&out, nil)})
	ctx := context.WithValue(t.Context(), requestIDKey{}, "id-of-the-request")
	log.With("a", 1).InfoContext(ctx, "with")
	log.WithGroup("g").InfoContext(ctx, "group")
	if got := strings.Count(out.String(), "request_id=id-of-the-request"); got != 2 {
		t.Errorf("in %d of 2 lines:\n%s", got, out.String())
	}
}
