// Package docs_test holds the documents of this folder against the project.
package docs_test

import (
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/kakaowasm/kakaowasm/"

// code is a text in backquotes.
var code = regexp.MustCompile("`([^`]+)`")

func codes(text string) []string {
	var all []string
	for _, match := range code.FindAllStringSubmatch(text, -1) {
		all = append(all, match[1])
	}
	return all
}

// tableUnder are the cells of the table under a heading of architecture.md.
func tableUnder(t *testing.T, heading string) [][]string {
	t.Helper()
	return tableIn(t, "architecture.md", heading)
}

// tableIn are the cells of the table under a heading of a document.
func tableIn(t *testing.T, document, heading string) [][]string {
	t.Helper()
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## "+heading+"\n")
	section, _, _ = strings.Cut(section, "\n## ")
	var rows [][]string
	for line := range strings.Lines(section) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "| ") && !strings.HasPrefix(line, "| ---") {
			cells := strings.Split(strings.TrimSuffix(strings.TrimPrefix(line, "|"), "|"), "|")
			for i := range cells {
				cells[i] = strings.TrimSpace(cells[i])
			}
			rows = append(rows, cells)
		}
	}
	if len(rows) < 2 {
		t.Fatalf("there is no table under %q", heading)
	}
	return rows[1:]
}

// packages are the imports of each package of this module, as folders: what
// programs need, without tests, on this machine and in a browser.
func packages(t *testing.T) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, target := range [][]string{nil, {"GOOS=js", "GOARCH=wasm"}} {
		list := exec.CommandContext(t.Context(), "go", "list", "-e", "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, "./...")
		list.Dir, list.Env = "..", append(os.Environ(), target...)
		output, err := list.Output()
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(output)) {
			var folders []string
			for _, name := range strings.Fields(line) {
				if folder, ours := strings.CutPrefix(name, module); ours {
					folders = append(folders, folder)
				}
			}
			all[folders[0]] = append(all[folders[0]], folders[1:]...)
		}
	}
	return all
}

// folders are those of the project that hold what it is made of.
func folders(t *testing.T) []string {
	t.Helper()
	list := exec.CommandContext(t.Context(), "git", "ls-files", "-z", "--", ":(glob)*/**")
	list.Dir = ".."
	output, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for name := range strings.SplitSeq(string(output), "\x00") {
		if folder, _, below := strings.Cut(name, "/"); below && !strings.HasPrefix(folder, ".") {
			seen[folder] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// rowOf is the row that a package belongs to: its own, or that of a folder above.
func rowOf(rows []string, name string) string {
	for ; name != "."; name = path.Dir(name) {
		if slices.Contains(rows, name) {
			return name
		}
	}
	return ""
}

func TestImportsAreThoseOfTheTable(t *testing.T) {
	var rows []string
	written := map[string][]string{}
	for _, cells := range tableUnder(t, "Packages") {
		row := strings.TrimSuffix(codes(cells[0])[0], "/")
		rows = append(rows, row)
		written[row] = codes(cells[2])
		if written[row] == nil && cells[2] != "none" {
			t.Errorf("%s/: the imports are empty; write none", row)
		}
		if _, err := os.Stat(filepath.Join("..", row)); err != nil {
			t.Errorf("there is no folder %s", row)
		}
	}
	for _, folder := range folders(t) {
		if rowOf(rows, folder) == "" && !slices.ContainsFunc(rows, func(row string) bool { return strings.HasPrefix(row, folder+"/") }) {
			t.Errorf("%s/ belongs to no row", folder)
		}
	}
	imports := map[string]map[string]bool{}
	for name, imported := range packages(t) {
		row := rowOf(rows, name)
		if row == "" {
			t.Errorf("%s belongs to no row", name)
			continue
		}
		if imports[row] == nil {
			imports[row] = map[string]bool{}
		}
		for _, other := range imported {
			if to := rowOf(rows, other); to != row {
				imports[row][to] = true
			}
		}
	}
	for row, found := range imports {
		got := slices.Sorted(maps.Keys(found))
		if !slices.Equal(got, slices.Sorted(slices.Values(written[row]))) {
			t.Errorf("%s/ imports %s", row, inCode(got))
		}
	}
}

// inCode are names as a cell of the table.
func inCode(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return "`" + strings.Join(names, "`, `") + "`"
}

// The arrows point one way, also through other packages.
func TestArrowsPointOneWay(t *testing.T) {
	all := packages(t)
	reaches := func(from, to string) bool {
		seen, queue := map[string]bool{}, []string{from}
		for len(queue) > 0 {
			next := queue[0]
			queue = queue[1:]
			if next == to {
				return true
			}
			if !seen[next] {
				seen[next] = true
				queue = append(queue, all[next]...)
			}
		}
		return false
	}
	for _, arrow := range []struct{ from, to string }{
		{"kakao/catalog", "sdk"},
		{"kakao/rest", "sdk"},
		{"emulator", "sdk"},
		{"emulator", "server"},
		{"server", "sdk"},
		{"server", "emulator"},
		{"sdk", "kakao/catalog"},
		{"sdk", "contract/problems"},
		{"wasm", "kakao/catalog"},
		{"wasm", "contract/problems"},
	} {
		if _, there := all[arrow.from]; !there {
			t.Errorf("there is no package %s", arrow.from)
		}
		if reaches(arrow.from, arrow.to) {
			t.Errorf("%s imports %s, perhaps through another package", arrow.from, arrow.to)
		}
	}
	for _, leaf := range []string{"contract", "kakao", "server/store"} {
		if imports, there := all[leaf]; !there || len(imports) > 0 {
			t.Errorf("%s is not there, or imports %q", leaf, imports)
		}
	}
}

// Where a thing is done, there is a file.
func TestFilesOfTheTaskTableExist(t *testing.T) {
	for _, cells := range tableUnder(t, "Where is … done?") {
		for _, name := range codes(cells[1]) {
			if !strings.Contains(name, "/") || strings.Contains(name, " ") {
				continue // the name of a file beside others, or a command
			}
			if files, err := filepath.Glob(filepath.Join("..", name)); err != nil || len(files) == 0 {
				t.Errorf("%s: there is no %s", cells[0], name)
			}
		}
	}
}

// The table of the server's answers has every path that the server serves.
func TestPathsOfTheContractAreInTheTable(t *testing.T) {
	var written []string
	for _, cells := range tableUnder(t, "What the token server answers") {
		for _, request := range codes(cells[0]) {
			_, path, isCall := strings.Cut(request, " ")
			if !isCall {
				path = request
			}
			written = append(written, path)
		}
	}
	source, err := os.ReadFile("../contract/path.go")
	if err != nil {
		t.Fatal(err)
	}
	routes, err := os.ReadFile("../server/server.go")
	if err != nil {
		t.Fatal(err)
	}
	paths := regexp.MustCompile(`(?m)^\t(Path\w+) += "(.*)"`).FindAllStringSubmatch(string(source), -1)
	if len(paths) < 10 {
		t.Fatalf("%d paths only", len(paths))
	}
	for _, match := range paths {
		served := strings.Contains(string(routes), "contract."+match[1])
		inTable := slices.ContainsFunc(written, func(path string) bool {
			return path == match[2] || strings.HasPrefix(path, strings.TrimSuffix(match[2], "/")+"/<")
		})
		if served != inTable {
			t.Errorf("%s: served %t, in the table %t", match[2], served, inTable)
		}
	}
}
