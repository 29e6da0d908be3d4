package main

import (
	"cmp"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/pflag"

	"github.com/kakaowasm/kakaowasm/server"
)

// The guides for those who run the server.
const (
	guideEnglish = "../../docs/deploy.md"
	guideKorean  = "../../docs/deploy.ko.md"
)

// guideTable is the table of options in a guide: what stands between its marks.
var guideTable = regexp.MustCompile(`(?s)(<!-- options -->\n\n)(.*?)(\n<!-- options end -->)`)

// readGuide returns a guide and its table of options.
func readGuide(t *testing.T, path string) (text, table string) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	found := guideTable.FindSubmatch(content)
	if found == nil {
		t.Fatalf("%s: expected a table between <!-- options --> and <!-- options end -->", path)
	}
	return string(content), string(found[2])
}

// serveOption is an option of `kakaowasm serve`.
type serveOption struct {
	*pflag.Flag
	env string
}

// serveFlags are the options of `kakaowasm serve`, in the order of --help.
func serveFlags() []serveOption {
	options := newFlags(&ServeCmd{})
	var list []serveOption
	for _, flag := range options.list {
		list = append(list, serveOption{flag, options.env[flag.Name]})
	}
	return list
}

// optionColumns are the columns that a row of the table begins with in every
// language: option, variable, default.
func optionColumns(flag serveOption) string {
	value := cmp.Or(flag.DefValue, "–")
	if flag.DefValue != "" {
		value = "`" + value + "`"
	}
	return fmt.Sprintf("| `--%s` | `%s` | %s |", flag.Name, flag.env, value)
}

func TestTheGuideListsTheOptionsAsHelpDoes(t *testing.T) {
	var want strings.Builder
	want.WriteString("| option | variable | default | what |\n| --- | --- | --- | --- |\n")
	for _, flag := range serveFlags() {
		fmt.Fprintf(&want, "%s %s |\n", optionColumns(flag), flag.Usage)
	}
	text, table := readGuide(t, guideEnglish)
	if *update {
		text = guideTable.ReplaceAllString(text, "${1}"+strings.ReplaceAll(want.String(), "$", "$$")+"${3}")
		if err := os.WriteFile(guideEnglish, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := gocmp.Diff(want.String(), table); diff != "" {
		t.Errorf("docs/deploy.md is stale, -want +got; write it anew with -update:\n%s", diff)
	}
}

// The Korean table says what each option does in its own words, and so must have
// the same rows.
func TestTheKoreanGuideListsTheSameOptions(t *testing.T) {
	_, table := readGuide(t, guideKorean)
	rows := strings.Split(strings.TrimSpace(table), "\n")[2:]
	flags := serveFlags()
	if len(rows) != len(flags) {
		t.Fatalf("docs/deploy.ko.md lists %d options, and there are %d", len(rows), len(flags))
	}
	for i, flag := range flags {
		if columns := optionColumns(flag); !strings.HasPrefix(rows[i], columns) || len(rows[i]) < len(columns)+10 {
			t.Errorf("docs/deploy.ko.md: expected a row that begins %q, got %q", columns, rows[i])
		}
	}
}

func TestTheGuidesNameEveryMetric(t *testing.T) {
	registry := newRegistry()
	token, err := server.New(server.Config{
		PublicURL: "http://127.0.0.1/kakao", RESTAPIKey: "key", Logger: quietLog(), Registry: registry,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = token.Close() })
	described := make(chan *prometheus.Desc)
	go func() { registry.Describe(described); close(described) }()
	name := regexp.MustCompile(`fqName: "(kakaowasm_[a-z_]+)"`)
	for desc := range described {
		metric := name.FindStringSubmatch(desc.String())
		if metric == nil {
			continue // of the process or of Go
		}
		for _, guide := range []string{guideEnglish, guideKorean} {
			if text, _ := readGuide(t, guide); !strings.Contains(text, "`"+metric[1]) {
				t.Errorf("%s does not name %s", guide, metric[1])
			}
		}
	}
}
