package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/google/renameio/v2/maybe"

	"github.com/kakaowasm/kakaowasm/server/store/keyring"
)

// KeygenCmd makes a key that encrypts logins: `kakaowasm keygen`.
type KeygenCmd struct {
	File string `arg:"optional" help:"Put the key first in this file, which keeps its other keys: logins that they have sealed stay. Without a file, the key is printed. Where several instances share a store, a new key goes round as the last one before it comes first: see docs/deploy.md."`
}

// Run makes a key.
func (c *KeygenCmd) Run(_ context.Context, out io.Writer) error {
	if c.File == "" {
		_, err := fmt.Fprintln(out, keyring.Generate())
		return err
	}
	count, err := addKey(c.File, keyring.Generate())
	if err != nil {
		return err
	}
	printf(out, "%s: the new key comes first, of %d in all, and seals once the server is started again\n", c.File, count)
	return nil
}

// addKey puts a key first in a file, which is made if there is none, and returns
// how many keys it then holds. A file that holds anything else is left alone.
func addKey(path, key string) (count int, err error) {
	content, err := os.ReadFile(path) //nolint:gosec // The user names the file.
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, err
	}
	list := key + "\n" + strings.TrimLeft(string(content), " \t\r\n")
	if _, err := keyring.Parse(list); err != nil {
		return 0, errorf("%s: expected a file of keys, left as it was: the new key would be key 1, and %w", path, err)
	}
	if err := maybe.WriteFile(path, []byte(list), 0o600); err != nil {
		return 0, errorf("%s cannot be written: %w", path, err)
	}
	return len(strings.Fields(strings.ReplaceAll(list, ",", " "))), nil
}
