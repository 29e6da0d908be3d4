// Command problemdoc writes what the files that are its arguments say of error
// codes: the union types of the npm package and the tables of docs/sdk.md. It
// replaces what stands between a line that names a section, as "go generate
// ./contract/problems: AuthErrorCode", and the next line that says "end of
// AuthErrorCode". It is run by go generate in contract/problems.
package main

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/kakaowasm/kakaowasm/contract/problems"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

func main() {
	for _, path := range os.Args[1:] {
		if err := update(path); err != nil {
			fmt.Fprintln(os.Stderr, "problemdoc:", err)
			os.Exit(1)
		}
	}
}

// sections are the texts by name.
var sections = map[string]func() string{
	"KakaoErrorCode":         func() string { return union(problems.In(problems.InCall)) },
	"AuthErrorCode":          func() string { return union(problems.In(problems.InLogin)) },
	"login errors":           func() string { return table("what happened", "what to do", english) },
	"login errors in Korean": func() string { return table("원인", "해결 방법", korean) },
	"codes of a call":        callCodes,
	"codes of a login":       loginCodes,
}

func english(t catalog.Text) string { return t.En }
func korean(t catalog.Text) string  { return t.Ko }

// begin is a line that begins a section.
var begin = regexp.MustCompile(`(?m)^.*go generate \./contract/problems: (.*?)(?: -->)?\n`)

func update(path string) error {
	old, err := os.ReadFile(path) //nolint:gosec // the files that go generate names
	if err != nil {
		return err
	}
	text, err := rewrite(string(old))
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return os.WriteFile(path, []byte(text), 0o644) //nolint:gosec // documents, for everybody to read
}

// rewrite writes all sections of a text anew. A text without any is an error.
func rewrite(text string) (string, error) {
	var b strings.Builder
	count := 0
	for {
		at := begin.FindStringSubmatchIndex(text)
		if at == nil {
			break
		}
		name := text[at[2]:at[3]]
		section, known := sections[name]
		end := strings.Index(text[at[1]:], "end of "+name)
		if !known || end < 0 {
			return "", fmt.Errorf("section %q is not known, or does not end", name)
		}
		end = strings.LastIndex(text[:at[1]+end], "\n") + 1
		b.WriteString(text[:at[1]] + section())
		text = text[end:]
		count++
	}
	if count == 0 {
		return "", fmt.Errorf("there is no section")
	}
	return b.String() + text, nil
}

// maxLine is how long a line of index.d.ts may be.
const maxLine = 110

// union are the members of a union type, with their comments.
func union(list []problems.Problem) string {
	var b strings.Builder
	for _, p := range list {
		comment := p.Cause.En + " " + p.Fix.En
		if line := "  /** " + comment + " */"; len(line) <= maxLine {
			b.WriteString(line + "\n")
		} else {
			b.WriteString("  /**\n")
			for _, line := range wrap(comment, maxLine-len("   * ")) {
				b.WriteString("   * " + line + "\n")
			}
			b.WriteString("   */\n")
		}
		fmt.Fprintf(&b, "  | '%s'\n", p.Code)
	}
	return b.String()
}

// wrap breaks a text into lines of up to width bytes.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	return append(lines, line)
}

// ofSDK are the errors with which the SDK itself ends a login.
func ofSDK(p problems.Problem) bool { return slices.Contains(p.From, problems.SDK) }

// table is the guide's table of what the SDK itself says of a login.
func table(cause, fix string, pick func(catalog.Text) string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| `error` | %s | %s |\n| --- | --- | --- |\n", cause, fix)
	for _, p := range problems.In(problems.InLogin) {
		if ofSDK(p) {
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", p.Code, pick(p.Cause), pick(p.Fix))
		}
	}
	return b.String()
}

func callCodes() string { return codes(problems.In(problems.InCall)) }

// loginCodes are those that come from the token server or Kakao.
func loginCodes() string {
	return codes(slices.DeleteFunc(problems.In(problems.InLogin), ofSDK))
}

func codes(list []problems.Problem) string {
	names := make([]string, len(list))
	for i, p := range list {
		names[i] = "`" + p.Code + "`"
	}
	return strings.Join(wrap(strings.Join(names, ", "), 118), "\n") + "\n"
}
