package redis

import (
	"errors"
	"strings"

	goredis "github.com/redis/go-redis/v9"

	"github.com/kakaowasm/kakaowasm/server/store/internal/fault"
)

// answers are what Redis may answer in the place of a result, by the first word.
// Source: the documentation of Redis, and its src/server.c.
var answers = map[string]string{ //nolint:gosec // Words of Redis, and no credentials.
	"ASK":         "the key is on another node; is it a cluster? (redis+cluster://)",
	"BUSY":        "Redis is busy with a script",
	"CLUSTERDOWN": "the cluster is down",
	"CROSSSLOT":   "the keys are on several nodes; is it a cluster? (redis+cluster://)",
	"LOADING":     "Redis is loading its data",
	"MASTERDOWN":  "the replica has lost its primary",
	"MISCONF":     "Redis cannot save to its disk",
	"MOVED":       "the key is on another node; is it a cluster? (redis+cluster://)",
	"NOAUTH":      "Redis wants a password",
	"NOPERM":      "the user lacks a permission",
	"NOREPLICAS":  "Redis has too few replicas to write",
	"NOSCRIPT":    "Redis does not have the script",
	"OOM":         "Redis is out of memory",
	"READONLY":    "Redis is a replica, and read-only",
	"TRYAGAIN":    "the cluster is moving the keys",
	"WRONGPASS":   "user name or password are wrong",
	"WRONGTYPE":   "a key holds something else; is the prefix in use by another program?",
}

// Fault returns what may be logged of a failure of the Redis client: what it quotes is
// left out, and [errors.Is] still matches the failure.
func Fault(err error) error {
	var answered goredis.Error
	switch {
	case errors.Is(err, goredis.ErrPoolTimeout), errors.Is(err, goredis.ErrPoolExhausted):
		return fault.New("all connections to Redis are in use", err)
	case !errors.As(err, &answered):
		return fault.Connection(err)
	}
	code, _, _ := strings.Cut(answered.Error(), " ")
	if meaning, known := answers[code]; known {
		return fault.New("Redis answers "+code+": "+meaning, err)
	}
	if strings.HasPrefix(answered.Error(), "ERR max number of clients reached") {
		return fault.New("Redis has too many clients", err)
	}
	return fault.New("Redis refuses the command; see which ones the user may call, and whether one is renamed", err)
}
