// Command apidoc writes docs/api.md, the reference of the calls of Kakao
// Login, from the catalogue. It is run by go generate in kakao/catalog.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	out := flag.String("o", "", "the file to write; standard output if empty")
	flag.Parse()
	if err := write(*out); err != nil {
		fmt.Fprintln(os.Stderr, "apidoc:", err)
		os.Exit(1)
	}
}

func write(path string) error {
	if path == "" {
		_, err := fmt.Print(reference())
		return err
	}
	return os.WriteFile(path, []byte(reference()), 0o644) //nolint:gosec // a document, for everybody to read
}
