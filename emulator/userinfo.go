package emulator

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// members are members of a JSON object.
type members map[string]any

// userImages are the addresses that a request for user information gets.
type userImages struct{ image, thumbnail string }

// accountItem is a piece of account information behind one consent item.
type accountItem struct {
	scope string
	// key is what property_keys calls it, after "kakao_account.".
	key string
	// values are its members of kakao_account; nil if the account has none.
	values func(*User, userImages) members
	// nested puts the members into an object of that name.
	nested string
}

// flag is the member that says whether consent is missing.
func (a accountItem) flag() string {
	name := strings.TrimPrefix(a.scope, "account_")
	return name + "_needs_agreement"
}

// accountItems is kakao_account. Source: Kakao Login > REST API > Retrieving
// user information, KakaoAccount and Profile.
var accountItems = []accountItem{
	{scope: "profile", key: "profile", nested: "profile", values: func(u *User, i userImages) members {
		return merge(nicknameOf(u), picturesOf(u, i))
	}},
	{scope: "profile_nickname", key: "profile", nested: "profile", values: func(u *User, _ userImages) members { return nicknameOf(u) }},
	{scope: "profile_image", key: "profile", nested: "profile", values: picturesOf},
	{scope: "account_email", key: "email", values: func(u *User, _ userImages) members {
		return whenSet(u.Email, members{"email": u.Email, "is_email_valid": true, "is_email_verified": true})
	}},
	{scope: "name", key: "name", values: func(u *User, _ userImages) members {
		return whenSet(u.Name, members{"name": u.Name})
	}},
	{scope: "age_range", key: "age_range", values: func(u *User, _ userImages) members {
		return whenSet(u.AgeRange, members{"age_range": u.AgeRange})
	}},
	{scope: "birthyear", key: "birthyear", values: func(u *User, _ userImages) members {
		return whenSet(u.Birthyear, members{"birthyear": u.Birthyear})
	}},
	{scope: "birthday", key: "birthday", values: func(u *User, _ userImages) members {
		return whenSet(u.Birthday, members{"birthday": u.Birthday, "birthday_type": "SOLAR"})
	}},
	{scope: "gender", key: "gender", values: func(u *User, _ userImages) members {
		return whenSet(u.Gender, members{"gender": u.Gender})
	}},
	{scope: "phone_number", key: "phone_number", values: func(u *User, _ userImages) members {
		return whenSet(u.PhoneNumber, members{"phone_number": u.PhoneNumber})
	}},
}

func nicknameOf(u *User) members {
	return members{"nickname": u.Nickname, "is_default_nickname": false}
}

func picturesOf(_ *User, i userImages) members {
	return members{"profile_image_url": i.image, "thumbnail_image_url": i.thumbnail, "is_default_image": false}
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
func (e *Emulator) userMe(c *call) (any, *apiError) {
	keys, narrowed := c.parameters["property_keys"].([]string)
	if unknown := c.unknownKeys(keys); len(unknown) > 0 {
		return nil, newAPIError(http.StatusBadRequest, codeProperty, "user property not found ("+
			listOf(unknown)+" for appId="+strconv.FormatInt(c.app.ID, 10)+")")
	}
	wanted := func(key string) bool { return !narrowed || wants(keys, key) }
	var images userImages
	images.image, images.thumbnail = e.imageURLs(c.user, given[bool](c, "secure_resource"))

	answer := members{"id": c.user.ID}
	if wanted("connected_at") {
		answer["connected_at"] = kakaoTime(c.linked.connectedAt)
	}
	if account := c.account(images, wanted); len(account) > 0 {
		answer["kakao_account"] = account
	}
	if properties := c.properties(images, wanted); len(properties) > 0 {
		answer["properties"] = properties
	}
	return answer, nil
}

// account is kakao_account: for each consent item of the app a flag, and the
// information itself if the user agreed to it.
func (c *call) account(images userImages, wanted func(string) bool) members {
	account := members{}
	for _, item := range accountItems {
		if c.app.scope(item.scope) == nil || !wanted("kakao_account."+item.key) {
			continue
		}
		_, agreed := c.linked.scopes[item.scope]
		account[item.flag()] = !agreed
		if !agreed {
			continue
		}
		values := item.values(c.user, images)
		if item.nested == "" {
			account = merge(account, values)
			continue
		}
		inner, _ := account[item.nested].(members)
		account[item.nested] = merge(inner, values)
	}
	return account
}

// properties are the user properties of the app. The three that Kakao keeps
// from older apps follow the profile and its consent.
func (c *call) properties(images userImages, wanted func(string) bool) members {
	properties := members{}
	for key, value := range c.user.Properties {
		properties[key] = value
	}
	if c.linked.allowsClaim("nickname") {
		properties["nickname"] = c.user.Nickname
	}
	if c.linked.allowsClaim("picture") {
		properties["profile_image"] = images.image
		properties["thumbnail_image"] = images.thumbnail
	}
	for key := range properties {
		if !wanted("properties." + key) {
			delete(properties, key)
		}
	}
	return properties
}

// wants reports whether property_keys ask for key: by its name, or by the name
// of the object around it, which ends in a dot.
func wants(keys []string, key string) bool {
	object, _, _ := strings.Cut(key, ".")
	return slices.Contains(keys, key) || slices.Contains(keys, object+".")
}

// topLevelKeys are the property keys that name no account information.
var topLevelKeys = []string{"id", "connected_at", "synched_at", "has_signed_up", "kakao_account.", "properties."}

// unknownKeys returns the property keys that Kakao does not define and the app
// did not add.
func (c *call) unknownKeys(keys []string) []string {
	var unknown []string
	for _, key := range keys {
		if !slices.Contains(topLevelKeys, key) && !c.knowsKey(key) {
			unknown = append(unknown, key)
		}
	}
	return unknown
}

func (c *call) knowsKey(key string) bool {
	object, name, _ := strings.Cut(key, ".")
	switch object {
	case "kakao_account":
		return slices.ContainsFunc(accountItems, func(a accountItem) bool { return a.key == name })
	case "properties":
		_, custom := c.user.Properties[name]
		return custom || slices.Contains([]string{"nickname", "profile_image", "thumbnail_image"}, name)
	}
	return false
}

// listOf writes ids as Kakao's messages do, "[a, b]".
func listOf(ids []string) string {
	return "[" + shorten(strings.Join(ids, ", ")) + "]"
}

// kakaoTime writes a time as Kakao does: UTC, to the second (RFC 3339).
func kakaoTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// userInfo is GET /v1/oidc/userinfo (OpenID Connect Core 1.0, section 5.3).
func (e *Emulator) userInfo(c *call) (any, *apiError) {
	_, thumbnail := e.imageURLs(c.user, true)
	claims := []struct {
		scope, claim string
		value        any
		absent       bool
	}{
		{"name", "name", c.user.Name, c.user.Name == ""},
		{"nickname", "nickname", c.user.Nickname, false},
		{"picture", "picture", thumbnail, false},
		{"email", "email", c.user.Email, c.user.Email == ""},
		{"email", "email_verified", true, c.user.Email == ""},
		{"gender", "gender", strings.ToUpper(c.user.Gender), c.user.Gender == ""},
		{"phone_number", "phone_number", c.user.PhoneNumber, c.user.PhoneNumber == ""},
		{"phone_number", "phone_number_verified", true, c.user.PhoneNumber == ""},
	}
	answer := members{"sub": strconv.FormatInt(c.user.ID, 10)}
	for _, claim := range claims {
		if !claim.absent && c.linked.allowsClaim(claim.scope) {
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
func (c *call) birthdate() string {
	var year, day string
	if c.linked.allowsClaim("birthyear") {
		year = c.user.Birthyear
	}
	if c.linked.allowsClaim("birthday") && c.user.Birthday != "" {
		day = "-" + c.user.Birthday[:2] + "-" + c.user.Birthday[2:]
	}
	if year == "" && day != "" {
		year = "0000"
	}
	return year + day
}
