// Package postgres keeps the entries of a [store.Store] in one table of a
// PostgreSQL 13 or newer: for many instances of a team that runs nothing else.
// Instances share what they keep when they use the same database and schema.
//
// # What PostgreSQL must be
//
// A primary. What a call returned without error is committed, and survives what
// PostgreSQL survives: with its own settings the end of its process and of the
// power, and the death of the machine where synchronous_commit and a standby say
// so. PostgreSQL going away makes calls fail with [store.ErrUnavailable] within
// their contexts, and coming back needs no restart. A URL may name several hosts
// with target_session_attrs=read-write, which finds the primary among them.
//
// Entries and leases expire by the clock of PostgreSQL. Each instance deletes
// what has expired now and then.
//
// The end of a lease reaches those who wait for it by LISTEN, which a pooler
// that shares connections between transactions does not carry: connect directly,
// or with a pooler's sessions.
//
// # Leases
//
// They are rows of the same table, and their commits do not wait for the disk: a
// lease that a crash forgets lets two ask Kakao, and the version of the entry
// decides whose answer stays, as it does whenever a lease is lost.
package postgres
