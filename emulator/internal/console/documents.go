package console

import (
	"net/http"

	"github.com/kakaowasm/kakaowasm/emulator/internal/pages"
	"github.com/kakaowasm/kakaowasm/emulator/internal/schema"
)

// documentRoutes serve the descriptions.
var documentRoutes = []struct {
	path, kind string
	content    []byte
}{
	{pages.PathConsoleAPI + "/openapi.json", "application/json", schema.OpenAPI},
	{pages.PathConsoleAPI + "/seed.schema.json", "application/schema+json", schema.Seed},
}

func serveDocument(kind string, content []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Cache-Control", "no-cache")
		_, _ = w.Write(content)
	}
}
