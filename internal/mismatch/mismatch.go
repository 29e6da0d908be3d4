// Package mismatch compares what a request named with what is registered,
// character by character. The emulator shows the difference on its error pages
// and tells it to programs in a header, which the doctor reads. The package knows
// neither of them, nor Kakao.
package mismatch

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// HeaderEmulator is in every answer of an emulator; its value is the path of the
// console. Kakao has no such header.
const HeaderEmulator = "Kakao-Emulator"

// HeaderError is in the refusals that an emulator shows as a page: the error code.
const HeaderError = "Kakao-Emulator-Error"

// HeaderMismatch is in the refusals that a [Mismatch] explains.
const HeaderMismatch = "Kakao-Emulator-Mismatch"

const (
	maxRegistered = 3
	maxLength     = 512  // of a value, in characters
	maxHeader     = 8192 // of a header, in bytes
)

// Mismatch is a parameter whose value is not registered.
type Mismatch struct {
	Parameter string `json:"parameter"`
	Came      string `json:"came"`
	// Registered are values that would have been taken, the closest first, at
	// most three.
	Registered []string `json:"registered"`
	// Console is where these are registered, as a path with a fragment.
	Console string `json:"console,omitempty"`
}

// New compares came with the registered values. Values longer than 512 characters
// are cut.
func New(parameter, came string, registered []string, console string) *Mismatch {
	m := &Mismatch{Parameter: parameter, Came: cut(came), Registered: []string{}, Console: console}
	distances := map[string]int{}
	for _, value := range registered {
		value = cut(value)
		distances[value] = distance(m.Came, value)
		m.Registered = append(m.Registered, value)
	}
	slices.SortStableFunc(m.Registered, func(a, b string) int { return distances[a] - distances[b] })
	m.Registered = slices.Compact(m.Registered)
	m.Registered = m.Registered[:min(len(m.Registered), maxRegistered)]
	return m
}

func cut(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if utf8.RuneCountInString(s) > maxLength {
		return string([]rune(s)[:maxLength-1]) + "…"
	}
	return s
}

// Header is the value of [HeaderMismatch]: JSON in ASCII.
func (m Mismatch) Header() string {
	text, _ := json.Marshal(m) // texts only: nothing can fail
	var ascii strings.Builder
	for _, r := range string(text) {
		switch {
		case r <= '~':
			ascii.WriteRune(r)
		case r > 0xFFFF:
			high, low := (r-0x10000)>>10+0xD800, (r-0x10000)&0x3FF+0xDC00
			fmt.Fprintf(&ascii, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&ascii, `\u%04x`, r)
		}
	}
	return ascii.String()
}

// Parse reads what [Mismatch.Header] writes. It is false for anything else, also
// for what goes beyond the bounds of [New].
func Parse(header string) (Mismatch, bool) {
	var m Mismatch
	if len(header) > maxHeader || json.Unmarshal([]byte(header), &m) != nil || m.Parameter == "" || len(m.Registered) > maxRegistered {
		return Mismatch{}, false
	}
	for _, value := range append([]string{m.Came, m.Parameter, m.Console}, m.Registered...) {
		if utf8.RuneCountInString(value) > maxLength {
			return Mismatch{}, false
		}
	}
	return m, true
}

// At is the first character, counted from 1, in which came differs from the
// closest registered value; 0 if nothing is registered.
func (m Mismatch) At() int {
	if len(m.Registered) == 0 {
		return 0
	}
	came, registered := []rune(m.Came), []rune(m.Registered[0])
	at := 0
	for at < len(came) && at < len(registered) && came[at] == registered[at] {
		at++
	}
	return at + 1
}

// Segment is a part of a value.
type Segment struct {
	Text string
	// Differs tells that the other value has something else here, or nothing.
	Differs bool
}

// Compare cuts two values into what they share and what differs.
func Compare(a, b string) (ofA, ofB []Segment) {
	for _, d := range diff(a, b) {
		switch d.Type {
		case diffmatchpatch.DiffEqual:
			ofA, ofB = append(ofA, Segment{d.Text, false}), append(ofB, Segment{d.Text, false})
		case diffmatchpatch.DiffDelete:
			ofA = append(ofA, Segment{Visible(d.Text), true})
		case diffmatchpatch.DiffInsert:
			ofB = append(ofB, Segment{Visible(d.Text), true})
		}
	}
	return ofA, ofB
}

// Visible writes what cannot be seen in a text, or looks like something else, as
// its code point: a space at the end, a letter of another script.
func Visible(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r == ' ' || r >= utf8.RuneSelf && !unicode.Is(unicode.Hangul, r) || !unicode.IsPrint(r) {
			fmt.Fprintf(&b, "[U+%04X]", r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

func diff(a, b string) []diffmatchpatch.Diff {
	d := diffmatchpatch.New()
	d.DiffTimeout = 0 // values are short: the same answer on every machine
	return d.DiffCleanupSemantic(d.DiffMain(a, b, false))
}

func distance(a, b string) int {
	return diffmatchpatch.New().DiffLevenshtein(diff(a, b))
}
