package doctor

import (
	"context"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/kakaowasm/kakaowasm/contract"
	"github.com/kakaowasm/kakaowasm/kakao"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// sdkScript is the file of the SDK that pages load.
const sdkScript = "kakao.js"

// integrityList is what the server says of the SDK that it serves.
type integrityList struct {
	Version string            `json:"version"`
	Path    string            `json:"path"`
	Files   map[string]string `json:"files"`
}

// checkSDK loads the script from the address that the server names, and compares it
// with the hash that pages are to give (Subresource Integrity, section 3.1).
func (l *live) checkSDK(ctx context.Context) Finding {
	r := l.ask(ctx, http.MethodGet, l.path(contract.PathSDKIntegrity))
	var list integrityList
	if r.err != nil || r.StatusCode != http.StatusOK || json.Unmarshal(r.body, &list) != nil {
		return l.unexpected(CheckSDK, catalog.Text{En: "the list of its files", Ko: "파일 목록"}, r)
	}
	want := list.Files[sdkScript]
	if want == "" {
		return wrong(Warning, CheckSDK, catalog.Text{En: "the server serves no SDK", Ko: "서버가 SDK를 제공하지 않음"},
			catalog.Text{En: "It was built without one and started without --sdk-dir: pages that load the script from it get 404.", Ko: "SDK 없이 빌드되었고 --sdk-dir 없이 실행되었습니다. 이 서버에서 스크립트를 불러오는 페이지는 404를 받습니다."},
			catalog.Text{En: "Take a released program, name the folder of a built SDK with --sdk-dir, or load the script from elsewhere.", Ko: "배포된 프로그램을 쓰거나, --sdk-dir로 빌드한 SDK 폴더를 지정하거나, 스크립트를 다른 곳에서 불러옵니다."})
	}
	if list.Path == "" || !strings.HasPrefix(list.Path, l.at.Path) {
		return wrong(Failure, CheckSDK, sayf("the server names the address %s", "서버가 알려 준 주소: %s", quoted(list.Path).En),
			catalog.Text{En: "That is not under the public URL: the running server has another base path, and the proxy rewrites paths.", Ko: "공개 URL 아래의 주소가 아닙니다. 실행 중인 서버의 기본 경로가 다르고, 프록시가 경로를 바꿉니다."},
			catalog.Text{En: "Have the proxy pass the path on unchanged, and start the server with this public URL.", Ko: "프록시가 경로를 바꾸지 않고 전달하게 하고, 서버를 이 공개 URL로 실행합니다."})
	}
	return l.checkScript(ctx, list, want)
}

// checkScript loads the script and compares its bytes.
func (l *live) checkScript(ctx context.Context, list integrityList, want string) Finding {
	address := originOf(l.at) + (&url.URL{Path: list.Path + sdkScript}).EscapedPath()
	r := l.ask(ctx, http.MethodGet, address)
	if r.err != nil || r.StatusCode != http.StatusOK {
		return l.unexpected(CheckSDK, catalog.Text{En: address, Ko: address}, r)
	}
	sum := sha512.Sum384(r.body)
	if got := "sha384-" + base64.StdEncoding.EncodeToString(sum[:]); got != want {
		return wrong(Failure, CheckSDK, sayf("%s is not what its integrity value says", "%s의 내용이 integrity 값과 다름", address),
			catalog.Text{En: "Something in front of the server changes scripts (a minifier, a CDN) or holds an old one: browsers refuse it.", Ko: "앞단의 프록시가 스크립트를 바꾸거나(최소화, CDN) 옛 파일을 보관하고 있습니다. 브라우저가 실행을 거부합니다."},
			catalog.Text{En: "Switch that off for the SDK's address, and empty the cache.", Ko: "SDK 주소에서는 이 기능을 끄고 캐시를 비웁니다."})
	}
	if kind := r.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/javascript") {
		return wrong(Failure, CheckSDK, sayf("%s arrives as %q", "%s의 형식이 %q임", address, kind),
			catalog.Text{En: "Browsers run no script of another type (X-Content-Type-Options: nosniff).", Ko: "브라우저는 형식이 다른 스크립트를 실행하지 않습니다(X-Content-Type-Options: nosniff)."},
			catalog.Text{En: "Have the proxy leave Content-Type alone.", Ko: "프록시가 Content-Type을 바꾸지 않게 합니다."})
	}
	if list.Version != kakao.Version {
		return wrong(Warning, CheckSDK, sayf("the server has version %s, the doctor %s", "서버는 %s 버전, doctor는 %s 버전", list.Version, kakao.Version),
			catalog.Text{En: "Another program runs than the one that was called here.", Ko: "여기서 실행한 것과 다른 프로그램이 실행되고 있습니다."},
			catalog.Text{En: "Start the server anew after an update, or take the doctor of its version.", Ko: "업데이트한 뒤 서버를 다시 시작하거나, 서버와 같은 버전의 doctor를 씁니다."})
	}
	return ok(CheckSDK, sayf("%s, as its integrity value says", "%s, integrity 값과 일치", address))
}
