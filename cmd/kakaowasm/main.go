// Command kakaowasm runs the parts of the project: the token server, the local
// Kakao platform, both together with a demo page, and the doctor that examines
// a setup.
package main

import (
	"context"
	"log"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/server"
)

type commands struct {
	Serve   ServeCmd         `cmd:"" help:"Run the token server."`
	Health  HealthCmd        `cmd:"" help:"Ask a token server on this machine whether it is well."`
	Keygen  KeygenCmd        `cmd:"" help:"Make a key that encrypts logins."`
	Store   StoreCmd         `cmd:"" help:"Look after the file of a store: check it, compact it."`
	Emulate emulateCommands  `cmd:"" help:"Run a local Kakao platform, for development and tests."`
	Calls   CallsCmd         `cmd:"" help:"Show what an emulator is asked, and follow it."`
	Demo    DemoCmd          `cmd:"" help:"Run a demo page with a token server, against the emulator or the real Kakao."`
	Doctor  DoctorCmd        `cmd:"" help:"Find the mistakes in a Kakao Login setup, with cause and cure."`
	Version kong.VersionFlag `help:"Print the version."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // A second signal ends the program at once.
	log.SetFlags(0)
	log.SetOutput(server.HTTPLog(slog.New(slog.NewTextHandler(os.Stderr, nil))).Writer())
	cli := kong.Parse(&commands{}, append(commandLine(),
		kong.Exit(func(code int) { os.Exit(exitCode(code)) }),
		kong.BindTo(ctx, (*context.Context)(nil)),
	)...)
	cli.FatalIfErrorf(cli.Run(), "%s", cli.Selected().Name) // every error begins with its command
}

// commandLine is how the program reads its command line.
func commandLine() []kong.Option {
	return []kong.Option{
		kong.Name("kakaowasm"),
		kong.Description("Kakao Login for the web: token server, local platform, demo, examination of a setup."),
		kong.Vars{"version": kakao.Version},
		kong.WithHyphenPrefixedParameters(true), // --requests-per-minute -1
	}
}

// kongUsage is Kong's own exit code for a wrong call.
const kongUsage = 80

// exitCode is the exit code that Kong's stands for: after a wrong call 2, as with
// shells and Go's flag package.
func exitCode(code int) int {
	if code == kongUsage {
		return exitUsage
	}
	return code
}
