package emulator

import (
	"strconv"
	"testing"
	"time"
)

func TestAnswersThatNobodyFetchesAreForgotten(t *testing.T) {
	now := time.Unix(0, 0)
	s := newStore(func() time.Time { return now }, Duration(time.Hour), Duration(time.Hour))
	for i := range 100 {
		s.keepAnswer(transaction{"app", strconv.Itoa(i)}, polledCode("code"))
		s.keepAnswer(transaction{"app", strconv.Itoa(i)}, polledCode("another code"))
	}
	if len(s.answers) != 100 {
		t.Errorf("%d answers for 100 transactions", len(s.answers))
	}
	now = now.Add(codeTTL)
	s.keepAnswer(transaction{"app", "last"}, polledCode("code"))
	if len(s.answers) != 1 {
		t.Errorf("%d answers are left when all but one have expired", len(s.answers))
	}
	if _, ok := s.takeAnswer(transaction{"app", "last"}); !ok || len(s.answers) != 0 {
		t.Errorf("fetched %t, %d answers left", ok, len(s.answers))
	}
}
