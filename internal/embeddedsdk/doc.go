// Package embeddedsdk holds the released SDK inside programs that were built for a
// release: with the build tag embedsdk, after `make release` has filled the folder
// files. Every other build holds none, so that a clean clone compiles without
// Node.js and TinyGo. It knows neither the token server nor how the SDK is built.
package embeddedsdk
