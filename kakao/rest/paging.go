package rest

import (
	"context"
	"iter"

	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// Order is the direction of a list.
// Source: Kakao Login > REST API > Retrieving user list.
type Order string

// The directions.
const (
	Ascending  Order = "asc" // the default
	Descending Order = "desc"
)

// UserIDsRequest chooses a page of the list of users.
// Source: Kakao Login > REST API > Retrieving user list.
type UserIDsRequest struct {
	// Limit is the number of users of a page, 1 to 100; 0 means 100.
	Limit int64 `kakao:"limit"`
	// FromID is the service user ID at which the page begins, included; 0 means
	// the beginning.
	FromID int64 `kakao:"from_id"`
	Order  Order `kakao:"order"`
}

// UserIDs is a page of the list of users.
// Source: Kakao Login > REST API > Retrieving user list.
type UserIDs struct {
	// Elements are service user IDs.
	Elements []int64 `json:"elements"`
	// TotalCount is 0 since Kakao ended it in 2022.
	TotalCount int64 `json:"total_count"`
	// BeforeURL and AfterURL are empty where there is no such page.
	BeforeURL PageURL `json:"before_url"`
	AfterURL  PageURL `json:"after_url"`
	Raw       Raw     `json:"-"`
}

// UnmarshalJSON implements [json.Unmarshaler].
func (u *UserIDs) UnmarshalJSON(data []byte) error { return decode(data, u) }

// UserIDs reads one page of the list of users; see [AdminClient.AllUserIDs].
// Source: Kakao Login > REST API > Retrieving user list.
func (a AdminClient) UserIDs(ctx context.Context, req UserIDsRequest) (UserIDs, error) {
	return invoke[UserIDs](ctx, a.caller, catalog.UserIDs, req)
}

// AllUserIDs goes through the list of users, from req on, page by page. A page
// that fails ends it with the error. Pages overlap by one user, which comes
// once only; a Limit of 1 is therefore taken for 2.
// Source: Kakao Login > REST API > Retrieving user list.
func (a AdminClient) AllUserIDs(ctx context.Context, req UserIDsRequest) iter.Seq2[int64, error] {
	if req.Limit == 1 {
		req.Limit = 2
	}
	return func(yield func(int64, error) bool) {
		next, more := req, true
		seen := func(int64) bool { return false } // nothing was before the first page
		for more {
			page, err := a.UserIDs(ctx, next)
			if err != nil {
				yield(0, err)
				return
			}
			more = false
			for _, id := range page.Elements {
				if seen(id) {
					continue
				}
				if !yield(id, nil) {
					return
				}
				next.FromID, more = id, page.AfterURL != ""
			}
			last := next.FromID
			seen = func(id int64) bool {
				return req.Order == Descending && id >= last || req.Order != Descending && id <= last
			}
		}
	}
}

// ShippingAddressesRequest chooses shipping addresses.
// Source: Kakao Login > REST API > Retrieving shipping address.
type ShippingAddressesRequest struct {
	// AddressID is the one address to read; 0 means all.
	AddressID int64 `kakao:"address_id"`
	// FromUpdatedAt is where the page begins: UpdatedAt of the last address of
	// the page before; 0 means the beginning.
	FromUpdatedAt UnixTime `kakao:"from_updated_at"`
	// PageSize is the number of addresses of a page, 2 or more; 0 means 10.
	PageSize int64 `kakao:"page_size"`
}

// ShippingAddresses is a page of a user's shipping addresses.
// Source: Kakao Login > REST API > Retrieving shipping address.
type ShippingAddresses struct {
	// UserID is the service user ID.
	UserID            int64             `json:"user_id"`
	ShippingAddresses []ShippingAddress `json:"shipping_addresses"`
	// NeedsAgreement tells that the app may ask for the consent that is
	// missing.
	NeedsAgreement bool `json:"shipping_addresses_needs_agreement"`
	Raw            Raw  `json:"-"`
}

// UnmarshalJSON implements [json.Unmarshaler].
func (s *ShippingAddresses) UnmarshalJSON(data []byte) error { return decode(data, s) }

// ShippingAddress is one shipping address.
// Source: Kakao Login > REST API > Retrieving shipping address, ShippingAddress.
type ShippingAddress struct {
	ID                   int64    `json:"id"`
	Name                 string   `json:"name"`
	IsDefault            bool     `json:"is_default"`
	UpdatedAt            UnixTime `json:"updated_at"`
	Type                 string   `json:"type"` // OLD or NEW
	BaseAddress          string   `json:"base_address"`
	DetailAddress        string   `json:"detail_address"`
	ReceiverName         string   `json:"receiver_name"`
	ReceiverPhoneNumber1 string   `json:"receiver_phone_number1"`
	ReceiverPhoneNumber2 string   `json:"receiver_phone_number2"`
	ZoneNumber           string   `json:"zone_number"`
	ZipCode              string   `json:"zip_code"`
	Raw                  Raw      `json:"-"`
}

// UnmarshalJSON implements [json.Unmarshaler].
func (s *ShippingAddress) UnmarshalJSON(data []byte) error { return decode(data, s) }

// ShippingAddresses reads one page of the user's shipping addresses; see
// AllShippingAddresses.
// Source: Kakao Login > REST API > Retrieving shipping address.
func (a account) ShippingAddresses(ctx context.Context, req ShippingAddressesRequest) (ShippingAddresses, error) {
	return invoke[ShippingAddresses](ctx, a.caller, catalog.ShippingAddresses, req)
}

// defaultPageSize is what Kakao takes where page_size is left out.
const defaultPageSize = 10

// AllShippingAddresses goes through the user's shipping addresses, from req on,
// page by page, each once. It ends after a page that is not full or brings
// nothing new; a page that fails ends it with the error.
// Source: Kakao Login > REST API > Retrieving shipping address.
func (a account) AllShippingAddresses(ctx context.Context, req ShippingAddressesRequest) iter.Seq2[ShippingAddress, error] {
	full := defaultPageSize
	if req.PageSize != 0 {
		full = int(min(req.PageSize, defaultPageSize)) // Kakao names no maximum, and may give fewer than asked for
	}
	return func(yield func(ShippingAddress, error) bool) {
		next, more, seen := req, true, map[int64]bool{}
		for more {
			page, err := a.ShippingAddresses(ctx, next)
			if err != nil {
				yield(ShippingAddress{}, err)
				return
			}
			more = false
			for _, address := range page.ShippingAddresses {
				if seen[address.ID] {
					continue
				}
				seen[address.ID], more = true, len(page.ShippingAddresses) >= full
				if !yield(address, nil) {
					return
				}
			}
			if more {
				next.FromUpdatedAt = page.ShippingAddresses[len(page.ShippingAddresses)-1].UpdatedAt
			}
		}
	}
}
