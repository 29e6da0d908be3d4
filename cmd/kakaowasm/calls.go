package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator"
)

// CallsCmd shows what an emulator is asked: `kakaowasm calls`.
type CallsCmd struct {
	URL    string `name:"url" default:"http://127.0.0.1:8481" env:"KAKAO_EMULATOR_URL" placeholder:"ORIGIN" help:"Where the emulator, or one of its worlds, is."`
	Path   string `placeholder:"PATH" help:"Only calls of this path, such as /oauth/token."`
	Follow bool   `short:"f" help:"Go on with every call that comes, until interrupted."`
}

// Run prints the calls that are remembered, and with --follow those that come.
func (c *CallsCmd) Run(ctx context.Context, out io.Writer) error {
	return c.print(ctx, out)
}

// maxEvent is how long an event of the stream may be, in bytes.
const maxEvent = 1 << 20

func (c *CallsCmd) print(ctx context.Context, out io.Writer) error {
	if !c.Follow {
		answer, err := c.ask(ctx, "calls")
		if err != nil {
			return err
		}
		defer func() { _ = answer.Body.Close() }()
		var calls []seenCall
		if err := json.NewDecoder(answer.Body).Decode(&calls); err != nil {
			return errorf("%s is no emulator of this version: %w", c.URL, err)
		}
		for _, call := range calls {
			c.line(out, call)
		}
		return nil
	}
	answer, err := c.ask(ctx, "stream?after=0")
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	err = c.follow(answer.Body, out)
	if ctx.Err() != nil {
		return nil // interrupted: that is how it ends
	}
	if err == nil {
		err = errorf("the emulator has ended")
	}
	return err
}

// follow prints the calls of a stream of events until it ends.
func (c *CallsCmd) follow(stream io.Reader, out io.Writer) error {
	lines := bufio.NewScanner(stream)
	lines.Buffer(nil, maxEvent)
	for lines.Scan() {
		data, isData := strings.CutPrefix(lines.Text(), "data: ")
		var call seenCall
		if !isData || json.Unmarshal([]byte(data), &call) != nil {
			continue
		}
		c.line(out, call)
	}
	return lines.Err()
}

func (c *CallsCmd) ask(ctx context.Context, what string) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(c.URL, "/")+"/console/api/"+what, nil)
	if err != nil {
		return nil, errorf("--url: %q is not an origin such as http://127.0.0.1:8481: %w", c.URL, err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, errorf("no emulator answers at %s: %w; start one with kakaowasm emulate, or name another with --url", c.URL, err)
	}
	if answer.StatusCode != http.StatusOK {
		_ = answer.Body.Close()
		return nil, errorf("%s answers with status %d: it is no emulator of this version", c.URL, answer.StatusCode)
	}
	return answer, nil
}

func (c *CallsCmd) line(out io.Writer, call seenCall) {
	if c.Path == "" || c.Path == call.Path {
		_, _ = fmt.Fprintln(out, call)
	}
}

// seenCall is a call as the terminal shows it: nothing in it is secret.
type seenCall struct {
	At           time.Time `json:"at"`
	Method       string    `json:"method"`
	Path         string    `json:"path"`
	Status       int       `json:"status"`
	Milliseconds float64   `json:"milliseconds"`
	Error        string    `json:"error"`
}

// String is one line: when, what, how it ended, how long it took.
func (c seenCall) String() string {
	status := fmt.Sprint(c.Status)
	if c.Status == 0 {
		status = "---" // the connection was dropped
	}
	line := fmt.Sprintf("%s  %-6s %s  %-40s %6.1f ms", c.At.Local().Format(time.TimeOnly), c.Method, status, c.Path, c.Milliseconds)
	if c.Error != "" {
		line += "  " + c.Error
	}
	return line
}

// lineOf is a call of an emulator in this program as one line.
func lineOf(c emulator.Call) string {
	shown := c.Info()
	return seenCall{shown.At, shown.Method, shown.Path, shown.Status, shown.Milliseconds, shown.Error}.String()
}
