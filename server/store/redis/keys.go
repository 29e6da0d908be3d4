package redis

import (
	"errors"
	"fmt"
	"hash/crc32"
	"strconv"
	"strings"

	"github.com/kakaowasm/kakaowasm/server/store"
)

// keyTags is over how many hash tags the keys of a cluster are spread.
const keyTags = 256

// keyspace says where everything of a store is in Redis.
//
// On one node the index of an owner is one key. In a cluster a script may touch
// keys of one slot only, and an entry must change together with its index. So
// each entry lies with its lease under one of a fixed number of hash tags, and
// an owner has an index under each tag that has entries of theirs.
type keyspace struct {
	prefix string
	tags   []string // "" alone on one node
}

// newKeyspace returns the keyspace of one node or of a cluster. In a cluster a
// brace in the prefix is an error, because the prefix would then decide the
// slot.
func newKeyspace(prefix string, cluster bool) (keyspace, error) {
	if !cluster {
		return keyspace{prefix, []string{""}}, nil
	}
	if strings.ContainsAny(prefix, "{}") {
		return keyspace{}, errors.New("redis: expected a prefix without { and } for a cluster, where they would decide which node has the keys")
	}
	tags := make([]string, keyTags)
	for i := range tags {
		tags[i] = fmt.Sprintf("{%02x}", i)
	}
	return keyspace{prefix, tags}, nil
}

// tag returns the hash tag of what belongs to a key.
func (k keyspace) tag(key string) string {
	if len(k.tags) == 1 {
		return k.tags[0]
	}
	return k.tags[crc32.ChecksumIEEE([]byte(key))%keyTags]
}

// entry is where the entry of a key is.
func (k keyspace) entry(key string) string { return k.prefix + k.tag(key) + "entry:" + key }

// lease is where the lease of a key is.
func (k keyspace) lease(key string) string { return k.prefix + k.tag(key) + "lease:" + key }

// index is where the keys of an owner's entries with a hash tag are. The length
// keeps one owner's index apart from any other's.
func (k keyspace) index(tag string, o store.Owner) string {
	return k.prefix + tag + "owner:" + strconv.Itoa(len(o.App)) + ":" + o.App + ":" + o.UserID
}

// freed is what the channels begin with on which the end of a lease is
// published. Every node of a cluster passes on what one of them publishes.
func (k keyspace) freed() string { return k.prefix + "freed:" }
