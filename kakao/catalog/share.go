package catalog

import "github.com/kakaowasm/kakaowasm/kakao"

// Parameters of KakaoTalk Share.
var (
	shareVersion      = Param{Name: "link_ver", Required: true}
	shareTemplateID   = Param{Name: "template_id", Type: Integer}
	shareTemplateArgs = Param{Name: "template_args", Type: Map, Encoding: JSON}
	shareTemplate     = Param{Name: "template_object", Type: Map, Encoding: JSON, Required: true}
	sharePage         = Param{Name: "request_url", Required: true}
	shareApp          = Param{Name: "target_app_key"}
	shareImage        = Param{Name: "image_url", Required: true}
	shareFile         = Param{Name: "file", Type: Map, Encoding: JSON, Required: true}
)

// shareCalls are the calls of KakaoTalk Share.
func shareCalls() []Call {
	return []Call{
		pageCall(kakao.Get, "/v2/api/kakaolink/talk/template/validate", ByAppKey, shareVersion, shareTemplateID.required(), shareTemplateArgs, shareApp),
		pageCall(kakao.Get, "/v2/api/kakaolink/talk/template/scrap", ByAppKey, shareVersion, sharePage, shareTemplateID, shareTemplateArgs, shareApp),
		pageCall(kakao.Get, "/v2/api/kakaolink/talk/template/default", ByAppKey, shareVersion, shareTemplate, shareApp),
		upload(pageCall(kakao.Post, "/v2/api/talk/message/image/upload", ByAppKey, shareFile)),
		pageCall(kakao.Delete, "/v2/api/talk/message/image/delete", ByAppKey, shareImage),
		pageCall(kakao.Post, "/v2/api/talk/message/image/scrap", ByAppKey, shareImage),
	}
}
