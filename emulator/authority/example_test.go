package authority_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"

	"github.com/kakaowasm/kakaowasm/emulator/authority"
)

// A test serves the names of Kakao, and gives its client a transport that
// resolves them to the listener and trusts the authority.
func ExampleNew() {
	a, err := authority.New()
	if err != nil {
		fmt.Println(err)
		return
	}
	config, err := a.TLSConfig("kauth.kakao.com", "kapi.kakao.com")
	if err != nil {
		fmt.Println(err)
		return
	}
	listener, err := tls.Listen("tcp", "127.0.0.1:0", config)
	if err != nil {
		fmt.Println(err)
		return
	}
	server := &http.Server{Handler: http.NotFoundHandler()} // an emulator.Emulator
	defer func() { _ = server.Close() }()
	go func() { _ = server.Serve(listener) }()

	transport := &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: a.Pool()},
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, listener.Addr().String())
		},
	}
	defer transport.CloseIdleConnections()
	response, err := (&http.Client{Transport: transport}).Get("https://kapi.kakao.com/v2/user/me")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = response.Body.Close() }()
	fmt.Println(response.Status)
	// Output: 404 Not Found
}
