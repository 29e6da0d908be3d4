// Package contract holds what the SDK, the relay page and the token server must
// agree on: paths and the static header of the token server, the names of
// channels, messages and storage entries, the format of a state, the codes of
// errors, and the hosts to which plain http may carry credentials.
//
// It holds names and tiny functions only. It imports nothing of this project,
// and nothing that is large: the browser build imports it, and each first
// visitor pays for it. It must not know texts for people: the cause and the cure
// of an error code are in [github.com/kakaowasm/kakaowasm/contract/problems].
package contract
