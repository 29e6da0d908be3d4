package emulator

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator/config"
)

// DefaultWorld is the name of the world at the emulator's own address.
const DefaultWorld = "default"

// worldLimit is how many worlds an emulator holds.
const worldLimit = 500

// Errors of worlds, told apart by [errors.Is].
var (
	// ErrWorldExists is the error for a name that is taken.
	ErrWorldExists = errors.New("emulator: there is a world of this name")
	// ErrNoWorld is the error for a name that no world has.
	ErrNoWorld = errors.New("emulator: there is no world of this name")
	// ErrDefaultWorld is the error for taking away the default world.
	ErrDefaultWorld = errors.New("emulator: the default world stays as long as the emulator")
	// ErrTooManyWorlds is the error when an emulator holds as many worlds as it
	// may, 500.
	ErrTooManyWorlds = errors.New("emulator: there are too many worlds; remove those that are done with")
	// ErrClosed is the error of an emulator that was closed.
	ErrClosed = errors.New("emulator: it is closed")
)

// worlds are those beside the default one.
type worlds struct {
	options options
	hosts   hosts

	mu      sync.RWMutex
	byName  map[string]*hostedWorld
	closed  bool
	serving sync.WaitGroup
}

// hostedWorld is a world with the server of its own port, if it has one.
type hostedWorld struct {
	*World
	server *http.Server
}

func (ws *worlds) init(o options, issuer string) {
	ws.options, ws.hosts, ws.byName = o, newHosts(issuer, o), map[string]*hostedWorld{}
}

// worldAt is the world that a host names, or nil.
func (e *Emulator) worldAt(host string) *World {
	if e.worlds.hosts.own(host) {
		return e.world
	}
	world, _ := e.lookup(e.worlds.hosts.world(host))
	return world
}

// lookup finds a world that exists.
func (e *Emulator) lookup(name string) (*World, bool) {
	if name == DefaultWorld {
		return e.world, true
	}
	e.worlds.mu.RLock()
	defer e.worlds.mu.RUnlock()
	found, ok := e.worlds.byName[name]
	if !ok {
		return nil, false
	}
	return found.World, true
}

// Worlds are all worlds: the default one, then the others by name.
func (e *Emulator) Worlds() []*World {
	e.worlds.mu.RLock()
	defer e.worlds.mu.RUnlock()
	all := make([]*World, 0, 1+len(e.worlds.byName))
	for _, hosted := range e.worlds.byName {
		all = append(all, hosted.World)
	}
	slices.SortFunc(all, func(a, b *World) int { return strings.Compare(a.Name(), b.Name()) })
	return append([]*World{e.world}, all...)
}

// World is the world of a name. One that is not there yet is made, with the
// start state of the default world; the errors are those of [Emulator.AddWorld].
func (e *Emulator) World(name string) (*World, error) {
	if found, ok := e.lookup(name); ok {
		return found, nil
	}
	made, err := e.AddWorld(name, e.Seed())
	if errors.Is(err, ErrWorldExists) { // another caller was faster
		return e.World(name)
	}
	return made, err
}

// AddWorld makes a world in the state of a seed. name is up to 63 lower-case
// letters, digits and hyphens. The issuer of the seed is not read: a world goes
// by its own addresses. The error is [ErrWorldExists], [ErrTooManyWorlds],
// [ErrClosed], that of opening its port, or names every mistake in name and seed.
func (e *Emulator) AddWorld(name string, seed config.Seed) (*World, error) {
	if err := errors.Join(config.CheckWorldName(name), seed.Validate()); err != nil {
		return nil, err
	}
	if name == DefaultWorld {
		return nil, ErrWorldExists
	}
	e.worlds.mu.Lock()
	defer e.worlds.mu.Unlock()
	switch _, taken := e.worlds.byName[name]; {
	case e.worlds.closed:
		return nil, ErrClosed
	case taken:
		return nil, ErrWorldExists
	case len(e.worlds.byName) >= worldLimit:
		return nil, ErrTooManyWorlds
	}
	hosted, err := e.host(name, seed)
	if err != nil {
		return nil, err
	}
	e.worlds.byName[name] = hosted
	return hosted.World, nil
}

// host makes a world and serves it at a port of its own. The caller holds the
// lock.
func (e *Emulator) host(name string, seed config.Seed) (*hostedWorld, error) {
	listener, err := e.worlds.openPort()
	if err != nil {
		return nil, err
	}
	at := reach{hosts: e.worlds.hosts, name: name, atHost: e.worlds.atHost(name)}
	if listener != nil {
		at.atPort = originOf(listener.Addr())
	}
	world, err := newWorld(at, seed, e.worlds.options)
	if err != nil {
		if listener != nil {
			err = errors.Join(err, listener.Close())
		}
		return nil, err
	}
	world.handler = world.routes(e.console(world))
	hosted := &hostedWorld{World: world}
	if listener != nil {
		hosted.server = e.worlds.serve(world, listener)
	}
	return hosted, nil
}

// openPort opens the port of a world, nil where worlds have none.
func (ws *worlds) openPort() (net.Listener, error) {
	if ws.options.listen == nil {
		return nil, nil
	}
	listener, err := ws.options.listen()
	if err != nil {
		return nil, fmt.Errorf("emulator: open a port for the world: %w", err)
	}
	return listener, nil
}

// readHeaderTimeout is how long a client has for the head of a request.
const readHeaderTimeout = 5 * time.Second

// serve answers at the port of a world until its server is closed.
func (ws *worlds) serve(world *World, listener net.Listener) *http.Server {
	server := &http.Server{Handler: world, ReadHeaderTimeout: readHeaderTimeout}
	ws.serving.Go(func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			world.log.Error("the port of a world is closed", "world", world.Name(), "error", err)
		}
	})
	return server
}

// atHost is the origin of a world by its host name.
func (ws *worlds) atHost(name string) string {
	host := name + ".localhost"
	if port := ws.hosts.issuer.Port(); port != "" {
		host = net.JoinHostPort(host, port)
	}
	return (&url.URL{Scheme: "http", Host: host}).String()
}

// originOf is the origin of a port on this machine. Where it takes requests to
// any address, the loopback address is one.
func originOf(addr net.Addr) string {
	if tcp, ok := addr.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		return fmt.Sprintf("http://127.0.0.1:%d", tcp.Port)
	}
	return "http://" + addr.String()
}

// RemoveWorld ends a world with its port and its webhooks, and waits for them, at
// most until ctx is done. The error is [ErrNoWorld], [ErrDefaultWorld], or that
// of ctx.
func (e *Emulator) RemoveWorld(ctx context.Context, name string) error {
	if name == DefaultWorld {
		return ErrDefaultWorld
	}
	e.worlds.mu.Lock()
	hosted, ok := e.worlds.byName[name]
	delete(e.worlds.byName, name)
	e.worlds.mu.Unlock()
	if !ok {
		return ErrNoWorld
	}
	return hosted.close(ctx)
}

func (h *hostedWorld) close(ctx context.Context) error {
	h.EndStreams()
	var err error
	if h.server != nil {
		err = h.server.Close()
	}
	return errors.Join(err, h.webhooks.Close(ctx))
}

// Close ends all worlds, their ports and the delivery of webhooks, and waits for
// it, at most until ctx is done. The error is that of ctx.
func (e *Emulator) Close(ctx context.Context) error {
	e.worlds.mu.Lock()
	all := e.worlds.byName
	e.worlds.byName, e.worlds.closed = map[string]*hostedWorld{}, true
	e.worlds.mu.Unlock()
	e.world.EndStreams()
	err := e.webhooks.Close(ctx)
	for _, hosted := range all {
		err = errors.Join(err, hosted.close(ctx))
	}
	e.worlds.serving.Wait()
	return err
}
