package kapi

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/account"
	"github.com/kakaowasm/kakaowasm/emulator/internal/store"
)

// userMe is GET or POST /v2/user/me: what the user agreed to share.
func (a *Server) userMe(c *apiCall) (any, *apiError) {
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
func (c *apiCall) information(keys []string, secure bool) account.Members {
	whom := account.Profile{User: c.user, Linked: c.linked}
	whom.Image, whom.Thumbnail = c.imageURLs(secure)
	answer := account.Members{"id": c.userID()}
	if wants(keys, "connected_at") {
		answer["connected_at"] = account.FormatTime(c.linked.ConnectedAt)
	}
	if c.linked.Synced && !c.linked.Preregistered && wants(keys, "synched_at") {
		answer["synched_at"] = account.FormatTime(c.linked.ConnectedAt)
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
		answer["for_partner"] = account.Members{"uuid": uuidOf(c.link())}
	}
	return answer
}

// account is kakao_account: for each consent item of the app a flag, and the
// information itself if the user agreed to it.
func (c *apiCall) account(whom account.Profile, keys []string) account.Members {
	shown := account.Members{}
	for _, item := range account.Items {
		if c.app.Scope(item.Scope) == nil || !wants(keys, "kakao_account."+item.Key) || c.linked.Preregistered && !item.Early {
			continue
		}
		_, agreed := c.linked.Scopes[item.Scope]
		shown[item.Flag()] = !agreed && account.Holds(c.user, item.Scope)
		if !agreed {
			continue
		}
		values := item.Values(whom)
		if item.Nested == "" {
			shown = account.Merge(shown, values)
			continue
		}
		inner, _ := shown[item.Nested].(account.Members)
		shown[item.Nested] = account.Merge(inner, values)
	}
	return shown
}

// properties are the user properties of the app.
func (c *apiCall) properties(whom account.Profile, keys []string) account.Members {
	properties := account.Members{}
	for _, key := range c.app.UserProperties {
		if value, stored := c.linked.Properties[key]; stored && !c.linked.Preregistered {
			properties[key] = value
		}
	}
	if account.AllowsClaim(c.linked, "nickname") {
		properties["nickname"] = whom.Nickname
	}
	if account.AllowsClaim(c.linked, "picture") {
		properties["profile_image"] = whom.Image
		properties["thumbnail_image"] = whom.Thumbnail
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
		return slices.ContainsFunc(account.Items, func(a account.Item) bool { return a.Key == name })
	case "properties":
		return slices.Contains(c.app.UserProperties, name) || slices.Contains(config.ProfileProperties, name)
	}
	return false
}

// userInfo is GET /v1/oidc/userinfo (OpenID Connect Core 1.0, section 5.3).
func (a *Server) userInfo(c *apiCall) (any, *apiError) {
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
	answer := account.Members{"sub": strconv.FormatInt(c.userID(), 10)}
	for _, claim := range claims {
		if !claim.absent && account.AllowsClaim(c.linked, claim.scope) {
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
	if account.AllowsClaim(c.linked, "birthyear") {
		year = c.user.Birthyear
	}
	if account.AllowsClaim(c.linked, "birthday") && c.user.Birthday != "" {
		day = "-" + c.user.Birthday[:2] + "-" + c.user.Birthday[2:]
	}
	if year == "" && day != "" {
		year = "0000"
	}
	return year + day
}
