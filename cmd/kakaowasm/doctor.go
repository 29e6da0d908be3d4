package main

import (
	"cmp"
	"context"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/mattn/go-isatty"

	"github.com/kakaowasm/kakaowasm/server/doctor"
	"github.com/kakaowasm/kakaowasm/server/store"
)

// DoctorCmd examines a setup: `kakaowasm doctor`.
type DoctorCmd struct {
	AppOptions
	StoreOptions

	Live           bool   `help:"Look at the server that runs, too: its address, certificate, cookie, SDK, proxy, store and clock."`
	OperationsAddr string `name:"operations-addr" env:"KAKAOWASM_OPERATIONS_ADDR" placeholder:"ADDR" help:"With --live: address of its /readyz and /metrics. Default: the same as --addr."`

	Scopes  []string      `name:"scope" env:"KAKAOWASM_SCOPES" placeholder:"SCOPE" help:"Scopes that the pages ask for, such as openid,profile_nickname."`
	Timeout time.Duration `default:"5s" help:"Time-out of each request."`
	Lang    string        `enum:"auto,ko,en" default:"auto" help:"Language of the report: ko or en. Default: that of LC_ALL, LC_MESSAGES or LANG."`
	JSON    bool          `name:"json" help:"Print the report as JSON, for programs."`
}

// Help is what --help says beside the flags.
func (*DoctorCmd) Help() string {
	return "Asks Kakao about a dozen times, without logging anybody in and without changing anything. " +
		"With --live it asks the running server, too, and of a store in Redis or PostgreSQL it writes, reads and deletes an entry of its own. " +
		"Exits with 0 if nothing is wrong or there are warnings only, with 1 if a check failed, with 2 if it was called wrongly."
}

// Run prints the report and ends the program with 1 where a check failed.
func (c *DoctorCmd) Run(ctx context.Context, out io.Writer) error {
	cfg, err := c.config()
	if err != nil {
		return usageError{err}
	}
	report := doctor.Run(ctx, cfg)
	if err := c.print(out, report); err != nil {
		return err
	}
	if report.Count(doctor.Failure) > 0 {
		return errReported
	}
	return nil
}

// config is the setup as the token server would have it, with what the server
// has no use for.
func (c *DoctorCmd) config() (doctor.Config, error) {
	var m mistakes
	served := c.AppOptions.config(&m)
	var transport http.RoundTripper
	if served.HTTPClient != nil {
		transport = served.HTTPClient.Transport
	}
	return doctor.Config{
		Transport: transport,
		PublicURL: served.PublicURL, RESTAPIKey: served.RESTAPIKey, JavaScriptKeys: served.JavaScriptKeys,
		ClientSecret: served.ClientSecret, AdminKey: served.AdminKey, AllowedOrigins: served.AllowedOrigins,
		RedirectURIs: served.RedirectURIs, Scopes: c.Scopes, Partitioned: served.Partitioned,
		Platform: served.Platform, Timeout: c.Timeout, OpenStore: c.sharedStore(&m),
		Live: c.Live, Operations: localOrigin(cmp.Or(c.OperationsAddr, c.Addr)),
	}, m.err()
}

// sharedStore opens the store, if it is one that several programs may have open.
func (c *DoctorCmd) sharedStore(m *mistakes) func(context.Context) (store.Store, error) {
	if c.Store == "" && c.StoreFile == "" {
		return nil
	}
	spec := c.spec(m)
	if spec.redisURL == "" && spec.postgresURL == "" {
		return nil
	}
	return func(ctx context.Context) (store.Store, error) { return openStore(ctx, spec) }
}

// print writes the report in the form and language that were asked for.
func (c *DoctorCmd) print(w io.Writer, report doctor.Report) error {
	words := english
	if c.korean() {
		words = korean
	}
	if c.JSON {
		return writeReportJSON(w, report, words)
	}
	return writeReport(w, report, words, isColourful(w))
}

// korean reports whether the report is in Korean: by --lang, or else by the locale.
func (c *DoctorCmd) korean() bool {
	if c.Lang != "auto" {
		return c.Lang == "ko"
	}
	return localeIsKorean()
}

// isColourful reports whether what is written to w may have colours: a terminal
// that knows them, unless NO_COLOR is set (no-color.org).
func isColourful(w io.Writer) bool {
	file, isFile := w.(*os.File)
	return isFile && isatty.IsTerminal(file.Fd()) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}
