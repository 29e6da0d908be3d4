package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kakaowasm/kakaowasm/internal/embeddedsdk"
	"github.com/kakaowasm/kakaowasm/kakao"
)

func TestAnSDKOfAnotherVersionIsRefused(t *testing.T) {
	for name, test := range map[string]struct{ script, refusal string }{
		"this version":             {"/*! kakaowasm " + kakao.Version + " | Apache-2.0 */\n", ""},
		"with a byte order mark":   {"\ufeff/*! kakaowasm " + kakao.Version + " | Apache-2.0 */\n", ""},
		"a bundle of one's own":    {"var Kakao = {};", ""},
		"another version":          {"\ufeff/*! kakaowasm 9.9.9 | Apache-2.0 */\n", "holds version 9.9.9 of the SDK, and this program is " + kakao.Version},
		"another, in a later line": {"var Kakao = {};\n/*! kakaowasm 9.9.9 | Apache-2.0 */\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "kakao.js"), []byte(test.script), 0o600); err != nil {
				t.Fatal(err)
			}
			sdk, err := openSDK(dir)
			if test.refusal == "" && (sdk == nil || err != nil) {
				t.Errorf("refused: %v", err)
			}
			if test.refusal != "" && (err == nil || !strings.Contains(err.Error(), test.refusal)) {
				t.Errorf("got %v, want %q", err, test.refusal)
			}
		})
	}
}

func TestWithoutAFolderItIsTheSDKInsideTheProgram(t *testing.T) {
	sdk, err := openSDK("")
	if _, embedded := embeddedsdk.Files(); (sdk != nil) != embedded || err != nil {
		t.Errorf("got %v, %v in a program with an SDK: %t", sdk, err, embedded)
	}
}

func TestADemoWithoutAnSDKSaysHowToGetOne(t *testing.T) {
	if _, embedded := embeddedsdk.Files(); embedded {
		t.Skip("this program was built with the tag embedsdk, and has an SDK")
	}
	err := (&DemoCmd{Addr: "127.0.0.1:0"}).Run(t.Context(), io.Discard)
	if err == nil || !strings.Contains(err.Error(), "make dist") {
		t.Errorf("got %v", err)
	}
}
