package main

// koreanMessages are the messages of the program in Korean, by the English ones
// that stand in the code. A verb may name its value by number, "%[2]s".
var koreanMessages = map[string]string{ //nolint:gosec // The addresses in it are examples.
	// Options.
	"expected other options:\n%w\n--help lists them": "옵션을 고쳐야 합니다.\n%w\n옵션 목록은 --help로 볼 수 있습니다",

	"expected true or false, got %q":                                      "true 또는 false여야 하는데 %q입니다",
	"expected a time such as 30s or 720h, got %q":                         "30s, 720h와 같은 시간이어야 하는데 %q입니다",
	"expected a time above zero, such as 30s or 720h, got %q":             "30s, 720h와 같이 0보다 큰 시간이어야 하는데 %q입니다",
	"expected a time such as 5s, or 0s for none, got %q":                  "5s와 같은 시간이거나, 쓰지 않으려면 0s여야 하는데 %q입니다",
	"expected a whole number above 0, or -1 for no limit, got %q":         "0보다 큰 정수이거나, 제한하지 않으려면 -1이어야 하는데 %q입니다",
	"expected a network such as 10.0.0.0/8, got %q":                       "10.0.0.0/8과 같은 네트워크여야 하는데 %q입니다",
	"expected debug, info, warn or error, got %q":                         "debug, info, warn, error 중 하나여야 하는데 %q입니다",
	"expected json or text, got %q":                                       "json 또는 text여야 하는데 %q입니다",
	"expected an address with a port, such as 127.0.0.1:8480, got %q":     "127.0.0.1:8480과 같이 포트가 있는 주소여야 하는데 %q입니다",
	"expected an address such as 127.0.0.1:8480: %w":                      "127.0.0.1:8480과 같은 주소여야 합니다: %w",
	"expected a host with a port, such as kakao:8481, got %q":             "kakao:8481과 같이 포트가 있는 호스트여야 하는데 %q입니다",
	"expected the file or %s, got both; unset one":                        "파일과 %s 중 하나만 지정할 수 있습니다. 하나를 지우세요",
	"%s: expected a secret, and the file is empty":                        "%s: 시크릿이 들어 있어야 하는데 파일이 비어 있습니다",
	"expected a store or a file that holds it, got both; unset one":       "저장소와 저장소 주소를 담은 파일 중 하나만 지정할 수 있습니다. 하나를 지우세요",
	"expected a store, because there is no home directory for one: %w":    "홈 디렉터리가 없어 기본 저장소를 쓸 수 없습니다. 저장소를 지정하세요: %w",
	"the state directory: %w; choose another file with --store bolt:FILE": "상태 디렉터리: %w. --store bolt:FILE로 다른 파일을 지정하세요",

	"expected lax or strict, got %q; for pages embedded in other sites use --partitioned": "lax 또는 strict여야 하는데 %q입니다. 다른 사이트에 삽입되는 페이지라면 --partitioned를 쓰세요",

	"expected keys, because the store outlives the process; make them with: kakaowasm keygen FILE, or keep logins in memory with --store memory": "로그인 정보를 디스크나 다른 서버에 저장하려면 암호화 키가 필요합니다. kakaowasm keygen FILE로 키를 만들거나, --store memory로 메모리에만 저장하세요",

	"expected memory, bolt:FILE, redis://user:password@host:6379/0, rediss://…, unix:///path/to/redis.sock, redis+sentinel://…, redis+cluster://… or postgres://user:password@host:5432/database, got something else": "memory, bolt:FILE, redis://user:password@host:6379/0, rediss://…, unix:///path/to/redis.sock, redis+sentinel://…, redis+cluster://…, postgres://user:password@host:5432/database 중 하나여야 합니다",

	"expected the origin of the pages, = and the audience, such as https://app.example.com=https://api.example.com, got %q": "https://app.example.com=https://api.example.com과 같이 페이지의 오리진, =, audience를 차례로 써야 하는데 %q입니다",

	"expected the emulator's origin as browsers know it, too, such as --auth-origin http://localhost:8481":                                   "--auth-origin http://localhost:8481과 같이 브라우저에서 접속하는 에뮬레이터의 오리진도 지정하세요",
	"expected the origins of an emulator as browsers on this machine know it, such as http://localhost:8481, got %q; it is for nothing else": "http://localhost:8481과 같이 이 컴퓨터의 브라우저에서 접속하는 에뮬레이터의 오리진이어야 하는데 %q입니다. 에뮬레이터에만 쓰는 옵션입니다",

	"expected OTEL_EXPORTER_OTLP_PROTOCOL=%s, got %q; collectors take it on port 4318": "OTEL_EXPORTER_OTLP_PROTOCOL=%s이어야 하는데 %q입니다. 수집기의 4318 포트에서 받습니다",
	"expected OTEL_TRACES_EXPORTER=otlp, console or none, got %q":                      "OTEL_TRACES_EXPORTER는 otlp, console, none 중 하나여야 하는데 %q입니다",
	"traces: expected name=value pairs in OTEL_RESOURCE_ATTRIBUTES: %w":                "추적: OTEL_RESOURCE_ATTRIBUTES에는 이름=값 쌍을 씁니다: %w",

	// The SDK.
	"this program was built without the SDK: run `make dist` and pass --sdk-dir dist/go, or take a released program":  "이 프로그램은 SDK 없이 빌드되었습니다. `make dist`를 실행한 뒤 --sdk-dir dist/go를 지정하거나, 배포된 프로그램을 쓰세요",
	"%s is missing: run `make release` first, or for development `make dist`":                                         "%s 파일이 없습니다. 먼저 `make release`를, 개발할 때는 `make dist`를 실행하세요",
	"%s holds version %s of the SDK, and this program is %s: build the SDK again, or take the program of its version": "%s에 있는 SDK는 %s 버전인데 이 프로그램은 %s 버전입니다. SDK를 다시 빌드하거나 버전이 같은 프로그램을 쓰세요",

	// Ports.
	"already in use by another program": "다른 프로그램이 쓰고 있습니다",

	"listen on %s: %w; choose another address with --addr":            "%s에서 요청을 받을 수 없습니다: %w. --addr로 다른 주소를 지정하세요",
	"listen on %s: %w; choose another address with --operations-addr": "%s에서 요청을 받을 수 없습니다: %w. --operations-addr로 다른 주소를 지정하세요",
	"listen on %s: %w; choose another address with %s":                "%s에서 요청을 받을 수 없습니다: %w. %s로 다른 주소를 지정하세요",

	"listen on %s: %w; ports below 1024 need rights: choose another with %s, or grant the binary CAP_NET_BIND_SERVICE": "%s에서 요청을 받을 수 없습니다: %w. 1024보다 작은 포트에는 권한이 필요합니다. %s로 다른 포트를 지정하거나 실행 파일에 CAP_NET_BIND_SERVICE를 주세요",

	"listen on %s: %w; choose another address with ADDR=127.0.0.1:9000 make demo":                                                 "%s에서 요청을 받을 수 없습니다: %w. ADDR=127.0.0.1:9000 make demo와 같이 다른 주소를 지정하세요",
	"listen on %s, which the emulator needs (the port after ADDR): %w; choose another address with ADDR=127.0.0.1:9000 make demo": "에뮬레이터가 쓸 %s(ADDR의 다음 포트)에서 요청을 받을 수 없습니다: %w. ADDR=127.0.0.1:9000 make demo와 같이 다른 주소를 지정하세요",

	"%q is not a port from 0 to 65534":                    "%q: 0에서 65534 사이의 포트가 아닙니다",
	"%q is not an address such as 127.0.0.1:8480: %w":     "%q: 127.0.0.1:8480과 같은 주소가 아닙니다: %w",
	"%s: %q is not an address such as 127.0.0.1:8481: %w": "%s: %q: 127.0.0.1:8481과 같은 주소가 아닙니다: %w",

	"%s is reachable from other machines; use 127.0.0.1, or --allow-remote if you mean it":                                                                       "%s: 다른 컴퓨터에서 접속할 수 있는 주소입니다. 127.0.0.1을 쓰거나, 그래도 열려면 --allow-remote를 지정하세요",
	"%s is not a loopback address: the demo speaks plain HTTP and lets anybody log in as an invented user, so no other machine may reach it; use 127.0.0.1:8480": "%s: 루프백 주소가 아닙니다. 데모는 암호화 없는 HTTP를 쓰고 누구나 가상의 사용자로 로그인할 수 있어 다른 컴퓨터에 열 수 없습니다. 127.0.0.1:8480을 쓰세요",

	// keygen.
	"%s: the new key comes first, of %d in all, and seals once the server is started again\n": "%s: 새 키를 맨 앞에 넣었습니다(모두 %d개). 서버를 다시 시작하면 이 키로 암호화합니다\n",
	"%s: expected a file of keys, left as it was: the new key would be key 1, and %w":         "%s: 키 파일이 아니어서 그대로 두었습니다. 새 키가 1번이 되고, %w",
	"%s cannot be written: %w": "%s에 쓸 수 없습니다: %w",

	// The file of a store.
	"the store file is damaged": "저장소 파일이 손상되었습니다",
	"%s: logins and other entries: %d (%d bytes); expired: %d; unreadable: %d; lost: %d\n": "%s: 로그인 등 항목 %d건(%d바이트), 만료 %d건, 읽을 수 없음 %d건, 유실 %d건\n",
	"damage: %v\n":           "손상 내용: %v\n",
	"written anew: %s\n":     "새로 쓴 파일: %s\n",
	"the damaged file: %s\n": "손상된 파일의 보관 위치: %s\n",
	"kakaowasm store compact %s writes it anew with what can be read; the others log in once more\n": "kakaowasm store compact %s 명령을 실행하면 읽을 수 있는 로그인만 새 파일에 옮깁니다. 나머지 사용자는 다시 로그인하면 됩니다\n",

	// The emulator.
	"Kakao emulator on %s, its console at %[1]s/console\n":                                "카카오 에뮬레이터 %s, 콘솔 %[1]s/console\n",
	"  %s: REST API key %s, JavaScript key %s\n":                                          "  %s: REST API 키 %s, JavaScript 키 %s\n",
	"    client secret %s, admin key %s\n":                                                "    클라이언트 시크릿 %s, 어드민 키 %s\n",
	"  users:\n":                                                                          "  사용자:\n",
	"no e-mail address":                                                                   "이메일 없음",
	"    and more: see the console\n":                                                     "    나머지는 콘솔에서 볼 수 있습니다\n",
	"Answering as %s over TLS at %s; clients must trust %s\n":                             "%[2]s에서 TLS로 %[1]s 역할을 합니다. 클라이언트가 %[3]s 인증서를 신뢰해야 합니다\n",
	"Wrote %s. Run it with: kakaowasm emulate --seed %[1]s\n":                             "%s 파일을 만들었습니다. kakaowasm emulate --seed %[1]s 명령으로 실행하세요\n",
	"%s is there already, and was not changed; name another file":                         "%s 파일이 이미 있어 그대로 두었습니다. 다른 파일 이름을 지정하세요",
	"--auto-login: no user has the e-mail address or number %q":                           "--auto-login: 이메일이나 회원번호가 %q인 사용자가 없습니다",
	"--state: the state cannot be saved: %w":                                              "--state: 상태를 저장할 수 없습니다: %w",
	"  state and snapshots are kept in %s; worlds that are made end with this process\n":  "  상태와 스냅샷을 %s에 저장합니다. 새로 만든 월드는 이 프로세스가 끝나면 없어집니다\n",
	"--tls-dir: there is no configuration folder; name one for the certificate authority": "--tls-dir: 설정 폴더가 없습니다. 인증 기관을 저장할 폴더를 지정하세요",

	// calls and health.
	"--url: %q is not an origin such as http://127.0.0.1:8481: %w":                                "--url: %q: http://127.0.0.1:8481과 같은 오리진이 아닙니다: %w",
	"%s is no emulator of this version: %w":                                                       "%s: 이 버전의 에뮬레이터가 아닙니다: %w",
	"%s answers with status %d: it is no emulator of this version":                                "%s: 응답 상태가 %d입니다. 이 버전의 에뮬레이터가 아닙니다",
	"no emulator answers at %s: %w; start one with kakaowasm emulate, or name another with --url": "%s에서 에뮬레이터가 응답하지 않습니다: %w. kakaowasm emulate로 실행하거나 --url로 다른 주소를 지정하세요",
	"the emulator has ended":          "에뮬레이터가 종료되었습니다",
	"%s: expected status 200, got %d": "%s: 상태 200이어야 하는데 %d입니다",

	// The demo.
	"the real Kakao needs %s as well; set it, or unset all KAKAO_… keys to use the emulator":                                                                                                                                                                "실제 카카오를 쓰려면 %s도 필요합니다. 설정하거나, 에뮬레이터를 쓰려면 KAKAO_… 키를 모두 지우세요",
	"kakaowasm demo with the emulator: no account, no network\n\n  open      %s\n  emulator  %s\n  console   %[2]s/console\n\n":                                                                                                                             "에뮬레이터로 실행하는 kakaowasm 데모입니다. 계정과 네트워크가 필요 없습니다\n\n  데모 페이지  %s\n  에뮬레이터   %s\n  콘솔         %[2]s/console\n\n",
	"kakaowasm demo with the real Kakao\n\n  open                 %s\n\nRegister these at https://developers.kakao.com/console/app, or Kakao refuses the login:\n  redirect URI         %s\n  site domain          %[1]s\n  logout redirect URI  %[3]s\n\n": "실제 카카오로 실행하는 kakaowasm 데모입니다\n\n  데모 페이지              %s\n\nhttps://developers.kakao.com/console/app에 등록해야 카카오가 로그인을 거부하지 않습니다.\n  리다이렉트 URI           %s\n  사이트 도메인            %[1]s\n  로그아웃 리다이렉트 URI  %[3]s\n\n",
	"\nStop with Ctrl+C.\n": "\n종료하려면 Ctrl+C를 누르세요.\n",
}
