package kapi

import (
	"cmp"
	"slices"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/account"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// addressesAnswer is a page of shipping addresses.
type addressesAnswer struct {
	UserID         int64                    `json:"user_id"`
	Addresses      []config.ShippingAddress `json:"shipping_addresses,omitempty"`
	NeedsAgreement bool                     `json:"shipping_addresses_needs_agreement"`
}

// defaultPageSize is how many addresses a page holds. Source: Kakao Login > REST
// API > Retrieving shipping address.
const defaultPageSize = 10

// shippingAddresses is GET /v1/user/shipping_address. The reference sorts the
// latest first, so that a page that begins at from_updated_at holds what was
// changed before it: read the other way, the last address of a page would lead
// back to the same page.
func (a *Server) shippingAddresses(c *apiCall) (any, *apiError) {
	if c.app.Scope(account.ScopeShippingAddress) == nil {
		return nil, refuse(catalog.ErrDisabled,
			"["+c.app.Name+"] App disabled ["+account.ScopeShippingAddress+"] scopes for [SHIPPING_ADDRESS] API on developers.kakao.com. Enable it first.")
	}
	answer := addressesAnswer{UserID: c.userID()}
	if _, agreed := c.linked.Scopes[account.ScopeShippingAddress]; !agreed {
		answer.NeedsAgreement = account.Holds(c.user, account.ScopeShippingAddress)
		return answer, nil
	}
	addresses := sortedAddresses(c.user.ShippingAddresses)
	if id, one := c.parameters["address_id"].(int64); one {
		addresses = slices.DeleteFunc(addresses, func(a config.ShippingAddress) bool { return a.ID != id })
	}
	if from := given[int64](c, "from_updated_at"); from != 0 {
		addresses = slices.DeleteFunc(addresses, func(a config.ShippingAddress) bool { return a.IsDefault || a.UpdatedAt >= from })
	}
	size := defaultPageSize
	if asked := given[int64](c, "page_size"); asked != 0 {
		size = int(asked)
	}
	answer.Addresses = addresses[:min(size, len(addresses))]
	return answer, nil
}

// sortedAddresses returns a copy with the default address first and the others
// by their last change, the latest first.
func sortedAddresses(addresses []config.ShippingAddress) []config.ShippingAddress {
	sorted := slices.Clone(addresses)
	slices.SortStableFunc(sorted, func(a, b config.ShippingAddress) int {
		if a.IsDefault != b.IsDefault {
			if a.IsDefault {
				return -1
			}
			return 1
		}
		return cmp.Compare(b.UpdatedAt, a.UpdatedAt)
	})
	return sorted
}
