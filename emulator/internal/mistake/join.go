package mistake

import (
	"errors"
	"regexp"
	"slices"
	"strings"
)

// Member is the place of a member within another place.
func Member(place, name string) string {
	if place == "" {
		return name
	}
	return place + "." + name
}

// Join joins what the schema refuses with what is wrong besides. Of the
// latter, only what does not follow from the former is told.
func Join(invalid, wrong error) error {
	if invalid == nil {
		return wrong
	}
	var all, more List
	all.Join(invalid)
	more.Join(wrong)
	refused := slices.Clone(all)
	for _, err := range more {
		if !slices.ContainsFunc(refused, func(cause error) bool { return follows(err, cause) }) {
			all = append(all, err)
		}
	}
	return errors.Join(all...)
}

// follows reports whether a mistake may be there only because of another: at the
// same place, within it, or about an ID that could not be read.
func follows(err, cause error) bool {
	var of, by *Mistake
	if !errors.As(err, &of) || !errors.As(cause, &by) {
		return false
	}
	if within, ok := strings.CutPrefix(of.Place, by.Place); ok && (within == "" || strings.ContainsAny(within[:1], ".[")) {
		return true
	}
	return registers.MatchString(by.Place) && refers.MatchString(of.Place)
}

// registers are the places that say which apps and users there are, refers those
// that name them.
var (
	registers = regexp.MustCompile(`^(apps|users)(\[\d+\])?(\.id)?$`)
	refers    = regexp.MustCompile(`^(auto_login|links|tokens|users\[\d+\]\.talk)\b`)
)
