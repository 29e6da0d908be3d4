package redis

import (
	"context"
	_ "embed"

	goredis "github.com/redis/go-redis/v9"

	"github.com/kakaowasm/kakaowasm/server/store"
)

// The scripts, each one atomic step in Redis. All begin with the prelude.
var (
	//go:embed scripts/prelude.lua
	prelude string
	//go:embed scripts/create.lua
	createSource string
	//go:embed scripts/replace.lua
	replaceSource string
	//go:embed scripts/delete.lua
	deleteSource string
	//go:embed scripts/delete_owned.lua
	deleteOwnedSource string
	//go:embed scripts/acquire.lua
	acquireSource string
	//go:embed scripts/renew.lua
	renewSource string
	//go:embed scripts/release.lua
	releaseSource string

	createScript      = goredis.NewScript(prelude + createSource)
	replaceScript     = goredis.NewScript(prelude + replaceSource)
	deleteScript      = goredis.NewScript(prelude + deleteSource)
	deleteOwnedScript = goredis.NewScript(prelude + deleteOwnedSource)
	acquireScript     = goredis.NewScript(prelude + acquireSource)
	renewScript       = goredis.NewScript(prelude + renewSource)
	releaseScript     = goredis.NewScript(prelude + releaseSource)
)

// refusals are the first words of answers with which scripts refuse.
var refusals = map[string]error{
	"not found":  store.ErrNotFound,
	"exists":     store.ErrExists,
	"conflict":   store.ErrConflict,
	"lease lost": store.ErrLeaseLost,
}

// run runs a script and returns what follows the first word of its answer.
func (s *Store) run(ctx context.Context, script *goredis.Script, key string, args ...any) ([]any, error) {
	if ctx.Err() != nil {
		return nil, store.Unavailable(context.Cause(ctx))
	}
	answer, err := script.Run(ctx, s.client, nil, append([]any{s.prefix, key}, args...)...).Slice()
	if err != nil {
		return nil, unavailable(ctx, err)
	}
	word, _ := answer[0].(string)
	if refusal, refused := refusals[word]; refused {
		return nil, refusal
	}
	return answer[1:], nil
}
