package emulator

import (
	"strconv"
	"testing"
	"time"
)

func TestAnswersThatNobodyFetchesAreForgotten(t *testing.T) {
	now := time.Unix(0, 0)
	s := newStore(func() time.Time { return now })
	for i := range 100 {
		s.keepAnswer(transaction{"app", strconv.Itoa(i)}, polledCode("code"))
		s.keepAnswer(transaction{"app", strconv.Itoa(i)}, polledCode("another code"))
	}
	if len(s.Answers) != 100 {
		t.Errorf("%d answers for 100 transactions", len(s.Answers))
	}
	now = now.Add(codeTTL)
	s.keepAnswer(transaction{"app", "last"}, polledCode("code"))
	if len(s.Answers) != 1 {
		t.Errorf("%d answers are left when all but one have expired", len(s.Answers))
	}
	if _, ok := s.takeAnswer(transaction{"app", "last"}); !ok || len(s.Answers) != 0 {
		t.Errorf("fetched %t, %d answers left", ok, len(s.Answers))
	}
}
