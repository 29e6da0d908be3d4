package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/kakaowasm/kakaowasm/demo"
	"github.com/kakaowasm/kakaowasm/emulator"
	"github.com/kakaowasm/kakaowasm/server/store/keyring"
)

// sources are the files of this package, without its tests.
func sources(t *testing.T) (files []*ast.File) {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	return files
}

// formatAt is where the message stands among the arguments of these functions.
var formatAt = map[string]int{"errorf": 0, "printf": 1, "inLanguage": 0}

// message is a message of the program with how many values it is given.
type message struct {
	text   string
	values int
}

// messagesOf are the messages in some files.
func messagesOf(t *testing.T, files []*ast.File) (found []message) {
	t.Helper()
	constants := map[string]ast.Expr{}
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			if spec, is := n.(*ast.ValueSpec); is && len(spec.Names) == len(spec.Values) {
				for i, name := range spec.Names {
					constants[name.Name] = spec.Values[i]
				}
			}
			return true
		})
	}
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			call, isCall := n.(*ast.CallExpr)
			if !isCall {
				return true
			}
			name, isName := call.Fun.(*ast.Ident)
			if !isName {
				return true
			}
			if at, is := formatAt[name.Name]; is {
				if text := textOf(call.Args[at], constants); text != "" {
					found = append(found, message{text, len(call.Args) - at - 1})
				}
			}
			return true
		})
	}
	return found
}

// textOf is the text of a constant expression; empty for another.
func textOf(e ast.Expr, constants map[string]ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, _ := strconv.Unquote(e.Value)
		return text
	case *ast.BinaryExpr:
		return textOf(e.X, constants) + textOf(e.Y, constants)
	case *ast.Ident:
		return textOf(constants[e.Name], constants)
	}
	return ""
}

// verb is a verb of a format with the number of its value, if it names one.
var verb = regexp.MustCompile(`%(?:\[(\d+)\])?([a-z])`)

// verbsOf are the verbs of a format by the number of their value.
func verbsOf(format string) map[int]string {
	verbs, next := map[int]string{}, 1
	for _, v := range verb.FindAllStringSubmatch(format, -1) {
		if n, err := strconv.Atoi(v[1]); err == nil {
			next = n
		}
		verbs[next] = v[2]
		next++
	}
	return verbs
}

// Every message has a Korean form of the same values, and no form is left over.
func TestEveryMessageIsInKorean(t *testing.T) {
	unused := maps.Clone(koreanMessages)
	found := messagesOf(t, sources(t))
	if len(found) < 70 {
		t.Fatalf("%d messages; is the search right?", len(found))
	}
	for _, m := range found {
		delete(unused, m.text)
		ko := koreanMessages[m.text]
		if ko == "" || !maps.Equal(verbsOf(m.text), verbsOf(ko)) || strings.HasSuffix(m.text, "\n") != strings.HasSuffix(ko, "\n") {
			t.Errorf("%q is %q in Korean", m.text, ko)
		}
		if len(verbsOf(m.text)) != m.values {
			t.Errorf("%q is given %d values", m.text, m.values)
		}
	}
	if len(unused) > 0 {
		t.Errorf("not said by the program: %q", slices.Sorted(maps.Keys(unused)))
	}
}

// inKoreanLocale runs the rest of a test in Korean.
func inKoreanLocale(t *testing.T) {
	t.Helper()
	t.Setenv("LC_ALL", "ko_KR.UTF-8")
}

func TestServeNamesMistakesInKorean(t *testing.T) {
	c := parseServe(t, nil, "--public-url=http://app.example.com/kakao", "--log-level=loud", "--partitioned", "--allowed-origin=*",
		"--trusted-proxy=10.1.0.0/8", "--forwarded-header=X-Real-IP", "--app-id=x", "--notify-url=/hook", "--session-idle=0s")
	inKoreanLocale(t)
	_, err := c.options()
	if err == nil {
		t.Fatal("no mistakes")
	}
	for _, want := range []string{
		"옵션을 고쳐야 합니다.\n", "\n옵션 목록은 --help로 볼 수 있습니다",
		`--public-url (KAKAOWASM_PUBLIC_URL): https이거나, 127.0.0.1 또는 localhost의 http여야 하는데 "http://app.example.com"입니다`,
		"--rest-api-key (KAKAO_REST_API_KEY): 카카오디벨로퍼스 콘솔의",
		`--log-level (KAKAOWASM_LOG_LEVEL): debug, info, warn, error 중 하나여야 하는데 "loud"입니다`,
		"--allowed-origin (KAKAOWASM_ALLOWED_ORIGINS): https://app.example.com과 같이",
		"--trusted-proxy (KAKAOWASM_TRUSTED_PROXIES): 10.0.0.0/8, 192.0.2.1/32와 같은",
		"--forwarded-header (KAKAOWASM_FORWARDED_HEADER): X-Forwarded-For 또는 Forwarded여야 합니다",
		"--session-keys-file (KAKAOWASM_SESSION_KEYS_FILE): 로그인 정보를",
		"--app-id (KAKAO_APP_ID): 카카오디벨로퍼스", "--notify-url (KAKAOWASM_NOTIFY_URL): https://app.example.com/hooks/kakao와 같이",
		"--session-idle (KAKAOWASM_SESSION_IDLE): 30s, 720h와 같이 0보다 큰 시간이어야",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in:\n%v", want, err)
		}
	}
	if strings.Contains(err.Error(), "expected") {
		t.Errorf("English is left:\n%v", err)
	}
}

// runProgram runs the program to its end and returns what it prints, errors too.
func runProgram(t *testing.T, args ...string) string {
	t.Helper()
	program := exec.CommandContext(t.Context(), os.Args[0], args...)
	program.Env = append(os.Environ(), asProgram+"=1")
	out, _ := program.CombinedOutput() // Its exit code may be any.
	return string(out)
}

// What the commands print at their start, in Korean.
func TestCommandsSpeakKorean(t *testing.T) {
	inKoreanLocale(t)
	var out bytes.Buffer
	describePlatform(&out, emulator.Default("http://127.0.0.1:8481"))
	for _, want := range []string{"카카오 에뮬레이터 http://127.0.0.1:8481, 콘솔 http://127.0.0.1:8481/console\n", "REST API 키 ", "  사용자:\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("emulate lacks %q:\n%s", want, out.String())
		}
	}
	out.Reset()
	site := &demoSite{app: demoApp{mode: demo.ModeEmulator}, origin: "http://127.0.0.1:9000", issuer: "http://127.0.0.1:9001"}
	site.describe(&out)
	site.app.mode = demo.ModeKakao
	site.describe(&out)
	for _, want := range []string{"에뮬레이터   http://127.0.0.1:9001\n", "콘솔         http://127.0.0.1:9001/console\n", "사이트 도메인            http://127.0.0.1:9000\n", "Ctrl+C를 누르세요"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("demo lacks %q:\n%s", want, out.String())
		}
	}
	path := filepath.Join(t.TempDir(), "keys")
	if run := runProgram(t, "keygen", path); !strings.Contains(run, "새 키를 맨 앞에 넣었습니다(모두 1개)") {
		t.Errorf("keygen: %s", run)
	}
	if run := runProgram(t, "emulate", "init", file(t, keyring.Generate())); !strings.Contains(run, "파일이 이미 있어 그대로 두었습니다") {
		t.Errorf("emulate init: %s", run)
	}
	if run := runProgram(t, "demo", "--addr", "0.0.0.0:8480", "--sdk-dir", "nowhere"); !strings.Contains(run, "먼저 `make release`를") {
		t.Errorf("demo: %s", run)
	}
}
