// Package server is the token server of Kakao Login: the small back end that
// does for a page what a browser must not do. It exchanges authorization codes
// with the client secret, keeps the refresh token in a session behind an
// HttpOnly cookie, renews access tokens, logs users out, relays the result of
// the login popup to its page, and serves the built SDK.
//
// It is the token-mediating back end of the IETF draft "OAuth 2.0 for
// Browser-Based Applications": the page holds a short-lived access token and
// nothing else. What the package owns are the paths under the base path of
// [Config.PublicURL]; [Server.Operations] serves health and metrics apart from
// them. It calls Kakao through kakao/rest and knows it only by the addresses in
// [Config.Platform], and so it neither imports nor recognises the emulator.
//
// # Who may call
//
// A request with an unsafe method passes only from an allowed origin: the
// origin of [Config.PublicURL] or one of [Config.AllowedOrigins], compared
// exactly. A request that carries neither Origin nor Sec-Fetch-Site does not
// come from a page in a browser of today (both headers are out of a page's
// reach), so it cannot ride on a user's cookie; it passes, and tools such as
// curl keep working.
//
// # Errors
//
// Errors are objects of RFC 6749, section 5.2. One that Kakao caused has Kakao's
// error_code beside it, and where the catalogue (kakao/catalog) knows the code a
// hint: what to change, and where, in English for developers. The log line of a
// refused request carries both. The relay page adds hints to the errors that
// come with a redirect.
//
// # Concurrency
//
// However many requests of one session ask for a renewal at once, Kakao sees
// one. A renewal outlives the request that began it, a renewal whose session
// was ended meanwhile does not bring the session back, and a rotated refresh
// token is stored before anyone sees the access token that came with it.
package server
