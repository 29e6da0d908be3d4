package sdk

// RenewBefore tells how many seconds before its expiry an access token with
// this lifetime, in seconds, is to be renewed: five minutes, or a tenth of a
// shorter life, so that no request meets an expired token and no token is
// thrown away half used.
func RenewBefore(lifetime int) int {
	return min(5*60, lifetime/10)
}
