package sdk

import (
	"encoding/json"
	"strconv"
	"testing"
	"unicode/utf8"

	"github.com/kakaowasm/kakaowasm/kakao"
)

func FuzzJSONIsThatOfTheStandardLibrary(f *testing.F) {
	f.Add("code", "a\"b\\c\n\x01한글")
	f.Fuzz(func(t *testing.T, name, value string) {
		if !utf8.ValidString(name) || !utf8.ValidString(value) {
			return
		}
		var got map[string]string
		if err := json.Unmarshal([]byte(jsonObject("", []kakao.Pair{{Name: name, Value: value}})), &got); err != nil {
			t.Fatal(err)
		}
		if len(got) != 1 || got[name] != value {
			t.Errorf("%q: %q is read back as %v", name, value, got)
		}
	})
}

func TestJSONAfterWrittenMembers(t *testing.T) {
	if got := jsonObject(`"is_popup":true`, []kakao.Pair{{Name: "a", Value: "b"}}); got != `{"is_popup":true,"a":"b"}` {
		t.Errorf("got %s", got)
	}
}

func FuzzNumbersAreThoseOfTheStandardLibrary(f *testing.F) {
	for _, s := range []string{"", "0", "7", "0012", "-1", "999999999999999999", "9999999999999999999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		want, err := strconv.ParseInt(s, 10, 64)
		if err != nil || want < 0 || s[0] == '+' || len(s) > 18 {
			want = 0
		}
		if got := Number(s); got != want {
			t.Errorf("number(%q) = %d, want %d", s, got, want)
		}
	})
}

func TestRandomBytesCrossAsCharacters(t *testing.T) {
	all := make([]rune, 256)
	for i := range all {
		all[i] = rune(i)
	}
	for i, b := range latin1(string(all)) {
		if int(b) != i {
			t.Errorf("character %d is read as %d", i, b)
		}
	}
}

func TestOriginOf(t *testing.T) {
	for address, want := range map[string]string{
		"https://app.example.test/kakao": "https://app.example.test",
		"http://127.0.0.1:8480":          "http://127.0.0.1:8480",
	} {
		if got := originOf(address); got != want {
			t.Errorf("originOf(%q) = %q, want %q", address, got, want)
		}
	}
}
