package kakao

import "github.com/kakaowasm/kakaowasm/contract"

// Flow and the names below are those of package contract, until every user
// takes them from there.
type Flow = contract.Flow

// See package contract.
const (
	PopupFlow       = contract.PopupFlow
	RedirectFlow    = contract.RedirectFlow
	RandomSize      = contract.RandomSize
	PageHeader      = contract.PageHeader
	PageHeaderValue = contract.PageHeaderValue
)

// FlowState is [contract.FlowState].
func FlowState(flow Flow, random []byte, returnTo string) string {
	return contract.FlowState(flow, random, returnTo)
}

// EncodeRandom is [contract.EncodeRandom].
func EncodeRandom(b []byte) string { return contract.EncodeRandom(b) }
