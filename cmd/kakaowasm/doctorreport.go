package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/width"

	"github.com/kakaowasm/kakaowasm/kakao/catalog"
	"github.com/kakaowasm/kakaowasm/server/doctor"
)

// words are what a language adds to the texts of a report.
type words struct {
	verdicts   map[doctor.Verdict]string
	cause, fix string
	summary    string // takes the number of checks, failures, warnings, skipped
	pick       func(catalog.Text) string
}

var english = words{
	verdicts: map[doctor.Verdict]string{doctor.OK: "ok", doctor.Skipped: "skipped", doctor.Warning: "warning", doctor.Failure: "failure"},
	cause:    "cause", fix: "fix",
	summary: "Checks: %d. Failures: %d. Warnings: %d. Skipped: %d.",
	pick:    func(t catalog.Text) string { return t.En },
}

var korean = words{
	verdicts: map[doctor.Verdict]string{doctor.OK: "정상", doctor.Skipped: "생략", doctor.Warning: "주의", doctor.Failure: "실패"},
	cause:    "원인", fix: "해결",
	summary: "검사 %d건 중 실패 %d건, 주의 %d건, 생략 %d건입니다.",
	pick:    func(t catalog.Text) string { return t.Ko },
}

// colours of the verdicts: select graphic rendition of ECMA-48.
var colours = map[doctor.Verdict]string{doctor.OK: "32", doctor.Skipped: "2", doctor.Warning: "33", doctor.Failure: "31"}

// writeReport writes a line per finding, with cause and fix below where there
// are any, and the summary.
func writeReport(w io.Writer, report doctor.Report, words words, colourful bool) error {
	var out strings.Builder
	verdictWidth, titleWidth := 0, 0
	for _, f := range report {
		verdictWidth = max(verdictWidth, columns(words.verdicts[f.Verdict]))
		titleWidth = max(titleWidth, columns(words.pick(f.Check.Title())))
	}
	indent := strings.Repeat(" ", verdictWidth+titleWidth+4)
	for _, f := range report {
		verdict := fillRight(words.verdicts[f.Verdict], verdictWidth)
		if colourful {
			verdict = "\x1b[" + colours[f.Verdict] + "m" + verdict + "\x1b[0m"
		}
		title := fillRight(words.pick(f.Check.Title()), titleWidth)
		fmt.Fprintf(&out, "%s  %s  %s%s\n", verdict, title, words.pick(f.Found), inBrackets(f.Code))
		if fix := words.pick(f.Fix); fix != "" {
			fmt.Fprintf(&out, "%s%s: %s\n", indent, words.cause, words.pick(f.Cause))
			fmt.Fprintf(&out, "%s%s: %s\n", indent, words.fix, fix)
		}
	}
	fmt.Fprintf(&out, "\n"+words.summary+"\n", len(report), report.Count(doctor.Failure), report.Count(doctor.Warning), report.Count(doctor.Skipped))
	_, err := io.WriteString(w, out.String())
	return err
}

// columns is how many columns of a terminal a text takes. Hangul takes two each.
// Source: Unicode Standard Annex #11.
func columns(text string) int {
	n := 0
	for _, r := range text {
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}

// fillRight fills a text with spaces up to that many columns.
func fillRight(text string, n int) string {
	return text + strings.Repeat(" ", max(0, n-columns(text)))
}

func inBrackets(code string) string {
	if code == "" {
		return ""
	}
	return " (" + code + ")"
}

// reportJSON is a report for programs. Its member names and the values of check
// and verdict stay; the texts are for people, in one language.
type reportJSON struct {
	Checks   int           `json:"checks"`
	Failures int           `json:"failures"`
	Warnings int           `json:"warnings"`
	Skipped  int           `json:"skipped"`
	Findings []findingJSON `json:"findings"`
}

type findingJSON struct {
	Check   doctor.Check `json:"check"`
	Verdict string       `json:"verdict"`
	Code    string       `json:"code,omitempty"`
	Title   string       `json:"title"`
	Found   string       `json:"found"`
	Cause   string       `json:"cause,omitempty"`
	Fix     string       `json:"fix,omitempty"`
}

func writeReportJSON(w io.Writer, report doctor.Report, words words) error {
	out := reportJSON{
		Checks: len(report), Failures: report.Count(doctor.Failure), Warnings: report.Count(doctor.Warning),
		Skipped: report.Count(doctor.Skipped), Findings: []findingJSON{},
	}
	for _, f := range report {
		out.Findings = append(out.Findings, findingJSON{
			Check: f.Check, Verdict: f.Verdict.String(), Code: f.Code, Title: words.pick(f.Check.Title()),
			Found: words.pick(f.Found), Cause: words.pick(f.Cause), Fix: words.pick(f.Fix),
		})
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(out)
}
