package emulator

import "github.com/kakaowasm/kakaowasm/emulator/internal/schema"

// SeedSchema is the JSON Schema of a [Seed], for editors.
func SeedSchema() []byte { return append([]byte{}, schema.Seed...) }
