package doctor

import (
	"context"
	"errors"
	"slices"

	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
	"github.com/kakaowasm/kakaowasm/kakao/rest"
)

// host is a host of the platform that a step asks.
type host uint8

const (
	nowhere host = iota
	auth
	api
)

// reachability is what the first request to each host came to. Where that is no
// answer of Kakao's, nothing else is asked there.
type reachability struct{ auth, api, discovery Finding }

func (m reachability) reached(h host) bool {
	switch h {
	case auth:
		return m.auth.Verdict == OK
	case api:
		return m.api.Verdict == OK
	}
	return true
}

var notReached = catalog.Text{En: "Kakao was not reached", Ko: "카카오에 접속하지 못함"}

// reach asks both hosts something that needs no key.
func (e *examination) reach(ctx context.Context) reachability {
	if m, wrong := e.misplaced(); wrong {
		return m
	}
	var m reachability
	atOnce(2, func(i int) {
		if i == 0 {
			m.auth, m.discovery = e.reachAuth(ctx)
			return
		}
		m.api = e.reachAPI(ctx)
	})
	return m
}

// misplaced reports the origins of a platform that may not be asked.
func (e *examination) misplaced() (reachability, bool) {
	m := reachability{discovery: skipped(CheckDiscovery, notReached)}
	var badAuth, badAPI bool
	m.auth, badAuth = judgePlatform(CheckAuth, e.Platform.Auth)
	m.api, badAPI = judgePlatform(CheckAPI, e.Platform.API)
	return m, badAuth || badAPI
}

func judgePlatform(c Check, origin string) (Finding, bool) {
	if f, bad := judgeOrigin(c, origin); bad {
		return f, true
	}
	return skipped(c, catalog.Text{En: "the other address of the platform is wrong", Ko: "플랫폼의 다른 주소가 잘못됨"}), false
}

// reachAuth reads the metadata, which says at once whether that is Kakao.
func (e *examination) reachAuth(ctx context.Context) (reached, discovery Finding) {
	metadata, err := e.rest.Discovery(ctx)
	switch {
	case err == nil:
		discovery = checkMetadata(e.Platform, metadata)
	case errors.Is(err, rest.ErrIssuer):
		discovery = wrong(Failure, CheckDiscovery, sayf("the metadata names another issuer than %s", "메타데이터의 issuer가 %s와 다름", e.Platform.Auth),
			catalog.Text{En: "ID tokens carry that other issuer, and are refused.", Ko: "ID 토큰의 iss가 달라 거부됩니다."},
			catalog.Text{En: "Give the origin as the authorization server names itself.", Ko: "인가 서버가 밝히는 오리진을 그대로 설정합니다."})
	case isKakao(err):
		discovery = explain(CheckDiscovery, err)
	default:
		return notMet(CheckAuth, e.Platform.Auth, err), skipped(CheckDiscovery, notReached)
	}
	return ok(CheckAuth, sayf("%s answers", "%s 응답함", e.Platform.Auth)), discovery
}

// reachAPI asks with a token that cannot be one: Kakao says so in its own way.
func (e *examination) reachAPI(ctx context.Context) Finding {
	_, err := e.rest.AsUser(rest.NewUserToken("kakaowasm-doctor")).TokenInfo(ctx)
	if isKakao(err) {
		return ok(CheckAPI, sayf("%s answers", "%s 응답함", e.Platform.API))
	}
	return notMet(CheckAPI, e.Platform.API, err)
}

// isKakao reports whether an error is an error object of Kakao's.
func isKakao(err error) bool {
	said, found := errors.AsType[*rest.Error](err)
	return found && said.Code != 0 || is[*rest.OAuthError](err)
}

// notMet says why a host is not there, or that something else is.
func notMet(c Check, origin string, err error) Finding {
	if errors.Is(err, rest.ErrUnreachable) {
		o := outageOf(err)
		f := wrong(Failure, c, o.found, o.cause, o.fix)
		f.Found.En, f.Found.Ko = origin+": "+f.Found.En, origin+": "+f.Found.Ko
		return f
	}
	found := sayf("%s answers, but not as Kakao does", "%s에서 응답하지만 카카오의 응답이 아님", origin)
	if said, isError := errors.AsType[*rest.Error](err); isError {
		found = sayf("%s answers with status %d, but not as Kakao does", "%s에서 상태 %d로 응답하지만 카카오의 응답이 아님", origin, said.Status)
	}
	return wrong(Failure, c, found,
		catalog.Text{En: "A proxy, a firewall or a login page of the network answers in its place, the address is wrong, or Kakao is down.", Ko: "프록시, 방화벽, 네트워크 로그인 화면이 대신 응답하거나, 주소가 틀렸거나, 카카오에 장애가 있습니다."},
		catalog.Text{En: "Open the address in a browser on this machine and see who answers.", Ko: "이 서버에서 주소를 직접 열어 누가 응답하는지 확인합니다."})
}

// explain is the finding for an error of kakao/rest that no check expects.
func explain(c Check, err error) Finding {
	verdict := Failure
	problem, known := problemOf(err)
	if problem.Passes {
		verdict = Warning
	}
	switch {
	case known:
		return refused(verdict, c, catalog.Text{En: "Kakao refused", Ko: "카카오가 요청을 거부함"}, problem)
	case errors.Is(err, rest.ErrUnreachable):
		o := outageOf(err)
		return wrong(Warning, c, o.found, o.cause, o.fix)
	}
	f := unclear(c, catalog.Text{En: "an unexpected answer", Ko: "예상하지 못한 응답"})
	f.Code = koeForm.FindString(koeOf(err))
	return f
}

// problemOf is what the catalogue knows of an error.
func problemOf(err error) (catalog.Problem, bool) {
	if said, found := errors.AsType[*rest.OAuthError](err); found {
		return said.Problem()
	}
	if said, found := errors.AsType[*rest.Error](err); found {
		return said.Problem()
	}
	return catalog.Problem{}, false
}

// checkMetadata compares the metadata with what the SDK and the server use.
func checkMetadata(p kakao.Platform, m rest.Metadata) Finding {
	for _, expected := range []struct {
		holds bool
		what  string
	}{
		{m.AuthorizationEndpoint == p.Auth+kakao.PathAuthorize, "authorization_endpoint"},
		{m.TokenEndpoint == p.Auth+kakao.PathToken, "token_endpoint"},
		{m.JWKSURI == p.Auth+kakao.PathJWKS, "jwks_uri"},
		{slices.Contains(m.IDTokenSigningAlgValuesSupported, "RS256"), "id_token_signing_alg_values_supported"},
		{slices.Contains(m.CodeChallengeMethodsSupported, "S256"), "code_challenge_methods_supported"},
	} {
		if !expected.holds {
			return wrong(Warning, CheckDiscovery, sayf("%s is not as expected", "%s 값이 예상과 다름", expected.what),
				catalog.Text{En: "Something stands between this machine and Kakao, or Kakao has changed.", Ko: "중간 장비가 응답을 바꾸었거나 카카오의 사양이 바뀌었습니다."},
				catalog.Text{En: "Update kakaowasm; if that does not help, look at the proxy.", Ko: "kakaowasm을 업데이트하고, 그래도 같으면 프록시를 확인합니다."})
		}
	}
	return ok(CheckDiscovery, catalog.Text{En: "issuer and endpoints as expected", Ko: "issuer와 엔드포인트가 예상과 같음"})
}
