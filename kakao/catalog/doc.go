// Package catalog describes the calls of Kakao Login's REST API as data:
// method, host, path, credentials, parameters with their types and encodings,
// members of the answers, and errors. The Go client (kakao/rest) builds its
// requests from it, docs/api.md is written from it, and whoever plays Kakao can
// check parameters with it.
//
// It is the home of the calls that pages may make, too: the SDK's lean table
// (sdk/endpoint_table.go) is generated from it. The package holds no transport
// and no state.
//
// Sources are the Kakao document "Kakao Login > REST API", the RFCs that it
// rests on, and, where named, the legacy JavaScript SDK. Where a document
// contradicts itself, the call's Notes say what was taken.
package catalog

//go:generate go run ./sdktable -o ../../sdk/endpoint_table.go
//go:generate go run ./apidoc -o ../../docs/api.md
//go:generate go run ./apidoc -doc errors -o ../../docs/errors.md
//go:generate go run ./apidoc -doc errors.ko -o ../../docs/errors.ko.md
