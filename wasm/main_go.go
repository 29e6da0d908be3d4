//go:build js && !tinygo

package main

// main parks, because standard Go ends its exported functions with it.
func main() { select {} }

// collect has nothing to do: standard Go collects by itself.
func collect(int) {}
