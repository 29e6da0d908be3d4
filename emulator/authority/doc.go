// Package authority is a certificate authority for one machine. With it the
// emulator answers as kauth.kakao.com and kapi.kakao.com over TLS, so that an
// unmodified client works against it: by resolving these names to this machine
// and by trusting one certificate.
//
//	a, err := authority.Open("/home/me/.config/kakaowasm/tls")
//	config, err := a.TLSConfig("kauth.kakao.com", "kapi.kakao.com")
//	server := &http.Server{Handler: platform, TLSConfig: config}
//	err = server.ServeTLS(listener, "", "")
//
// It owns the authority's key and certificate, the two files that keep them,
// and the server certificates. It must not know what is served with them, nor
// touch the trust stores of the machine: who shall trust
// [Authority.CertificateFile] is the user's decision.
//
// # What a stolen key is worth
//
// Clients trust a root whose key is forgotten as soon as it has certified the
// one key that is kept. That key's certificate is constrained (RFC 5280, section
// 4.2.1.10, critical) to kakao.com and its subdomains, localhost and its
// subdomains, and loopback addresses; to certificates of servers; and to path
// length 0. The root has the same constraints, but clients may ignore those of
// a root, as Java does.
//
// Whoever takes the key can therefore pose as Kakao and as nobody else. Let
// development tools trust the root, one by one, and no browser profile or system
// that talks to the real Kakao.
package authority
