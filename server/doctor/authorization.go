package doctor

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/kakaowasm/kakaowasm/kakao/catalog"
	"github.com/kakaowasm/kakaowasm/kakao/rest"
)

// How many pairs of key and redirect URI are asked about, and how many scopes
// one by one, so that an examination stays a handful of requests.
const (
	maxPairs  = 5
	maxScopes = 2
)

// What nobody registers, to see whether Kakao looks.
const (
	nobodysPath  = "/kakaowasm-doctor-asks-for-an-unregistered-address"
	nobodysScope = "kakaowasm_doctor_unset"
)

// Refusals that are about the key, the app and the parameters.
const (
	koeLoginOff    = "KOE004"
	koeRedirectURI = "KOE006"
	koeLogoutURI   = "KOE007"
	koeKeyKind     = "KOE008"
	koeSecret      = "KOE010"
	koeNoApp       = "KOE101"
	koeScope       = "KOE205"
)

// probe is one question whether a login may begin.
type probe struct {
	key appKey
	uri string
	answer
}

// authorization is what the probes came to.
type authorization struct {
	*examination
	probes []probe
	left   []probe // not asked: too many
	// looks reports whether Kakao refuses an address that nobody registered, so
	// that a login page proves something. It asks at most once, and only where
	// there was such a page.
	looks func() bool
}

// checkAuthorization begins logins that show no page, with every key and
// redirect URI, and reads what Kakao says to that.
func (e *examination) checkAuthorization(ctx context.Context) []Finding {
	a := e.probe(ctx)
	var findings []Finding
	for _, key := range e.appKeys() {
		findings = append(findings, a.judgeKey(key))
	}
	findings = append(findings, a.judgeLogin())
	for _, p := range a.probes {
		findings = append(findings, a.judgeRedirectURI(p))
	}
	for _, p := range a.left {
		findings = append(findings, skipped(CheckRedirectURI, p.about(notAsked)))
	}
	return append(findings, a.checkScopes(ctx))
}

// probe asks about every pair, the server's own redirect URI first.
func (e *examination) probe(ctx context.Context) *authorization {
	a := &authorization{examination: e}
	for _, uri := range append([]string{e.callback()}, e.RedirectURIs...) {
		for _, key := range e.appKeys() {
			a.probes = append(a.probes, probe{key: key, uri: uri})
		}
	}
	if len(a.probes) > maxPairs {
		a.probes, a.left = a.probes[:maxPairs], a.probes[maxPairs:]
	}
	atOnce(len(a.probes), func(i int) { a.probes[i].answer = e.begin(ctx, a.probes[i].key, a.probes[i].uri) })
	a.looks = sync.OnceValue(func() bool {
		i := slices.IndexFunc(a.probes, func(p probe) bool { return p.kind == login })
		control := e.begin(ctx, a.probes[i].key, e.callback()+nobodysPath)
		return control.kind == refusal && control.koe == koeRedirectURI
	})
	return a
}

// begin asks for an authorization code without a page: nobody is logged in, so
// that Kakao ends it at once (OpenID Connect Core 1.0, section 3.1.2.1).
func (e *examination) begin(ctx context.Context, key appKey, uri string, scopes ...string) answer {
	address, err := e.rest.AsApp(rest.App{Key: key.value}).AuthorizeURL(rest.AuthorizeRequest{
		RedirectURI: uri, Scope: scopes, Prompt: []rest.Prompt{rest.PromptNone},
	})
	if err != nil {
		return answer{kind: unanswered, err: err}
	}
	return e.visit(ctx, address, uri)
}

// accepted reports whether a login with this key and address may begin.
func (a *authorization) accepted(p probe) bool {
	return p.kind == returned || p.kind == login && a.looks()
}

var notAsked = catalog.Text{En: "not asked, too many", Ko: "개수가 많아 확인하지 않음"}

// about is a text on a pair.
func (p probe) about(what catalog.Text) catalog.Text {
	uri := quoted(p.uri)
	return p.key.about(catalog.Text{En: uri.En + ": " + what.En, Ko: uri.Ko + ": " + what.Ko})
}

// judgeKey tells from all answers to a key whether it is one.
func (a *authorization) judgeKey(key appKey) Finding {
	asked, known := false, false
	for _, p := range a.probes {
		if p.key != key {
			continue
		}
		asked = true
		if p.koe == koeNoApp || p.koe == koeKeyKind {
			problem, _ := catalog.FindKOE(p.koe)
			return refused(Failure, CheckKey, key.name(), problem)
		}
		known = known || p.kind == refusal && isAboutApp(p.koe) || a.accepted(p)
	}
	switch {
	case known:
		return ok(CheckKey, key.name())
	case !asked:
		return skipped(CheckKey, key.about(notAsked))
	}
	return unclear(CheckKey, key.name())
}

// isAboutApp reports whether Kakao says this only of an app that it knows.
func isAboutApp(koe string) bool {
	return slices.Contains([]string{koeLoginOff, koeRedirectURI, koeScope}, koe)
}

// judgeLogin tells whether Kakao Login is on.
func (a *authorization) judgeLogin() Finding {
	on := false
	for _, p := range a.probes {
		if p.koe == koeLoginOff {
			problem, _ := catalog.FindKOE(p.koe)
			return refused(Failure, CheckLogin, catalog.Text{En: "off", Ko: "꺼짐"}, problem)
		}
		on = on || a.accepted(p)
	}
	if on {
		return ok(CheckLogin, catalog.Text{En: "on", Ko: "켜짐"})
	}
	return skipped(CheckLogin, catalog.Text{En: "no login could begin, for the reasons above and below", Ko: "다른 문제 때문에 로그인을 시작할 수 없어 확인하지 못함"})
}

// judgeRedirectURI tells whether a redirect URI is registered with a key.
func (a *authorization) judgeRedirectURI(p probe) Finding {
	problem, known := catalog.FindKOE(p.koe)
	switch {
	case p.koe == koeNoApp || p.koe == koeKeyKind || p.koe == koeLoginOff:
		return skipped(CheckRedirectURI, p.about(sayf("Kakao does not look at it (%s)", "카카오가 확인하지 않음(%s)", p.koe)))
	case p.koe == koeRedirectURI && p.kind == refusal:
		return refused(a.severity(p.key), CheckRedirectURI, p.about(p.compared(catalog.Text{En: "not registered", Ko: "등록되지 않음"})), problem)
	case p.kind == refusal && known:
		return refused(Warning, CheckRedirectURI, p.about(catalog.Text{En: "Kakao refuses the login", Ko: "카카오가 로그인을 거부함"}), problem)
	case a.accepted(p):
		return ok(CheckRedirectURI, p.about(catalog.Text{En: "registered", Ko: "등록됨"}))
	}
	return p.unclear(CheckRedirectURI)
}

// severity is how much an unregistered redirect URI weighs: pages log in with a
// JavaScript key, so that the REST API key needs it only where there is none.
func (a *authorization) severity(key appKey) Verdict {
	if key.rest && len(a.appKeys()) > 1 {
		return Warning
	}
	return Failure
}

// unclear is the finding for an answer that proves nothing.
func (p probe) unclear(c Check) Finding {
	if p.kind == unanswered {
		o := outageOf(p.err)
		return wrong(Warning, c, p.about(o.found), o.cause, o.fix)
	}
	f := unclear(c, p.about(sayf("an unexpected answer with status %d", "예상하지 못한 응답(상태 %d)", p.status)))
	f.Code = p.koe
	return f
}

// checkScopes asks for the scopes with a pair that is accepted.
func (a *authorization) checkScopes(ctx context.Context) Finding {
	if len(a.Scopes) == 0 {
		return skipped(CheckScope, catalog.Text{En: "name the scopes with --scope", Ko: "--scope로 확인할 항목을 지정"})
	}
	i := slices.IndexFunc(a.probes, a.accepted)
	if i < 0 {
		return skipped(CheckScope, catalog.Text{En: "no login can begin yet", Ko: "아직 로그인을 시작할 수 없음"})
	}
	ask := func(scopes ...string) answer { return a.begin(ctx, a.probes[i].key, a.probes[i].uri, scopes...) }
	problem, _ := catalog.FindKOE(koeScope)
	switch all := ask(a.Scopes...); {
	case all.koe == koeScope:
		return refused(Failure, CheckScope, unsetScopes(a.Scopes, ask), problem)
	case all.kind != returned && all.kind != login || all.koe != "":
		return probe{a.probes[i].key, a.probes[i].uri, all}.unclear(CheckScope)
	case ask(nobodysScope).koe != koeScope:
		return unclear(CheckScope, catalog.Text{En: "Kakao looks at them only after the login", Ko: "카카오가 로그인 후에만 확인함"})
	}
	return ok(CheckScope, listed(a.Scopes, "set", "설정됨"))
}

// unsetScopes asks one by one, openid first, which scopes Kakao refuses.
func unsetScopes(scopes []string, ask func(...string) answer) catalog.Text {
	one, rest := slices.Clone(scopes), len(scopes)-maxScopes
	if i := slices.Index(one, scopeOpenID); i > 0 {
		one[0], one[i] = one[i], one[0]
	}
	unset := slices.DeleteFunc(one[:min(len(one), maxScopes)], func(scope string) bool {
		return len(scopes) > 1 && ask(scope).koe != koeScope
	})
	switch {
	case len(unset) == 0:
		return listed(scopes, "one or more of them not set", "이 중 하나 이상이 설정되지 않음")
	case rest > 0:
		return listed(unset, "not set, and maybe others", "설정되지 않음(다른 항목도 확인 필요)")
	}
	return listed(unset, "not set", "설정되지 않음")
}

const scopeOpenID = "openid"

// listed is a text on a list of scopes.
func listed(scopes []string, en, ko string) catalog.Text {
	list := fmt.Sprintf("%q: ", strings.Join(scopes, " "))
	return catalog.Text{En: list + en, Ko: list + ko}
}
