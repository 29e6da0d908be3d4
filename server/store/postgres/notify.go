package postgres

import (
	"context"
	"encoding/base64"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/jackc/pgx/v5"

	"github.com/kakaowasm/kakaowasm/server/store/internal/queue"
)

// channel is where the ends of leases are told. Databases keep theirs apart, and
// schemas of one database do no harm to each other: who hears of a key that was
// another's asks once more than needed.
const channel = "kakaowasm_freed"

// reconnectInterval is the longest pause before the listening connection is made
// anew.
const reconnectInterval = time.Second

// notifier wakes those who wait for a lease when PostgreSQL tells that it is
// free. All share one connection, which only carries the ends of leases that
// somebody waits for.
type notifier struct {
	*queue.Queues
	ended chan struct{}
}

// newNotifier listens until the context ends.
func newNotifier(ctx context.Context, cfg *pgx.ConnConfig) *notifier {
	n := &notifier{Queues: queue.New(), ended: make(chan struct{})}
	go n.run(ctx, cfg)
	return n
}

// close waits for the end of the listening and has all who wait try again. The
// store must be closed by then.
func (n *notifier) close() {
	<-n.ended
	n.WakeAll()
}

// run listens, and connects again whenever the connection ends.
func (n *notifier) run(ctx context.Context, cfg *pgx.ConnConfig) {
	defer close(n.ended)
	pauses := backoff.NewExponentialBackOff()
	pauses.InitialInterval, pauses.MaxInterval = reconnectInterval/20, reconnectInterval
	_, _ = backoff.Retry(ctx, func() (any, error) {
		return nil, n.listen(ctx, cfg, pauses.Reset)
	}, backoff.WithBackOff(pauses), backoff.WithMaxElapsedTime(0))
}

// listen connects, calls connected, and passes on what is told until that fails.
func (n *notifier) listen(ctx context.Context, cfg *pgx.ConnConfig, connected func()) error {
	conn, err := pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx)) //nolint:errcheck // There is nothing left to say.
	if _, err := conn.Exec(ctx, `LISTEN `+channel); err != nil {
		return err
	}
	connected()
	n.WakeAll() // The connection is new: what was told meanwhile is lost.
	for {
		told, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		if key, err := base64.StdEncoding.DecodeString(told.Payload); err == nil {
			n.Wake(string(key))
		}
	}
}
