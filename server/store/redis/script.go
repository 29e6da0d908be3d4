package redis

import (
	"cmp"
	"context"
	_ "embed"
	"errors"

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

	createScript      = newScript(putSource + createSource)
	replaceScript     = newScript(putSource + replaceSource)
	deleteScript      = newScript(deleteSource)
	deleteOwnedScript = newScript(deleteOwnedSource)
	unindexScript     = newScript(unindexSource)
	acquireScript     = newScript(acquireSource)
	renewScript       = newScript(renewSource)
	releaseScript     = newScript(releaseSource)
)

// refusals are the first words of answers with which scripts refuse.
var refusals = map[string]error{
	"not found":  store.ErrNotFound,
	"exists":     store.ErrExists,
	"conflict":   store.ErrConflict,
	"lease lost": store.ErrLeaseLost,
}

// script is a script, which Redis knows by the hash of its source once it has
// run it.
type script struct{ source, hash string }

func newScript(source string) script {
	return script{source, goredis.NewScript(source).Hash()}
}

// errNoAnswer says that a script has answered with nothing.
var errNoAnswer = errors.New("expected an answer of the script, got none")

// command returns the command that runs the script with some keys and arguments.
func command(ctx context.Context, name, text string, keys []string, args []any) *goredis.Cmd {
	words := make([]any, 0, 3+len(keys)+len(args))
	words = append(words, name, text, len(keys))
	for _, key := range keys {
		words = append(words, key)
	}
	return goredis.NewCmd(ctx, append(words, args...)...)
}

// run runs a script and returns what follows the first word of its answer.
func (s *Store) run(ctx context.Context, script script, keys []string, args ...any) ([]any, error) {
	if ctx.Err() != nil {
		return nil, store.Unavailable(context.Cause(ctx))
	}
	cmd := command(ctx, "evalsha", script.hash, keys, args)
	err := s.process(ctx, cmd)
	if goredis.HasErrorPrefix(err, "NOSCRIPT") {
		cmd = command(ctx, "eval", script.source, keys, args)
		err = s.process(ctx, cmd)
	}
	if err != nil {
		return nil, s.unavailable(ctx, err)
	}
	answer, err := cmd.Slice()
	if err != nil || len(answer) == 0 {
		return nil, s.unavailable(ctx, cmp.Or(err, errNoAnswer))
	}
	word, _ := answer[0].(string)
	if refusal, refused := refusals[word]; refused {
		return nil, refusal
	}
	return answer[1:], nil
}
