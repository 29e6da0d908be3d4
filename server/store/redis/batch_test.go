package redis

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	goredis "github.com/redis/go-redis/v9"

	"github.com/kakaowasm/kakaowasm/server/store/redis/redistest"
)

// counter counts the round trips of a client.
type counter struct {
	mu    sync.Mutex
	sizes []int
	held  chan struct{} // round trips wait for it
}

// hold counts a round trip with commands of the test, and holds it.
func (c *counter) hold(cmds ...goredis.Cmder) {
	if cmds[0].Name() != "echo" {
		return // what a new connection begins with
	}
	c.mu.Lock()
	c.sizes = append(c.sizes, len(cmds))
	c.mu.Unlock()
	<-c.held
}

func (c *counter) DialHook(next goredis.DialHook) goredis.DialHook { return next }

func (c *counter) ProcessHook(next goredis.ProcessHook) goredis.ProcessHook {
	return func(ctx context.Context, cmd goredis.Cmder) error {
		c.hold(cmd)
		return next(ctx, cmd)
	}
}

func (c *counter) ProcessPipelineHook(next goredis.ProcessPipelineHook) goredis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []goredis.Cmder) error {
		c.hold(cmds...)
		return next(ctx, cmds)
	}
}

// Commands that come while batches are on their way share the next one, and each
// gets its own answer.
func TestCommandsThatComeAtOnceShareARoundTrip(t *testing.T) {
	client, _, err := newClient(redistest.Start(t).URL())
	if err != nil {
		t.Fatal(err)
	}
	trips := &counter{held: make(chan struct{})}
	client.AddHook(trips)
	b := newBatcher(client)
	defer func() {
		client.Close()
		b.close()
	}()
	const callers = 100
	var asking sync.WaitGroup
	for i := range callers {
		asking.Go(func() {
			want := fmt.Sprint(i)
			cmd := goredis.NewStringCmd(t.Context(), "echo", want)
			if err := b.process(t.Context(), cmd); err != nil || cmd.Val() != want {
				t.Errorf("got %q, %v, want %q", cmd.Val(), err, want)
			}
		})
	}
	close(trips.held)
	asking.Wait()
	sum := 0
	for _, n := range trips.sizes {
		sum += n
	}
	if sum != callers || len(trips.sizes) == callers {
		t.Errorf("round trips of %v commands, want %d in all", trips.sizes, callers)
	}
}

// A caller who gives up leaves the others of the batch alone.
func TestACallerWhoGivesUpLeavesTheBatchAlone(t *testing.T) {
	client, _, err := newClient(redistest.Start(t).URL())
	if err != nil {
		t.Fatal(err)
	}
	trips := &counter{held: make(chan struct{})}
	client.AddHook(trips)
	b := newBatcher(client)
	defer func() {
		client.Close()
		b.close()
	}()
	for range roundTrips {
		b.onWay <- struct{}{} // Others are on their way.
	}
	why := errors.New("the user has left")
	ctx, leave := context.WithCancelCause(t.Context())
	left, stays := make(chan error), make(chan error)
	go func() { left <- b.process(ctx, goredis.NewStringCmd(ctx, "echo", "left")) }()
	go func() { stays <- b.process(t.Context(), goredis.NewStringCmd(t.Context(), "echo", "stays")) }()
	leave(why)
	if err := <-left; !errors.Is(err, why) {
		t.Errorf("got error %v, want %v", err, why)
	}
	close(trips.held)
	for range roundTrips {
		<-b.onWay
	}
	if err := <-stays; err != nil {
		t.Error(err)
	}
}

// A lone command is no batch: its caller sends it.
func TestALoneCommandWaitsForNobody(t *testing.T) {
	client, _, err := newClient(redistest.Start(t).URL())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	workless := &batcher{client: client, onWay: make(chan struct{}, 1)}
	for range 2 {
		if err := workless.process(t.Context(), goredis.NewStringCmd(t.Context(), "echo", "alone")); err != nil {
			t.Error(err)
		}
	}
}
