package server

import (
	"context"

	"github.com/kakaowasm/kakaowasm/server/internal/web"
)

// RequestID returns the ID of the request that a context belongs to, which is in
// its X-Request-Id header and in each of its log lines; "" outside of requests.
func RequestID(ctx context.Context) string { return web.RequestID(ctx) }
