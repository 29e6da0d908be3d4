package catalog_test

import (
	"regexp"
	"testing"

	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// maxHint is how much of a hint the SDK passes on to a page (npm/host.js).
const maxHint = 300

func TestProblemsAreWholeInBothLanguages(t *testing.T) {
	koe, hangul := regexp.MustCompile(`^KOE\d{3}$`), regexp.MustCompile(`\p{Hangul}`)
	seen := map[string]bool{}
	codes := map[int]bool{}
	for _, p := range catalog.Problems {
		if (p.KOE != "") == (p.Code != 0) || p.Code > 0 || p.KOE != "" && !koe.MatchString(p.KOE) || (p.Group == catalog.AtAPI) != (p.Code != 0) {
			t.Errorf("%s %d: not one code, or a malformed one", p.KOE, p.Code)
		}
		if p.KOE != "" && seen[p.KOE] || codes[p.Code] && p.Code != 0 {
			t.Errorf("%s %d: twice", p.KOE, p.Code)
		}
		seen[p.KOE], codes[p.Code] = true, true
		if len(p.Fix.En) > maxHint {
			t.Errorf("%s %d: the fix has %d bytes, the SDK keeps %d of a hint", p.KOE, p.Code, len(p.Fix.En), maxHint)
		}
		if p.Group.Source() == "" {
			t.Errorf("%s %d: no source", p.KOE, p.Code)
		}
		for _, text := range []catalog.Text{p.Cause, p.Fix} {
			checkDoc(t, p.KOE, text.En)
			checkDoc(t, p.KOE, text.Ko)
			if hangul.MatchString(text.En) || !hangul.MatchString(text.Ko) {
				t.Errorf("%s %d: a text is in the wrong language", p.KOE, p.Code)
			}
		}
	}
}

func TestEachErrorIsAProblem(t *testing.T) {
	all := append([]catalog.Error{catalog.ErrAlreadyLinked, catalog.ErrProperty, catalog.ErrIDToken}, catalog.CommonErrors...)
	for _, c := range append(catalog.Calls(), catalog.TalkCalls()...) {
		all = append(all, c.Errors...)
	}
	for _, e := range all {
		if e.KOE == "" && e.Code == 0 {
			continue
		}
		p, ok := catalog.FindKOE(e.KOE)
		if e.Code != 0 {
			p, ok = catalog.FindCode(e.Code)
		}
		if !ok || e.Status != 0 && p.Status != 0 && p.Status != e.Status || e.Name != "" && p.Name != "" && p.Name != e.Name {
			t.Errorf("%+v: found %t, %d %s", e, ok, p.Status, p.Name)
		}
	}
	if _, ok := catalog.FindKOE(""); ok {
		t.Error("a problem without a code")
	}
	if _, ok := catalog.FindCode(0); ok {
		t.Error("a problem without a code")
	}
}
