package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"
)

// options are what the command line chooses.
type options struct {
	program  string        // the built kakaowasm
	docs     string        // the folder whose documents get the tables; empty for none
	rounds   int           // measurements of each figure, of which the median counts
	duration time.Duration // of one measurement of what can be repeated
	logins   int           // requests of one measurement of what uses up a login
	express  string        // the folder of the Express server; empty for none
	peer     string        // the built oauth2-proxy; empty for none
	sessions int           // in a full store; 0 for none
}

func main() {
	if len(os.Args) == 3 && os.Args[1] == proxyRole {
		fail(serveProxy(os.Args[2]))
	}
	var o options
	flag.StringVar(&o.program, "program", "dist/kakaowasm", "the built `file` of kakaowasm")
	flag.StringVar(&o.docs, "docs", "docs", "the `folder` of performance.md, or \"\" to print only")
	flag.IntVar(&o.rounds, "rounds", 5, "how `often` each figure is measured")
	flag.DurationVar(&o.duration, "duration", time.Second, "how `long` one measurement takes")
	flag.IntVar(&o.logins, "logins", 700, "`requests` in one measurement of exchanges or of renewals at Kakao; the emulator forgets the first of 50,000 logins")
	flag.StringVar(&o.express, "express", "", "also measure the Express server in this `folder`")
	flag.StringVar(&o.peer, "oauth2-proxy", "", "also measure this `file`, a built oauth2-proxy")
	flag.IntVar(&o.sessions, "sessions", 0, "also measure stores with this `number` of sessions")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	fail(run(ctx, o))
}

// fail ends the program where there is an error.
func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run measures everything and writes the tables.
func run(ctx context.Context, o options) error {
	lab, err := openLab(ctx, o.program)
	if err != nil {
		return err
	}
	defer lab.close()
	if o.express != "" {
		if err := lab.startExpress(ctx, o.express); err != nil {
			return err
		}
	}
	if o.peer != "" {
		if err := lab.startPeers(ctx, o.peer); err != nil {
			return err
		}
	}
	measured, err := lab.measureAll(ctx, o)
	if err != nil {
		return err
	}
	r := report{machine: describeMachine(), rounds: o.rounds, figures: measured, memories: lab.memories}
	if r.rooms, err = lab.measureRoom(ctx); err != nil {
		return err
	}
	if o.sessions > 0 {
		if r.full, err = lab.measureFull(ctx, o); err != nil {
			return err
		}
	}
	return publish(o, r)
}
