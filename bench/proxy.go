package main

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
)

// proxyRole makes this program the bare proxy in front of an origin.
const proxyRole = "proxy"

// serveProxy serves a bare reverse proxy. It keeps as many connections to its
// target as there are clients: the default of 2 would measure connecting.
func serveProxy(target string) error {
	to, err := url.Parse(target)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConns, transport.MaxIdleConnsPerHost = 0, 1024
	fmt.Println("proxy on", listener.Addr())
	return http.Serve(listener, &httputil.ReverseProxy{ //nolint:gosec // On loopback, for a minute.
		Transport: transport,
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(to) },
	})
}
