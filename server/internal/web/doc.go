// Package web is what the token server's endpoints have in common as parts of a
// web server: what a request says of itself (the address of its client behind
// reverse proxies, the media type of its body), and the answer that an error makes.
// It knows nothing of sessions, tokens or the configuration; what it needs of
// these it is told.
package web
