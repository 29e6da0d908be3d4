// Package web reads what a request says of itself: the address of its client
// behind reverse proxies, and the media type of its body. It knows nothing of the
// token server or its configuration; whom to believe it is told.
package web
