package emulator

import (
	_ "embed"
	"net/http"
)

// Descriptions for programs, generated from the route table and its types by
// TestDescriptionsAreUpToDate: OpenAPI 3.1 of the console's API, and JSON Schema
// 2020-12 of a seed.
var (
	//go:embed openapi.json
	openAPI []byte
	//go:embed seed.schema.json
	seedSchema []byte
)

// documentRoutes serve the descriptions.
var documentRoutes = []struct {
	path, kind string
	content    []byte
}{
	{pathConsoleAPI + "/openapi.json", "application/json", openAPI},
	{pathConsoleAPI + "/seed.schema.json", "application/schema+json", seedSchema},
}

// SeedSchema is the JSON Schema of a [Seed], for editors.
func SeedSchema() []byte { return append([]byte{}, seedSchema...) }

func serveDocument(kind string, content []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Cache-Control", "no-cache")
		_, _ = w.Write(content)
	}
}
