//go:build js && !tinygo

package main

// main parks, because standard Go ends its exported functions with it.
func main() { select {} }
