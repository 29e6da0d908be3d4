package contract

// PageHeader and PageHeaderValue are the header that the SDK sends with every
// request that may change something at the token server. A browser lets a page
// send it to another origin only after that origin has agreed (CORS preflight),
// and never from a form, a link or a beacon: whoever brings it is a page that
// the server allows, also in a browser that says nothing else about where a
// request comes from.
// Source: OAuth 2.0 for Browser-Based Applications, cross-site request forgery
// of a token-mediating back end.
const (
	PageHeader      = "Kakaowasm"
	PageHeaderValue = "1"
)
