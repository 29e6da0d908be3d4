package doctor

import (
	"regexp"
	"strings"
	"time"

	"github.com/kakaowasm/kakaowasm/internal/mismatch"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// consolePath is how an emulator may name its console: nothing else of a foreign
// header gets into a report.
var consolePath = regexp.MustCompile(`^/[a-z]{1,32}$`)

// noteEmulator keeps that an emulator answered, and where its console is.
func (t *timekeeper) noteEmulator(console string) {
	if !consolePath.MatchString(console) {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.console = console
}

// adviseAtEmulator puts the emulator's console and flags in the place of Kakao's
// menus, where an emulator was examined.
func (e *examination) adviseAtEmulator(report Report) {
	e.clock.mu.Lock()
	console := e.clock.console
	e.clock.mu.Unlock()
	if console == "" {
		return
	}
	address := strings.TrimSuffix(e.Platform.Auth, "/") + console
	for i, f := range report {
		problem, known := catalog.FindKOE(f.Code)
		if known && problem.Emulator != (catalog.Text{}) {
			report[i].Fix = catalog.Text{En: problem.Emulator.En + " " + address, Ko: problem.Emulator.Ko + " " + address}
		}
	}
}

// compared adds to a text which registered value comes closest to the one that
// was refused, and where they part.
func (a answer) compared(what catalog.Text) catalog.Text {
	if a.mismatch == nil {
		return what
	}
	if len(a.mismatch.Registered) == 0 {
		return catalog.Text{En: what.En + "; the emulator has none", Ko: what.Ko + "; 에뮬레이터에 등록된 주소가 없음"}
	}
	closest := quoted(mismatch.Visible(a.mismatch.Registered[0]))
	more := sayf("; the closest that is differs at character %d: ", "; 가장 비슷한 등록 값은 %d번째 글자부터 다름: ", a.mismatch.At())
	return catalog.Text{En: what.En + more.En + closest.En, Ko: what.Ko + more.Ko + closest.Ko}
}

// emulatorClock is the finding of a platform whose clock was moved: NTP is no help
// there.
func emulatorClock(v Verdict, off time.Duration, ahead bool) Finding {
	found := sayf("this machine is %s behind the emulator's clock", "이 서버의 시계가 에뮬레이터의 시계보다 %s 늦음", off)
	if ahead {
		found = sayf("this machine is %s ahead of the emulator's clock", "이 서버의 시계가 에뮬레이터의 시계보다 %s 빠름", off)
	}
	return wrong(v, CheckClock, found,
		catalog.Text{En: "A test or somebody moved the emulator's clock: token servers on this machine refuse its ID tokens.", Ko: "테스트나 다른 사람이 에뮬레이터의 시계를 옮겨, 이 서버의 토큰 서버가 ID 토큰을 거부합니다."},
		catalog.Text{En: "Set the emulator's clock to real time in its console, or reset the emulator.", Ko: "에뮬레이터 콘솔에서 시계를 실제 시각으로 맞추거나 에뮬레이터를 초기화합니다."})
}
