package contract

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"
)

func TestFlowStateHoldsFlowRandomAndReturnAddress(t *testing.T) {
	for _, flow := range []Flow{PopupFlow, RedirectFlow} {
		const returnTo = "https://app.example.test/페이지?a=1"
		parts := strings.Split(FlowState(flow, bytes.Repeat([]byte{7}, RandomSize), returnTo), ".")
		if len(parts) != 3 || parts[0] != string(flow) || len(parts[1]) != 43 {
			t.Fatalf("the state has the parts %q", parts)
		}
		if got, err := base64.RawURLEncoding.DecodeString(parts[2]); err != nil || string(got) != returnTo {
			t.Errorf("the return address reads %q, %v", got, err)
		}
	}
}

func TestStatesHaveTheRandomnessOfTheirBytes(t *testing.T) {
	random := make([]byte, RandomSize)
	first := FlowState(PopupFlow, random, "https://a.test")
	random[RandomSize-1] = 1
	if second := FlowState(PopupFlow, random, "https://a.test"); first == second {
		t.Error("two states of different random bytes are equal")
	}
	if RandomSize*8 < 128 {
		t.Errorf("a state has %d random bits, want 128 at least", RandomSize*8)
	}
}

func TestRandomOfIsThatOfAStateAlone(t *testing.T) {
	random := EncodeRandom(bytes.Repeat([]byte{0xfb}, RandomSize))
	for _, flow := range []Flow{PopupFlow, RedirectFlow} {
		if got := RandomOf(FlowState(flow, bytes.Repeat([]byte{0xfb}, RandomSize), "https://a.example/")); got != random {
			t.Errorf("%c: %q", flow, got)
		}
	}
	for _, state := range []string{
		"", "p", "p.", "x." + random, "pr." + random + ".x", "p." + random[1:] + ".x", "p." + random + "A.x", "p.short.x",
		" p." + random, "p." + random[1:] + "=.x", "p." + random[1:] + ";.x", "p." + random[1:] + "+.x", "p." + random + "\n.x", "p." + random[1:] + "\n.x", random,
	} {
		if got := RandomOf(state); got != "" {
			t.Errorf("%q: %q", state, got)
		}
	}
}
