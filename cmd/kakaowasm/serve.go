package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	goredis "github.com/redis/go-redis/v9"
	"go.opentelemetry.io/otel"

	"github.com/kakaowasm/kakaowasm/internal/transportfault"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/server"
	"github.com/kakaowasm/kakaowasm/server/store"
	"github.com/kakaowasm/kakaowasm/server/store/redis"
)

// ServeCmd runs the token server: `kakaowasm serve`.
//
// Options are read as text and checked together, so that every mistake is named
// at once. Those of a name that [server.Config] has too set that field.
type ServeCmd struct {
	AppOptions

	AppID          string `name:"app-id" env:"KAKAO_APP_ID" placeholder:"NUMBER" help:"The app's number (App > General in the Kakao developers console), which webhooks name. Needed with an admin key."`
	OperationsAddr string `name:"operations-addr" env:"KAKAOWASM_OPERATIONS_ADDR" placeholder:"ADDR" help:"Address of /healthz, /readyz and /metrics. Default: the same as --addr."`
	SDKDir         string `name:"sdk-dir" env:"KAKAOWASM_SDK_DIR" placeholder:"DIR" help:"Folder of a built SDK, to serve it under sdk/. Default: the SDK inside this program, which released ones have."`

	StoreOptions

	SessionKeysFile string `name:"session-keys-file" env:"KAKAOWASM_SESSION_KEYS_FILE" placeholder:"FILE" help:"File that holds the keys that encrypt logins, as kakaowasm keygen writes it. Only the memory store does without."`
	SessionIdle     string `name:"session-idle" default:"720h" env:"KAKAOWASM_SESSION_IDLE" placeholder:"TIME" help:"End a session that long after its last login or renewal."`
	SessionLifetime string `name:"session-lifetime" default:"2160h" env:"KAKAOWASM_SESSION_LIFETIME" placeholder:"TIME" help:"End a session that long after its login."`
	SameSite        string `name:"cookie-same-site" default:"lax" env:"KAKAOWASM_COOKIE_SAME_SITE" placeholder:"MODE" help:"The session cookie's SameSite: lax or strict."`
	UpstreamTimeout string `name:"upstream-timeout" default:"10s" env:"KAKAOWASM_UPSTREAM_TIMEOUT" placeholder:"TIME" help:"How long one request to Kakao may take."`

	TokenAudiences []string `name:"token-audience" env:"KAKAOWASM_TOKEN_AUDIENCES" placeholder:"ORIGIN=AUDIENCE" help:"Back ends that pages of an origin may have signed tokens about their session for (POST session/token), such as https://app.example.com=https://api.example.com."`
	TokenAlgorithm string   `name:"token-algorithm" default:"RS256" env:"KAKAOWASM_TOKEN_ALGORITHM" placeholder:"NAME" help:"How these tokens are signed: RS256 or EdDSA."`

	NotifyURL        string `name:"notify-url" env:"KAKAOWASM_NOTIFY_URL" placeholder:"URL" help:"Address of your back end that is told, by signed webhooks, of logins, failed renewals, logouts and unlinks."`
	NotifySecretFile string `name:"notify-secret-file" env:"KAKAOWASM_NOTIFY_SECRET_FILE" placeholder:"FILE" help:"File that holds the secret that signs them, or several while one takes the place of another: whsec_ and 24 to 64 random bytes in base64."`

	AllowedHosts             []string `name:"allowed-host" env:"KAKAOWASM_ALLOWED_HOSTS" placeholder:"HOST" help:"Further hosts by which requests may name the server. That of the public URL and loopback always may."`
	TrustedProxies           []string `name:"trusted-proxy" env:"KAKAOWASM_TRUSTED_PROXIES" placeholder:"NETWORK" help:"Networks of the reverse proxies in front of the server, such as 10.0.0.0/8. Only they may say where a request comes from."`
	ForwardedHeader          string   `name:"forwarded-header" default:"X-Forwarded-For" env:"KAKAOWASM_FORWARDED_HEADER" placeholder:"HEADER" help:"Header in which they say it: X-Forwarded-For or Forwarded."`
	RequestsPerMinute        string   `name:"requests-per-minute" default:"1200" env:"KAKAOWASM_REQUESTS_PER_MINUTE" placeholder:"N" help:"POST requests a minute from one client address; of other requests it may make ten times as many. Below 0: no limit."`
	SessionRequestsPerMinute string   `name:"session-requests-per-minute" default:"1200" env:"KAKAOWASM_SESSION_REQUESTS_PER_MINUTE" placeholder:"N" help:"POST requests a minute with one session. Below 0: no limit."`
	ProxyRequestsPerMinute   string   `name:"proxy-requests-per-minute" default:"600000" env:"KAKAOWASM_PROXY_REQUESTS_PER_MINUTE" placeholder:"N" help:"How often a minute one reverse proxy may ask who is asking (GET auth). Below 0: no limit."`
	StrictTransportSecurity  string   `name:"strict-transport-security" default:"0" env:"KAKAOWASM_STRICT_TRANSPORT_SECURITY" placeholder:"TIME" help:"How long browsers keep to https for the host, such as 8760h. Default: they are not asked to."`

	LogFormat  string `name:"log-format" default:"json" env:"KAKAOWASM_LOG_FORMAT" placeholder:"FORMAT" help:"json or text, on standard error."`
	LogLevel   string `name:"log-level" default:"info" env:"KAKAOWASM_LOG_LEVEL" placeholder:"LEVEL" help:"debug, info, warn or error."`
	DrainDelay string `name:"drain-delay" default:"2s" env:"KAKAOWASM_DRAIN_DELAY" placeholder:"TIME" help:"How long /readyz fails before the listeners close, for the load balancer to notice."`
}

// Run serves until ctx is done, and then drains.
func (c *ServeCmd) Run(ctx context.Context, _ io.Writer) error {
	s, err := c.prepare(ctx)
	if err != nil {
		return err
	}
	return s.serve(ctx)
}

// service is a token server with everything around it, ready to serve.
type service struct {
	log        *slog.Logger
	token      *server.Server
	store      store.Store
	servers    []boundServer
	drainDelay time.Duration
	flush      func(context.Context) error // sends the last spans
}

// prepare reads and checks the options, opens the store and takes the ports.
func (c *ServeCmd) prepare(ctx context.Context) (_ *service, err error) {
	o, err := c.options()
	if err != nil {
		return nil, usageError{err}
	}
	logToo(o.Logger)
	s := &service{log: o.Logger, drainDelay: o.drainDelay}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close(ctx))
		}
	}()
	if o.TracerProvider, s.flush, err = newTracing(ctx); err != nil {
		return nil, err
	}
	if s.store, err = openStore(ctx, o.store); err != nil {
		return nil, err
	}
	o.Store = s.store
	if s.token, err = server.New(o.Config); err != nil {
		return nil, err
	}
	if s.servers, err = c.listen(ctx, s.token); err != nil {
		return nil, err
	}
	for _, warning := range o.Warnings() {
		o.Logger.WarnContext(ctx, inLocale(warning.Text), "option", optionOf(cmp.Or(fieldOf[warning.Field], warning.Field)).String())
	}
	for _, bound := range s.servers {
		bound.ErrorLog = server.HTTPLog(o.Logger)
		bound.WriteTimeout = max(writeTimeout, callsOfAnAnswer*o.UpstreamTimeout+answerGrace)
		o.Logger.InfoContext(ctx, "listening", "address", bound.listener.Addr().String(), "public_url", o.PublicURL, "version", kakao.Version)
	}
	return s, nil
}

// logToo sends what libraries log by themselves to the logger of the server.
func logToo(logger *slog.Logger) {
	slog.SetDefault(logger)
	log.SetOutput(server.HTTPLog(logger).Writer()) // The HTTP client knows no other logger.
	goredis.SetLogger(redisLog{logger})
	otel.SetErrorHandler(traceLog{logger})
}

// traceLog takes what the client of a trace collector says.
type traceLog struct{ *slog.Logger }

// Handle implements [otel.ErrorHandler]. The error quotes what the collector has
// answered, which may be what it was sent, so that its kind is logged.
func (l traceLog) Handle(err error) {
	kind := transportfault.Kind(err)
	if kind == transportfault.Malformed {
		kind = "the collector refuses them, or gives no readable answer"
	}
	l.Warn("traces are not sent", "cause", kind)
}

// redisLog takes what the Redis client says of connections that fail.
type redisLog struct{ *slog.Logger }

// Printf implements the logger of go-redis. An error is logged by its kind: it may
// quote a command, and the password in it.
func (l redisLog) Printf(ctx context.Context, format string, args ...any) {
	args = slices.Clone(args)
	for i, arg := range args {
		if err, failed := arg.(error); failed {
			args[i] = redis.Fault(err)
		}
	}
	l.WarnContext(ctx, "redis", "message", fmt.Sprintf(format, args...))
}

// serve answers until ctx is done. Then /readyz fails, a moment later the
// listeners close, the requests that run are finished, the renewals too, and at
// last the store closes.
func (s *service) serve(ctx context.Context) error {
	lasting := context.WithoutCancel(ctx)
	serving, stop := context.WithCancel(lasting)
	defer stop()
	s.tellSystemd(lasting, daemon.SdNotifyReady)
	defer context.AfterFunc(ctx, func() {
		s.tellSystemd(lasting, daemon.SdNotifyStopping)
		s.token.Drain()
		s.log.InfoContext(lasting, "draining", "delay", s.drainDelay)
		select {
		case <-time.After(s.drainDelay):
		case <-serving.Done():
		}
		stop()
	})()
	err := serveAll(serving, s.servers)
	return errors.Join(err, s.close(lasting))
}

// tellSystemd says where the service is in its life, for units of Type=notify.
// Where nobody listens it says nothing.
func (s *service) tellSystemd(ctx context.Context, state string) {
	if _, err := daemon.SdNotify(false, state); err != nil {
		s.log.WarnContext(ctx, "systemd is not told", "state", state, "error", err)
	}
}

// close ends what was prepared, in the order in which it is needed no more.
func (s *service) close(ctx context.Context) error {
	var errs []error
	if s.token != nil {
		errs = append(errs, s.token.Close())
	}
	if s.store != nil {
		errs = append(errs, s.store.Close())
	}
	if s.flush != nil {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownGrace)
		defer cancel()
		errs = append(errs, s.flush(ctx))
	}
	return errors.Join(errs...)
}

// newRegistry holds the metrics of the process beside those of the server.
func newRegistry() *prometheus.Registry {
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "kakaowasm_build_info", Help: "Always 1; the label says which version runs.",
			ConstLabels: prometheus.Labels{"version": kakao.Version},
		}, func() float64 { return 1 }),
	)
	return registry
}

// newLogger returns the logger of a format, "json" or "text".
func newLogger(format string, level slog.Level) (*slog.Logger, error) {
	options := &slog.HandlerOptions{Level: level}
	switch format {
	case "json":
		options.ReplaceAttr = inSeconds
		return slog.New(slog.NewJSONHandler(os.Stderr, options)), nil
	case "text":
		return slog.New(slog.NewTextHandler(os.Stderr, options)), nil
	}
	return nil, errorf("expected json or text, got %q", format)
}

// inSeconds writes times as seconds, as metrics have them: slog's JSON counts
// nanoseconds without saying so.
func inSeconds(_ []string, attr slog.Attr) slog.Attr {
	if attr.Value.Kind() == slog.KindDuration {
		attr.Value = slog.Float64Value(attr.Value.Duration().Seconds())
	}
	return attr
}

// listen takes the ports before anything is served, so that a taken one is an
// error at the start.
func (c *ServeCmd) listen(ctx context.Context, token *server.Server) ([]boundServer, error) {
	web, err := listen(ctx, c.Addr)
	if err != nil {
		return nil, errorf("listen on %s: %w; choose another address with --addr", c.Addr, err)
	}
	if c.OperationsAddr != "" && c.OperationsAddr != c.Addr {
		operations, err := listen(ctx, c.OperationsAddr)
		if err != nil {
			err = errorf("listen on %s: %w; choose another address with --operations-addr", c.OperationsAddr, err)
			return nil, errors.Join(err, web.Close())
		}
		return []boundServer{{newHTTPServer(token), web}, {newHTTPServer(token.Operations()), operations}}, nil
	}
	return []boundServer{{newHTTPServer(withOperations(token, token.Operations())), web}}, nil
}

// operationsPaths are what is answered beside the base path.
var operationsPaths = []string{"/healthz", "/readyz", "/metrics"}

// withOperations answers the paths of operations with their handler, and every
// other one with the token server. A ServeMux would itself answer the paths that
// it would write in another way, with neither log line nor security headers.
func withOperations(token, operations http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if slices.Contains(operationsPaths, r.URL.Path) {
			operations.ServeHTTP(w, r)
			return
		}
		token.ServeHTTP(w, r)
	})
}
