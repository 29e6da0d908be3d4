package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/kakaowasm/kakaowasm/server/store"
)

// What PostgreSQL answers may quote what it was sent: it is told by its code, and by
// what that means.
func TestAnswersOfPostgreSQLAreNotQuoted(t *testing.T) {
	for code, want := range map[string]string{
		"28P01": "error 28P01: user name or password are wrong", "XX000": "error XX000", "hunter2": "without a code", "": "without a code",
	} {
		answer := &pgconn.PgError{Code: code, Message: "hunter2", Detail: "hunter2", Hint: "hunter2", Where: "hunter2"}
		err := new(Store).unavailable(context.Background(), fmt.Errorf("making the table: %w", answer))
		if !errors.Is(err, store.ErrUnavailable) || !errors.Is(err, answer) || !strings.HasSuffix(err.Error(), want) || strings.Contains(fmt.Sprintf("%+v", err), "hunter2") {
			t.Errorf("%s: got %v, want %s", code, err, want)
		}
	}
}
