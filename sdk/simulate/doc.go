// Package simulate is a world in which the machine of package sdk lives: tabs
// with their storages, channels and locks, windows, a network, a clock, a user,
// and a far side. Nothing in it waits or runs beside anything else. Whatever the
// world leaves open, from a user's next click to the delay of an answer, is
// drawn from [Choices], so that a run is as good as its seed.
//
// It is for tests. It knows the SDK by its events, commands and String alone.
package simulate
