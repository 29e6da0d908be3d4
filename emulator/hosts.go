package emulator

import (
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/kakaowasm/kakaowasm/emulator/internal/web"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// The names of Kakao's hosts.
var (
	hostAuth = strings.TrimPrefix(kakao.Production.Auth, "https://")
	hostAPI  = strings.TrimPrefix(kakao.Production.API, "https://")
)

// Hosts are the names of the platform's hosts, for a certificate.
func Hosts() []string { return []string{hostAuth, hostAPI} }

// hosts are the names by which this machine may be asked for. Any other name
// could be a stranger's that leads here, which is how DNS rebinding works.
type hosts struct {
	issuer *url.URL
	named  []string // by WithHosts
	follow bool     // see WithIssuerOfRequest
}

func newHosts(issuer string, o options) hosts {
	parsed, err := url.Parse(issuer)
	if err != nil {
		parsed = new(url.URL) // the seed's check names the mistake
	}
	return hosts{parsed, o.hosts, o.follow}
}

// own reports whether a host is the emulator itself. An address is: no DNS
// leads to it.
func (h hosts) own(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil || host == "localhost" || host == h.issuer.Hostname() ||
		slices.Contains(h.named, host) || slices.Contains(Hosts(), host)
}

// world is the name of the world that a host names, such as "w1" for
// w1.localhost, or "".
func (h hosts) world(host string) string {
	name, parent, ok := strings.Cut(host, ".")
	if !ok || parent != "localhost" && parent != h.issuer.Hostname() && !slices.Contains(h.named, parent) {
		return ""
	}
	return name
}

// reach is where a world is reached: by the port of the emulator and a host
// name, and by a port of its own, if it has one. Both are origins.
type reach struct {
	hosts          hosts
	name           string
	atHost, atPort string
}

// origin is the one that every client finds, whatever its resolver knows.
func (r reach) origin() string {
	if r.atPort != "" {
		return r.atPort
	}
	return r.atHost
}

// answers reports whether a request to a host may be meant for the world.
func (r reach) answers(host string) bool {
	return r.hosts.own(host) || r.hosts.world(host) == r.name
}

// follows reports whether addresses and ID tokens go by the host of a request,
// which answers has let through. Those of the default world go by the issuer,
// unless the host was named for it.
func (r reach) follows(host string) bool {
	return r.name != DefaultWorld || r.hosts.follow || slices.Contains(r.hosts.named, host)
}

// platform are the origins that a request knows the emulator by: Kakao's own
// where a name of Kakao's leads here, those of a host that was named for it, and
// the issuer's otherwise.
func (e *World) platform(r *http.Request) kakao.Platform {
	host := web.HostOf(r)
	switch {
	case slices.Contains(Hosts(), host):
		return kakao.Production
	case e.reach.follows(host):
		origin := web.RequestOrigin(r)
		return kakao.Platform{Auth: origin, API: origin}
	}
	return e.registry.Directory().Platform()
}
