// Package store says what the token server asks of the place where it keeps
// logins: one interface, [Store], whose comments are the whole contract. The
// packages beneath it keep entries in memory, in a file (bolt), in Redis and in
// PostgreSQL; package keyring encrypts what any of them keeps; package storetest
// is the suite that each of them passes.
//
// It knows nothing of Kakao, of HTTP or of what a value means. Keys reach it
// already hashed, so that a stolen store holds nothing that opens a session.
//
// # How the server uses it
//
// A session is an entry under the hash of its ID, owned by the user, and ends
// with its entry. A renewal takes the lease of the session ([Hold]), reads the
// entry, asks Kakao, and replaces the entry; whoever waited for the lease finds
// the new tokens there and does not ask again. The result of an authorization
// code is an entry under the hash of the code that lives for a minute, made
// under the lease of the same key, so that a code posted twice gets the first
// result. An unlink deletes by owner.
//
// # What fences a writer that was left behind
//
// A lease says who may ask Kakao; it may be lost while its holder sleeps. The
// version says who may write: every write makes a new version, and one that
// began with an older version is refused. So nobody can overwrite what they
// have not seen, nor bring back what has ended, whether or not they hold a
// lease.
//
// The store does not refuse a write for a lost lease alone. A renewal that
// lost its lease may hold the only refresh token that Kakao still honours;
// while nobody else has written, its result is the right one to keep. A holder
// that wants its predecessors shut out from the start replaces the entry with
// itself: the new version is its fencing token.
package store
