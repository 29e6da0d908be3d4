package sdk

// Credential is what a call of the REST API is authorized with.
type Credential uint8

const (
	// UserToken is the user's access token, as "Bearer".
	UserToken Credential = iota
	// AppKey is the app's JavaScript key, as "KakaoAK".
	AppKey
)

// Endpoint is one call of the REST API that a page may make. Sources:
// JavaScript SDK v1 (legacy) reference > API.request, Kakao Login > REST API.
type Endpoint struct {
	Method     string
	Path       string
	Params     []Param
	Credential Credential
	// ForceSecure sends secure_resource as true, whatever the page says.
	ForceSecure bool
	// TakesFiles tells that the request is one of files.
	TakesFiles bool
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

// requestPrefix begins the names of the calls that are one address each.
const requestPrefix = "API.request - "

// Call is e as a call of the SDK, with its own parameters.
func (e Endpoint) Call() Call { return Call{requestPrefix + e.Path, e.Params} }

func endpointPaths() []string {
	paths := make([]string, len(Endpoints))
	for i, e := range Endpoints {
		paths[i] = e.Path
	}
	return paths
}
