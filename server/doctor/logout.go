package doctor

import (
	"context"
	"strings"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
	"github.com/kakaowasm/kakaowasm/kakao/rest"
)

// checkLogoutURI asks for the page that also ends the session of the Kakao
// Account, for a browser that has none. The feature is optional, so that nothing
// here is a failure. Source: Kakao Login > REST API > Logout of service and
// Kakao Account.
func (e *examination) checkLogoutURI(ctx context.Context) Finding {
	if e.RESTAPIKey == "" {
		return skipped(CheckLogoutURI, catalog.Text{En: "no REST API key", Ko: "REST API 키가 없음"})
	}
	uri := strings.TrimSuffix(e.PublicURL, "/") + contract.PathLogoutCallback
	address, err := e.rest.AsApp(rest.App{Key: e.RESTAPIKey}).LogoutURL(rest.LogoutRequest{LogoutRedirectURI: uri})
	if err != nil {
		return explain(CheckLogoutURI, err)
	}
	switch a := e.visit(ctx, address, uri); {
	case a.kind == returned:
		return ok(CheckLogoutURI, quoted(uri))
	case a.kind == refusal && a.koe == koeLogoutURI:
		problem, _ := catalog.FindKOE(koeLogoutURI)
		return refused(Warning, CheckLogoutURI, a.compared(quoted(uri)), problem)
	}
	return skipped(CheckLogoutURI, catalog.Text{En: "could not tell; only the logout of the Kakao Account needs it", Ko: "판단할 수 없음, 카카오계정과 함께 로그아웃할 때만 필요"})
}
