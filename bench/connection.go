package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// connection is a keep-alive connection that sends one request after the other.
// It is plainer than [http.Client], so that the load costs the machine less.
type connection struct {
	conn   net.Conn
	reader *bufio.Reader
}

// connect opens a connection.
func connect(addr string) (*connection, error) {
	conn, err := net.DialTimeout("tcp", addr, 5*time.Second)
	if err != nil {
		return nil, err
	}
	return &connection{conn, bufio.NewReader(conn)}, nil
}

// close ends the connection.
func (c *connection) close() { _ = c.conn.Close() }

// answer is what came back.
type answer struct {
	*http.Response // its body has been read
	body           []byte
}

// send sends a request that is written out.
func (c *connection) send(request []byte) (answer, error) {
	if _, err := c.conn.Write(request); err != nil {
		return answer{}, err
	}
	response, err := http.ReadResponse(c.reader, nil)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close() //nolint:errcheck // It was only read.
	body, err := io.ReadAll(response.Body)
	return answer{response, body}, err
}

// time sends a request and returns how long its answer took, which must be 200,
// or 202 as the answer to a proxy is.
func (c *connection) time(request []byte) (time.Duration, error) {
	began := time.Now()
	a, err := c.send(request)
	if err != nil {
		return 0, err
	}
	if a.StatusCode != http.StatusOK && a.StatusCode != http.StatusAccepted {
		return 0, fmt.Errorf("expected 200, got %s: %s", a.Status, a.body)
	}
	return time.Since(began), nil
}
