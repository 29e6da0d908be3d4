package emulator

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/store"
)

// members are members of a JSON object.
type members map[string]any

// profile is whose account information an answer holds, as one app sees it.
type profile struct {
	*config.User
	linked           store.Connection
	image, thumbnail string // addresses of the pictures
}

// accountItem is a piece of account information behind one consent item.
type accountItem struct {
	scope string
	// key is what property_keys calls it, after "kakao_account.".
	key string
	// values are its members of kakao_account; nil if the account has none.
	values func(profile) members
	// nested puts the members into an object of that name.
	nested string
	// early tells that the item is open for users who are only preregistered.
	early bool
}

// flag is the member that says whether consent is missing.
func (a accountItem) flag() string {
	name := strings.TrimPrefix(a.scope, "account_")
	return name + "_needs_agreement"
}

// accountItems is kakao_account. Source: Kakao Login > REST API > Retrieving
// user information, KakaoAccount and Profile; Manual signup for what is early.
var accountItems = []accountItem{
	{scope: "profile", key: "profile", nested: "profile", early: true, values: func(p profile) members {
		return merge(nicknameOf(p), picturesOf(p))
	}},
	{scope: "profile_nickname", key: "profile", nested: "profile", early: true, values: nicknameOf},
	{scope: "profile_image", key: "profile", nested: "profile", early: true, values: picturesOf},
	{scope: "account_email", key: "email", early: true, values: func(p profile) members {
		return whenSet(p.Email, members{"email": p.Email, "is_email_valid": !p.EmailInvalid, "is_email_verified": !p.EmailUnverified})
	}},
	{scope: "name", key: "name", values: func(p profile) members {
		return whenSet(p.Name, members{"name": p.Name})
	}},
	{scope: "age_range", key: "age_range", values: func(p profile) members {
		return whenSet(p.AgeRange, members{"age_range": p.AgeRange})
	}},
	{scope: "birthyear", key: "birthyear", values: func(p profile) members {
		return whenSet(p.Birthyear, members{"birthyear": p.Birthyear})
	}},
	{scope: "birthday", key: "birthday", values: func(p profile) members {
		return whenSet(p.Birthday, members{"birthday": p.Birthday, "birthday_type": cmp.Or(p.BirthdayType, "SOLAR")})
	}},
	{scope: "gender", key: "gender", values: func(p profile) members {
		return whenSet(p.Gender, members{"gender": p.Gender})
	}},
	{scope: "phone_number", key: "phone_number", values: func(p profile) members {
		return whenSet(p.PhoneNumber, members{"phone_number": p.PhoneNumber})
	}},
	{scope: "account_ci", key: "ci", values: func(p profile) members {
		return whenSet(p.CI, members{"ci": p.CI, "ci_authenticated_at": kakaoTime(p.linked.ConnectedAt)})
	}},
}

func nicknameOf(p profile) members {
	return members{"nickname": p.Nickname, "is_default_nickname": false}
}

func picturesOf(p profile) members {
	return members{"profile_image_url": p.image, "thumbnail_image_url": p.thumbnail, "is_default_image": false}
}

// holds reports whether the account has what a consent item is about. Kakao asks
// nobody for consent to information that the account does not hold. Source:
// Kakao Login > FAQ, "A specific consent item is not displayed".
func holds(u *config.User, scope string) bool {
	if scope == scopeShippingAddress {
		return len(u.ShippingAddresses) > 0
	}
	for _, item := range accountItems {
		if item.scope == scope {
			return item.values(profile{User: u}) != nil
		}
	}
	return true
}

func whenSet(value string, m members) members {
	if value == "" {
		return nil
	}
	return m
}

func merge(into, from members) members {
	if into == nil {
		into = members{}
	}
	for name, value := range from {
		into[name] = value
	}
	return into
}

// userMe is GET or POST /v2/user/me: what the user agreed to share.
func (a *restAPI) userMe(c *apiCall) (any, *apiError) {
	keys, narrowed := c.parameters["property_keys"].([]string)
	if refusal := c.refuseProperties(c.unknownKeys(keys)); refusal != nil {
		return nil, refusal
	}
	if !narrowed {
		keys = everything
	}
	return c.information(keys, given[bool](c, "secure_resource")), nil
}

// everything is the property keys of an answer that nobody narrowed.
var everything = []string{"connected_at", "synched_at", "has_signed_up", "for_partner.", "kakao_account.", "properties."}

// information is what the app may know about the user, as far as keys ask for
// it. Users who are only preregistered give less.
func (c *apiCall) information(keys []string, secure bool) members {
	whom := profile{User: c.user, linked: c.linked}
	whom.image, whom.thumbnail = c.imageURLs(secure)
	answer := members{"id": c.userID()}
	if wants(keys, "connected_at") {
		answer["connected_at"] = kakaoTime(c.linked.ConnectedAt)
	}
	if c.linked.Synced && !c.linked.Preregistered && wants(keys, "synched_at") {
		answer["synched_at"] = kakaoTime(c.linked.ConnectedAt)
	}
	if c.app.ManualLink && wants(keys, "has_signed_up") {
		answer["has_signed_up"] = !c.linked.Preregistered
	}
	if account := c.account(whom, keys); len(account) > 0 {
		answer["kakao_account"] = account
	}
	if properties := c.properties(whom, keys); len(properties) > 0 {
		answer["properties"] = properties
	}
	if _, agreed := c.linked.Scopes["talk_message"]; agreed && wants(keys, "for_partner.uuid") {
		answer["for_partner"] = members{"uuid": uuidOf(c.link())}
	}
	return answer
}

// account is kakao_account: for each consent item of the app a flag, and the
// information itself if the user agreed to it.
func (c *apiCall) account(whom profile, keys []string) members {
	account := members{}
	for _, item := range accountItems {
		if c.app.Scope(item.scope) == nil || !wants(keys, "kakao_account."+item.key) || c.linked.Preregistered && !item.early {
			continue
		}
		_, agreed := c.linked.Scopes[item.scope]
		account[item.flag()] = !agreed && holds(c.user, item.scope)
		if !agreed {
			continue
		}
		values := item.values(whom)
		if item.nested == "" {
			account = merge(account, values)
			continue
		}
		inner, _ := account[item.nested].(members)
		account[item.nested] = merge(inner, values)
	}
	return account
}

// properties are the user properties of the app.
func (c *apiCall) properties(whom profile, keys []string) members {
	properties := members{}
	for _, key := range c.app.UserProperties {
		if value, stored := c.linked.Properties[key]; stored && !c.linked.Preregistered {
			properties[key] = value
		}
	}
	if allowsClaim(c.linked, "nickname") {
		properties["nickname"] = whom.Nickname
	}
	if allowsClaim(c.linked, "picture") {
		properties["profile_image"] = whom.image
		properties["thumbnail_image"] = whom.thumbnail
	}
	maps.DeleteFunc(properties, func(key string, _ any) bool { return !wants(keys, "properties."+key) })
	return properties
}

// uuidOf names the user to the message calls of one app.
func uuidOf(l store.Link) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "uuid %d %d", l.App, l.User))
	return base64.RawURLEncoding.EncodeToString(sum[:24])
}

// wants reports whether property_keys ask for key: by its name, or by the name
// of the object around it, which ends in a dot.
func wants(keys []string, key string) bool {
	object, _, _ := strings.Cut(key, ".")
	return slices.Contains(keys, key) || slices.Contains(keys, object+".")
}

// topLevelKeys are the property keys that name no account information.
var topLevelKeys = append([]string{"id", "for_partner.uuid"}, everything...)

// unknownKeys returns the property keys that Kakao does not define and the app
// did not add.
func (c *apiCall) unknownKeys(keys []string) []string {
	var unknown []string
	for _, key := range keys {
		if !slices.Contains(topLevelKeys, key) && !c.knowsKey(key) {
			unknown = append(unknown, key)
		}
	}
	return unknown
}

func (c *apiCall) knowsKey(key string) bool {
	object, name, _ := strings.Cut(key, ".")
	switch object {
	case "kakao_account":
		return slices.ContainsFunc(accountItems, func(a accountItem) bool { return a.key == name })
	case "properties":
		return slices.Contains(c.app.UserProperties, name) || slices.Contains(config.ProfileProperties, name)
	}
	return false
}

// kakaoTime writes a time as Kakao does: UTC, to the second (RFC 3339).
func kakaoTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// userInfo is GET /v1/oidc/userinfo (OpenID Connect Core 1.0, section 5.3).
func (a *restAPI) userInfo(c *apiCall) (any, *apiError) {
	_, thumbnail := c.imageURLs(true)
	claims := []struct {
		scope, claim string
		value        any
		absent       bool
	}{
		{"name", "name", c.user.Name, c.user.Name == ""},
		{"nickname", "nickname", c.user.Nickname, false},
		{"picture", "picture", thumbnail, false},
		{"email", "email", c.user.Email, c.user.Email == ""},
		{"email", "email_verified", !c.user.EmailInvalid && !c.user.EmailUnverified, c.user.Email == ""},
		{"gender", "gender", strings.ToUpper(c.user.Gender), c.user.Gender == ""},
		{"phone_number", "phone_number", c.user.PhoneNumber, c.user.PhoneNumber == ""},
		{"phone_number", "phone_number_verified", true, c.user.PhoneNumber == ""},
	}
	answer := members{"sub": strconv.FormatInt(c.userID(), 10)}
	for _, claim := range claims {
		if !claim.absent && allowsClaim(c.linked, claim.scope) {
			answer[claim.claim] = claim.value
		}
	}
	if birthdate := c.birthdate(); birthdate != "" {
		answer["birthdate"] = birthdate
	}
	return answer, nil
}

// birthdate depends on which of the two parts may be read: YYYY-MM-DD, YYYY or
// 0000-MM-DD.
func (c *apiCall) birthdate() string {
	var year, day string
	if allowsClaim(c.linked, "birthyear") {
		year = c.user.Birthyear
	}
	if allowsClaim(c.linked, "birthday") && c.user.Birthday != "" {
		day = "-" + c.user.Birthday[:2] + "-" + c.user.Birthday[2:]
	}
	if year == "" && day != "" {
		year = "0000"
	}
	return year + day
}
