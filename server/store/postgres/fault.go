package postgres

import (
	"errors"
	"regexp"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/kakaowasm/kakaowasm/server/store/internal/fault"
)

// sqlState is what a code of PostgreSQL looks like.
var sqlState = regexp.MustCompile(`^[0-9A-Z]{5}$`)

// meanings are what the codes mean that people meet.
// Source: PostgreSQL's documentation, appendix A.
var meanings = map[string]string{
	"25006": ": the database is read-only; is it a replica?",
	"28000": ": this user may not log in from here",
	"28P01": ": user name or password are wrong",
	"3D000": ": the database does not exist",
	"3F000": ": the schema does not exist",
	"42501": ": the user lacks a permission",
	"42P01": ": the table does not exist",
	"53100": ": the disk is full",
	"53300": ": too many connections",
	"57P01": ": PostgreSQL is shutting down",
	"57P03": ": PostgreSQL is starting",
}

// publicFault returns what may be logged of a failure of the client: an answer by its
// code, since its text may quote what PostgreSQL was sent. [errors.Is] still matches
// the failure.
func publicFault(err error) error {
	var answered *pgconn.PgError
	switch {
	case !errors.As(err, &answered):
		return fault.Connection(err)
	case !sqlState.MatchString(answered.Code):
		return fault.New("PostgreSQL answers with an error without a code", err)
	}
	return fault.New("PostgreSQL answers with error "+answered.Code+meanings[answered.Code], err)
}
