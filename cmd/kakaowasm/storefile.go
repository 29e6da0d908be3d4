package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/kakaowasm/kakaowasm/kakao/catalog"
	"github.com/kakaowasm/kakaowasm/server/store/bolt"
)

// StoreCheckCmd reports on a store file: `kakaowasm store check FILE`.
type StoreCheckCmd struct {
	File string `arg:"" help:"The file, such as sessions.db."`
}

// errStoreDamaged ends the check of a damaged file with exit code 1.
var errStoreDamaged = errors.New("the store file is damaged")

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
	printIn(out, catalog.Text{
		En: "kakaowasm store compact %s writes it anew with what can be read; the others log in once more\n",
		Ko: "kakaowasm store compact %s 명령을 실행하면 읽을 수 있는 로그인만 새 파일에 옮깁니다. 나머지 사용자는 다시 로그인하면 됩니다\n",
	}, c.File)
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
	printIn(out, catalog.Text{En: "written anew: %s\n", Ko: "새로 쓴 파일: %s\n"}, c.File)
	if report.Kept != "" {
		printIn(out, catalog.Text{En: "the damaged file: %s\n", Ko: "손상된 파일의 보관 위치: %s\n"}, report.Kept)
	}
	return nil
}

// printStoreReport writes what a file holds.
func printStoreReport(w io.Writer, path string, report bolt.Report) {
	printIn(w, catalog.Text{
		En: "%s: logins and other entries: %d (%d bytes); expired: %d; unreadable: %d; lost: %d\n",
		Ko: "%s: 로그인 등 항목 %d건(%d바이트), 만료 %d건, 읽을 수 없음 %d건, 유실 %d건\n",
	}, path, report.Entries, report.Bytes, report.Expired, report.Unreadable, report.Lost)
	if report.Damage != nil {
		printIn(w, catalog.Text{En: "damage: %v\n", Ko: "손상 내용: %v\n"}, report.Damage)
	}
}

// printIn writes a text in the language of the locale.
func printIn(w io.Writer, format catalog.Text, args ...any) {
	_, _ = fmt.Fprintf(w, inLocale(format), args...) // A terminal that is gone needs no text.
}
