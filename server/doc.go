// Package server is the token server of Kakao Login: the small back end that
// does for a page what a browser must not do. It exchanges authorization codes
// with the client secret, keeps the refresh token in a session behind an
// HttpOnly cookie, renews access tokens, logs users out, of their Kakao Account
// too, takes the webhooks by which Kakao says that a login is over, relays the
// result of the login popup to its page, and serves the built SDK.
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
// POST /begin is the one that a form can make, because it comes as a beacon. It
// needs the Origin of an allowed page, and notes nothing but an address of that
// origin, for the relay page.
//
// # The logout of the Kakao Account
//
// A page leads its visitor's browser to GET /logout/account, by a link or by
// location.assign. That ends the session as POST /logout does, and leads on to
// Kakao's page, where the user may end the session of the Kakao Account as well.
// Kakao leads back to GET /logout/callback (register it as a logout redirect URI),
// and that leads on to return_to, a parameter of the first address: a path of the
// server's own origin or a page of an allowed one; the start of the own origin
// where there is none. The way back is tied to the browser by a state of 256
// random bits in a cookie of ten minutes. Embedded pages, whose session cookie is
// partitioned, call POST /logout first.
//
// A navigation cannot be told to be the user's wish by its method. It counts as
// that where the browser says that it comes from the own origin or from nobody's
// page (Sec-Fetch-Site), or where its Referer is a page of an allowed origin, and
// is that of a whole window. A link that somebody else has put on a page, an image
// or a frame logs nobody out.
//
// # Who is asking
//
// A back end of its own program asks [Server.RequireLogin]. Others hear it from a
// reverse proxy, which asks GET /auth for each request that it passes on, or get a
// signed token from the page, which POST /session/token makes for one configured
// audience and anybody verifies with the keys of GET /.well-known/jwks.json.
// [Config.NotifyURL] is told of logins and their ends.
//
// # Webhooks
//
// GET or POST /webhooks/unlink and POST /webhooks/account are for Kakao (App >
// Webhook). The first carries the admin key, the second a token that Kakao has
// signed. Both end every session of the user whom they are about, the second for
// those events that mean that a login is over, and are answered within two
// seconds: what is not done by then goes on, and [Server.Close] waits for it. A
// security event token counts once, and for a day. Only what is refused counts for
// the rate limits.
//
// # Errors
//
// Errors are objects of RFC 6749, section 5.2, and those of /webhooks/account of
// RFC 8935, section 2.3. One that Kakao caused has Kakao's error_code beside it,
// and where the catalogue (kakao/catalog) knows the code a hint: what to change,
// and where, in English for developers. The log line of a refused request
// carries both. The relay page adds hints to the errors that come with a
// redirect.
//
// # Concurrency
//
// However many requests of one session ask for a renewal at once, Kakao sees
// one. A renewal outlives the request that began it, a renewal whose session
// was ended meanwhile does not bring the session back, and a rotated refresh
// token is stored before anyone sees the access token that came with it.
package server
