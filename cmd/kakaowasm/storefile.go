package main

import (
	"context"
	"io"

	"github.com/kakaowasm/kakaowasm/server/store/bolt"
)

// StoreCheckCmd reports on a store file: `kakaowasm store check FILE`.
type StoreCheckCmd struct {
	File string `arg:"" help:"The file, such as sessions.db."`
}

// errStoreDamaged ends the check of a damaged file with exit code 1.
var errStoreDamaged = errorf("the store file is damaged")

// Run prints the report. It fails where the file is damaged.
func (c *StoreCheckCmd) Run(_ context.Context, out io.Writer) error {
	report, err := bolt.Check(c.File)
	if err != nil {
		return err
	}
	printStoreReport(out, c.File, report)
	if report.Damage == nil {
		return nil
	}
	printf(out, "kakaowasm store compact %s writes it anew with what can be read; the others log in once more\n", c.File)
	return errStoreDamaged
}

// StoreCompactCmd writes a store file anew: `kakaowasm store compact FILE`.
type StoreCompactCmd struct {
	File string `arg:"" help:"The file, such as sessions.db."`
}

// Run compacts the file and prints what is in it now.
func (c *StoreCompactCmd) Run(_ context.Context, out io.Writer) error {
	report, err := bolt.Compact(c.File)
	if err != nil {
		return err
	}
	printStoreReport(out, c.File, report)
	printf(out, "written anew: %s\n", c.File)
	if report.Kept != "" {
		printf(out, "the damaged file: %s\n", report.Kept)
	}
	return nil
}

// printStoreReport writes what a file holds.
func printStoreReport(w io.Writer, path string, report bolt.Report) {
	printf(w, "%s: logins and other entries: %d (%d bytes); expired: %d; unreadable: %d; lost: %d\n", path, report.Entries, report.Bytes, report.Expired, report.Unreadable, report.Lost)
	if report.Damage != nil {
		printf(w, "damage: %v\n", report.Damage)
	}
}
