//go:build unix

package redistest

import (
	"context"
	"strconv"
	"strings"
	"testing"

	goredis "github.com/redis/go-redis/v9"
)

// slots is how many hash slots a cluster has.
const slots = 16384

// Cluster is a Redis Cluster on loopback. Its methods end the test when they
// fail.
type Cluster struct {
	tb        testing.TB
	primaries []*node // as they were at the start
	replicas  []*node // none, or one for each primary
}

// StartCluster starts a cluster of some primaries, with a replica each or
// without any.
func StartCluster(tb testing.TB, primaries int, replicated bool) *Cluster {
	tb.Helper()
	c := &Cluster{tb: tb}
	for range primaries {
		c.primaries = append(c.primaries, c.startNode())
		if replicated {
			c.replicas = append(c.replicas, c.startNode())
		}
	}
	c.assignSlots()
	c.introduce()
	c.awaitState("ok")
	c.replicate()
	return c
}

// startNode starts a node that belongs to no cluster yet.
func (c *Cluster) startNode() *node {
	n := newNode(c.tb)
	n.args = durable("--port", strconv.Itoa(n.port), "--bind", "127.0.0.1", "--cluster-enabled", "yes",
		"--cluster-port", strconv.Itoa(freePort(c.tb)), "--cluster-node-timeout", strconv.Itoa(deadAfter),
		"--repl-diskless-sync-delay", "0")
	n.Restart()
	return n
}

// assignSlots gives each primary its part of the slots.
func (c *Cluster) assignSlots() {
	for i, n := range c.primaries {
		n.do("CLUSTER", "SET-CONFIG-EPOCH", i+1) // so that they need not find out who is first
		n.do("CLUSTER", "ADDSLOTSRANGE", i*slots/len(c.primaries), (i+1)*slots/len(c.primaries)-1)
	}
}

// introduce has the nodes meet.
func (c *Cluster) introduce() {
	first := c.primaries[0]
	for _, n := range c.nodes()[1:] {
		n.do("CLUSTER", "MEET", "127.0.0.1", first.port, first.clusterPort())
	}
	known := strconv.Itoa(len(c.nodes()))
	for _, n := range c.nodes() {
		await(c.tb, "all nodes know each other", func() bool { return n.info("cluster", "cluster_known_nodes") == known })
	}
}

// clusterPort is the port on which nodes talk to each other.
func (n *node) clusterPort() string {
	for i, arg := range n.args {
		if arg == "--cluster-port" {
			return n.args[i+1]
		}
	}
	return ""
}

// replicate gives each primary its replica.
func (c *Cluster) replicate() {
	for i, n := range c.replicas {
		id, err := c.primaries[i].client.Do(context.Background(), "CLUSTER", "MYID").Text()
		if err != nil {
			c.tb.Fatal(err)
		}
		// A node refuses until it knows the primary as one.
		await(c.tb, "a primary takes a replica", func() bool {
			return n.client.ClusterReplicate(context.Background(), id).Err() == nil
		})
	}
	for _, n := range c.replicas {
		await(c.tb, "a replica has copied its primary", func() bool { return n.info("replication", "master_link_status") == "up" })
	}
}

// nodes are all nodes, a primary first.
func (c *Cluster) nodes() []*node { return append(append([]*node{}, c.primaries...), c.replicas...) }

// awaitState waits until all nodes that live say that the cluster is in a state.
func (c *Cluster) awaitState(state string) {
	c.tb.Helper()
	for _, n := range c.nodes() {
		if n.process != nil {
			await(c.tb, "the state of the cluster", func() bool { return n.info("cluster", "cluster_state") == state })
		}
	}
}

// URL is the address of the cluster: all its nodes.
func (c *Cluster) URL() string {
	var addrs []string
	for _, n := range c.nodes() {
		addrs = append(addrs, n.addr())
	}
	return "redis+cluster://" + strings.Join(addrs, ",")
}

// Client returns a client of the cluster, which ends with the test.
func (c *Cluster) Client() *goredis.ClusterClient {
	var addrs []string
	for _, n := range c.nodes() {
		addrs = append(addrs, n.addr())
	}
	client := goredis.NewClusterClient(&goredis.ClusterOptions{Addrs: addrs})
	c.tb.Cleanup(func() { _ = client.Close() })
	return client
}

// OnFirst reports whether the first primary has a key, or had it before it died.
func (c *Cluster) OnFirst(key string) bool {
	c.tb.Helper()
	slot, err := c.primaries[1].client.ClusterKeySlot(context.Background(), key).Result()
	if err != nil {
		c.tb.Fatal(err)
	}
	return slot < int64(slots/len(c.primaries))
}

// AwaitReplicated waits until all that was written by now is on the replicas,
// too: the most that Redis promises for the death of a primary.
func (c *Cluster) AwaitReplicated() {
	c.tb.Helper()
	for _, n := range c.primaries {
		n.awaitReplicated()
	}
}

// KillFirst kills the first primary.
func (c *Cluster) KillFirst() { c.primaries[0].Kill() }

// AwaitFailover waits until another node has taken the place of the first
// primary.
func (c *Cluster) AwaitFailover() {
	c.tb.Helper()
	await(c.tb, "the replica of the dead primary takes its place", func() bool {
		return c.replicas[0].info("replication", "role") == "master"
	})
	c.awaitState("ok")
}
