package language

import "cmp"

// Text is a text for people in the languages of the pages. Where Japanese or
// Chinese is missing, English takes its place.
type Text struct {
	Ko string `json:"ko"`
	En string `json:"en"`
	Ja string `json:"ja,omitempty"`
	Zh string `json:"zh,omitempty"`
}

// In returns the text in a language.
func (t Text) In(l Tag) string {
	switch l {
	case Korean:
		return t.Ko
	case japanese:
		return cmp.Or(t.Ja, t.En)
	case chinese:
		return cmp.Or(t.Zh, t.En)
	}
	return t.En
}
