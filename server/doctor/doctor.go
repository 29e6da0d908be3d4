package doctor

import (
	"context"
	"net/http"

	"golang.org/x/sync/errgroup"

	"github.com/kakaowasm/kakaowasm/kakao/rest"
)

// maxAtOnce is how many checks run at once, so that Kakao does not take the
// doctor for an attack.
const maxAtOnce = 4

// examination is one run over a setup.
type examination struct {
	Config
	clock *timekeeper
	// http carries what kakao/rest has no call for. It follows no redirect.
	http *http.Client
	// rest is nil where an origin of the platform is not safe to ask.
	rest *rest.Client
}

// step is a group of checks that run in order and need the same host.
type step struct {
	host  host
	names []Check
	run   func(*examination, context.Context) []Finding
}

// steps are in the order of the report, and run side by side.
var steps = []step{
	{auth, []Check{CheckJWKS}, one((*examination).checkJWKS)},
	{nowhere, nil, (*examination).checkSites},
	{nowhere, nil, (*examination).checkKeyForms},
	{auth, []Check{CheckKey, CheckLogin, CheckRedirectURI, CheckScope}, (*examination).checkAuthorization},
	{auth, []Check{CheckClientSecret}, one((*examination).checkClientSecret)},
	{api, []Check{CheckAdminKey}, one((*examination).checkAdminKey)},
	{auth, []Check{CheckLogoutURI}, one((*examination).checkLogoutURI)},
	{nowhere, nil, (*examination).checkStore},
	{nowhere, nil, (*examination).checkLive},
}

// one makes a check of one finding a step.
func one[T any](check func(T, context.Context) Finding) func(T, context.Context) []Finding {
	return func(on T, ctx context.Context) []Finding { return []Finding{check(on, ctx)} }
}

// Run examines a setup. It ends when every check has: each request is bounded by
// [Config.Timeout], and all of them by ctx. What could not be looked at is a
// finding too, so that there is no error.
func Run(ctx context.Context, cfg Config) Report {
	e := newExamination(cfg.withDefaults())
	defer e.http.CloseIdleConnections()
	hosts := e.reach(ctx)
	found := make([][]Finding, len(steps))
	atOnce(len(steps), func(i int) { found[i] = e.perform(ctx, steps[i], hosts) })
	report := Report{hosts.auth, hosts.api, e.clock.checkClock(), hosts.discovery}
	for i := range found {
		report = append(report, found[i]...)
	}
	e.adviseAtEmulator(report)
	e.redact(report)
	return report
}

// perform runs a step, unless its host cannot be asked.
func (e *examination) perform(ctx context.Context, s step, hosts reachability) []Finding {
	if hosts.reached(s.host) {
		return s.run(e, ctx)
	}
	var findings []Finding
	for _, c := range s.names {
		findings = append(findings, skipped(c, notReached))
	}
	return findings
}

// atOnce calls a function for every index below n, a few at a time.
func atOnce(n int, call func(i int)) {
	var group errgroup.Group
	group.SetLimit(maxAtOnce)
	for i := range n {
		group.Go(func() error {
			call(i)
			return nil
		})
	}
	_ = group.Wait() // no call fails: what goes wrong is a finding
}

func newExamination(cfg Config) *examination {
	clock := &timekeeper{RoundTripper: cfg.Transport, now: cfg.Now}
	client, _ := rest.New( // a refused origin is reported by reach
		rest.WithPlatform(cfg.Platform), rest.WithHTTPClient(&http.Client{Transport: clock}),
		rest.WithTimeout(cfg.Timeout), rest.WithTries(1),
	)
	return &examination{
		Config: cfg, clock: clock, rest: client,
		http: &http.Client{
			Transport: clock, Timeout: cfg.Timeout,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}
