package mistake

import (
	"regexp"
	"slices"
	"testing"
)

var verb = regexp.MustCompile(`%[a-z]`)

func TestKoreanProblemsTakeTheSameValues(t *testing.T) {
	for en, ko := range koreanProblems {
		if want, got := verb.FindAllString(en, -1), verb.FindAllString(ko, -1); !slices.Equal(want, got) {
			t.Errorf("%q takes %v, its translation %q takes %v", en, want, ko, got)
		}
	}
}
