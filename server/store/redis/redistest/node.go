//go:build unix

package redistest

import (
	"context"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"
)

const (
	// agreeLimit is how long servers may take to agree: to form a cluster, to
	// replicate, to elect another primary.
	agreeLimit = 2 * time.Minute
	// askInterval is how often they are asked whether they do.
	askInterval = 50 * time.Millisecond
	// deadAfter is after how many milliseconds a server counts as dead. On a busy
	// machine a short time would kill the living.
	deadAfter = 3000
)

// node is a server that others reach by TCP on loopback.
type node struct {
	*Server
	port   int
	client *goredis.Client
}

// newNode returns a node that has not been started.
func newNode(tb testing.TB) *node {
	tb.Helper()
	n := &node{Server: newServer(tb), port: freePort(tb)}
	n.url = "redis://" + n.addr()
	n.client = goredis.NewClient(&goredis.Options{Addr: n.addr()})
	tb.Cleanup(func() { _ = n.client.Close() })
	return n
}

// freePort returns a port of loopback that nobody listens on.
func freePort(tb testing.TB) int {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // It returns at once.
	if err != nil {
		tb.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // Nothing was sent.
	return l.Addr().(*net.TCPAddr).Port
}

func (n *node) addr() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(n.port)) }

// do has the node do what must succeed.
func (n *node) do(args ...any) {
	n.tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), startLimit)
	defer cancel()
	if err := n.client.Do(ctx, args...).Err(); err != nil {
		n.tb.Fatalf("%v: %v", args, err)
	}
}

// info returns a field of what the node says about itself, or "" where it does
// not answer.
func (n *node) info(section, field string) string {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	var text string
	if section == "cluster" {
		text = n.client.ClusterInfo(ctx).Val()
	} else {
		text = n.client.Info(ctx, section).Val()
	}
	_, rest, _ := strings.Cut("\r\n"+text, "\r\n"+field+":")
	value, _, _ := strings.Cut(rest, "\r\n")
	return value
}

// isReplicated reports whether the replica of the node has all up to an offset.
func (n *node) isReplicated(offset int64) bool {
	_, behind, _ := strings.Cut(n.info("replication", "slave0"), "offset=")
	acknowledged, _, _ := strings.Cut(behind, ",")
	has, err := strconv.ParseInt(acknowledged, 10, 64)
	return err == nil && has >= offset
}

// awaitReplicated waits until all that the node has written by now is on its
// replica, too: the most that Redis promises for the death of a primary.
func (n *node) awaitReplicated() {
	n.tb.Helper()
	offset, err := strconv.ParseInt(n.info("replication", "master_repl_offset"), 10, 64)
	if err != nil {
		n.tb.Fatal(err)
	}
	await(n.tb, "the replica of "+n.addr(), func() bool { return n.isReplicated(offset) })
}

// await asks until something is so.
func await(tb testing.TB, what string, is func() bool) {
	tb.Helper()
	limit, tick := time.After(agreeLimit), time.NewTicker(askInterval)
	defer tick.Stop()
	for !is() {
		select {
		case <-tick.C:
		case <-limit:
			tb.Fatalf("%s: it is not so after %v", what, agreeLimit)
		}
	}
}

// StartNode starts a server as Start does, on a port of loopback.
func StartNode(tb testing.TB) *Server {
	tb.Helper()
	n := newNode(tb)
	n.args = durable("--port", strconv.Itoa(n.port), "--bind", "127.0.0.1")
	n.Restart()
	return n.Server
}
