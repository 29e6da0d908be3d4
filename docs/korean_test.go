package docs_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// hangul is Korean text.
var hangul = regexp.MustCompile(`\p{Hangul}`)

// Sentences end in one of these; what ends otherwise is a label.
var (
	formal   = regexp.MustCompile(`(니다|세요|까요|나요|가요)$`)
	informal = regexp.MustCompile(`요$`)
	// plain endings of verbs: nouns and particles that end in 다 are few.
	plain       = regexp.MustCompile(`[^니]다$`)
	notPlain    = regexp.MustCompile(`(마다|보다)$`)
	notPolite   = regexp.MustCompile(`(필요|중요|주요|개요|수요|소요)$`)
	deferential = regexp.MustCompile(`십시오$`)
)

// inRegister reports whether a sentence, or a label, may stand in a surface of a
// register.
func inRegister(register, sentence string) bool {
	ending := endOf(sentence)
	switch {
	case ending == "":
		return true
	case deferential.MatchString(ending), plain.MatchString(ending) && !notPlain.MatchString(ending):
		return false
	case register == "합니다":
		return !informal.MatchString(ending) || formal.MatchString(ending) || notPolite.MatchString(ending)
	default:
		return !strings.HasSuffix(ending, "니다") && !strings.HasSuffix(ending, "니까")
	}
}

var (
	inBrackets = regexp.MustCompile(`\s*[(\[][^()\[\]]*[)\]]$`)
	afterEnd   = regexp.MustCompile(`[^\p{Hangul}\p{Latin}\d)\]]+$`)
)

// endOf is a sentence up to its last Korean word, without what stands behind it in
// brackets; empty if something else ends it.
func endOf(sentence string) string {
	for {
		shorter := inBrackets.ReplaceAllString(afterEnd.ReplaceAllString(sentence, ""), "")
		if shorter == sentence {
			break
		}
		sentence = shorter
	}
	if last := []rune(sentence); len(last) == 0 || !hangul.MatchString(string(last[len(last)-1])) {
		return ""
	}
	return sentence
}

var endOfSentence = regexp.MustCompile(`[.?!:;](\s|$)|["“”‘’]|\n`)

// sentencesOf are the sentences and labels of a text.
func sentencesOf(text string) []string {
	return slices.DeleteFunc(endOfSentence.Split(text, -1), func(s string) bool { return !hangul.MatchString(s) })
}

var (
	codeBlock  = regexp.MustCompile("(?s)(?:^|\n)[ \t]*```.*?\n[ \t]*```")
	inlineCode = regexp.MustCompile("`[^`]*`")
	link       = regexp.MustCompile(`\]\([^)]*\)`)
	newText    = regexp.MustCompile(`\n\s*(\n|[-*|]|\d+\.)`)
	literal    = regexp.MustCompile("'(?:[^'\\\\\n]|\\\\.)*'|\"(?:[^\"\\\\\n]|\\\\.)*\"|`[^`]*`|>[^<>{}]+<")
	hole       = regexp.MustCompile(`\$?\{[^{}]*\}`)
)

// textsOf are the Korean texts of a file: prose of Markdown with each cell of a
// table by itself, literals of programs.
func textsOf(t *testing.T, name, content string) (texts []string) {
	t.Helper()
	switch filepath.Ext(name) {
	case ".md":
		content = link.ReplaceAllString(inlineCode.ReplaceAllString(codeBlock.ReplaceAllString(content, "\n\n"), "A"), "]")
		for _, block := range newText.Split("\n"+content, -1) {
			texts = append(texts, strings.Split(strings.ReplaceAll(strings.ReplaceAll(block, "\n", " "), "*", ""), " | ")...)
		}
	case ".go":
		file, err := parser.ParseFile(token.NewFileSet(), name, content, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if lit, isText := n.(*ast.BasicLit); isText && lit.Kind == token.STRING {
				text, err := strconv.Unquote(lit.Value)
				if err != nil {
					t.Fatal(err)
				}
				texts = append(texts, inlineCode.ReplaceAllString(text, "A"))
			}
			return true
		})
	default:
		for _, text := range literal.FindAllString(content, -1) {
			texts = append(texts, hole.ReplaceAllString(strings.Trim(text, "'\"`<>"), "A"))
		}
		if filepath.Ext(name) == ".yaml" {
			texts = append(texts, strings.Split(content, "\n")...)
		}
	}
	return slices.DeleteFunc(texts, func(text string) bool { return !hangul.MatchString(text) })
}

// koreanFiles are the tracked files that hold Korean text.
func koreanFiles(t *testing.T) []string {
	t.Helper()
	list := exec.CommandContext(t.Context(), "git", "grep", "-lzP", `\p{Hangul}`)
	list.Dir = ".."
	output, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(output), "\x00"), "\x00")
}

// quotes are files in which Korean stands as data or as a quotation: tests and
// what they read, and English documents.
var quotes = regexp.MustCompile(`_test\.go$|\.(test|more)\.m?js$|\.test-d\.ts$|\.spec\.js$|/testdata/|^e2e/|^\.github/|^internal/idn/|/storetest/|` +
	`^docs/korean\.md$|(^|/)[a-zA-Z-]+\.md$`)

// surface is a row of the table of registers.
type surface struct {
	name, register string
	files          []string
}

func surfaces(t *testing.T) (all []surface) {
	for _, cells := range tableIn(t, "korean.md", "Registers") {
		all = append(all, surface{cells[0], cells[2], codes(cells[1])})
	}
	return all
}

func TestKoreanFilesBelongToOneSurface(t *testing.T) {
	all := surfaces(t)
	for _, name := range koreanFiles(t) {
		if quotes.MatchString(name) && !strings.HasSuffix(name, ".ko.md") {
			continue
		}
		var of []string
		for _, s := range all {
			if slices.ContainsFunc(s.files, func(pattern string) bool { matched, _ := filepath.Match(pattern, name); return matched }) {
				of = append(of, s.name)
			}
		}
		if len(of) != 1 {
			t.Errorf("%s belongs to %d surfaces of docs/korean.md: %q", name, len(of), of)
		}
	}
}

func TestKoreanSpeaksInOneRegisterPerSurface(t *testing.T) {
	for _, s := range surfaces(t) {
		sentences := 0
		eachText(t, s, func(file, text string) {
			for _, sentence := range sentencesOf(text) {
				sentences++
				if !inRegister(s.register, sentence) {
					t.Errorf("%s: not in the register %s of %s: %s", file, s.register, s.name, strings.TrimSpace(sentence))
				}
			}
		})
		if sentences == 0 {
			t.Errorf("%s: no Korean text in %q", s.name, s.files)
		}
	}
}

func TestKoreanUsesTheWordsOfTheGlossary(t *testing.T) {
	var forbidden []string
	for _, cells := range tableIn(t, "korean.md", "Glossary") {
		forbidden = append(forbidden, strings.Split(cells[2], ", ")...)
	}
	for _, cells := range tableIn(t, "korean.md", "Phrases of translations") {
		forbidden = append(forbidden, strings.Split(cells[0], ", ")...)
	}
	for _, s := range surfaces(t) {
		eachText(t, s, func(file, text string) {
			for _, word := range forbidden {
				if strings.Contains(text, word) {
					t.Errorf("%s: %q is forbidden by docs/korean.md: %s", file, word, strings.TrimSpace(text))
				}
			}
		})
	}
}

// eachText calls check with every Korean text of a surface.
func eachText(t *testing.T, s surface, check func(file, text string)) {
	t.Helper()
	for _, pattern := range s.files {
		names, err := filepath.Glob(filepath.Join("..", pattern))
		if err != nil || len(names) == 0 {
			t.Errorf("%s: there is no %s, %v", s.name, pattern, err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			content, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range textsOf(t, name, string(content)) {
				check(name, text)
			}
		}
	}
}

// The check itself tells registers apart, in every kind of file.
func TestRegistersAreToldApart(t *testing.T) {
	for sentence, registers := range map[string]string{
		"토큰을 갱신합니다":           "합니다",
		"토큰을 갱신하세요":           "합니다 해요",
		"토큰을 갱신할까요?":          "합니다 해요",
		"왜 느린가요?":             "합니다 해요",
		"토큰을 갱신해요":            "해요",
		"이미 계정이 있어요":          "해요",
		"토큰이 만료됐어요(30분).":     "해요",
		"토큰을 갱신한다":            "",
		"토큰이 없다.":             "",
		"확인하십시오":              "",
		"토큰을 갱신합니다(RFC 6749)": "합니다",
		"액세스 토큰 만료":           "합니다 해요",
		"요청마다":                "합니다 해요",
		"https 필요":            "합니다 해요",
		"`Kakao.init`":        "합니다 해요",
	} {
		for _, register := range []string{"합니다", "해요"} {
			if got, want := inRegister(register, sentence), strings.Contains(registers, register); got != want {
				t.Errorf("%s in %s: %t, want %t", sentence, register, got, want)
			}
		}
	}
	for name, content := range map[string]string{
		"a.md":   "# 제목\n\n한 줄은 갱신합니다. 다음\n줄은 갱신해요. `갱신한다`\n",
		"b.md":   "| 이름 | 한 줄은 갱신합니다 | 다음 줄은 갱신해요 |\n",
		"a.go":   "package a\n\n// 설명한다.\nvar a = \"갱신합니다. \" + \"갱신해요\"\n",
		"a.js":   "const a = ['갱신합니다', (n) => `${n}번 갱신해요`];",
		"a.html": "<p>갱신합니다</p><p>갱신해요</p>",
	} {
		var wrong []string
		for _, text := range textsOf(t, name, content) {
			for _, sentence := range sentencesOf(text) {
				if !inRegister("합니다", sentence) {
					wrong = append(wrong, sentence)
				}
			}
		}
		if len(wrong) != 1 || !strings.HasSuffix(endOf(wrong[0]), "갱신해요") {
			t.Errorf("%s: found %q", name, wrong)
		}
	}
}
