//go:build unix

package redistest

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// primaryName is what the Sentinels call the primary.
const primaryName = "logins"

// Sentinel is a primary with a replica under the eyes of three Sentinels. Its
// methods end the test when they fail.
type Sentinel struct {
	tb               testing.TB
	primary, replica *node
	sentinels        []*node
}

// StartSentinel starts all of them.
func StartSentinel(tb testing.TB) *Sentinel {
	tb.Helper()
	s := &Sentinel{tb: tb, primary: newNode(tb), replica: newNode(tb)}
	s.primary.args = durable("--port", strconv.Itoa(s.primary.port), "--bind", "127.0.0.1", "--repl-diskless-sync-delay", "0")
	s.primary.Restart()
	s.replica.args = durable("--port", strconv.Itoa(s.replica.port), "--bind", "127.0.0.1",
		"--replicaof", "127.0.0.1 "+strconv.Itoa(s.primary.port))
	s.replica.Restart()
	await(tb, "the replica has copied the primary", func() bool { return s.replica.info("replication", "master_link_status") == "up" })
	for range 3 {
		s.sentinels = append(s.sentinels, s.startSentinel())
	}
	for _, n := range s.sentinels {
		await(tb, "the Sentinels know each other and the replica", func() bool {
			return strings.Contains(n.info("sentinel", "master0"), "slaves=1,sentinels=3")
		})
	}
	return s
}

// startSentinel starts one of the Sentinels, which wants a file that it can
// write to.
func (s *Sentinel) startSentinel() *node {
	n := newNode(s.tb)
	file := filepath.Join(n.dir, "sentinel.conf")
	text := fmt.Sprintf("sentinel monitor %s 127.0.0.1 %d 2\nsentinel down-after-milliseconds %s %d\nsentinel failover-timeout %s 20000\n",
		primaryName, s.primary.port, primaryName, deadAfter, primaryName)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		s.tb.Fatal(err)
	}
	n.args = []string{file, "--sentinel", "--port", strconv.Itoa(n.port), "--bind", "127.0.0.1"}
	n.ready = "+monitor master"
	n.Restart()
	return n
}

// URL is the address of the primary by way of the Sentinels.
func (s *Sentinel) URL() string {
	var addrs []string
	for _, n := range s.sentinels {
		addrs = append(addrs, n.addr())
	}
	return "redis+sentinel://" + strings.Join(addrs, ",") + "/" + primaryName + "/0"
}

// AwaitReplicated waits until all that was written by now is on the replica,
// too: the most that Redis promises for the death of a primary.
func (s *Sentinel) AwaitReplicated() {
	s.tb.Helper()
	s.primary.awaitReplicated()
}

// KillFirst kills the primary.
func (s *Sentinel) KillFirst() { s.primary.Kill() }

// AwaitFailover waits until the replica is the primary.
func (s *Sentinel) AwaitFailover() {
	s.tb.Helper()
	await(s.tb, "the replica is the primary", func() bool { return s.replica.info("replication", "role") == "master" })
}
