//go:build tinygo

package main

// main is not run: the program is a library of exported functions.
func main() {}
