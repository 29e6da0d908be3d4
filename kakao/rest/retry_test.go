package rest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/kakaowasm/kakaowasm/kakao/catalog"
	"github.com/kakaowasm/kakaowasm/kakao/rest"
)

// eachSecond waits a second between tries.
func eachSecond() rest.Option {
	return rest.WithBackOff(func() backoff.BackOff { return backoff.NewConstantBackOff(time.Second) })
}

var (
	down  = with(503, "<html>down</html>")
	fine  = with(200, `{"id":4210000001}`)
	lost  = failing(io.ErrUnexpectedEOF)
	inner = with(400, `{"code":-1,"msg":"internal"}`)
	hasty = with(400, `{"error":"invalid_request","error_code":"KOE237"}`)
)

func TestReadingCallsAreRepeatedAfterPassingFailures(t *testing.T) {
	cases := []struct {
		name    string
		answers []func() (*http.Response, error)
		tries   int
		took    time.Duration
		want    error
	}{
		{"at once", []func() (*http.Response, error){fine}, 1, 0, nil},
		{"a gateway, then Kakao's own error", []func() (*http.Response, error){down, inner, fine}, 3, 2 * time.Second, nil},
		{"a lost connection", []func() (*http.Response, error){lost, fine}, 2, time.Second, nil},
		{"too many requests", []func() (*http.Response, error){with(429, ""), fine}, 2, time.Second, nil},
		{"Retry-After", []func() (*http.Response, error){with(503, "", "Retry-After", "5"), down, fine}, 3, 6 * time.Second, nil},
		{"a Retry-After that is too long", []func() (*http.Response, error){with(503, "", "Retry-After", "31"), fine}, 1, 0, &rest.Error{Status: 503}},
		{"a Retry-After that is no number", []func() (*http.Response, error){with(503, "", "Retry-After", "soon"), fine}, 2, time.Second, nil},
		{"down for good", []func() (*http.Response, error){down}, 3, 2 * time.Second, &rest.Error{Status: 503}},
		{"lost for good", []func() (*http.Response, error){lost}, 3, 2 * time.Second, rest.ErrUnreachable},
		{"a passing failure, then a lasting one", []func() (*http.Response, error){down, with(401, `{"code":-401,"msg":"x"}`)}, 2, time.Second, rest.ErrInvalidToken},
		{"a lasting failure at the last try", []func() (*http.Response, error){down, down, with(401, `{"code":-401,"msg":"x"}`)}, 3, 2 * time.Second, rest.ErrInvalidToken},
		{"a dead token", []func() (*http.Response, error){with(401, `{"code":-401,"msg":"x"}`)}, 1, 0, rest.ErrInvalidToken},
		{"the quota", []func() (*http.Response, error){with(400, `{"code":-10,"msg":"x"}`)}, 1, 0, rest.ErrQuota},
		{"an error code of the authorization server that lasts", []func() (*http.Response, error){with(400, `{"error":"invalid_request","error_code":"KOE204"}`)}, 1, 0, &rest.OAuthError{Status: 400}},
		{"garbage", []func() (*http.Response, error){with(200, "garbage")}, 1, 0, rest.ErrUnreadable},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				kakao, began := inTurn(c.answers...), time.Now()
				err := me(t.Context(), kakao.client(t, eachSecond()))
				if !errors.Is(err, c.want) {
					t.Errorf("got %v", err)
				}
				if kakao.count() != c.tries || time.Since(began) != c.took {
					t.Errorf("%d tries in %s, want %d in %s", kakao.count(), time.Since(began), c.tries, c.took)
				}
				var permanent *backoff.PermanentError
				if errors.As(err, &permanent) {
					t.Error("the error is one of the retry package")
				}
			})
		})
	}
}

// What the catalogue says of an error code counts whatever the status: each
// that passes is repeated, and none of the others.
func TestErrorCodesThatPassAreThoseOfTheCatalogue(t *testing.T) {
	for _, p := range catalog.Problems {
		body, name := `{"error":"x","error_code":"`+p.KOE+`"}`, p.KOE
		if p.Code != 0 {
			body, name = fmt.Sprintf(`{"msg":"x","code":%d}`, p.Code), strconv.Itoa(p.Code)
		}
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				kakao := inTurn(with(400, body), fine)
				err := me(t.Context(), kakao.client(t, eachSecond()))
				if passed := err == nil; passed != p.Passes || kakao.count() != map[bool]int{true: 2, false: 1}[p.Passes] {
					t.Errorf("%v after %d tries; it passes: %t", err, kakao.count(), p.Passes)
				}
			})
		})
	}
	for _, code := range []int{-1, -7, -603, -9798} {
		if p, ok := catalog.FindCode(code); !ok || !p.Passes {
			t.Errorf("%d does not pass", code)
		}
	}
	for _, koe := range []string{"KOE003", "KOE237"} {
		if p, ok := catalog.FindKOE(koe); !ok || !p.Passes {
			t.Errorf("%s does not pass", koe)
		}
	}
}

// Whatever goes wrong, a call that changes something is made once.
func TestChangingCallsAreMadeOnce(t *testing.T) {
	reading := map[string]bool{
		http.MethodPost + " " + kapi + "/v2/user/me":       true, // reads, also by POST
		http.MethodPost + " " + kauth + "/oauth/tokeninfo": true,
	}
	for _, s := range samples {
		for failure, answer := range map[string]func() (*http.Response, error){"down": down, "lost": lost, "-1": inner, "KOE237": hasty} {
			t.Run(s.name+", "+failure, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					kakao := inTurn(answer)
					if _, err := s.call(t.Context(), kakao.client(t)); err == nil {
						t.Error("no error")
					}
					repeatable := s.request.method == http.MethodGet && !strings.HasSuffix(s.request.url, "/code.json") ||
						reading[s.request.method+" "+s.request.url]
					want := 1
					if repeatable {
						want = 3
					}
					if kakao.count() != want {
						t.Errorf("%d tries, want %d", kakao.count(), want)
					}
				})
			})
		}
	}
}

func TestDefaultWaitsAreShort(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kakao, began := inTurn(down), time.Now()
		_ = me(t.Context(), kakao.client(t))
		if took := time.Since(began); took < 600*time.Millisecond || took > 2*time.Second {
			t.Errorf("three tries took %s", took)
		}
	})
}

func TestPoliciesMayStop(t *testing.T) {
	kakao := inTurn(down)
	stop := rest.WithBackOff(func() backoff.BackOff { return &backoff.StopBackOff{} })
	if err := me(t.Context(), kakao.client(t, stop)); !errors.Is(err, &rest.Error{Status: 503}) || kakao.count() != 1 {
		t.Errorf("%v after %d tries", err, kakao.count())
	}
}

func TestCancellationEndsTheWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		kakao, began := inTurn(down), time.Now()
		time.AfterFunc(500*time.Millisecond, cancel)
		err := me(ctx, kakao.client(t, eachSecond()))
		if !errors.Is(err, context.Canceled) || !errors.Is(err, &rest.Error{Status: 503}) {
			t.Errorf("got %v", err)
		}
		if kakao.count() != 1 || time.Since(began) != 500*time.Millisecond {
			t.Errorf("%d tries in %s", kakao.count(), time.Since(began))
		}
	})
}

func TestCancelledContextsEndAtOnce(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, s := range samples {
		kakao := answering(200, "{}")
		if _, err := s.call(ctx, kakao.client(t)); !errors.Is(err, context.Canceled) || !errors.Is(err, rest.ErrUnreachable) {
			t.Errorf("%s: %v", s.name, err)
		}
		if kakao.count() > 1 {
			t.Errorf("%s: %d tries", s.name, kakao.count())
		}
	}
}

// silent never answers.
func silent(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

func TestSilenceEndsWithTheTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kakao, began := &far{answer: silent}, time.Now()
		err := me(t.Context(), kakao.client(t, eachSecond(), rest.WithTimeout(3*time.Second), rest.WithTries(2)))
		if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, rest.ErrUnreachable) {
			t.Errorf("got %v", err)
		}
		if kakao.count() != 2 || time.Since(began) != 7*time.Second {
			t.Errorf("%d tries in %s", kakao.count(), time.Since(began))
		}
	})
}

func TestBodiesThatStallEndWithTheTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kakao := &far{answer: func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: stalled{r.Context()}}, nil
		}}
		began := time.Now()
		_, err := user(kakao.client(t, rest.WithTimeout(time.Second))).Logout(t.Context())
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != time.Second {
			t.Errorf("%v after %s", err, time.Since(began))
		}
	})
}

// stalled is a body that never goes on.
type stalled struct{ ctx context.Context }

func (s stalled) Read([]byte) (int, error) {
	<-s.ctx.Done()
	return 0, s.ctx.Err()
}

func (s stalled) Close() error { return nil }

// eachMillisecond hardly waits, for tests over a network.
func eachMillisecond() rest.Option {
	return rest.WithBackOff(func() backoff.BackOff { return backoff.NewConstantBackOff(time.Millisecond) })
}
