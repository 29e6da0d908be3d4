package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/kakaowasm/kakaowasm/kakao"
)

// A wrong call exits with 2 and says in one sentence what was expected.
func TestWrongCallsExitWithTwo(t *testing.T) {
	for call, want := range map[string]string{
		"":                         "expected a command; kakaowasm --help lists them",
		"serv":                     "serve",
		"store":                    "expected check or compact",
		"store check":              "accepts 1 arg(s), received 0",
		"emulate extra":            `unknown command "extra"`,
		"emulate init one two":     "accepts at most 1 arg(s), received 2",
		"serve --no-such-option":   "unknown flag: --no-such-option",
		"serve --addr":             "flag needs an argument: --addr",
		"doctor --lang fr":         `"--lang" flag: expected auto, ko, en, got "fr"`,
		"doctor --timeout soon":    `expected a time such as 30s or 720h, got "soon"`,
		"emulate --follow=perhaps": `expected true or false, got "perhaps"`,
	} {
		var out, complaints bytes.Buffer
		code := execute(t.Context(), strings.Fields(call), &out, &complaints)
		if code != exitUsage || !strings.HasPrefix(complaints.String(), "kakaowasm: error: ") || !strings.Contains(complaints.String(), want) {
			t.Errorf("%q: exit code %d, want %d and %q in: %s", call, code, exitUsage, want, complaints.String())
		}
	}
}

// A variable with a value that cannot be is named with its flag.
func TestWrongVariablesAreNamed(t *testing.T) {
	t.Setenv("FOLLOW", "perhaps")
	var command struct {
		Follow bool `env:"FOLLOW" help:"Follow."`
	}
	options := newFlags(&command)
	const want = `invalid value of FOLLOW (--follow): expected true or false, got "perhaps"`
	if err := options.readEnv(); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestFlagsDefaultsAndVariables(t *testing.T) {
	type command struct {
		Name string   `default:"nobody" aliases:"called" env:"NAME" short:"n" help:"A text."`
		List []string `default:"a,b" env:"LIST" help:"A list."`
		On   toggle   `env:"ON" help:"A switch."`
	}
	for name, test := range map[string]struct {
		args string
		env  map[string]string
		want command
	}{
		"defaults":                 {"", nil, command{Name: "nobody", List: []string{"a", "b"}}},
		"variables":                {"", map[string]string{"NAME": "x", "LIST": "c,d", "ON": "yes"}, command{"x", []string{"c", "d"}, "yes"}},
		"empty variables":          {"", map[string]string{"NAME": "", "LIST": "", "ON": ""}, command{}},
		"flags before variables":   {"--name y --list e --list=f,g --on", map[string]string{"NAME": "x", "LIST": "c", "ON": "no"}, command{"y", []string{"e", "f", "g"}, "true"}},
		"another name":             {"--called z", map[string]string{"NAME": "x"}, command{Name: "z", List: []string{"a", "b"}}},
		"a letter, and a negative": {"-n -1 --on=false", nil, command{"-1", []string{"a", "b"}, "false"}},
	} {
		t.Run(name, func(t *testing.T) {
			for variable, text := range test.env {
				t.Setenv(variable, text)
			}
			var got command
			options := newFlags(&got)
			if err := options.set.Parse(strings.Fields(test.args)); err != nil {
				t.Fatal(err)
			}
			if err := options.readEnv(); err != nil {
				t.Fatal(err)
			}
			if got.Name != test.want.Name || strings.Join(got.List, " ") != strings.Join(test.want.List, " ") || got.On != test.want.On {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

// --help shows each option with its variable, and fits a terminal.
func TestHelpShowsTheOptions(t *testing.T) {
	var out bytes.Buffer
	if code := execute(t.Context(), []string{"serve", "--help"}, &out, &out); code != 0 {
		t.Fatalf("exit code %d", code)
	}
	for _, option := range newFlags(&ServeCmd{}).list {
		if !strings.Contains(out.String(), "--"+option.Name+" ") {
			t.Errorf("--%s is missing in:\n%s", option.Name, out.String())
		}
	}
	if !strings.Contains(out.String(), "$KAKAOWASM_ADDR") {
		t.Errorf("the variables are missing in:\n%s", out.String())
	}
}

func TestVersion(t *testing.T) {
	var out bytes.Buffer
	if code := execute(t.Context(), []string{"--version"}, &out, &out); code != 0 || out.String() != kakao.Version+"\n" {
		t.Errorf("exit code %d, printed %q", code, out.String())
	}
}
