package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
)

// process is a program that runs until stop.
type process struct {
	*exec.Cmd
	addr string // what it printed of itself: where it listens
}

// start starts a program and waits for the line by which it says that it is
// ready. The first group of the pattern is where it listens.
func start(ctx context.Context, ready *regexp.Regexp, env []string, name string, args ...string) (*process, error) {
	p := &process{Cmd: exec.CommandContext(ctx, name, args...)} //nolint:gosec // The programs are this project's and Redis.
	p.Env = append(os.Environ(), env...)
	output, input, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	p.Stdout, p.Stderr = input, input
	err = p.Start()
	_ = input.Close() // The program has its own.
	if err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		if found := ready.FindStringSubmatch(lines.Text()); found != nil {
			p.addr = found[1]
			go func() { _, _ = io.Copy(io.Discard, output) }() // A full pipe would stop it.
			return p, nil
		}
	}
	return nil, fmt.Errorf("%s has not started: %w", name, p.Wait())
}

// stop ends the program.
func (p *process) stop() {
	_ = p.Process.Kill()
	_ = p.Wait() // It tells of the signal.
}
