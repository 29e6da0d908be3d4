package emulator_test

import (
	"fmt"
	"net/http/httptest"

	"github.com/kakaowasm/kakaowasm/emulator"
)

func ExampleNew() {
	server := httptest.NewUnstartedServer(nil)
	issuer := "http://" + server.Listener.Addr().String()
	platform, err := emulator.New(emulator.Default(issuer, "http://127.0.0.1:8480/kakao/callback"))
	if err != nil {
		fmt.Println(err)
		return
	}
	server.Config.Handler = platform
	server.Start()
	defer server.Close()

	// Log in at issuer + "/oauth/authorize", then break what you want to test.
	platform.ExpireAccessTokens()
	if _, err := platform.Inject(emulator.Fault{Path: "/v2/*", Drop: true}); err != nil {
		fmt.Println(err)
	}
	fmt.Println(platform.Count("refresh_token"))
	// Output: 0
}
