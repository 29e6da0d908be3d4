package pages

// Addresses that the pages lead to.
const (
	PathFrontDoor  = "/"
	PathConsole    = "/console"
	PathConsoleAPI = PathConsole + "/api"
	PathLogin      = "/oauth/login"
	PathConsent    = "/oauth/consent"
	PathCreate     = "/oauth/create"
	// PathLogInAs is below /oauth/, because the cookie of a browser's session is.
	PathLogInAs = "/oauth/emulator/login"
	// guide is where people read on.
	guide = "https://github.com/kakaowasm/kakaowasm/blob/main/docs/emulator.md"
)
