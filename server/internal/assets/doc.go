// Package assets serves the files of the built SDK: compressed, with validators, and
// for browsers to keep where the address holds a hash of the bytes. It is told the
// files and the base path.
package assets
