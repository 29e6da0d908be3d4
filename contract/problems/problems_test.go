package problems_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/contract/problems"
)

// constants are the values of the contract's error codes.
func constants(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../code.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var values []string
	ast.Inspect(file, func(n ast.Node) bool {
		if literal, ok := n.(*ast.BasicLit); ok {
			value, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(err)
			}
			values = append(values, value)
		}
		return true
	})
	if len(values) < 20 {
		t.Fatalf("only %d codes were found", len(values))
	}
	return values
}

func TestEachCodeHasItsCauseAndCure(t *testing.T) {
	codes := constants(t)
	for _, code := range codes {
		if !slices.ContainsFunc(problems.All(), func(p problems.Problem) bool { return p.Code == code }) {
			t.Errorf("%s is in the contract, and no problem says what it means", code)
		}
	}
	seen := map[problems.Where][]string{}
	for _, p := range problems.All() {
		if !slices.Contains(codes, p.Code) {
			t.Errorf("%s is no code of the contract", p.Code)
		}
		if slices.Contains(seen[p.Where], p.Code) {
			t.Errorf("%s twice", p.Code)
		}
		seen[p.Where] = append(seen[p.Where], p.Code)
		if len(p.From) == 0 {
			t.Errorf("%s comes from nobody", p.Code)
		}
		for _, text := range []string{p.Cause.En, p.Cause.Ko, p.Fix.En, p.Fix.Ko} {
			if !strings.HasSuffix(text, ".") || strings.ContainsAny(text, "|\n`") {
				t.Errorf("%s: %q is not a line that ends in a full stop and fits into a table", p.Code, text)
			}
		}
		for _, text := range []string{p.Cause.Ko, p.Fix.Ko} {
			if !regexp.MustCompile(`\p{Hangul}`).MatchString(text) {
				t.Errorf("%s: %q is no Korean", p.Code, text)
			}
		}
	}
}

func TestFindsAProblemWhereItShows(t *testing.T) {
	login, ok := problems.Find(problems.InLogin, contract.CodeInvalidRequest)
	webhook, ok2 := problems.Find(problems.InWebhook, contract.CodeInvalidRequest)
	if !ok || !ok2 || login.Cause == webhook.Cause {
		t.Errorf("got %+v and %+v", login, webhook)
	}
	if p, ok := problems.Find(problems.InCall, contract.CodePopupClosed); ok {
		t.Errorf("a call throws %s", p.Code)
	}
}

// known reports whether a code is one of the contract's.
func known(t *testing.T, code string) bool { return slices.Contains(constants(t), code) }

// silent are codes of the SDK's that no page ever sees.
var silent = []string{"cleaned_up"}

// No part of the SDK and the server makes up a code by itself.
func TestErrorsOfTheGoCodeAreKnown(t *testing.T) {
	for _, folder := range []string{"../../sdk", "../../wasm", "../../server"} {
		err := filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				pair, ok := n.(*ast.KeyValueExpr)
				if !ok {
					return true
				}
				key, isName := pair.Key.(*ast.Ident)
				literal, isText := pair.Value.(*ast.BasicLit)
				if !isName || !isText || key.Name != "Code" || literal.Kind != token.STRING {
					return true
				}
				code, err := strconv.Unquote(literal.Value)
				if err != nil || !known(t, code) && !slices.Contains(silent, code) {
					t.Errorf("%s: %s is no code of the contract", path, literal.Value)
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// shimCode is how the shim writes a code: as a member, or as an argument of
// kakaoError, perhaps on a line of its own.
var shimCode = regexp.MustCompile(`(?:\b(?:code|error):\s*|\bkakaoError\(.*,\s*|^\s*)'([a-z]+(?:_[a-z]+)+)'(?:,|\W*$)`)

func TestErrorsOfTheShimAreKnown(t *testing.T) {
	files, err := filepath.Glob("../../npm/*.js")
	if err != nil || len(files) == 0 {
		t.Fatal("there is no shim", err)
	}
	found := 0
	for _, path := range files {
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(source)) {
			for _, match := range shimCode.FindAllStringSubmatch(line, -1) {
				found++
				if !known(t, match[1]) {
					t.Errorf("%s: %s is no code of the contract", path, match[1])
				}
			}
		}
	}
	if found < 5 {
		t.Errorf("only %d codes were found", found)
	}
}
