// Command bench measures the token server on loopback: how many requests it
// answers, how fast, and how much room its sessions take. It prints tables and
// puts them into docs/performance.md and its Korean twin.
//
//	make bench
//
// Everything runs as a process of its own, as in production: the emulator as
// Kakao, a bare [net/http/httputil.ReverseProxy] in front of it, and `kakaowasm
// serve` with each store. A machine's figures mean little by themselves. So the
// proxy, which does the least that anything between a browser and Kakao can do,
// is measured in the same rounds, and the figures to look at are the ratios.
package main
