package docs_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// namedTest is how docs/in-app-browsers.md names what shows a claim.
var namedTest = regexp.MustCompile("`([\\w./-]+_test\\.go|[\\w./-]+\\.test\\.mjs)`: ([^|]+) \\|$")

// Every claim of the page for in-app browsers has its test, in both languages.
func TestTheTestsOfInAppBrowsersExist(t *testing.T) {
	var named [2][]string
	for i, path := range []string{"in-app-browsers.md", "in-app-browsers.ko.md"} {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(string(text), "\n") {
			claims := strings.HasPrefix(line, "| ") && !strings.HasPrefix(line, "| ---")
			header := strings.HasSuffix(line, "| test |") || strings.HasSuffix(line, "| 테스트 |")
			if !claims || header || strings.HasSuffix(line, "| – |") {
				continue
			}
			found := namedTest.FindStringSubmatch(line)
			if found == nil {
				t.Errorf("%s: no test shows this: %s", path, line)
				continue
			}
			source, err := os.ReadFile(filepath.Join("..", found[1]))
			if err != nil || !strings.Contains(strings.ReplaceAll(string(source), `\'`, "'"), found[2]) {
				t.Errorf("%s: %s has no test %q", path, found[1], found[2])
			}
			named[i] = append(named[i], found[1]+found[2])
		}
	}
	if len(named[0]) < 25 || strings.Join(named[0], "\n") != strings.Join(named[1], "\n") {
		t.Errorf("%d tests in English, %d in Korean, or others", len(named[0]), len(named[1]))
	}
}
