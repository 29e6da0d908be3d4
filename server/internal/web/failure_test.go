package web

import (
	"testing"
	"time"
)

// Clients that were refused at once are not told to come back at once. A longer
// pause is Kakao's own, or a limit's, and stays as it is.
func TestARefusedCrowdComesBackSpreadOut(t *testing.T) {
	seconds := map[int]int{}
	for range 3000 {
		pause := jitter(RetryAfter)
		if pause < RetryAfter || pause >= 2*RetryAfter {
			t.Fatalf("told to wait %v", pause)
		}
		seconds[int(pause.Seconds())]++
	}
	if len(seconds) != 3 {
		t.Errorf("told to wait %v seconds, by how often", seconds)
	}
	if pause := jitter(time.Minute); pause != time.Minute {
		t.Errorf("a minute became %v", pause)
	}
}
