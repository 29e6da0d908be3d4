// Package emulator is a Kakao platform for one machine: the authorization
// server ("kauth") and the REST API ("kapi") in one [http.Handler], told apart
// by path, so that Kakao Login works without an account and without a network.
//
// It owns the login and consent pages, the tokens it issues, the consents of
// its invented users, and the answers that Kakao documents: status codes, error
// objects, error codes and JSON members. Everything lives in memory and is
// forgotten when the process ends.
//
// A page of the legacy JavaScript SDK may poll for the answer to a login at
// /apiweb/code.json. The redirect URI "JS-SDK" then ends the login on a page that
// says to close the window; any other redirect URI is redirected to as well,
// with or without is_popup.
//
// It must not know the SDK, the token server or the demo: like Kakao, it sees
// only HTTP. It is a tool for development and tests; it does not check
// passwords and must not be reachable by strangers.
//
// At /console a developer registers apps and users, sees what was called, moves
// the clock and injects faults, on a page or by the JSON calls that the page makes.
// The page is served from web/console as it is: modules that build elements and
// never write markup.
//
// # Adding a REST call
//
// Add a row to the endpoints table in api.go: path, methods, who may call,
// parameter rules and the function that answers. Routing, authentication,
// parameter errors, CORS and error objects follow from the row.
package emulator
