// Package account is what a Kakao Account holds, by the consent item that opens
// it, and the pictures of accounts that have none of their own.
package account

import (
	"cmp"
	"strings"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/store"
)

// Members are members of a JSON object.
type Members map[string]any

// Profile is whose account information an answer holds, as one app sees it.
type Profile struct {
	*config.User
	Linked           store.Connection
	Image, Thumbnail string // addresses of the pictures
}

// Item is a piece of account information behind one consent item.
type Item struct {
	Scope string
	// key is what property_keys calls it, after "kakao_account.".
	Key string
	// values are its members of kakao_account; nil if the account has none.
	Values func(Profile) Members
	// nested puts the members into an object of that name.
	Nested string
	// early tells that the item is open for users who are only preregistered.
	Early bool
}

// Flag is the member that says whether consent is missing.
func (a Item) Flag() string {
	name := strings.TrimPrefix(a.Scope, "account_")
	return name + "_needs_agreement"
}

// Items is kakao_account. Source: Kakao Login > REST API > Retrieving
// user information, KakaoAccount and Profile; Manual signup for what is early.
var Items = []Item{
	{Scope: "profile", Key: "profile", Nested: "profile", Early: true, Values: func(p Profile) Members {
		return Merge(nicknameOf(p), picturesOf(p))
	}},
	{Scope: "profile_nickname", Key: "profile", Nested: "profile", Early: true, Values: nicknameOf},
	{Scope: "profile_image", Key: "profile", Nested: "profile", Early: true, Values: picturesOf},
	{Scope: "account_email", Key: "email", Early: true, Values: func(p Profile) Members {
		return whenSet(p.Email, Members{"email": p.Email, "is_email_valid": !p.EmailInvalid, "is_email_verified": !p.EmailUnverified})
	}},
	{Scope: "name", Key: "name", Values: func(p Profile) Members {
		return whenSet(p.Name, Members{"name": p.Name})
	}},
	{Scope: "age_range", Key: "age_range", Values: func(p Profile) Members {
		return whenSet(p.AgeRange, Members{"age_range": p.AgeRange})
	}},
	{Scope: "birthyear", Key: "birthyear", Values: func(p Profile) Members {
		return whenSet(p.Birthyear, Members{"birthyear": p.Birthyear})
	}},
	{Scope: "birthday", Key: "birthday", Values: func(p Profile) Members {
		return whenSet(p.Birthday, Members{"birthday": p.Birthday, "birthday_type": cmp.Or(p.BirthdayType, "SOLAR")})
	}},
	{Scope: "gender", Key: "gender", Values: func(p Profile) Members {
		return whenSet(p.Gender, Members{"gender": p.Gender})
	}},
	{Scope: "phone_number", Key: "phone_number", Values: func(p Profile) Members {
		return whenSet(p.PhoneNumber, Members{"phone_number": p.PhoneNumber})
	}},
	{Scope: "account_ci", Key: "ci", Values: func(p Profile) Members {
		return whenSet(p.CI, Members{"ci": p.CI, "ci_authenticated_at": FormatTime(p.Linked.ConnectedAt)})
	}},
}

func nicknameOf(p Profile) Members {
	return Members{"nickname": p.Nickname, "is_default_nickname": false}
}

func picturesOf(p Profile) Members {
	return Members{"profile_image_url": p.Image, "thumbnail_image_url": p.Thumbnail, "is_default_image": false}
}

// Holds reports whether the account has what a consent item is about. Kakao asks
// nobody for consent to information that the account does not hold. Source:
// Kakao Login > FAQ, "A specific consent item is not displayed".
func Holds(u *config.User, scope string) bool {
	if scope == ScopeShippingAddress {
		return len(u.ShippingAddresses) > 0
	}
	for _, item := range Items {
		if item.Scope == scope {
			return item.Values(Profile{User: u}) != nil
		}
	}
	return true
}

func whenSet(value string, m Members) Members {
	if value == "" {
		return nil
	}
	return m
}

// Merge adds members to others, which may be nil, and returns these.
func Merge(into, from Members) Members {
	if into == nil {
		into = Members{}
	}
	for name, value := range from {
		into[name] = value
	}
	return into
}

// claimScopes says which consents open a claim; any of them does.
var claimScopes = map[string][]string{
	"name":         {"name"},
	"nickname":     {"profile", "profile_nickname"},
	"picture":      {"profile", "profile_image"},
	"email":        {"account_email"},
	"gender":       {"gender"},
	"birthday":     {"birthday"},
	"birthyear":    {"birthyear"},
	"phone_number": {"phone_number"},
}

// AllowsClaim reports whether a user has agreed to what a claim tells.
func AllowsClaim(c store.Connection, claim string) bool {
	for _, scope := range claimScopes[claim] {
		if _, agreed := c.Scopes[scope]; agreed {
			return true
		}
	}
	return false
}

// FormatTime writes a time as Kakao does: UTC, to the second (RFC 3339).
func FormatTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// ScopeShippingAddress is the consent item of the shipping addresses.
const ScopeShippingAddress = "shipping_address"
