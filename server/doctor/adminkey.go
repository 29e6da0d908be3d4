package doctor

import (
	"context"
	"errors"

	"github.com/kakaowasm/kakaowasm/kakao/catalog"
	"github.com/kakaowasm/kakaowasm/kakao/rest"
)

// checkAdminKey makes a call that an admin key may make and that changes
// nothing. Source: Kakao Login > REST API > Retrieving user list.
func (e *examination) checkAdminKey(ctx context.Context) Finding {
	if e.AdminKey == "" {
		return skipped(CheckAdminKey, catalog.Text{En: "none given; the unlink webhook needs one", Ko: "설정되지 않음, 연결 해제 웹훅에 필요"})
	}
	_, err := e.rest.AsAdmin(rest.NewAdminKey(e.AdminKey)).UserIDs(ctx, rest.UserIDsRequest{Limit: 1})
	switch {
	case err == nil:
		return ok(CheckAdminKey, catalog.Text{En: "right; webhooks carry the primary one of an app's admin keys", Ko: "맞음, 웹훅에는 앱의 기본 어드민 키가 사용됨"})
	case errors.Is(err, rest.ErrDisabled):
		return ok(CheckAdminKey, catalog.Text{En: "known; the list of users is not among its APIs", Ko: "유효함, 사용자 목록 API는 허용되지 않음"})
	case errors.Is(err, rest.ErrInvalidToken):
		problem, _ := catalog.FindCode(catalog.ErrToken.Code)
		problem.Fix = catalog.Text{ // the catalogue's is for tokens
			En: "Copy it again from App > Platform key > Admin key; if the key limits addresses, call from one of them.",
			Ko: "[앱] > [플랫폼 키] > [어드민 키]에서 다시 복사합니다. 허용 IP 주소를 설정했다면 그 주소에서 호출합니다.",
		}
		return refused(Failure, CheckAdminKey, catalog.Text{En: "refused", Ko: "거부됨"}, problem)
	}
	return explain(CheckAdminKey, err)
}
