package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/google/renameio/v2/maybe"
)

// report is everything that was measured.
type report struct {
	machine string
	rounds  int
	figures results
	rooms   []room
}

// words are what the tables say in a language.
type words struct {
	file           string
	works          map[string]string
	proxy, summary string
	figures, rooms string // heads of tables
}

// languages are the documents.
var languages = []words{
	{
		file: "performance.md",
		works: map[string]string{
			cachedRefresh: "`POST /refresh`, answered from a fresh renewal", askSession: "`GET /session`",
			renewal: "`POST /refresh`, renewed at Kakao", exchangeCode: "`POST /token`, exchange of a code",
		},
		proxy:   "bare proxy",
		summary: "%s. Medians of %d rounds.\n",
		figures: "| | connections | requests/s | of the proxy's | p50, ms | p99, ms | of the proxy's p99 |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n",
		rooms:   "| store | in the server, MB | in the file, MB | in Redis, MB | value of one session, bytes |\n| --- | ---: | ---: | ---: | ---: |\n",
	},
	{
		file: "performance.ko.md",
		works: map[string]string{
			cachedRefresh: "`POST /refresh`, 방금 갱신한 결과로 응답", askSession: "`GET /session`",
			renewal: "`POST /refresh`, 카카오에서 갱신", exchangeCode: "`POST /token`, 인가 코드 교환",
		},
		proxy:   "프록시만",
		summary: "%s. %d회 측정의 중앙값.\n",
		figures: "| | 연결 수 | 초당 요청 | 프록시 대비 | p50, ms | p99, ms | 프록시 p99 대비 |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n",
		rooms:   "| 저장소 | 서버 메모리, MB | 파일, MB | Redis, MB | 세션 하나의 값, 바이트 |\n| --- | ---: | ---: | ---: | ---: |\n",
	},
}

// publish prints the report and puts it into the documents.
func publish(o options, r report) error {
	for i, w := range languages {
		text := r.text(w)
		if i == 0 {
			fmt.Println(text)
		}
		if o.docs == "" {
			continue
		}
		if err := insert(filepath.Join(o.docs, w.file), text); err != nil {
			return err
		}
	}
	return nil
}

// The lines of a document between which the tables are.
const (
	tablesBegin = "<!-- make bench begins here -->\n"
	tablesEnd   = "<!-- make bench ends here -->\n"
)

// insert puts the tables into a document.
func insert(path, text string) error {
	content, err := os.ReadFile(path) //nolint:gosec // The user names the folder.
	if err != nil {
		return err
	}
	before, rest, begins := strings.Cut(string(content), tablesBegin)
	_, after, ends := strings.Cut(rest, tablesEnd)
	if !begins || !ends {
		return fmt.Errorf("%s: expected the lines %q and %q", path, tablesBegin, tablesEnd)
	}
	return maybe.WriteFile(path, []byte(before+tablesBegin+text+tablesEnd+after), 0o644)
}

// text is the report in a language.
func (r report) text(w words) string {
	var b bytes.Buffer
	fmt.Fprintf(&b, w.summary, r.machine, r.rounds)
	for _, work := range []string{cachedRefresh, askSession, renewal, exchangeCode} {
		fmt.Fprintf(&b, "\n%s:\n\n%s", w.works[work], w.figures)
		for _, connections := range connectionCounts {
			r.rows(&b, w, work, connections)
		}
	}
	fmt.Fprintf(&b, "\n%s", w.rooms)
	for _, room := range r.rooms {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %d |\n", room.store, megabytes(room.process), megabytes(room.file), megabytes(room.redis), room.session)
	}
	return b.String()
}

// rows are the rows of a table for a number of connections.
func (r report) rows(to *bytes.Buffer, w words, work string, connections int) {
	base := r.figures[series{work, "", connections}.baseline()]
	fmt.Fprintf(to, "| %s | %d | %.0f | | %s | %s | |\n", w.proxy, connections,
		median(valuesOf(base, perSecond)), milliseconds(median(valuesOf(base, p50))), milliseconds(median(valuesOf(base, p99))))
	for _, store := range []string{inMemory, inFile, inRedis, express} {
		own := r.figures[series{work, store, connections}]
		if len(own) == 0 {
			continue
		}
		fmt.Fprintf(to, "| %s | %d | %.0f | %.2f | %s | %s | %.2f |\n", store, connections,
			median(valuesOf(own, perSecond)), median(ratios(own, base, perSecond)),
			milliseconds(median(valuesOf(own, p50))), milliseconds(median(valuesOf(own, p99))), median(ratios(own, base, p99)))
	}
}

// The figures of a sample; times are in seconds.
func perSecond(s sample) float64 { return s.perSecond }
func p50(s sample) float64       { return s.p50.Seconds() }
func p99(s sample) float64       { return s.p99.Seconds() }

// valuesOf is a figure of each sample.
func valuesOf(samples []sample, figure func(sample) float64) []float64 {
	values := make([]float64, len(samples))
	for i, s := range samples {
		values[i] = figure(s)
	}
	return values
}

// ratios are a figure in relation to that of the proxy in the same round.
func ratios(own, base []sample, figure func(sample) float64) []float64 {
	values := make([]float64, len(own))
	for i := range own {
		values[i] = figure(own[i]) / figure(base[i])
	}
	return values
}

// milliseconds writes seconds as milliseconds.
func milliseconds(seconds float64) string {
	return fmt.Sprintf("%.2f", seconds*float64(time.Second/time.Millisecond))
}

// megabytes writes bytes as megabytes; nothing is left empty.
func megabytes(bytes int64) string {
	if bytes < 100_000 {
		return ""
	}
	return fmt.Sprintf("%.0f", float64(bytes)/1e6)
}

// describeMachine says what was measured on.
func describeMachine() string {
	return fmt.Sprintf("%s, %d × %s, %s", runtime.GOOS, runtime.NumCPU(), runtime.GOARCH, runtime.Version())
}
