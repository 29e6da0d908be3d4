package kakao

// The methods of the REST API's calls.
const (
	Get  = "GET"
	Post = "POST"
)

// Endpoint is one call of the REST API that a page may make with the user's
// access token. Sources: JavaScript SDK v1 (legacy) reference > API.request,
// Kakao Login > REST API.
type Endpoint struct {
	Method string
	Path   string
	Params []Param
}

// Endpoints are all of them.
var Endpoints = []Endpoint{
	{Get, "/v2/user/me", []Param{
		{Name: "property_keys", Kind: Array},
		{Name: "secure_resource", Kind: Boolean},
	}},
	{Post, "/v1/user/logout", nil},
	{Post, "/v1/user/unlink", nil},
	{Get, "/v2/user/scopes", []Param{{Name: "scopes", Kind: Array}}},
	{Post, "/v2/user/revoke/scopes", []Param{{Name: "scopes", Kind: Array, Required: true}}},
	{Get, "/v1/user/service/terms", []Param{{Name: "extra"}}},
}

// FindEndpoint returns the endpoint at path.
func FindEndpoint(path string) (Endpoint, bool) {
	for _, e := range Endpoints {
		if e.Path == path {
			return e, true
		}
	}
	return Endpoint{}, false
}

// Call is e as a call of the SDK, with its own parameters.
func (e Endpoint) Call() Call { return Call{"API.request - " + e.Path, e.Params} }

func endpointPaths() []string {
	paths := make([]string, len(Endpoints))
	for i, e := range Endpoints {
		paths[i] = e.Path
	}
	return paths
}
