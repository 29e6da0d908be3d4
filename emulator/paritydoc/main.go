// Command paritydoc writes docs/parity.md and docs/parity.ko.md: which features of
// Kakao Login, and of what Kakao's SDKs use around it, the emulator plays, and how
// far. It is run by go generate in emulator.
//
// The calls come from the catalogue (kakao/catalog); the rows that grade them, the
// features that are no call, and the open questions are tables of this package.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	folder := flag.String("o", "", "the folder to write parity.md and parity.ko.md into")
	flag.Parse()
	if err := write(*folder); err != nil {
		fmt.Fprintln(os.Stderr, "paritydoc:", err)
		os.Exit(1)
	}
}

// write writes the document in each language into a folder.
func write(folder string) error {
	for name, l := range languages {
		text, err := document(l)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil { //nolint:gosec // documents, for everybody to read
			return err
		}
	}
	return nil
}
