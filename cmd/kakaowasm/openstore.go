package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/kakaowasm/kakaowasm/server/store"
	"github.com/kakaowasm/kakaowasm/server/store/bolt"
	"github.com/kakaowasm/kakaowasm/server/store/memory"
	"github.com/kakaowasm/kakaowasm/server/store/postgres"
	"github.com/kakaowasm/kakaowasm/server/store/redis"
)

// openTimeout is how long Redis or PostgreSQL may take to answer at the start.
const openTimeout = 5 * time.Second

// StoreOptions are the options that say where logins are kept.
type StoreOptions struct {
	Store       string `name:"store" env:"KAKAOWASM_STORE" placeholder:"STORE" help:"Where logins are kept: bolt:FILE, memory, or redis://host:6379/0 or postgres://host/database for several instances. Default: bolt: and sessions.db in the state directory."`
	StoreFile   string `name:"store-file" env:"KAKAOWASM_STORE_FILE" placeholder:"FILE" help:"File that holds the store, for an address with a password."`
	RedisPrefix string `name:"redis-prefix" env:"KAKAOWASM_REDIS_PREFIX" placeholder:"PREFIX" help:"What all keys in Redis begin with. Default: kakaowasm:"`
}

// spec is the store that these options name.
func (o *StoreOptions) spec(m *mistakes) storeSpec {
	text := o.Store
	if o.StoreFile != "" {
		if text != "" {
			m.add("StoreFile", errorf("expected a store or a file that holds it, got both; unset one"))
		}
		text = read(m, "StoreFile", o.StoreFile, readSecretFile)
	}
	spec := read(m, "Store", text, parseStore)
	spec.prefix = o.RedisPrefix
	return spec
}

// storeSpec says which store, and where: a file, Redis or PostgreSQL, or memory
// where all are empty.
type storeSpec struct {
	path        string // of the file of bolt
	stateDir    string // the folder of path, where it has to be made
	redisURL    string
	prefix      string // of keys in Redis
	postgresURL string
}

// durable reports whether the store outlives the process.
func (s storeSpec) durable() bool { return s.path != "" || s.redisURL != "" || s.postgresURL != "" }

// redisSchemes begin the addresses of Redis.
var redisSchemes = []string{"redis", "rediss", "unix", "redis+sentinel", "rediss+sentinel", "redis+cluster", "rediss+cluster"}

// parseStore reads what the user wrote: memory, bolt:FILE or an address of Redis
// or PostgreSQL; "" means a file in the state directory. Its errors do not repeat the text,
// which may hold a password.
func parseStore(text string) (storeSpec, error) {
	kind, path, _ := strings.Cut(text, ":")
	switch {
	case text == "":
		return defaultStore()
	case text == "memory":
		return storeSpec{}, nil
	case kind == "bolt" && path != "":
		return storeSpec{path: path}, nil
	case slices.Contains(redisSchemes, kind):
		return storeSpec{redisURL: text}, nil
	case kind == "postgres", kind == "postgresql":
		return storeSpec{postgresURL: text}, nil
	}
	return storeSpec{}, errorf("expected memory, bolt:FILE, redis://user:password@host:6379/0, rediss://…, unix:///path/to/redis.sock, redis+sentinel://…, redis+cluster://… or postgres://user:password@host:5432/database, got something else")
}

// defaultStore is a file in the state directory: the one that systemd gives, or
// the user's (XDG Base Directory Specification).
func defaultStore() (storeSpec, error) {
	given, _, _ := strings.Cut(os.Getenv("STATE_DIRECTORY"), ":")
	if given != "" {
		return storeSpec{path: filepath.Join(given, "sessions.db")}, nil
	}
	home, err := os.UserHomeDir()
	state := cmp.Or(os.Getenv("XDG_STATE_HOME"), filepath.Join(home, ".local", "state"))
	if err != nil && !filepath.IsAbs(state) {
		return storeSpec{}, errorf("expected a store, because there is no home directory for one: %w", err)
	}
	dir := filepath.Join(state, "kakaowasm")
	return storeSpec{path: filepath.Join(dir, "sessions.db"), stateDir: dir}, nil
}

// openStore opens a store. What it holds is sealed by whoever uses it.
func openStore(ctx context.Context, spec storeSpec) (opened store.Store, err error) {
	ctx, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	switch {
	case spec.path != "":
		return openFile(spec)
	case spec.redisURL != "":
		opened, err = redis.Open(ctx, redis.Config{URL: spec.redisURL, Prefix: spec.prefix})
	case spec.postgresURL != "":
		opened, err = postgres.Open(ctx, spec.postgresURL)
	default:
		return memory.New(), nil
	}
	if err != nil {
		return nil, fmt.Errorf("--store: %w", err)
	}
	return opened, nil
}

// openFile opens the file of a store, whose folder is made where it is the
// default one.
func openFile(spec storeSpec) (store.Store, error) {
	if spec.stateDir != "" {
		if err := os.MkdirAll(spec.stateDir, 0o700); err != nil {
			return nil, errorf("the state directory: %w; choose another file with --store bolt:FILE", err)
		}
	}
	opened, err := bolt.Open(spec.path)
	if err != nil {
		return nil, fmt.Errorf("--store: %w", err)
	}
	return opened, nil
}
