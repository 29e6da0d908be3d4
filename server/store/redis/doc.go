// Package redis keeps the entries of a [store.Store] in Redis 7 or newer: the
// way to many instances, which share them when their prefix is the same.
//
// # What Redis must be
//
// One node, or a primary that clients reach under one address: scripts touch an
// entry and the index of its owner together, which a cluster would keep apart.
// What a call returned without error survives what Redis survives: set
// appendonly yes (with appendfsync always where not even a power cut may cost a
// login) and maxmemory-policy noeviction, or Redis forgets logins when it runs
// out of memory.
//
// Redis going away makes calls fail with [store.ErrUnavailable] within their
// contexts, and coming back needs no restart. Entries and leases expire by the
// clock of Redis, so that instances need not agree on the time of leases. The
// client tells of connections that fail through the logger of go-redis, which a
// program sets with SetLogger of that package.
//
// # What is in Redis
//
// Under the prefix: entry:<key>, a hash with a lifetime; owner:<app>:<user>, a
// sorted set of the keys that an owner has, by expiry; lease:<key>, a hash with
// a lifetime; and the channel freed:<key>, on which the end of a lease is told
// to those who wait for it.
//
// # Why not a lock library
//
// Those that there are wait by asking over and over. Here a waiter leaves a
// mark on the lease, and the script that releases a marked lease publishes it.
package redis
