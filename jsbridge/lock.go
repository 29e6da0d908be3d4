//go:build js

package jsbridge

// Lock waits for the Web Lock of that name, which one tab of the origin holds
// at a time. waited tells whether another one held it. Browsers without Web
// Locks let everyone pass.
func Lock(name string) (release func(), waited bool) {
	grant, err := Await(host.Call("lock", name))
	if err != nil {
		return func() {}, false
	}
	waited = grant.Get("waited").Bool()
	return func() {
		grant.Call("release")
		Release(grant)
	}, waited
}
