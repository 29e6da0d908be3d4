package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/alecthomas/kong"
	"github.com/mattn/go-isatty"

	"github.com/kakaowasm/kakaowasm/server/doctor"
)

// Exit codes of the doctor. The code for a wrong call is that of every command.
const (
	exitFailure = 1
	exitUsage   = 2
)

// DoctorCmd examines a setup: `kakaowasm doctor`. What it shares with the token
// server has the same flags and variables. Client secret and admin key are no
// flags, because other users of a machine can read the flags of a process.
type DoctorCmd struct {
	Addr             string        `default:"127.0.0.1:8480" env:"KAKAOWASM_ADDR" help:"Address that the token server listens on, where --public-url is left out."`
	PublicURL        string        `name:"public-url" env:"KAKAOWASM_PUBLIC_URL" placeholder:"URL" help:"Where browsers reach the token server, with the base path. Default: http:// and the address and /kakao."`
	RESTAPIKey       string        `name:"rest-api-key" env:"KAKAO_REST_API_KEY" placeholder:"KEY" help:"The app's REST API key."`
	JavaScriptKeys   []string      `name:"javascript-key" env:"KAKAO_JAVASCRIPT_KEY" placeholder:"KEY" help:"The app's JavaScript key, and other keys that its pages use."`
	ClientSecretFile string        `type:"existingfile" env:"KAKAO_CLIENT_SECRET_FILE" placeholder:"FILE" help:"File that holds the client secret, if the app uses one. Or set KAKAO_CLIENT_SECRET in the environment."`
	AdminKeyFile     string        `type:"existingfile" env:"KAKAO_ADMIN_KEY_FILE" placeholder:"FILE" help:"File that holds the admin key, to check it too. Or set KAKAO_ADMIN_KEY in the environment."`
	AllowedOrigins   []string      `name:"allowed-origin" env:"KAKAOWASM_ALLOWED_ORIGINS" placeholder:"ORIGIN" help:"Further origins whose pages may call the server."`
	RedirectURIs     []string      `name:"redirect-uri" env:"KAKAOWASM_REDIRECT_URIS" placeholder:"URI" help:"Further redirect URIs that pages may exchange codes for."`
	Scopes           []string      `name:"scope" env:"KAKAOWASM_SCOPES" placeholder:"SCOPE" help:"Scopes that the pages ask for, such as openid,profile_nickname."`
	Partitioned      bool          `env:"KAKAOWASM_PARTITIONED" help:"The session cookie is Partitioned."`
	AuthOrigin       string        `env:"KAKAO_AUTH_ORIGIN" placeholder:"ORIGIN" help:"Origin of another authorization server than Kakao's, such as the emulator's."`
	APIOrigin        string        `name:"api-origin" env:"KAKAO_API_ORIGIN" placeholder:"ORIGIN" help:"Origin of its REST API. Default: the same."`
	Timeout          time.Duration `default:"5s" help:"Time-out of each request."`
	Lang             string        `enum:"auto,ko,en" default:"auto" help:"Language of the report: ko or en. Default: that of LC_ALL, LC_MESSAGES or LANG."`
	JSON             bool          `name:"json" help:"Print the report as JSON, for programs."`
}

// Help is what --help says beside the flags.
func (*DoctorCmd) Help() string {
	return "Asks Kakao about a dozen times, without logging anybody in and without changing anything. " +
		"Exits with 0 if nothing is wrong or there are warnings only, with 1 if a check failed, with 2 if it was called wrongly."
}

// Run prints the report and ends the program with 1 where a check failed.
func (c *DoctorCmd) Run(ctx context.Context, app *kong.Context) error {
	cfg, err := c.config()
	if err != nil {
		return usageError{err}
	}
	report := doctor.Run(ctx, cfg)
	if err := c.print(app.Stdout, report); err != nil {
		return err
	}
	if report.Count(doctor.Failure) > 0 {
		app.Exit(exitFailure)
	}
	return nil
}

// usageError is a mistake in how a command was called.
type usageError struct{ error }

// ExitCode implements [kong.ExitCoder].
func (usageError) ExitCode() int { return exitUsage }

// Unwrap returns the mistake.
func (e usageError) Unwrap() error { return e.error }

// config is the setup as the token server would have it, with what the server
// has no use for.
func (c *DoctorCmd) config() (doctor.Config, error) {
	served, err := (&ServeCmd{
		Addr: c.Addr, PublicURL: c.PublicURL, RESTAPIKey: c.RESTAPIKey, JavaScriptKeys: c.JavaScriptKeys,
		ClientSecretFile: c.ClientSecretFile, AllowedOrigins: c.AllowedOrigins, RedirectURIs: c.RedirectURIs,
		Partitioned: c.Partitioned, AuthOrigin: c.AuthOrigin, APIOrigin: c.APIOrigin,
	}).config()
	if err != nil {
		return doctor.Config{}, err
	}
	adminKey, err := c.adminKey()
	return doctor.Config{
		PublicURL: served.PublicURL, RESTAPIKey: served.RESTAPIKey, JavaScriptKeys: served.JavaScriptKeys,
		ClientSecret: served.ClientSecret, AdminKey: adminKey, AllowedOrigins: served.AllowedOrigins,
		RedirectURIs: served.RedirectURIs, Scopes: c.Scopes, Partitioned: served.Partitioned,
		Platform: served.Platform, Timeout: c.Timeout,
	}, err
}

// adminKey reads the admin key from the environment or its file.
func (c *DoctorCmd) adminKey() (string, error) {
	key := os.Getenv("KAKAO_ADMIN_KEY")
	if c.AdminKeyFile == "" {
		return key, nil
	}
	if key != "" {
		return "", errors.New("expected KAKAO_ADMIN_KEY or an admin key file, got both; unset one")
	}
	content, err := os.ReadFile(c.AdminKeyFile)
	if err != nil {
		return "", fmt.Errorf("read the admin key: %w", err)
	}
	return strings.TrimSpace(string(content)), nil
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

// korean reports whether the report is in Korean: by --lang, or else by the
// locale (POSIX.1-2024, section 8.2).
func (c *DoctorCmd) korean() bool {
	if c.Lang != "auto" {
		return c.Lang == "ko"
	}
	locale := cmp.Or(os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG"))
	return strings.HasPrefix(locale, "ko")
}

// isColourful reports whether what is written to w may have colours: a terminal
// that knows them, unless NO_COLOR is set (no-color.org).
func isColourful(w io.Writer) bool {
	file, isFile := w.(*os.File)
	return isFile && isatty.IsTerminal(file.Fd()) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}
