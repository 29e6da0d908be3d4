package redis

import (
	"context"
	_ "embed"

	goredis "github.com/redis/go-redis/v9"

	"github.com/kakaowasm/kakaowasm/server/store"
)

// The scripts, each one atomic step in Redis. They touch the keys that they are
// given and no others, as a cluster demands.
var (
	//go:embed scripts/put.lua
	putSource string
	//go:embed scripts/create.lua
	createSource string
	//go:embed scripts/replace.lua
	replaceSource string
	//go:embed scripts/delete.lua
	deleteSource string
	//go:embed scripts/delete_owned.lua
	deleteOwnedSource string
	//go:embed scripts/unindex.lua
	unindexSource string
	//go:embed scripts/acquire.lua
	acquireSource string
	//go:embed scripts/renew.lua
	renewSource string
	//go:embed scripts/release.lua
	releaseSource string

	createScript      = goredis.NewScript(putSource + createSource)
	replaceScript     = goredis.NewScript(putSource + replaceSource)
	deleteScript      = goredis.NewScript(deleteSource)
	deleteOwnedScript = goredis.NewScript(deleteOwnedSource)
	unindexScript     = goredis.NewScript(unindexSource)
	acquireScript     = goredis.NewScript(acquireSource)
	renewScript       = goredis.NewScript(renewSource)
	releaseScript     = goredis.NewScript(releaseSource)
)

// refusals are the first words of answers with which scripts refuse.
var refusals = map[string]error{
	"not found":  store.ErrNotFound,
	"exists":     store.ErrExists,
	"conflict":   store.ErrConflict,
	"lease lost": store.ErrLeaseLost,
}

// run runs a script and returns what follows the first word of its answer.
func (s *Store) run(ctx context.Context, script *goredis.Script, keys []string, args ...any) ([]any, error) {
	if ctx.Err() != nil {
		return nil, store.Unavailable(context.Cause(ctx))
	}
	answer, err := script.Run(ctx, s.client, keys, args...).Slice()
	if err != nil {
		return nil, unavailable(ctx, err)
	}
	word, _ := answer[0].(string)
	if refusal, refused := refusals[word]; refused {
		return nil, refusal
	}
	return answer[1:], nil
}
