package doctor

import (
	"net/http"
	"sync"
	"time"

	"github.com/kakaowasm/kakaowasm/internal/mismatch"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// How far the clock may be off. To a machine that is behind, ID tokens come from
// the future, and the token server refuses those of more than a minute; to one
// that is ahead they are merely old.
const (
	skewWarning   = 30 * time.Second
	behindFailure = time.Minute
	aheadFailure  = 5 * time.Minute
)

// timekeeper is a transport that reads the Date header of answers (RFC 9110,
// section 6.6.1).
type timekeeper struct {
	http.RoundTripper
	now func() time.Time

	mu    sync.Mutex
	known bool
	skew  time.Duration // of this machine: positive if it is ahead
	took  time.Duration // of the exchange that told
	// console is the path of the console, if an emulator answers.
	console string
}

// RoundTrip implements [http.RoundTripper].
func (t *timekeeper) RoundTrip(r *http.Request) (*http.Response, error) {
	began := t.now()
	res, err := t.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	t.noteEmulator(res.Header.Get(mismatch.HeaderEmulator))
	if date, err := http.ParseTime(res.Header.Get("Date")); err == nil {
		t.note(date, began, t.now())
	}
	return res, nil
}

// CloseIdleConnections lets [http.Client.CloseIdleConnections] reach the
// transport behind.
func (t *timekeeper) CloseIdleConnections() {
	if closer, can := t.RoundTripper.(interface{ CloseIdleConnections() }); can {
		closer.CloseIdleConnections()
	}
}

// note keeps what the quickest exchange tells. Kakao read its clock at some
// moment between began and ended, and cut off the fraction of the second.
func (t *timekeeper) note(date, began, ended time.Time) {
	took := ended.Sub(began)
	middle := began.Add(took / 2)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.known && took >= t.took {
		return
	}
	t.known, t.took, t.skew = true, took, middle.Sub(date.Add(time.Second/2))
}

// offset is how far this machine's clock is ahead of the other side's, if known.
func (t *timekeeper) offset() (skew time.Duration, known bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.skew, t.known
}

// checkClock compares this machine's clock with Kakao's.
func (t *timekeeper) checkClock() Finding {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.known {
		return skipped(CheckClock, catalog.Text{En: "no answer told the time", Ko: "응답에 시각이 없음"})
	}
	off := t.skew.Abs().Round(time.Second)
	if off < skewWarning {
		return ok(CheckClock, catalog.Text{En: "right to within half a minute", Ko: "오차 30초 미만"})
	}
	found, limit := sayf("this machine is %s behind Kakao", "이 서버의 시계가 카카오보다 %s 늦음", off), behindFailure
	if t.skew > 0 {
		found, limit = sayf("this machine is %s ahead of Kakao", "이 서버의 시계가 카카오보다 %s 빠름", off), aheadFailure
	}
	verdict := Warning
	if off >= limit {
		verdict = Failure
	}
	if t.console != "" {
		return emulatorClock(verdict, off, t.skew > 0)
	}
	return wrong(verdict, CheckClock, found,
		catalog.Text{En: "ID tokens are refused as expired or not yet valid, and tokens are renewed at the wrong time.", Ko: "ID 토큰이 만료되었거나 아직 유효하지 않다고 거부되고, 토큰 갱신 시점이 어긋납니다."},
		catalog.Text{En: "Set the clock by NTP, such as with timedatectl set-ntp true.", Ko: "NTP로 시계를 맞춥니다. 예: timedatectl set-ntp true"})
}
