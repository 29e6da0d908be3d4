package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/server/doctor"
)

var update = flag.Bool("update", false, "write the golden files anew")

// wantGolden compares with a file under testdata.
func wantGolden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got), -update to write it anew:\n%s", path, diff)
	}
}

// brokenReport examines a setup with a mistake of every kind, against a platform
// whose port does not show.
func brokenReport(t *testing.T) doctor.Report {
	t.Helper()
	p := emulator.Start(t, func(c *emulator.Config) {
		c.Apps[0].RedirectURIs = []string{"http://127.0.0.1:8480/kakao/callback"}
		c.Apps[0].OpenIDConnect = false
	})
	report := doctor.Run(t.Context(), doctor.Config{
		PublicURL:      "http://127.0.0.1:8480/kakao",
		RESTAPIKey:     emulator.DemoRESTAPIKey,
		JavaScriptKeys: []string{emulator.DemoJavaScriptKey, "98765432100000000000000000000000"},
		ClientSecret:   "not-the-right-one",
		AllowedOrigins: []string{"http://localhost:3000", "https://shop.example.com"},
		RedirectURIs:   []string{"https://shop.example.com/oauth"},
		Scopes:         []string{"openid", "profile_nickname"},
		Platform:       kakao.Platform{Auth: p.URL, API: p.URL},
	})
	for i := range report {
		for _, text := range []*string{&report[i].Found.En, &report[i].Found.Ko, &report[i].Fix.En, &report[i].Fix.Ko} {
			*text = strings.ReplaceAll(*text, p.URL, "http://127.0.0.1:8481")
		}
	}
	return report
}

func TestDoctorReport(t *testing.T) {
	report := brokenReport(t)
	for name, c := range map[string]DoctorCmd{
		"doctor.en.txt":  {Lang: "en"},
		"doctor.ko.txt":  {Lang: "ko"},
		"doctor.en.json": {Lang: "en", JSON: true},
		"doctor.ko.json": {Lang: "ko", JSON: true},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			if err := c.print(&out, report); err != nil {
				t.Fatal(err)
			}
			wantGolden(t, name, out.String())
			for _, secret := range []string{emulator.DemoRESTAPIKey[:5], emulator.DemoJavaScriptKey[:5], "98765", "not-the"} {
				if strings.Contains(out.String(), secret) {
					t.Errorf("%s is printed", secret)
				}
			}
		})
	}
}

func TestDoctorColours(t *testing.T) {
	var out bytes.Buffer
	report := doctor.Report{{Check: doctor.CheckClock, Verdict: doctor.Failure}, {Check: doctor.CheckKey, Verdict: doctor.OK}}
	if err := writeReport(&out, report, english, true); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\x1b[31mfailure\x1b[0m  Clock", "\x1b[32mok     \x1b[0m  App key"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("lacks %q:\n%s", want, out.String())
		}
	}
	if file, err := os.Create(filepath.Join(t.TempDir(), "report")); err != nil || isColourful(file) || isColourful(&out) {
		t.Errorf("colours without a terminal, or %v", err)
	}
}

// doctorRun is what a run of the program did.
type doctorRun struct {
	code             int
	stdout, complain string
}

// runDoctor runs the command as main does, in an environment of its own.
func runDoctor(t *testing.T, environment map[string]string, args ...string) doctorRun {
	t.Helper()
	for _, name := range []string{
		"KAKAOWASM_ADDR", "KAKAOWASM_PUBLIC_URL", "KAKAO_REST_API_KEY", "KAKAO_JAVASCRIPT_KEY", "KAKAO_CLIENT_SECRET",
		"KAKAO_CLIENT_SECRET_FILE", "KAKAO_ADMIN_KEY", "KAKAO_ADMIN_KEY_FILE", "KAKAOWASM_SCOPES", "KAKAO_AUTH_ORIGIN", "KAKAOWASM_STORE",
		"LC_ALL", "LC_MESSAGES", "LANG",
	} {
		t.Setenv(name, environment[name])
		if _, set := environment[name]; !set {
			_ = os.Unsetenv(name) // t.Setenv puts it back
		}
	}
	var out, complaints bytes.Buffer
	code := execute(t.Context(), append([]string{"doctor"}, args...), &out, &complaints)
	return doctorRun{code: code, stdout: out.String(), complain: complaints.String()}
}

func TestDoctorCommand(t *testing.T) {
	p := emulator.Start(t)
	p.AllowRedirect("http://127.0.0.1:8480/kakao/callback")
	secretFile := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secretFile, []byte(emulator.DemoClientSecret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	wrongFile := filepath.Join(t.TempDir(), "wrong")
	if err := os.WriteFile(wrongFile, []byte("33333333333333333333333333333330"), 0o600); err != nil {
		t.Fatal(err)
	}
	type env = map[string]string
	for _, tc := range []struct {
		name        string
		environment env
		args        []string
		code        int
		want        string // in what is printed, complaints included
	}{
		{"healthy", nil, nil, 0, "Failures: 0. Warnings: 1."},
		{"healthy, in Korean", env{"LANG": "ko_KR.UTF-8"}, nil, 0, "실패 0건"},
		{"locale of messages", env{"LANG": "ko_KR.UTF-8", "LC_ALL": "C.UTF-8"}, nil, 0, "Failures: 0."},
		{"language by flag", env{"LANG": "ko_KR.UTF-8"}, []string{"--lang", "en"}, 0, "Failures: 0."},
		{"secret in a file", env{"KAKAO_CLIENT_SECRET": ""}, []string{"--client-secret-file", secretFile}, 0, "Failures: 0."},
		{"wrong admin key in a file", nil, []string{"--admin-key-file", wrongFile}, 1, "(-401)"},
		{"admin key in the environment", env{"KAKAO_ADMIN_KEY": emulator.DemoAdminKey}, nil, 0, "right; webhooks"},
		{"wrong secret", env{"KAKAO_CLIENT_SECRET": "no"}, nil, 1, "(KOE010)"},
		{"another address", nil, []string{"--addr", "127.0.0.1:9000"}, 1, "127.0.0.1:9000/kakao/callback"},
		{"scopes in a list", nil, []string{"--scope", "openid,name"}, 1, "(KOE205)"},
		{"as JSON", nil, []string{"--json"}, 0, `"failures": 0`},
		{"secret twice", nil, []string{"--client-secret-file", secretFile}, 2, "unset one"},
		{"admin key twice", env{"KAKAO_ADMIN_KEY": "x"}, []string{"--admin-key-file", wrongFile}, 2, "unset one"},
		{"secret as a flag", nil, []string{"--client-secret", "x"}, 2, "unknown flag"},
		{"language that there is not", nil, []string{"--lang", "fr"}, 2, "--lang"},
		{"file that is not there", nil, []string{"--admin-key-file", "/nowhere/at/all"}, 2, "/nowhere"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			environment := env{
				"KAKAO_REST_API_KEY": emulator.DemoRESTAPIKey, "KAKAO_JAVASCRIPT_KEY": emulator.DemoJavaScriptKey,
				"KAKAO_CLIENT_SECRET": emulator.DemoClientSecret, "KAKAO_AUTH_ORIGIN": p.URL,
			}
			maps.Copy(environment, tc.environment)
			run := runDoctor(t, environment, tc.args...)
			printed := run.stdout + run.complain
			if run.code != tc.code || !strings.Contains(printed, tc.want) {
				t.Errorf("exit code %d, want %d, and %q in:\n%s", run.code, tc.code, tc.want, printed)
			}
			for _, key := range []string{emulator.DemoRESTAPIKey, emulator.DemoJavaScriptKey, emulator.DemoClientSecret, emulator.DemoAdminKey, "33333333"} {
				if strings.Contains(printed, key) {
					t.Errorf("%s is printed:\n%s", key, printed)
				}
			}
		})
	}
}

func TestDoctorJSONIsReadable(t *testing.T) {
	p := emulator.Start(t)
	run := runDoctor(t, map[string]string{"KAKAO_AUTH_ORIGIN": p.URL, "KAKAO_REST_API_KEY": emulator.DemoRESTAPIKey}, "--json")
	var report reportJSON
	if err := json.Unmarshal([]byte(run.stdout), &report); err != nil {
		t.Fatalf("%v:\n%s", err, run.stdout)
	}
	failed := 0
	for _, f := range report.Findings {
		if f.Verdict == "failure" {
			failed++
		}
	}
	if run.code != 1 || failed == 0 || failed != report.Failures || len(report.Findings) != report.Checks {
		t.Errorf("exit code %d, %d failures: %+v", run.code, failed, report)
	}
}
