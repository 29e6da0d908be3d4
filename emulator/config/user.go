package config

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"maps"
	"regexp"
	"strconv"
	"strings"

	"github.com/kakaowasm/kakaowasm/emulator/internal/mistake"
)

// User is a Kakao Account at the emulator. Empty members are information that
// the account does not hold.
type User struct {
	// ID is the account's number. It is also the service user ID at the first
	// app of the configuration; every other app knows the user by another one.
	ID int64 `json:"id"`
	// ServiceUserIDs are the IDs by which the apps know the user, by app ID. What
	// is left out is filled in, always with the same number.
	ServiceUserIDs map[int64]int64 `json:"service_user_ids,omitempty"`
	Email          string          `json:"email,omitempty"`
	// EmailInvalid tells that another account has taken the address over,
	// EmailUnverified that nobody has confirmed it.
	EmailInvalid    bool   `json:"email_invalid,omitempty"`
	EmailUnverified bool   `json:"email_unverified,omitempty"`
	Nickname        string `json:"nickname"`
	Name            string `json:"name,omitempty"`
	// ProfileImageURL and ThumbnailImageURL are absolute addresses. Left out,
	// the emulator draws a picture.
	ProfileImageURL   string `json:"profile_image_url,omitempty"`
	ThumbnailImageURL string `json:"thumbnail_image_url,omitempty"`
	// Gender is "female" or "male".
	Gender string `json:"gender,omitempty"`
	// AgeRange is one of Kakao's ranges, such as "20~29".
	AgeRange string `json:"age_range,omitempty"`
	// Birthday is MMDD, Birthyear is YYYY. BirthdayType is "SOLAR", which is the
	// default, or "LUNAR".
	Birthday     string `json:"birthday,omitempty"`
	BirthdayType string `json:"birthday_type,omitempty"`
	Birthyear    string `json:"birthyear,omitempty"`
	PhoneNumber  string `json:"phone_number,omitempty"`
	// CI is the connecting information of the person.
	CI                string            `json:"ci,omitempty"`
	ShippingAddresses []ShippingAddress `json:"shipping_addresses,omitempty"`
	// Talk is the user at KakaoTalk.
	Talk Talk `json:"talk,omitzero"`
}

// ShippingAddress is an address of a user. What the user left empty is an empty
// text in the answer. Source: Kakao Login > REST API > Retrieving shipping
// address.
type ShippingAddress struct {
	ID        int64  `json:"id"`
	Name      string `json:"name"`
	IsDefault bool   `json:"is_default"`
	// UpdatedAt is in seconds of Unix time.
	UpdatedAt int64 `json:"updated_at,omitempty"`
	// Type is "NEW" for a road name address or "OLD" for an administrative one.
	Type                 string `json:"type,omitempty"`
	BaseAddress          string `json:"base_address"`
	DetailAddress        string `json:"detail_address"`
	ReceiverName         string `json:"receiver_name"`
	ReceiverPhoneNumber1 string `json:"receiver_phone_number1"`
	ReceiverPhoneNumber2 string `json:"receiver_phone_number2"`
	ZoneNumber           string `json:"zone_number"`
	ZipCode              string `json:"zip_code"`
}

// serviceUserIDs are the IDs by which apps know the user: those that are set,
// and for other apps the account's own number at the first app of all, and
// elsewhere a number that follows from both.
func (u User) serviceUserIDs(apps []App) map[int64]int64 {
	ids := maps.Clone(u.ServiceUserIDs)
	if ids == nil {
		ids = map[int64]int64{}
	}
	for i, app := range apps {
		switch _, set := ids[app.ID]; {
		case set:
		case i == 0 && len(ids) == 0:
			ids[app.ID] = u.ID
		default:
			ids[app.ID] = derivedUserID(app.ID, u.ID)
		}
	}
	return ids
}

// derivedUserID is a number of ten digits, as Kakao's are, that looks like
// nothing of what it is made from.
func derivedUserID(app, user int64) int64 {
	sum := sha256.Sum256(fmt.Appendf(nil, "service user %d %d", app, user))
	return 1_000_000_000 + int64(binary.BigEndian.Uint64(sum[:8])%9_000_000_000)
}

// userFormats are the forms that Kakao documents for account information.
// Source: Kakao Login > REST API > Retrieving user information.
var userFormats = []struct {
	member string
	value  func(User) string
	format *regexp.Regexp
	like   string
}{
	{"email", func(u User) string { return u.Email }, regexp.MustCompile(`^[^@\s]+@[^@\s]+$`), "name@example.com"},
	{"gender", func(u User) string { return u.Gender }, regexp.MustCompile(`^(female|male)$`), "female or male"},
	{"age_range", func(u User) string { return u.AgeRange }, regexp.MustCompile(`^(1~9|10~14|15~19|[2-8]0~[2-8]9|90~)$`), "20~29"},
	{"birthday", func(u User) string { return u.Birthday }, regexp.MustCompile(`^(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$`), "MMDD"},
	{"birthday_type", func(u User) string { return u.BirthdayType }, regexp.MustCompile(`^(SOLAR|LUNAR)$`), "SOLAR or LUNAR"},
	{"birthyear", func(u User) string { return u.Birthyear }, regexp.MustCompile(`^\d{4}$`), "YYYY"},
	{"profile_image_url", func(u User) string { return u.ProfileImageURL }, regexp.MustCompile(`^https?://[^/\s]`), "https://example.com/640.jpg"},
	{"thumbnail_image_url", func(u User) string { return u.ThumbnailImageURL }, regexp.MustCompile(`^https?://[^/\s]`), "https://example.com/110.jpg"},
}

func (u User) validate(place string, m *mistake.List, seen uniqueness) {
	if u.ID <= 0 {
		m.Add(place+".id", "is required and positive")
	}
	if u.Nickname == "" {
		m.Add(place+".nickname", "is required")
	}
	seen.check(m, "user id", strconv.FormatInt(u.ID, 10), place+".id")
	seen.check(m, "email", strings.ToLower(u.Email), place+".email")
	for app, id := range u.ServiceUserIDs {
		at := fmt.Sprintf("%s.service_user_ids[%d]", place, app)
		if id <= 0 {
			m.Add(at, "must be positive")
		}
		seen.check(m, fmt.Sprintf("service user id at app %d ", app), strconv.FormatInt(id, 10), at)
	}
	for i, address := range u.ShippingAddresses {
		at := fmt.Sprintf("%s.shipping_addresses[%d].id", place, i)
		if address.ID <= 0 {
			m.Add(at, "is required and positive")
		}
		seen.check(m, "shipping address id", strconv.FormatInt(address.ID, 10), at)
	}
	for _, f := range userFormats {
		if value := f.value(u); value != "" && !f.format.MatchString(value) {
			m.Add(place+"."+f.member, "%q is not in the form %s", value, f.like)
		}
	}
}

// ValidEmail is the address that an ID token may name.
func (u *User) ValidEmail() string {
	if u.EmailInvalid {
		return ""
	}
	return u.Email
}
