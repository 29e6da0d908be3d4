package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// process is a program that runs until stop.
type process struct {
	*exec.Cmd
	called string
	addr   string // what it printed of itself: where it listens
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

// memory is how much memory the program has in RAM, in bytes; 0 where the system
// does not say it as Linux does.
func (p *process) memory() int64 {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.Process.Pid))
	_, rest, _ := strings.Cut(string(text), "VmRSS:")
	kilobytes, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	n, _ := strconv.ParseInt(kilobytes, 10, 64)
	return n << 10
}

// processor is how long the program has kept a processor busy; 0 where the
// system does not say it as Linux does.
func (p *process) processor() time.Duration {
	const tick = 10 * time.Millisecond // Linux counts in these for every program
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.Process.Pid))
	_, rest, _ := strings.Cut(string(text), ") ") // The name before may hold spaces.
	var ticks int64
	for i, field := range strings.Fields(rest) {
		if i == 11 || i == 12 { // in the program, and in the system for it
			n, _ := strconv.ParseInt(field, 10, 64)
			ticks += n
		}
	}
	return time.Duration(ticks) * tick
}

// stop ends the program.
func (p *process) stop() {
	_ = p.Process.Kill()
	_ = p.Wait() // It tells of the signal.
}
