package redis

import (
	"context"
	"errors"
	"net"

	goredis "github.com/redis/go-redis/v9"
)

// reloader has the client of a cluster ask who is primary by now as soon as a
// node cannot be reached. The client by itself would go on asking a dead primary
// for up to a minute: it learns from nodes that answer.
type reloader struct{ cluster *goredis.ClusterClient }

// watchNodes looks at what all nodes of a cluster answer.
func watchNodes(cluster *goredis.ClusterClient) {
	cluster.OnNewNode(func(node *goredis.Client) { node.AddHook(reloader{cluster}) })
}

// look reloads where an error is none of Redis.
func (r reloader) look(ctx context.Context, err error) error {
	var answered goredis.Error
	if err != nil && !errors.As(err, &answered) {
		r.cluster.ReloadState(ctx)
	}
	return err
}

// DialHook implements [goredis.Hook].
func (r reloader) DialHook(next goredis.DialHook) goredis.DialHook {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := next(ctx, network, addr)
		return conn, r.look(ctx, err)
	}
}

// ProcessHook implements [goredis.Hook].
func (r reloader) ProcessHook(next goredis.ProcessHook) goredis.ProcessHook {
	return func(ctx context.Context, cmd goredis.Cmder) error { return r.look(ctx, next(ctx, cmd)) }
}

// ProcessPipelineHook implements [goredis.Hook].
func (r reloader) ProcessPipelineHook(next goredis.ProcessPipelineHook) goredis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []goredis.Cmder) error { return r.look(ctx, next(ctx, cmds)) }
}
