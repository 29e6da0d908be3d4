package emulator_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator"
)

func TestTheClockIsMovedAndStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, err := emulator.New(emulator.Default("http://127.0.0.1:8481"))
		if err != nil {
			t.Fatal(err)
		}
		began, c := time.Now(), e.Clock()
		want := func(step string, after time.Duration, stopped bool) {
			t.Helper()
			if passed := c.Now().Sub(began); passed != after || c.Stopped() != stopped {
				t.Errorf("%s: %v have passed, stopped %t; want %v, %t", step, passed, c.Stopped(), after, stopped)
			}
		}
		time.Sleep(time.Minute)
		want("it runs", time.Minute, false)
		c.Advance(time.Hour)
		time.Sleep(time.Minute)
		want("it runs on from where it was moved", time.Hour+2*time.Minute, false)
		c.Stop()
		time.Sleep(time.Minute)
		want("it stands", time.Hour+2*time.Minute, true)
		c.Advance(-time.Hour)
		want("it is moved back while it stands", 2*time.Minute, true)
		c.Set(began)
		want("it is set while it stands", 0, true)
		c.Resume()
		want("it goes on from what it shows", 0, false)
		time.Sleep(time.Minute)
		want("it runs again", time.Minute, false)
		c.Resume()
		want("resuming what runs changes nothing", time.Minute, false)
	})
}

// Every answer tells the platform's time, by which clients compare their own.
func TestAnswersTellThePlatformsTime(t *testing.T) {
	p := emulator.Start(t)
	p.Clock().Stop()
	p.Clock().Set(time.Date(2031, 2, 3, 4, 5, 6, 0, time.UTC))
	for _, path := range []string{"/.well-known/openid-configuration", "/v1/user/access_token_info", "/nothing"} {
		res, err := http.Get(p.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if date := res.Header.Get("Date"); date != "Mon, 03 Feb 2031 04:05:06 GMT" {
			t.Errorf("%s: %q", path, date)
		}
	}
}
