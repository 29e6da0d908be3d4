package contract

import "strings"

// IsLoopbackHost reports whether a host, without its port, can only be this
// machine, so that plain http may carry credentials to it: nobody else is on the
// way. It takes an IPv6 address with the brackets of a browser's URL.hostname or
// without, as Go's URL.Hostname gives it, and only as browsers write it.
// Source: RFC 6761, section 6.3 (localhost); RFC 1122, section 3.2.1.3, and
// RFC 4291, section 2.5.3 (addresses); RFC 9700, section 2.6 (http on loopback).
func IsLoopbackHost(host string) bool {
	if host == "::1" || host == "[::1]" {
		return true
	}
	labels := strings.Split(host, ".")
	if labels[len(labels)-1] == "localhost" {
		return allLabels(labels, isLabel)
	}
	return len(labels) == 4 && labels[0] == "127" && allLabels(labels, isOctet)
}

func allLabels(labels []string, ok func(string) bool) bool {
	for _, label := range labels {
		if !ok(label) {
			return false
		}
	}
	return true
}

// isLabel reports whether s is a label of a host name as browsers write it: in
// lower case (RFC 1123, section 2.1; underscores are common beside it).
func isLabel(s string) bool {
	for i := range len(s) {
		if !isLabelByte(s[i]) {
			return false
		}
	}
	return s != ""
}

func isLabelByte(c byte) bool {
	return 'a' <= c && c <= 'z' || isDigit(c) || c == '-' || c == '_'
}

// isOctet reports whether s is a number from 0 to 255 without leading zeros.
func isOctet(s string) bool {
	n := 0
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
		n = 10*n + int(s[i]-'0')
	}
	return s != "" && len(s) <= 3 && n <= 255 && (len(s) == 1 || s[0] != '0')
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
