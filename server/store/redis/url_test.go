package redis

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	goredis "github.com/redis/go-redis/v9"
)

// seen is what a client was made of.
type seen struct {
	addrs              []string
	user, password     string
	database, poolSize int
	tls                bool
}

// clientOf returns what the client of a URL was made of.
func clientOf(t *testing.T, text string) seen {
	t.Helper()
	made, _, err := newClient(text)
	if err != nil {
		t.Fatal(err)
	}
	defer made.Close()
	switch c := made.(type) {
	case *goredis.ClusterClient:
		o := c.Options()
		return seen{addrs: o.Addrs, user: o.Username, password: o.Password, poolSize: o.PoolSize, tls: o.TLSConfig != nil}
	case *goredis.Client:
		o := c.Options()
		return seen{addrs: []string{o.Addr}, user: o.Username, password: o.Password, database: o.DB, poolSize: o.PoolSize, tls: o.TLSConfig != nil}
	}
	t.Fatalf("%T", made)
	return seen{}
}

func TestURLs(t *testing.T) {
	for text, want := range map[string]seen{
		"redis://u:p@h:1/2?pool_size=3":                     {addrs: []string{"h:1"}, user: "u", password: "p", database: 2, poolSize: 3},
		"rediss://:p@h?pool_size=3":                         {addrs: []string{"h:6379"}, password: "p", poolSize: 3, tls: true},
		"redis+cluster://u:p@h:1,i:2?pool_size=3":           {addrs: []string{"h:1", "i:2"}, user: "u", password: "p", poolSize: 3},
		"rediss+cluster://h:1,i:2,j:3/?pool_size=3":         {addrs: []string{"h:1", "i:2", "j:3"}, poolSize: 3, tls: true},
		"redis+cluster://:p%40,q@h:1,i:2?pool_size=3":       {addrs: []string{"h:1", "i:2"}, password: "p@,q", poolSize: 3},
		"redis+sentinel://u:p@h:1,i:2/logins/4?pool_size=3": {addrs: []string{"FailoverClient"}, user: "u", password: "p", database: 4, poolSize: 3},
	} {
		if diff := cmp.Diff(want, clientOf(t, text), cmp.AllowUnexported(seen{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

func TestSentinelsHaveAPasswordOfTheirOwn(t *testing.T) {
	o, err := failoverOptions("rediss://u:p@h:1,i:2/logins/4?sentinel_username=s&sentinel_password=t%26")
	if err != nil {
		t.Fatal(err)
	}
	got := []string{o.MasterName, o.Username, o.Password, o.SentinelUsername, o.SentinelPassword}
	if diff := cmp.Diff([]string{"logins", "u", "p", "s", "t&"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"h:1", "i:2"}, o.SentinelAddrs); diff != "" || o.DB != 4 || o.TLSConfig == nil {
		t.Errorf("database %d, TLS %v, addresses (-want +got):\n%s", o.DB, o.TLSConfig != nil, diff)
	}
}

func TestURLsThatAreNone(t *testing.T) {
	for _, text := range []string{
		"", "hunter2", "http://:hunter2@host", "redis+other://:hunter2@host", "redis+sentinel://:hunter2@host", "redis+sentinel://:hunter2@host/",
		"redis+sentinel://:hunter2@host/name/hunter2", "redis+sentinel://h:1,hunter2/name", "redis+cluster://:hunter2%zz@host", "redis+cluster://:hunter2@host:port",
		"redis+cluster://host?hunter2=1", "redis+cluster://h:1,hunter2", "unix+cluster:///hunter2",
	} {
		_, _, err := newClient(text)
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// Scripts touch the keys that they are given: they put none together.
func TestScriptsMakeNoKeys(t *testing.T) {
	for _, source := range []string{
		putSource, createSource, replaceSource, deleteSource, deleteOwnedSource, unindexSource, acquireSource, renewSource, releaseSource,
	} {
		if strings.Contains(source, " .. ") {
			t.Errorf("it puts a text together:\n%s", source)
		}
	}
}

// All keys that a script touches have one hash tag, and the tags spread.
func TestKeysOfAClusterThatBelongTogetherHaveOneTag(t *testing.T) {
	keys, err := newKeyspace("p:", true)
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]int{}
	for i := range 10_000 {
		key := "session:{x}" + strings.Repeat("k", i%40) + string(rune('a'+i%26)) + strings.Repeat("l", i/400)
		tag := keys.tag(key)
		used[tag]++
		if e, l := keys.entry(key), keys.lease(key); !strings.HasPrefix(e, "p:"+tag) || !strings.HasPrefix(l, "p:"+tag) {
			t.Fatalf("%s and %s lack the tag %s at once behind the prefix", e, l, tag)
		}
	}
	if len(used) < keyTags*3/4 {
		t.Errorf("%d of %d tags are used", len(used), keyTags)
	}
}
