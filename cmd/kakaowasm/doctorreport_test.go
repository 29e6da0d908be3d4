package main

import "testing"

func TestHangulTakesTwoColumns(t *testing.T) {
	for text, want := range map[string]int{"": 0, "ok": 2, "정상": 4, "카카오 Login": 12, "ＫＯＥ": 6} {
		if got := columns(text); got != want {
			t.Errorf("%q takes %d columns, want %d", text, got, want)
		}
		if got := columns(fillRight(text, 14)); got != 14 {
			t.Errorf("%q filled takes %d columns, want 14", text, got)
		}
	}
	if got := fillRight("정상", 3); got != "정상" {
		t.Errorf("a text that is too long became %q", got)
	}
}
