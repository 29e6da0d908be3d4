package web

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

// The proxies of the tests, and a client of theirs.
const (
	edgeProxy  = "10.1.2.3:4711"
	realClient = "198.51.100.7"
)

// behind returns the proxies of 10.0.0.0/8 and fd00::/8.
func behind(header string) Proxies {
	return Proxies{
		Trusted: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")},
		Header:  header,
	}
}

func TestClientAddressBehindProxies(t *testing.T) {
	for name, test := range map[string]struct {
		header string
		peer   string
		lines  []string
		want   string
	}{
		"no header":                      {XForwardedFor, edgeProxy, nil, "10.1.2.3"},
		"one proxy":                      {XForwardedFor, edgeProxy, []string{realClient}, realClient},
		"two proxies":                    {XForwardedFor, edgeProxy, []string{realClient + ", 10.9.9.9"}, realClient},
		"two lines":                      {XForwardedFor, edgeProxy, []string{"1.1.1.1, " + realClient, "10.9.9.9"}, realClient},
		"a client that lies":             {XForwardedFor, edgeProxy, []string{"127.0.0.1, 10.0.0.1, " + realClient}, realClient},
		"a client that lies in lines":    {XForwardedFor, edgeProxy, []string{"127.0.0.1", "10.0.0.1", realClient}, realClient},
		"a stranger's header":            {XForwardedFor, "203.0.113.9:1", []string{"10.0.0.1"}, "203.0.113.9"},
		"all hops trusted":               {XForwardedFor, edgeProxy, []string{"10.5.5.5, 10.6.6.6"}, "10.5.5.5"},
		"garbage nearest":                {XForwardedFor, edgeProxy, []string{realClient + ", unknown"}, "10.1.2.3"},
		"garbage further":                {XForwardedFor, edgeProxy, []string{"<script>, 10.7.7.7"}, "10.7.7.7"},
		"garbage beyond the client":      {XForwardedFor, edgeProxy, []string{"!!, ,;, " + realClient}, realClient},
		"empty":                          {XForwardedFor, edgeProxy, []string{""}, "10.1.2.3"},
		"empty hop":                      {XForwardedFor, edgeProxy, []string{realClient + ","}, "10.1.2.3"},
		"thousands of hops":              {XForwardedFor, edgeProxy, []string{strings.Repeat("1.1.1.1,", 4000) + realClient}, realClient},
		"thousands of proxies":           {XForwardedFor, edgeProxy, []string{realClient + strings.Repeat(",10.0.0.1", 4000)}, realClient},
		"port":                           {XForwardedFor, edgeProxy, []string{realClient + ":51234"}, realClient},
		"port too large":                 {XForwardedFor, edgeProxy, []string{realClient + ":99999"}, "10.1.2.3"},
		"IPv6":                           {XForwardedFor, "[fd00::1]:1", []string{"2001:DB8:0::17"}, "2001:db8::17"},
		"IPv6 in brackets":               {XForwardedFor, edgeProxy, []string{"[2001:db8::17]"}, "2001:db8::17"},
		"IPv6 with port":                 {XForwardedFor, edgeProxy, []string{"[2001:db8::17]:443"}, "2001:db8::17"},
		"IPv6 with zone":                 {XForwardedFor, edgeProxy, []string{"fe80::1%eth0"}, "fe80::1"},
		"IPv6 proxy with zone":           {XForwardedFor, "[fd00::1%eth0]:1", []string{realClient}, realClient},
		"IPv4 in brackets":               {XForwardedFor, edgeProxy, []string{"[" + realClient + "]"}, "10.1.2.3"},
		"IPv4 as IPv6":                   {XForwardedFor, edgeProxy, []string{"::ffff:" + realClient}, realClient},
		"IPv4 proxy as IPv6":             {XForwardedFor, "[::ffff:10.1.2.3]:1", []string{realClient}, realClient},
		"IPv4 with leading zeros":        {XForwardedFor, edgeProxy, []string{"198.051.100.007"}, "10.1.2.3"},
		"IPv4 as a number":               {XForwardedFor, edgeProxy, []string{"3325256711"}, "10.1.2.3"},
		"nobody's address":               {XForwardedFor, edgeProxy, []string{"0.0.0.0"}, "10.1.2.3"},
		"a host name":                    {XForwardedFor, edgeProxy, []string{"client.example.com"}, "10.1.2.3"},
		"quoted":                         {XForwardedFor, edgeProxy, []string{`"` + realClient + `"`}, "10.1.2.3"},
		"the other header does not help": {XForwardedFor, edgeProxy, nil, "10.1.2.3"},
		"no network":                     {XForwardedFor, "@", []string{realClient}, "@"},

		"Forwarded":                         {Forwarded, edgeProxy, []string{"for=" + realClient}, realClient},
		"Forwarded, all parameters":         {Forwarded, edgeProxy, []string{`by=10.1.2.3; For="` + realClient + `:80" ;proto=https;host="a,b;c"`}, realClient},
		"Forwarded IPv6":                    {Forwarded, edgeProxy, []string{`for="[2001:db8::17]:4711"`}, "2001:db8::17"},
		"Forwarded, two proxies":            {Forwarded, edgeProxy, []string{"for=1.1.1.1, for=" + realClient + ", for=10.9.9.9"}, realClient},
		"Forwarded, two lines":              {Forwarded, edgeProxy, []string{"for=1.1.1.1", "for=" + realClient}, realClient},
		"Forwarded unknown":                 {Forwarded, edgeProxy, []string{"for=1.1.1.1, for=unknown"}, "10.1.2.3"},
		"Forwarded hidden":                  {Forwarded, edgeProxy, []string{"for=1.1.1.1, for=_secret"}, "10.1.2.3"},
		"Forwarded without for":             {Forwarded, edgeProxy, []string{"for=1.1.1.1, proto=https"}, "10.1.2.3"},
		"Forwarded, for twice":              {Forwarded, edgeProxy, []string{"for=1.1.1.1;for=2.2.2.2"}, "10.1.2.3"},
		"Forwarded, open quotation":         {Forwarded, edgeProxy, []string{`for=1.1.1.1;x=", for=` + realClient}, "10.1.2.3"},
		"Forwarded, quotation meets quoted": {Forwarded, edgeProxy, []string{`for=1.1.1.1;x=", for="[2001:db8::17]"`}, "10.1.2.3"},
		"Forwarded, escaped end":            {Forwarded, edgeProxy, []string{`for=1.1.1.1;x="\", for=` + realClient}, "10.1.2.3"},
		"Forwarded, open quotation apart":   {Forwarded, edgeProxy, []string{`for=1.1.1.1;x="`, "for=" + realClient}, realClient},
		"Forwarded garbage":                 {Forwarded, edgeProxy, []string{"for"}, "10.1.2.3"},
		"Forwarded like X-Forwarded-For":    {Forwarded, edgeProxy, []string{realClient}, "10.1.2.3"},
		"Forwarded from a stranger":         {Forwarded, "203.0.113.9:1", []string{"for=10.0.0.1"}, "203.0.113.9"},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.RemoteAddr = test.peer
			r.Header[test.header] = test.lines
			if test.header == XForwardedFor {
				r.Header.Set(Forwarded, "for=192.0.2.66")
			}
			if got := behind(test.header).ClientAddress(r); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// Whatever a client writes, the address is its own or its proxy's: never one
// that it chose.
func FuzzClientAddress(f *testing.F) {
	for _, seed := range []string{"", "10.0.0.1", "10.0.0.1,", `for=10.0.0.1;x="`, `for="`, `\`, "[fd00::1%z]:1, ::", "for=10.0.0.1;x=\"\\", "\x00", "%"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, sent string) {
		for header, added := range map[string][]string{
			XForwardedFor: {realClient, realClient + ":1"},
			Forwarded:     {"for=" + realClient, `for="` + realClient + `:1";host="x"`, `proto="";for=` + realClient},
		} {
			for _, own := range added {
				r := httptest.NewRequest(http.MethodGet, "/", nil)
				r.RemoteAddr = edgeProxy
				r.Header[header] = []string{sent + ", " + own}
				if got := behind(header).ClientAddress(r); got != realClient && got != "10.1.2.3" {
					t.Errorf("%s: %q makes the client %q", header, r.Header[header], got)
				}
				r.Header[header] = []string{sent, own}
				if got := behind(header).ClientAddress(r); got != realClient {
					t.Errorf("%s: %q makes the client %q", header, r.Header[header], got)
				}
				r.RemoteAddr = "203.0.113.9:1"
				if got := behind(header).ClientAddress(r); got != "203.0.113.9" {
					t.Errorf("%s: %q of a stranger makes the client %q", header, r.Header[header], got)
				}
			}
		}
	})
}
