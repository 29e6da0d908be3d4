package postgres

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// migrations bring the table from one version of its schema to the next; the
// first one makes it. One that was released is never changed.
var migrations = []string{firstMigration}

//go:embed migrations/1.sql
var firstMigration string

// errNewer: the table was made by a program that is newer than this one.
var errNewer = errors.New("postgres: the table kakaowasm_store belongs to a newer version of kakaowasm; expected this version or an older one, start the newer program")

// migrate makes the table what this program expects. Of several instances that
// start at once one does it, and the others wait. Where there is nothing to do
// it needs no right to do it.
func migrate(ctx context.Context, pool *pgxpool.Pool) error {
	version, err := schemaVersion(ctx, pool)
	if err != nil || version == len(migrations) {
		return err
	}
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtext('kakaowasm_store'))`); err != nil {
			return err
		}
		version, err := schemaVersion(ctx, tx)
		if err != nil {
			return err
		}
		if version > len(migrations) {
			return errNewer
		}
		return applyMigrations(ctx, tx, migrations[version:])
	})
}

// applyMigrations brings the table to the newest version, and notes that.
func applyMigrations(ctx context.Context, tx pgx.Tx, missing []string) error {
	for _, migration := range missing {
		if _, err := tx.Exec(ctx, migration); err != nil {
			return fmt.Errorf("making the table kakaowasm_store: %w", err)
		}
	}
	_, err := tx.Exec(ctx, `COMMENT ON TABLE kakaowasm_store IS '`+strconv.Itoa(len(migrations))+`'`)
	return err
}

// querier is a connection, a pool or a transaction.
type querier interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// commentOnTable reads the catalog itself: functions such as to_regclass may
// answer from what a connection remembers of the time before it waited.
const commentOnTable = `SELECT coalesce((
	SELECT d.description FROM pg_class c JOIN pg_description d ON d.objoid = c.oid AND d.classoid = 'pg_class'::regclass AND d.objsubid = 0
	WHERE c.relname = 'kakaowasm_store' AND pg_table_is_visible(c.oid)
), '0')::int`

// schemaVersion is how many migrations the table has had, which its comment says:
// 0 where there is none. It looks where statements would find the table.
func schemaVersion(ctx context.Context, q querier) (version int, err error) {
	err = q.QueryRow(ctx, commentOnTable).Scan(&version)
	return version, err
}
