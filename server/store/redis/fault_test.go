package redis_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kakaowasm/kakaowasm/server/store"
	"github.com/kakaowasm/kakaowasm/server/store/redis"
)

// newQuotingRedis starts a server that answers commands with an error that quotes
// them, as Redis does with those that it does not know. It knows some.
func newQuotingRedis(t *testing.T, code string, known ...string) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go quote(conn, code, known)
		}
	}()
	return listener.Addr().String()
}

// quote answers one connection.
func quote(conn net.Conn, code string, known []string) {
	defer func() { _ = conn.Close() }()
	for r := bufio.NewReader(conn); ; {
		words, err := readCommand(r)
		if err != nil {
			return
		}
		answer := fmt.Sprintf("-%s with args beginning with: %q\r\n", code, words)
		for _, name := range known {
			if strings.EqualFold(name, words[0]) {
				answer = "+OK\r\n"
			}
		}
		if _, err := io.WriteString(conn, answer); err != nil {
			return
		}
	}
}

// readCommand reads a command as clients write it.
func readCommand(r *bufio.Reader) (words []string, err error) {
	count, err := readNumber(r, '*')
	for range count {
		size, err := readNumber(r, '$')
		word := make([]byte, size+len("\r\n"))
		if _, readErr := io.ReadFull(r, word); err != nil || readErr != nil {
			return nil, errors.Join(err, readErr)
		}
		words = append(words, string(word[:size]))
	}
	return words, err
}

func readNumber(r *bufio.Reader, sign byte) (int, error) {
	line, err := r.ReadString('\n')
	if err != nil || line[0] != sign {
		return 0, errors.Join(err, errors.ErrUnsupported)
	}
	return strconv.Atoi(strings.TrimSpace(line[1:]))
}

// What Redis answers may quote what it was sent, the password too: it is told by its
// code, and by what that means.
func TestAnswersOfRedisAreNotQuoted(t *testing.T) {
	for code, want := range map[string]string{
		"ERR unknown command,": "Redis refuses the command", "WRONGPASS": "password are wrong", "NOAUTH": "wants a password", "NOPERM": "permission",
		"MOVED 1 127.0.0.1:1": "redis+cluster", "READONLY": "read-only", "hunter2": "Redis refuses the command", "OOM": "out of memory",
	} {
		for _, known := range [][]string{nil, {"auth", "client", "select", "info"}} {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			s, err := redis.Open(ctx, redis.Config{URL: "redis://user:hunter2@" + newQuotingRedis(t, code, known...)})
			if err == nil {
				_, err = s.Create(ctx, "hunter2", store.Entry{Value: []byte("hunter2"), Expiry: time.Now().Add(time.Hour)})
				_, getErr := s.Get(ctx, "hunter2")
				err = errors.Join(err, getErr, s.Close())
			}
			cancel()
			if !errors.Is(err, store.ErrUnavailable) || !strings.Contains(err.Error(), want) || strings.Contains(fmt.Sprintf("%v %+v", err, err), "hunter2") {
				t.Errorf("%s, known %v: got %v, want %q", code, known, err, want)
			}
		}
	}
}
