package server

import (
	"bytes"
	"log"
	"log/slog"
)

// HTTPLog returns a logger for what package net/http logs by itself: give it to
// [net/http.Server.ErrorLog], and its Writer to [log.SetOutput], because the HTTP
// client knows no other logger than the default one. Many of its lines quote what a
// peer has sent, the rest of an answer with a token in it for example; of those the
// kind is logged.
func HTTPLog(logger *slog.Logger) *log.Logger { return log.New(httpLog{logger}, "", 0) }

// httpLog takes the lines of package net/http.
type httpLog struct{ log *slog.Logger }

// httpLines are the lines of package net/http by what they begin with. A line that
// quotes nothing of a peer's is kept as it is; of any other its kind.
var httpLines = []struct {
	begins, kind string
	kept         bool
}{
	{begins: "Unsolicited response received on idle HTTP channel", kind: "a peer has sent more than its answer on a connection that is kept open; its Content-Length may be too short"},
	{begins: "http: TLS handshake error", kind: "a TLS handshake has failed"},
	{begins: "http: panic serving", kind: "a handler has panicked"},
	{begins: "http: Accept error", kept: true}, // by the operating system
	{begins: "http: superfluous response.WriteHeader call", kept: true},
	{begins: "http2:", kind: "a fault of HTTP/2"},
}

// Write implements [io.Writer]: it takes one line.
func (l httpLog) Write(line []byte) (int, error) {
	l.log.Warn("net/http", "kind", kindOfLine(line))
	return len(line), nil
}

// kindOfLine is what may be logged of a line.
func kindOfLine(line []byte) string {
	for _, known := range httpLines {
		switch {
		case !bytes.HasPrefix(line, []byte(known.begins)):
		case known.kept:
			return string(bytes.TrimSpace(line))
		default:
			return known.kind
		}
	}
	return "a line is held back, because it may quote what a peer has sent"
}
