package jsbridge

import (
	"slices"
	"testing"

	"github.com/kakaowasm/kakaowasm/sdk"
)

// written is how npm/border.js writes an event.
func written(fields ...string) string {
	text := EncodeCommands([]sdk.Command{{Do: "", Data: fields}})
	return text[len("\x000\x000\x00")+len(itoa(len(fields)))+1:]
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + itoa(n%10)
}

func TestEventsAreReadAsTheyWereWritten(t *testing.T) {
	e := DecodeEvent(written("answer", "12", "34", "1800000000000", "kept\x00\x01", "0", "status", "200", "text", "\x00\x01a\x01b 값"))
	want := []string{"status", "200", "text", "\x00\x01a\x01b 값"}
	if e.Type != "answer" || e.Flow != 12 || e.Number != 34 || e.Now != 1_800_000_000_000 || e.Stored != "kept\x00\x01" {
		t.Errorf("read %+v", e)
	}
	if !slices.Equal(e.Data, want) {
		t.Errorf("read the data %q, want %q", e.Data, want)
	}
}

func TestSettingsComeBeforeTheData(t *testing.T) {
	e := DecodeEvent(written("login", "0", "1", "3", "", "6", "scope", "sopenid", "throughTalk", "b1", "isPopup", "b", "left", "4"))
	want := sdk.Settings{Scope: "openid", ThroughTalk: true}
	if e.Settings == nil || *e.Settings != want || !slices.Equal(e.Data, []string{"left", "4"}) {
		t.Errorf("read %+v with %q, want %+v", e.Settings, e.Data, want)
	}
}

// A value of another type, and what is no setting, is left out.
func TestSettingsOfAnotherType(t *testing.T) {
	s := bindByName([]string{"scope", "b1", "throughTalk", "strue", "isPopup", "", "state", "", "bogus", "sx", "nonce"})
	if *s != (sdk.Settings{}) {
		t.Errorf("read %+v, want nothing", *s)
	}
}

func TestTheCountOfSettingsMayBeWrong(t *testing.T) {
	for count, settings := range map[string]bool{"-1": false, "99": true, "x": false, "9223372036854775807": false, "1": true} {
		if e := DecodeEvent(written("login", "0", "1", "3", "", count, "scope")); (e.Settings != nil) != settings || e.Settings != nil && *e.Settings != (sdk.Settings{}) {
			t.Errorf("%s: read %+v", count, e.Settings)
		}
	}
}

func TestWhatIsNoEventIsReadAsAnEmptyOne(t *testing.T) {
	for _, text := range []string{"", "login", "\x01", "\x00", "a\x00b\x00c\x00-1\x00"} {
		if e := DecodeEvent(text); e.Flow != 0 || e.Number != 0 || e.Now != 0 || len(e.Data) != 0 {
			t.Errorf("%q is read as %+v", text, e)
		}
	}
}

func FuzzFieldsCrossTheBorder(f *testing.F) {
	f.Add("a", "b")
	f.Add("\x00", "\x01")
	f.Add("\x01a", "\x01b\x00")
	f.Fuzz(func(t *testing.T, first, second string) {
		e := DecodeEvent(written("x", "1", "2", "3", "", "0", first, second))
		if !slices.Equal(e.Data, []string{first, second}) {
			t.Errorf("%q and %q arrive as %q", first, second, e.Data)
		}
	})
}
