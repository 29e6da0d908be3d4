package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kakaowasm/kakaowasm/server/store/keyring"
)

func TestANewKeyComesFirstAndTheOthersStay(t *testing.T) {
	one, two, three := keyring.Generate(), keyring.Generate(), keyring.Generate()
	for name, test := range map[string]struct {
		before string
		want   []string
	}{
		"a file that is not there": {"", []string{three}},
		"one key":                  {one + "\n", []string{three, one}},
		"one key without a line":   {one, []string{three, one}},
		"two keys":                 {two + "\n" + one + "\n", []string{three, two, one}},
		"separated by commas":      {two + ", " + one, []string{three, two, one}},
		"from Windows":             {"\r\n" + two + "\r\n" + one + "\r\n", []string{three, two, one}},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "keys")
			if test.before != "" {
				if err := os.WriteFile(path, []byte(test.before), 0o640); err != nil {
					t.Fatal(err)
				}
			}
			count, err := addKey(path, three)
			if err != nil || count != len(test.want) {
				t.Fatalf("%d keys, %v", count, err)
			}
			content, _ := os.ReadFile(path)
			got := strings.Fields(strings.ReplaceAll(string(content), ",", " "))
			if strings.Join(got, " ") != strings.Join(test.want, " ") {
				t.Errorf("got %q", content)
			}
			wantMode := fs.FileMode(0o600)
			if test.before != "" {
				wantMode = 0o640 // as its owner chose
			}
			if info, _ := os.Stat(path); info.Mode() != wantMode {
				t.Errorf("mode %v, want %v", info.Mode(), wantMode)
			}
		})
	}
}

// What was sealed before the rotation opens after it.
func TestRotationLogsNobodyOut(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	var sealed [][]byte
	for range 3 {
		if _, err := addKey(path, keyring.Generate()); err != nil {
			t.Fatal(err)
		}
		content, _ := os.ReadFile(path)
		ring, err := keyring.Parse(string(content))
		if err != nil {
			t.Fatal(err)
		}
		sealed = append(sealed, ring.Seal([]byte("login"), nil))
		for i, value := range sealed {
			if _, err := ring.Open(value, nil); err != nil {
				t.Errorf("the value of key %d: %v", i, err)
			}
		}
	}
}

func TestAFileOfSomethingElseIsLeftAlone(t *testing.T) {
	path := file(t, "my diary\n")
	if _, err := addKey(path, keyring.Generate()); err == nil || strings.Contains(err.Error(), "diary") {
		t.Errorf("got %v", err)
	}
	if content, _ := os.ReadFile(path); string(content) != "my diary\n" {
		t.Errorf("it holds %q now", content)
	}
}
