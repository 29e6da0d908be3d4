package emulator

import (
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/web"
)

// Emulator is a local Kakao platform, and as many more as are asked for: it
// serves the default world at its own address, and each other one at a host name
// and a port of its own. Its methods are those of the default world. Make one
// with [New] and end it with [Emulator.Close]; it is safe for concurrent use. Its
// only goroutines deliver webhooks and serve the ports of worlds.
type Emulator struct {
	*world
	worlds worlds
}

// world is World, embedded by this name where World is a method.
type world = World

// options are what [Option] sets.
type options struct {
	now    func() time.Time
	log    *slog.Logger
	saved  []byte
	hosts  []string
	follow bool
	listen func() (net.Listener, error)
}

// Option changes how [New] builds an [Emulator].
type Option func(*options)

// WithClock replaces the clock that the platform's own clock goes by. The
// default is [time.Now].
func WithClock(now func() time.Time) Option { return func(o *options) { o.now = now } }

// WithLogger sends a line per refused request and per webhook to logger. Lines
// never hold a token, a code or a secret. The default discards them.
func WithLogger(logger *slog.Logger) Option { return func(o *options) { o.log = logger } }

// WithHosts names hosts, without a port, by which the platform is reached beside
// that of the issuer: requests to them get addresses and ID tokens of that host,
// so that a browser can use localhost where a container uses the name of another.
func WithHosts(names ...string) Option {
	return func(o *options) { o.hosts = append(o.hosts, names...) }
}

// WithIssuerOfRequest makes every host that is this machine's stand for itself,
// as [WithHosts] does for those it names: localhost, loopback addresses and others
// that a request was sent to.
func WithIssuerOfRequest() Option { return func(o *options) { o.follow = true } }

// WithListen opens a port for each world but the default one, which is served
// there until the world or the emulator ends. Without it, worlds have only their
// host names.
func WithListen(listen func() (net.Listener, error)) Option {
	return func(o *options) { o.listen = listen }
}

// New checks cfg, completes it with Kakao's defaults and returns the platform
// that it describes, see [NewFromSeed].
func New(cfg config.Config, opts ...Option) (*Emulator, error) {
	return NewFromSeed(config.Seed{Config: cfg}, opts...)
}

// NewFromSeed returns an emulator whose default world begins in the state of a
// seed, which must have an issuer. The error names every mistake in the seed.
func NewFromSeed(seed config.Seed, opts ...Option) (*Emulator, error) {
	o := options{now: time.Now, log: slog.New(slog.DiscardHandler)}
	for _, opt := range opts {
		opt(&o)
	}
	e := &Emulator{}
	e.worlds.init(o, seed.Issuer)
	first, err := newWorld(reach{hosts: e.worlds.hosts, name: DefaultWorld, atHost: seed.Issuer}, seed, o)
	if err != nil {
		return nil, err
	}
	if o.saved != nil {
		if err := first.goOnFrom(o.saved); err != nil {
			return nil, err
		}
	}
	first.handler = first.routes(e.console(first))
	e.world = first
	return e, nil
}

// ServeHTTP leads a request to the world that its host names. A host that names
// none is 404 on every path: a request makes no world.
func (e *Emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	world := e.worldAt(web.HostOf(r))
	if world == nil {
		refuseHost(w)
		return
	}
	world.ServeHTTP(w, r)
}

func refuseHost(w http.ResponseWriter) {
	http.Error(w, "the emulator has no world at this host; --host names further hosts", http.StatusNotFound)
}

// errNoUser is the error of actions on an account that does not exist.
var errNoUser = errors.New("emulator: there is no such user")
