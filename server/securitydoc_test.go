package server

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// tested is the reference to a test in SECURITY.md: `folder.TestName`, or
// `file.mjs: title`.
var tested = regexp.MustCompile("`(?:([a-z0-9/]+)\\.((?:Test|Fuzz|Example)\\w*)|([\\w/.]+\\.test\\.mjs): ([^`]+))`")

// row is a row of a table of SECURITY.md.
type row struct {
	number string
	cells  []string
}

// securityRows reads the rows of the tables whose last column names tests.
func securityRows(t *testing.T) []row {
	t.Helper()
	text, err := os.ReadFile("../SECURITY.md")
	if err != nil {
		t.Fatal(err)
	}
	var rows []row
	inTable := false
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		cells := strings.Split(strings.Trim(line, "|"), "|")
		switch {
		case !strings.HasPrefix(line, "|"):
			inTable = false
		case strings.TrimSpace(cells[len(cells)-1]) == "test":
			inTable = true
		case inTable && !strings.HasPrefix(line, "| ---"):
			rows = append(rows, row{strings.TrimSpace(cells[0]), cells})
		}
	}
	return rows
}

// exists reports whether the test that a reference names is there.
func exists(t *testing.T, reference []string) bool {
	t.Helper()
	folder, name, file, title := reference[1], reference[2], reference[3], reference[4]
	pattern, said := filepath.Join("..", folder, "*_test.go"), []string{"func " + name + "("}
	if file != "" {
		pattern, said = filepath.Join("..", file), []string{"test('" + title + "'", `test("` + title + `"`, "test(`" + title + "`"}
	}
	files, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(files, func(path string) bool {
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return slices.ContainsFunc(said, func(s string) bool { return strings.Contains(string(source), s) })
	})
}

// Every row of SECURITY.md names tests, and those exist.
func TestSecurityTableNamesTestsThatExist(t *testing.T) {
	for _, row := range securityRows(t) {
		references := tested.FindAllStringSubmatch(row.cells[len(row.cells)-1], -1)
		if named := strings.Count(row.cells[len(row.cells)-1], "`") / 2; len(references) == 0 || len(references) != named {
			t.Errorf("row %s: expected tests such as `server.TestX` or `file.test.mjs: title`, got %s", row.number, row.cells[len(row.cells)-1])
		}
		for _, reference := range references {
			if !exists(t, reference) {
				t.Errorf("row %s: there is no test %s", row.number, reference[0])
			}
		}
	}
}

// There is a row for each requirement of OAuth, rule of the design and kind of
// ID token.
func TestSecurityTableIsWhole(t *testing.T) {
	var numbers []string
	for _, row := range securityRows(t) {
		numbers = append(numbers, strings.ReplaceAll(row.number, "`", ""))
	}
	var wanted []string
	for i := range 18 {
		wanted = append(wanted, fmt.Sprint(i+1))
	}
	for i := range 12 {
		wanted = append(wanted, fmt.Sprint("R", i+1))
	}
	wanted = append(
		wanted, "-invalid-iss", "-missing-sub", "-invalid-aud", "-missing-aud", "-missing-iat", "-invalid-sig-rs256", "-invalid-sig-hs256", "-invalid-sig-es256",
		"-idtoken-sig-none", "-nonce-invalid", "-kid-absent-multiple-jwks", "-userinfo-invalid-sub", "-discovery-jwks-uri-keys, -discovery-issuer-mismatch",
	)
	for _, number := range wanted {
		if !slices.Contains(numbers, number) {
			t.Errorf("there is no row %s", number)
		}
	}
}
