// Package emulator is a Kakao platform for one machine: the authorization
// server ("kauth") and the REST API ("kapi") in one [http.Handler], told apart
// by host or path, so that Kakao Login works without an account and without a
// network. Clients that somebody else wrote work against it as well.
//
// A test starts one in a line:
//
//	kakao := emulator.Start(t)
//	kakao.AllowRedirect(app.URL + "/callback")
//	kakao.LogInAs(4210000001) // authorization requests now answer by themselves
//
// It owns the login, consent, sign-up and logout pages, the tokens it issues,
// the consents of its invented users, the webhooks that it sends, and the
// answers that Kakao documents: status codes, error objects, error codes and
// JSON members. Where Kakao documents nothing, the comment at the place says
// what was taken. Everything lives in memory, unless [World.State] is saved.
//
// Three parts hold what it knows. The directory is what is registered: apps and
// users, changed as a whole by [World.Update]. The store is what happened:
// logins, links, consents, codes, tokens; it knows apps and users by number
// only. The journal is what was called. The console at /console shows and
// changes all three, by hand or as JSON.
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
// The page is served from internal/pages/web/console as it is: modules that build elements and
// never write markup.
//
// # Where what is
//
// Package config is what is registered and how a world begins. Behind the [World]
// stand internal/kauth, the authorization server, and internal/kapi, the REST API.
// Both work on the same few things, each of which is a package: registry (what is
// registered now), store (what happened), signing (keys), webhook and outbox (what
// apps are told). What people see is in internal/pages; internal/fault breaks
// answers and internal/journal remembers them. internal/console lets a
// developer see and change all of it. This package makes worlds of these, leads
// requests to them, and saves and restores them.
//
// # Adding a REST call
//
// Describe the call in package catalog, and add a row to the endpoints table in
// internal/kapi/server.go with the function that answers. Routing, authentication, parameter
// errors, CORS and error objects follow from the two. Then grade it in
// paritydoc/calls.go and run go generate: docs/parity.md says how far each call
// is played.
package emulator

//go:generate go run ./paritydoc -o ../docs
