package store

import (
	"strconv"
	"testing"
	"time"
)

func TestAnswersThatNobodyFetchesAreForgotten(t *testing.T) {
	now := time.Unix(0, 0)
	s := New(func() time.Time { return now })
	for i := range 100 {
		s.KeepAnswer(Transaction{"app", strconv.Itoa(i)}, PolledCode("code"))
		s.KeepAnswer(Transaction{"app", strconv.Itoa(i)}, PolledCode("another code"))
	}
	if len(s.kept.Answers) != 100 {
		t.Errorf("%d answers for 100 transactions", len(s.kept.Answers))
	}
	now = now.Add(codeTTL)
	s.KeepAnswer(Transaction{"app", "last"}, PolledCode("code"))
	if len(s.kept.Answers) != 1 {
		t.Errorf("%d answers are left when all but one have expired", len(s.kept.Answers))
	}
	if _, ok := s.TakeAnswer(Transaction{"app", "last"}); !ok || len(s.kept.Answers) != 0 {
		t.Errorf("fetched %t, %d answers left", ok, len(s.kept.Answers))
	}
}
