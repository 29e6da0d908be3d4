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

	"github.com/kakaowasm/kakaowasm/server"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // A second signal ends the program at once.
	log.SetFlags(0)
	log.SetOutput(server.HTTPLog(slog.New(slog.NewTextHandler(os.Stderr, nil))).Writer())
	code := execute(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
