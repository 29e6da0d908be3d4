package schema

import _ "embed"

// Descriptions for programs, generated from the route table and its types by
// TestDescriptionsAreUpToDate: OpenAPI 3.1 of the console's API, and JSON Schema
// 2020-12 of a seed.
var (
	//go:embed openapi.json
	OpenAPI []byte
	//go:embed seed.schema.json
	Seed []byte
)
