package emulator_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kakaowasm/kakaowasm/emulator"
)

// guides are the documents that show code of this package.
var guides = []string{"../docs/emulator.md", "../docs/emulator.ko.md"}

// shown returns the code block of a guide that follows a mark.
func shown(t *testing.T, guide, mark string) string {
	t.Helper()
	text, err := os.ReadFile(guide)
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile(`(?s)<!-- guide:` + mark + " -->\n\n```[a-z]+\n(.*?)```").FindSubmatch(text)
	if block == nil {
		t.Fatalf("%s has no code block marked guide:%s", guide, mark)
	}
	return string(block[1])
}

func TestTheGuideShowsCodeThatRuns(t *testing.T) {
	source, err := os.ReadFile("guide_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, guide := range guides {
		for _, mark := range []string{"app", "test"} {
			_, after, _ := strings.Cut(string(source), "// guide:"+mark+"\n")
			code, _, _ := strings.Cut(after, "// guide:end")
			if shown(t, guide, mark) != strings.TrimSpace(code)+"\n" {
				t.Errorf("%s: the block marked guide:%s is not that of guide_test.go; copy it", guide, mark)
			}
		}
	}
}

func TestTheGuidesCommandsLogIn(t *testing.T) {
	for _, guide := range guides {
		kakao := emulator.Start(t)
		kakao.AllowRedirect("http://127.0.0.1:3000/callback")
		kakao.LogInAs(4210000001)
		script := strings.ReplaceAll(shown(t, guide, "curl"), "http://127.0.0.1:8481", kakao.URL)
		out, err := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c", script).CombinedOutput()
		if err != nil || !strings.Contains(string(out), `"nickname":"하늘보리"`) {
			t.Errorf("%s: %v\n%s", guide, err, out)
		}
	}
}

func TestTheGuidesKakaoTalkCanBeRegistered(t *testing.T) {
	for _, guide := range guides {
		cfg, err := emulator.ParseSeed([]byte(shown(t, guide, "talk")))
		if err != nil || len(cfg.Users) != 3 || !cfg.Users[2].Talk.None {
			t.Errorf("%s: %+v, %v", guide, cfg, err)
		}
	}
}

func TestTheGuidesSeedCanBeBegunWith(t *testing.T) {
	for _, guide := range guides {
		registered, err := emulator.ParseSeed([]byte(shown(t, guide, "apps")))
		if err != nil {
			t.Fatalf("%s: %v", guide, err)
		}
		whole := shown(t, guide, "seed") + "\n" + asYAML(t, "apps", registered.Apps) + asYAML(t, "users", registered.Users)
		seed, err := emulator.ParseSeed([]byte(whole))
		if err != nil || len(seed.Links) != 1 || len(seed.Tokens) != 1 || len(seed.Faults) != 1 || !seed.Clock.Stopped || seed.AutoLogin != 1001 {
			t.Errorf("%s: %v, %+v", guide, err, seed)
		}
	}
}

// asYAML is a member whose value is JSON, which YAML contains.
func asYAML(t *testing.T, name string, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return name + ": " + string(text) + "\n"
}

// documentedCall is the calls of one table row: methods that share a path, and
// more of them after a semicolon.
var documentedCall = regexp.MustCompile("`([A-Z]+)(?: (/[^`]*))?`")

func TestTheGuidesTableHasEveryCall(t *testing.T) {
	var described struct {
		Paths map[string]map[string]json.RawMessage
	}
	text, err := os.ReadFile("internal/schema/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &described); err != nil {
		t.Fatal(err)
	}
	parameter := regexp.MustCompile(`\{\w+\}`)
	served := map[string]bool{}
	for path, methods := range described.Paths {
		for method := range methods {
			if method != "parameters" {
				served[strings.ToUpper(method)+" "+parameter.ReplaceAllString(path, "{}")] = true
			}
		}
	}
	for _, guide := range guides {
		documented := map[string]bool{}
		text, err := os.ReadFile(guide)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			first, _, isRow := strings.Cut(strings.TrimPrefix(line, "| "), " | ")
			if !isRow || strings.Contains(first, "/console/") {
				continue
			}
			var methods []string
			for _, found := range documentedCall.FindAllStringSubmatch(first, -1) {
				methods = append(methods, found[1])
				if found[2] == "" {
					continue
				}
				for _, method := range methods {
					documented[method+" "+parameter.ReplaceAllString(found[2], "{}")] = true
				}
				methods = nil
			}
		}
		if diff := cmp.Diff(served, documented); diff != "" {
			t.Errorf("%s (-served +documented):\n%s", guide, diff)
		}
	}
}
