package catalog

// Text is a text in both languages of the documents.
type Text struct{ En, Ko string }

// Group is the step at which a problem shows.
type Group uint8

// The groups.
const (
	AtAuthorize Group = iota // the authorization code, and logout at the authorization server
	AtToken                  // getting and refreshing tokens
	AtIDToken                // checking an ID token
	AtAPI                    // any call of the REST API
)

// Source is the part of Kakao's documents that lists the group's codes.
func (g Group) Source() string {
	switch g {
	case AtAuthorize:
		return "Kakao Login > Error code > Authorization code"
	case AtToken:
		return "Kakao Login > Error code > Token"
	case AtIDToken:
		return "Kakao Login > Error code > OpenID Connect"
	}
	return "REST API > Error code, parts Common and Kakao Login"
}

// Problem is an error code of Kakao with what to do about it.
type Problem struct {
	// Group is where the code shows; its Source names the document.
	Group Group
	// KOE is the code of the authorization server, Code that of the REST API;
	// one of them is set.
	KOE  string
	Code int
	// Status is the HTTP status; 0 if the error comes on a page or with a
	// redirect, or if the status is unknown.
	Status int
	// Name is the "error" of RFC 6749; "" if there is none or it is unknown.
	Name string
	// Cause says what happened, Fix what to change and where.
	Cause, Fix Text
	// Emulator says what to change at the emulator, whose console and flags take
	// the place of Kakao's menus; empty where Fix holds there as well.
	Emulator Text
	// Passes tells that trying again later helps.
	Passes bool
}

// FindKOE returns the problem of an error_code such as "KOE320".
func FindKOE(code string) (Problem, bool) {
	return findProblem(func(p Problem) bool { return code != "" && p.KOE == code })
}

// FindCode returns the problem of a code of the REST API such as -401.
func FindCode(code int) (Problem, bool) {
	return findProblem(func(p Problem) bool { return code != 0 && p.Code == code })
}

func findProblem(is func(Problem) bool) (Problem, bool) {
	for _, p := range Problems {
		if is(p) {
			return p, true
		}
	}
	return Problem{}, false
}
