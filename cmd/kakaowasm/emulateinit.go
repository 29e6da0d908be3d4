package main

import (
	"context"
	_ "embed"
	"errors"
	"io"
	"io/fs"
	"os"

	"github.com/kakaowasm/kakaowasm/emulator"
)

// starterSeed is what `kakaowasm emulate init` writes.
//
//go:embed seed.yaml
var starterSeed []byte

// EmulateInitCmd writes a seed file to begin with: `kakaowasm emulate init`.
type EmulateInitCmd struct {
	File string `arg:"" default:"kakao.yaml" help:"File to write."`
}

// Run writes the file. One that is there already stays as it is.
func (c *EmulateInitCmd) Run(_ context.Context, out io.Writer) error {
	file, err := os.OpenFile(c.File, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // a file for the repository, which the user names
	if errors.Is(err, fs.ErrExist) {
		return errorf("%s is there already, and was not changed; name another file", c.File)
	}
	if err != nil {
		return err
	}
	_, err = file.Write(starterSeed)
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	printf(out, "Wrote %s. Run it with: kakaowasm emulate --seed %[1]s\n", c.File)
	return nil
}

// EmulateSchemaCmd prints the JSON Schema of a seed: `kakaowasm emulate schema`.
type EmulateSchemaCmd struct{}

// Run prints the schema.
func (*EmulateSchemaCmd) Run(_ context.Context, out io.Writer) error {
	_, err := out.Write(emulator.SeedSchema())
	return err
}
