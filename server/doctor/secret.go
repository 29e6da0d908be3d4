package doctor

import (
	"context"
	"errors"

	"github.com/kakaowasm/kakaowasm/kakao/catalog"
	"github.com/kakaowasm/kakaowasm/kakao/rest"
)

// nobodysCode is no authorization code: Kakao checks who asks before it looks
// for the code (RFC 6749, section 4.1.3), and says that it does not exist.
const nobodysCode = "kakaowasm-doctor"

// checkClientSecret makes token requests that cannot succeed, without the client
// secret and with it.
func (e *examination) checkClientSecret(ctx context.Context) Finding {
	if e.RESTAPIKey == "" {
		return skipped(CheckClientSecret, catalog.Text{En: "no REST API key", Ko: "REST API 키가 없음"})
	}
	without := e.redeem(ctx, rest.ClientSecret{})
	wanted := koeOf(without) == koeSecret
	if !wanted && !pastSecret(without) {
		return explain(CheckClientSecret, without)
	}
	problem, _ := catalog.FindKOE(koeSecret)
	if e.ClientSecret == "" {
		if wanted {
			return refused(Failure, CheckClientSecret, catalog.Text{En: "missing: the app asks for one", Ko: "없음: 앱이 시크릿을 요구함"}, problem)
		}
		return ok(CheckClientSecret, catalog.Text{En: "none, and the app asks for none", Ko: "없음, 앱도 요구하지 않음"})
	}
	switch with := e.redeem(ctx, rest.NewClientSecret(e.ClientSecret)); {
	case koeOf(with) == koeSecret:
		return refused(Failure, CheckClientSecret, catalog.Text{En: "wrong", Ko: "틀림"}, problem)
	case !pastSecret(with):
		return explain(CheckClientSecret, with)
	case !wanted:
		return wrong(Warning, CheckClientSecret, catalog.Text{En: "configured, but the app does not ask for it", Ko: "설정했지만 앱이 요구하지 않음"},
			catalog.Text{En: "The client secret is off at Kakao: whoever knows the REST API key can redeem a stolen code.", Ko: "카카오에서 클라이언트 시크릿이 꺼져 있습니다. REST API 키만 알면 탈취한 인가 코드로 토큰을 받을 수 있습니다."},
			catalog.Text{En: "Switch it on in App > Platform key > REST API key > Client secret.", Ko: "[앱] > [플랫폼 키] > [REST API 키] > [클라이언트 시크릿]을 켭니다."})
	}
	return ok(CheckClientSecret, catalog.Text{En: "right", Ko: "맞음"})
}

// redeem tries a code that does not exist.
func (e *examination) redeem(ctx context.Context, secret rest.ClientSecret) error {
	_, err := e.rest.AsApp(rest.App{Key: e.RESTAPIKey, Secret: secret}).Exchange(ctx, rest.ExchangeRequest{
		RedirectURI: e.callback(), Code: nobodysCode,
	})
	return err
}

// pastSecret reports whether Kakao knew who asked, and went on to the code.
func pastSecret(err error) bool { return errors.Is(err, rest.ErrInvalidGrant) }

func koeOf(err error) string {
	if said, found := errors.AsType[*rest.OAuthError](err); found {
		return said.KOE
	}
	return ""
}
