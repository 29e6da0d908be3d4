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
	// memories are how much memory each server had when it had told who is
	// asking, in bytes.
	memories map[string]int64
	full     []full
}

// words are what the tables say in a language.
type words struct {
	file           string
	works          map[string]string
	proxy, summary string
	figures, rooms string // heads of tables
	twins, full    string
}

// languages are the documents.
var languages = []words{
	{
		file: "performance.md",
		works: map[string]string{
			cachedRefresh: "`POST /refresh`, answered from a fresh renewal", askSession: "`GET /session`", whoIsAsking: "`GET /auth`, as reverse proxies ask it",
			renewal: "`POST /refresh`, renewed at Kakao", exchangeCode: "`POST /token`, exchange of a code",
		},
		proxy:   "bare proxy",
		summary: "%s. Medians of %d rounds.\n",
		figures: "| | connections | requests/s | of the proxy's | p50, ms | p99, ms | of the proxy's p99 |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n",
		rooms:   "| store | in the server, MB | in the file, MB | in Redis, MB | value of one session, bytes |\n| --- | ---: | ---: | ---: | ---: |\n",
		twins:   "| store | beside | times as many requests/s at 1 connection | at 16 | at 256 | its processor time for one at 16, µs | oauth2-proxy's, µs | its memory after it, MB | oauth2-proxy's, MB |\n| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n",
		full:    "| store | sessions | size, MB | start, s | renewals/s, 16 connections | p99, ms | p99 with few sessions, ms |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n",
	},
	{
		file: "performance.ko.md",
		works: map[string]string{
			cachedRefresh: "`POST /refresh`, 방금 갱신한 결과로 응답", askSession: "`GET /session`", whoIsAsking: "`GET /auth`, 리버스 프록시가 묻는 방식",
			renewal: "`POST /refresh`, 카카오에서 갱신", exchangeCode: "`POST /token`, 인가 코드 교환",
		},
		proxy:   "프록시만",
		summary: "%s. %d회 측정의 중앙값.\n",
		figures: "| | 연결 수 | 초당 요청 | 프록시 대비 | p50, ms | p99, ms | 프록시 p99 대비 |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n",
		rooms:   "| 저장소 | 서버 메모리, MB | 파일, MB | Redis, MB | 세션 하나의 값, 바이트 |\n| --- | ---: | ---: | ---: | ---: |\n",
		twins:   "| 저장소 | 비교 대상 | 연결 1개일 때 초당 요청 배수 | 16개 | 256개 | 16개일 때 요청당 CPU 시간, µs | oauth2-proxy의 CPU 시간, µs | 측정 직후 메모리, MB | oauth2-proxy의 메모리, MB |\n| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n",
		full:    "| 저장소 | 세션 | 크기, MB | 시작, 초 | 초당 갱신, 연결 16개 | p99, ms | 세션이 적을 때 p99, ms |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n",
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
	for _, work := range []string{cachedRefresh, askSession, whoIsAsking, renewal, exchangeCode} {
		fmt.Fprintf(&b, "\n%s:\n\n%s", w.works[work], w.figures)
		for _, connections := range connectionCounts {
			r.rows(&b, w, work, connections)
		}
	}
	r.twinRows(&b, w)
	fmt.Fprintf(&b, "\n%s", w.rooms)
	for _, room := range r.rooms {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %d |\n", room.store, megabytes(room.process), megabytes(room.file), megabytes(room.redis), room.session)
	}
	r.fullRows(&b, w)
	return b.String()
}

// twinRows are a table of servers beside the oauth2-proxy that each is compared
// with, where there is one.
func (r report) twinRows(to *bytes.Buffer, w words) {
	head := "\n" + w.twins
	for _, store := range []string{inMemory, inFile, inRedis} {
		twin := twins[store]
		if len(r.figures[series{whoIsAsking, store, 1}]) == 0 || len(r.figures[series{whoIsAsking, twin, 1}]) == 0 {
			continue
		}
		fmt.Fprintf(to, "%s| %s | %s |", head, store, twin)
		head = ""
		for _, connections := range connectionCounts {
			own, theirs := r.figures[series{whoIsAsking, store, connections}], r.figures[series{whoIsAsking, twin, connections}]
			fmt.Fprintf(to, " %.2f |", median(ratios(own, theirs, perSecond)))
		}
		for _, server := range []string{store, twin} {
			fmt.Fprintf(to, " %.0f |", 1e6*median(valuesOf(r.figures[series{whoIsAsking, server, 16}], processor)))
		}
		fmt.Fprintf(to, " %s | %s |\n", megabytes(r.memories[store]), megabytes(r.memories[twin]))
	}
}

// fullRows are a table of full stores, where there are any.
func (r report) fullRows(to *bytes.Buffer, w words) {
	head := "\n" + w.full
	for _, f := range r.full {
		own, few := f.figures[series{renewal, "full " + f.store, fullConnections}], f.figures[series{renewal, f.store, fullConnections}]
		fmt.Fprintf(to, "%s| %s | %d | %s | %.1f | %.0f | %s | %s |\n", head, f.store, f.sessions, megabytes(f.bytes), f.start.Seconds(),
			median(valuesOf(own, perSecond)), milliseconds(median(valuesOf(own, p99))), milliseconds(median(valuesOf(few, p99))))
		head = ""
	}
}

// rows are the rows of a table for a number of connections.
func (r report) rows(to *bytes.Buffer, w words, work string, connections int) {
	base := r.figures[series{work, "", connections}.baseline()]
	fmt.Fprintf(to, "| %s | %d | %.0f | | %s | %s | |\n", w.proxy, connections,
		median(valuesOf(base, perSecond)), milliseconds(median(valuesOf(base, p50))), milliseconds(median(valuesOf(base, p99))))
	for _, store := range []string{inMemory, inFile, inRedis, peerCookie, peerRedis, express} {
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
func processor(s sample) float64 { return s.processor.Seconds() }

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
