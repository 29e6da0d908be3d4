package notify

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/kakaowasm/kakaowasm/server/store"
	"github.com/kakaowasm/kakaowasm/server/store/memory"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// aSecret is what sender and receiver of the tests share.
var aSecret = secretOf('a')

func secretOf(letter byte) Secret {
	s, err := ParseSecret(secretPrefix + base64.StdEncoding.EncodeToString([]byte(strings.Repeat(string(letter), 32))))
	if err != nil {
		panic(err)
	}
	return s
}

// delivery is a notification as it arrived.
type delivery struct {
	id, signature string
	at            time.Time
	timestamp     string
	raw           []byte
	Type          string `json:"type"`
	Number        uint64 `json:"number"`
	Data          string `json:"data"`
}

// receiver is a back end in memory, a RoundTripper.
type receiver struct {
	mu       sync.Mutex
	answer   func(delivery) (status int, err error)
	tries    []delivery
	accepted []delivery
}

func (r *receiver) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	d := delivery{id: req.Header.Get("webhook-id"), signature: req.Header.Get("webhook-signature"), at: time.Now(), timestamp: req.Header.Get("webhook-timestamp"), raw: body}
	if err := json.Unmarshal(body, &d); err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tries = append(r.tries, d)
	status := http.StatusNoContent
	if r.answer != nil {
		status, err = r.answer(d)
	}
	if err != nil {
		return nil, err
	}
	if status < 300 {
		r.accepted = append(r.accepted, d)
	}
	return &http.Response{StatusCode: status, Body: http.NoBody, Request: req}, nil
}

// taken are what was taken, in short.
func (r *receiver) taken() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []string
	for _, d := range r.accepted {
		all = append(all, fmt.Sprintf("%d %s %s", d.Number, d.Type, d.Data))
	}
	return all
}

// expect checks what was taken, in this order.
func (r *receiver) expect(t *testing.T, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, r.taken()); diff != "" {
		t.Errorf("taken (-want +got):\n%s", diff)
	}
}

// started starts a sender, which a test closes.
func started(s store.Store, r *receiver) *Sender {
	return Start(Config{
		URL: "https://app.example.com/hooks", Secrets: []Secret{aSecret}, Store: s,
		Client: &http.Client{Transport: r}, Log: slog.New(slog.DiscardHandler), Count: func(string) {},
	})
}

// add hands a notification in.
func add(t *testing.T, s *Sender, data string) {
	t.Helper()
	if err := s.Add(t.Context(), "login", data); err != nil {
		t.Fatal(err)
	}
}

func TestNotificationsArriveInTheirOrderOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		back := &receiver{}
		s := started(memory.New(), back)
		defer s.Close()
		for _, data := range []string{"a", "b", "c"} {
			add(t, s, data)
		}
		synctest.Wait()
		back.expect(t, "1 login a", "2 login b", "3 login c")
		time.Sleep(24 * time.Hour)
		add(t, s, "d")
		synctest.Wait()
		back.expect(t, "1 login a", "2 login b", "3 login c", "4 login d")
	})
}

// A receiver that is away gets everything when it is back, in order, under the
// IDs of the first tries, and is asked less and less often.
func TestNotificationsWaitForTheirReceiver(t *testing.T) {
	for name, answer := range map[string]func(delivery) (int, error){
		"fails":               func(delivery) (int, error) { return 503, nil },
		"cannot be reached":   func(delivery) (int, error) { return 0, errors.New("refused") },
		"redirects":           func(delivery) (int, error) { return 302, nil },
		"is asked too often":  func(delivery) (int, error) { return 429, nil },
		"refuses, for a time": func(delivery) (int, error) { return 401, nil },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				back := &receiver{answer: answer}
				s := started(memory.New(), back)
				defer s.Close()
				add(t, s, "a")
				add(t, s, "b")
				time.Sleep(50 * time.Minute)
				back.mu.Lock()
				tries := back.tries
				if len(tries) < 10 || len(tries) > 40 {
					t.Errorf("%d tries in 50 minutes", len(tries))
				}
				for i, try := range tries {
					if try.id != tries[0].id || try.Data != "a" {
						t.Errorf("try %d is of %s (%s), want the first notification", i, try.Data, try.id)
					}
					if i > 0 && try.at.Sub(tries[i-1].at) > longestPause*5/4 {
						t.Errorf("a pause of %v", try.at.Sub(tries[i-1].at))
					}
				}
				back.answer = nil
				back.mu.Unlock()
				time.Sleep(2 * longestPause)
				back.expect(t, "1 login a", "2 login b")
			})
		})
	}
}

// One that the receiver alone refuses holds up the others for an hour, one that
// nobody takes for three days; then the others come.
func TestNotificationsAreGivenUpInTheEnd(t *testing.T) {
	for name, test := range map[string]struct {
		status int
		after  time.Duration
	}{
		"refused": {400, refusalLife}, "never taken": {500, retention},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				back := &receiver{answer: func(d delivery) (int, error) {
					if d.Data == "bad" {
						return test.status, nil
					}
					return 200, nil
				}}
				s := started(memory.New(), back)
				defer s.Close()
				add(t, s, "bad")
				add(t, s, "good")
				time.Sleep(test.after - time.Minute)
				add(t, s, "late")
				synctest.Wait()
				back.expect(t)
				time.Sleep(3 * longestPause)
				if taken := back.taken(); !slices.Contains(taken, "3 login late") {
					t.Errorf("taken: %v", taken)
				}
			})
		})
	}
}

// What was handed in is sent after a restart, whenever the process has ended.
func TestNotificationsSurviveARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept := memory.New()
		back := &receiver{answer: func(delivery) (int, error) { return 503, nil }}
		s := started(kept, back)
		add(t, s, "a")
		add(t, s, "b")
		synctest.Wait()
		s.Close()
		if err := s.Add(t.Context(), "login", "after the end"); err != nil {
			t.Errorf("a logout while the server stops is lost: %v", err)
		}
		back.answer = nil
		next := started(kept, back)
		defer next.Close()
		time.Sleep(lookInterval)
		back.expect(t, "1 login a", "2 login b", "3 login after the end")
	})
}

// crashing is a store that a process dies at: after so many writes none comes
// through.
type crashing struct {
	store.Store
	left atomic.Int64
}

func (c *crashing) write() bool { return c.left.Add(-1) >= 0 }

func (c *crashing) Create(ctx context.Context, key string, e store.Entry) (store.Version, error) {
	if !c.write() {
		return 0, store.Unavailable(errors.New("dead"))
	}
	return c.Store.Create(ctx, key, e)
}

func (c *crashing) Replace(ctx context.Context, key string, e store.Entry) (store.Version, error) {
	if !c.write() {
		return 0, store.Unavailable(errors.New("dead"))
	}
	return c.Store.Replace(ctx, key, e)
}

// Whichever write was the last one of a process, what it has accepted arrives,
// and nothing that comes later is lost or out of order.
func TestCrashAtEachWrite(t *testing.T) {
	for writes := range 14 {
		t.Run(strconv.Itoa(writes), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				kept := memory.New()
				back := &receiver{}
				dead := &crashing{Store: kept}
				dead.left.Store(int64(writes))
				dying := started(dead, back)
				var accepted []string
				for _, data := range []string{"a", "b", "c"} {
					if dying.Add(t.Context(), "login", data) == nil {
						accepted = append(accepted, data)
					}
					synctest.Wait()
				}
				dying.Close()
				next := started(kept, back)
				defer next.Close()
				add(t, next, "d")
				accepted = append(accepted, "d")
				time.Sleep(settledLife + lookInterval)
				add(t, next, "e")
				accepted = append(accepted, "e")
				time.Sleep(lookInterval)
				synctest.Wait()
				var first []string
				numbers := map[string]uint64{}
				last := uint64(0)
				for _, d := range back.accepted {
					if _, seen := numbers[d.id]; seen {
						continue // sent again
					}
					numbers[d.id] = d.Number
					first = append(first, d.Data)
					if d.Number <= last {
						t.Errorf("number %d after %d", d.Number, last)
					}
					last = d.Number
				}
				for _, data := range accepted {
					if !slices.Contains(first, data) {
						t.Errorf("%s was accepted and never sent; sent: %v", data, first)
					}
				}
			})
		})
	}
}

// Instances that share a store number together, and one of them sends at a time.
func TestInstancesShareOneOutbox(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shared, back := memory.New(), &receiver{}
		var instances []*Sender
		for range 4 {
			instances = append(instances, started(shared, back))
		}
		var adding sync.WaitGroup
		for i, s := range instances {
			adding.Go(func() {
				for n := range 25 {
					add(t, s, fmt.Sprint(i, "-", n))
				}
			})
		}
		adding.Wait()
		time.Sleep(2 * lookInterval)
		for _, s := range instances {
			s.Close()
		}
		if len(back.accepted) != 100 || len(back.tries) != 100 {
			t.Fatalf("%d taken in %d tries, want 100", len(back.accepted), len(back.tries))
		}
		for i, d := range back.accepted {
			if d.Number != uint64(i)+1 {
				t.Fatalf("number %d in place %d", d.Number, i+1)
			}
		}
	})
}

// An instance that has died leaves its notifications to another one, which need
// not be told.
func TestAnotherInstanceTakesOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shared, back := memory.New(), &receiver{}
		alive := started(shared, back)
		defer alive.Close()
		synctest.Wait()
		if err := (outbox{shared}).add(t.Context(), func(n uint64) ([]byte, error) {
			return json.Marshal(body{Type: "logout", Number: n, Data: "of the dead"})
		}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(lookInterval)
		synctest.Wait()
		back.expect(t, "1 logout of the dead")
	})
}

// The outbox does not grow: what is settled goes within an hour.
func TestTheOutboxDoesNotGrow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept, back := memory.New(), &receiver{}
		s := started(kept, back)
		defer s.Close()
		for range 200 {
			add(t, s, "x")
		}
		time.Sleep(settledLife + time.Minute)
		for n := range uint64(201) {
			if _, err := kept.Get(t.Context(), keyOf(n)); !errors.Is(err, store.ErrNotFound) {
				t.Fatalf("notification %d is still there", n)
			}
		}
		add(t, s, "y")
		synctest.Wait()
		if taken := back.taken(); taken[len(taken)-1] != "201 login y" {
			t.Errorf("got %v", taken[len(taken)-1])
		}
	})
}

// A damaged notification does not hold up the others.
func TestDamagedNotificationIsPassedOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept, back := memory.New(), &receiver{}
		if _, err := kept.Create(t.Context(), keyOf(1), store.Entry{Value: []byte("x"), Expiry: time.Now().Add(time.Hour)}); err != nil {
			t.Fatal(err)
		}
		s := started(kept, back)
		defer s.Close()
		add(t, s, "a")
		synctest.Wait()
		back.expect(t, "2 login a")
	})
}

// Each try is signed for the time at which it is made, by each secret. Times are in
// seconds: the pause before the second try may be shorter, the one after it is not.
func TestEachTryIsSignedAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		failures := 2
		back := &receiver{answer: func(delivery) (int, error) {
			if failures--; failures >= 0 {
				return 503, nil
			}
			return 200, nil
		}}
		other := secretOf('b')
		s := Start(Config{
			URL: "https://app.example.com/hooks", Secrets: []Secret{other, aSecret}, Store: memory.New(),
			Client: &http.Client{Transport: back}, Log: slog.New(slog.DiscardHandler), Count: func(string) {},
		})
		defer s.Close()
		add(t, s, "a")
		time.Sleep(time.Minute)
		synctest.Wait()
		if len(back.tries) != 3 || back.tries[0].timestamp == back.tries[2].timestamp || back.tries[0].id != back.tries[2].id {
			t.Fatalf("got %+v", back.tries)
		}
		for _, try := range back.tries {
			want := "v1," + signature(other, try.id, try.timestamp, try.raw) + " v1," + signature(aSecret, try.id, try.timestamp, try.raw)
			if try.signature != want || try.timestamp != strconv.FormatInt(try.at.Unix(), 10) {
				t.Errorf("signed %q at %s", try.signature, try.timestamp)
			}
		}
	})
}

// The example of the specification's own test suite.
func TestSignatureIsThatOfStandardWebhooks(t *testing.T) {
	secret, err := ParseSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	got := signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", []byte(`{"test": 2432232314}`))
	if want := "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestSecretsAreNotRepeated(t *testing.T) {
	short := secretPrefix + base64.StdEncoding.EncodeToString([]byte("too-short-a-secret"))
	for _, text := range []string{"", "hunter2hunter2hunter2hunter2hunter2", short, secretPrefix + "***", secretPrefix + strings.Repeat("A", 120)} {
		if _, err := ParseSecret(text); err == nil || text != "" && strings.Contains(err.Error(), text) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if printed := fmt.Sprintf("%v %+v %#v %s", aSecret, aSecret, aSecret, aSecret); strings.Contains(printed, "97") || strings.Contains(printed, "aaaa") {
		t.Errorf("a secret is printed: %s", printed)
	}
}
