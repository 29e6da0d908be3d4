// Command apidoc writes docs/api.md, the reference of the calls of Kakao
// Login, and docs/errors.md and docs/errors.ko.md, its error codes, from the
// catalogue. It is run by go generate in kakao/catalog.
package main

import (
	"flag"
	"fmt"
	"os"
)

// documents are what -doc chooses from.
var documents = map[string]func() string{
	"api":       reference,
	"errors":    func() string { return problems(english) },
	"errors.ko": func() string { return problems(korean) },
}

func main() {
	out := flag.String("o", "", "the file to write; standard output if empty")
	doc := flag.String("doc", "api", "the document: api, errors or errors.ko")
	flag.Parse()
	if err := write(*doc, *out); err != nil {
		fmt.Fprintln(os.Stderr, "apidoc:", err)
		os.Exit(1)
	}
}

func write(doc, path string) error {
	text, ok := documents[doc]
	if !ok {
		return fmt.Errorf("there is no document %q", doc)
	}
	if path == "" {
		_, err := fmt.Print(text())
		return err
	}
	return os.WriteFile(path, []byte(text()), 0o644) //nolint:gosec // documents, for everybody to read
}
