// Package redis keeps the entries of a [store.Store] in Redis 7 or newer: the
// way to many instances, which share them when their prefix is the same.
//
// # What Redis must be
//
// One node, a primary that Sentinels name, or a cluster. What a call returned
// without error survives what Redis survives: set appendonly yes (with
// appendfsync always where not even a power cut may cost a login) and
// maxmemory-policy noeviction, or Redis forgets logins when it runs out of
// memory. Redis acknowledges a write before its replicas have it, so that the
// death of a primary may cost the writes of its last moment; whoever finds an
// older state of an entry is refused by its version, as always.
//
// Redis going away makes calls fail with [store.ErrUnavailable] within their
// contexts, and coming back, or another primary, needs no restart. Entries and
// leases expire by the clock of Redis, so that instances need not agree on the
// time of leases. The client tells of connections that fail through the logger
// of go-redis, which a program sets with SetLogger of that package.
//
// # What is in Redis
//
// Under the prefix: entry:<key>, a hash with a lifetime; owner:<app>:<user>, a
// sorted set of the keys that an owner has, by expiry; lease:<key>, a hash with
// a lifetime; and the channel freed:<key>, on which the end of a lease is
// published to those who wait for it.
//
// In a cluster a hash tag stands between the prefix and the rest, one of 256
// that the key decides: so an entry, its lease and the part of its owner's index
// that has it lie in one slot, and one script changes them in one step. Only
// DeleteOwned asks all parts of an index.
//
// # Leases
//
// They are neither written to the disk nor passed on to replicas, so that taking
// one does not wait for either: a lease that a crash or a failover forgets lets
// two ask Kakao, and the version of the entry decides whose answer stays, as it
// does whenever a lease is lost.
//
// # Why not a lock library
//
// Those that there are wait by asking over and over. Here a waiter leaves a
// mark on the lease, and the script that releases a marked lease publishes it.
package redis
