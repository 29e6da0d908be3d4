// Package catalog describes the calls of Kakao Login's REST API as data:
// method, host, path, credentials, parameters with their types and encodings,
// members of the answers, and errors. The Go client (kakao/rest) builds its
// requests from it, docs/api.md is written from it, and whoever plays Kakao can
// check parameters with it.
//
// It is the long form of the table that the browser carries, [sdk.Endpoints]:
// a call that a page may make takes method, path and parameters from there and
// adds the rest. The package holds no transport and no state.
//
// Sources are the Kakao document "Kakao Login > REST API", the RFCs that it
// rests on, and, where named, the legacy JavaScript SDK. Where a document
// contradicts itself, the call's Notes say what was taken.
package catalog

//go:generate go run ./apidoc -o ../../docs/api.md
//go:generate go run ./apidoc -doc errors -o ../../docs/errors.md
//go:generate go run ./apidoc -doc errors.ko -o ../../docs/errors.ko.md
