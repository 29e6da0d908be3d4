package sdk

import "testing"

func TestRenewBefore(t *testing.T) {
	for lifetime, want := range map[int]int{43199: 300, 3000: 300, 600: 60, 10: 1, 0: 0} {
		if got := RenewBefore(lifetime); got != want {
			t.Errorf("RenewBefore(%d) = %d, want %d", lifetime, got, want)
		}
	}
}
