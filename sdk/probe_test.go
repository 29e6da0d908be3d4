package sdk

import (
	"testing"

	"github.com/kakaowasm/kakaowasm/contract"
)

// probes is the request of the probe of a login in a popup that has just opened.
func (d *tabDriver) probes() Command {
	d.t.Helper()
	open := d.must(d.happens(&Event{
		Type: CallLogin, Number: 2, Settings: &Settings{}, Data: []string{"random", randomBytes, "href", "https://a.test/"},
	}), DoOpen, "")
	return d.must(d.outcome(Opened, open), DoFetch, contract.PathSession)
}

var absences = map[string]func(d *tabDriver, c Command) []Command{
	"refused": func(d *tabDriver, c Command) []Command { return d.outcome(Failed, c) },
	"HTML":    func(d *tabDriver, c Command) []Command { return d.outcome(Answer, c, "status", "200") },
	"no path": func(d *tabDriver, c Command) []Command { return d.outcome(Answer, c, "status", "404", "parsed", "1") },
	"a proxy": func(d *tabDriver, c Command) []Command { return d.outcome(Answer, c, "status", "502") },
}

func TestAnAbsentTokenServerEndsTheLogin(t *testing.T) {
	for name, absent := range absences {
		d := newTab(t)
		again := d.must(absent(d, d.probes()), DoTimer, text(probeAgain))
		out := absent(d, d.must(d.outcome(Timer, again), DoFetch, contract.PathSession))
		d.must(out, DoSettle, contract.CodeServerUnavailable)
		d.must(out, DoWarn, "https://a.test/kakao")
		d.must(out, DoShut, "")
		if d.records() != 0 {
			t.Errorf("%s: left over: %v", name, d.session)
		}
	}
}

func TestOneFailureOfTheProbeIsNone(t *testing.T) {
	for name, absent := range absences {
		d := newTab(t)
		again := d.must(absent(d, d.probes()), DoTimer, text(probeAgain))
		out := d.outcome(Answer, d.must(d.outcome(Timer, again), DoFetch, contract.PathSession), "status", "200", "parsed", "1")
		if len(out) != 0 {
			t.Errorf("%s: %v", name, out)
		}
	}
}

func TestWhatIsNoDefiniteFailureEndsNothing(t *testing.T) {
	for name, facts := range map[string][]string{
		"no session": {"status", "200", "parsed", "1"}, "overload": {"status", "503", "parsed", "1", "error", "temporarily_unavailable"},
	} {
		d := newTab(t)
		if out := d.outcome(Answer, d.probes(), facts...); len(out) != 0 {
			t.Errorf("%s: %v", name, out)
		}
	}
	d := newTab(t)
	probe := d.probes()
	d.now += probeRefused // lost on the way
	if out := d.outcome(Failed, probe); len(out) != 0 {
		t.Errorf("silence: %v", out)
	}
}

func TestAWindowWithoutTheRelayPageEndsTheLogin(t *testing.T) {
	d := newTab(t)
	out := d.happens(&Event{
		Type: CallLogin, Number: 2, Settings: &Settings{}, Data: []string{"random", randomBytes, "href", "https://a.test/"},
	})
	out = d.outcome(Opened, d.must(out, DoOpen, ""))
	for i := range maxAstray {
		facts := []string{"away", "1", "astray", "1"}
		if i == 3 {
			facts = []string{"away", "1"} // it was just loading
		}
		out = d.outcome(Timer, d.must(out, DoTimer, text(popupPoll)), facts...)
	}
	for range 4 {
		d.mustHaveNothing(out, DoSettle)
		out = d.outcome(Timer, d.must(out, DoTimer, text(popupPoll)), "away", "1", "astray", "1")
	}
	d.must(out, DoTimer, text(popupPoll))
	out = d.outcome(Timer, d.must(out, DoTimer, text(popupPoll)), "away", "1", "astray", "1")
	d.must(out, DoSettle, contract.CodeServerUnavailable)
}

func TestALoginThroughKakaoTalkIsNotProbed(t *testing.T) {
	d := newTab(t)
	d.load("userAgent", "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36")
	open := d.must(d.happens(&Event{
		Type: CallLogin, Number: 2, Settings: &Settings{ThroughTalk: true}, Data: []string{"random", randomBytes, "href", "https://a.test/"},
	}), DoOpen, "intent:")
	if c, ok := find(d.outcome(Opened, open), DoFetch, contract.PathSession); ok {
		t.Errorf("it is asked: %v", c)
	}
}

// A relay page on another origin cannot read this page's storage: the server is
// told of the login.
func TestALoginOfAnotherOriginIsNoted(t *testing.T) {
	for server, noted := range map[string]bool{"https://a.test": false, "https://login.a.test": true} {
		d := newTab(t)
		d.load("server.href", server+"/kakao", "server.origin", server)
		out := d.happens(&Event{
			Type: CallAuthorize, Number: 2, Settings: &Settings{RedirectURI: server + "/kakao/callback"},
			Data: []string{"random", randomBytes, "href", "https://a.test/page?x=1#part"},
		})
		beacon, ok := find(out, DoBeacon, server+"/kakao/begin\nfields\n\nstate\nr.")
		if ok != noted || ok && beacon.Data[7] != "https://a.test/page?x=1" {
			t.Errorf("%s: %v", server, beacon)
		}
	}
}
