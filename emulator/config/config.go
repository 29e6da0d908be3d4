// Package config is what is registered at a platform, apps and users, and how a
// world begins: the types that a configuration and a seed are written in, their
// defaults, and what is wrong with one. Package emulator names the types that its
// users write; they are the same.
//
// It does not know what happens at a platform: logins, tokens and links that come
// about are those of its store.
package config

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator/internal/duration"
	"github.com/kakaowasm/kakaowasm/emulator/internal/mistake"
)

// Lifetimes that Kakao documents. Source: Kakao Login > Concepts > Token
// information.
const (
	defaultAccessTokenTTL  = 12 * time.Hour
	defaultRefreshTokenTTL = 60 * 24 * time.Hour
)

// Config describes a platform: its apps and its users.
type Config struct {
	// Issuer is the public origin of the emulator without a trailing slash,
	// such as http://127.0.0.1:8481. ID tokens, discovery, image addresses and
	// webhooks name it. With https://kauth.kakao.com they name Kakao's two hosts,
	// for clients that reach the emulator by Kakao's names.
	Issuer string `json:"issuer,omitempty"`
	Apps   []App  `json:"apps"`
	Users  []User `json:"users"`
	// AccessTokenTTL is the lifetime of an access token; 12 hours if zero.
	AccessTokenTTL Duration `json:"access_token_ttl,omitzero"`
	// RefreshTokenTTL is the lifetime of a refresh token; 60 days if zero.
	RefreshTokenTTL Duration `json:"refresh_token_ttl,omitzero"`
}

// Duration is a [time.Duration] that is written in configuration as Go writes
// it, such as "12h" or "90s", or as whole days, such as "60d".
type Duration = duration.Duration

// Clone returns a copy of c that shares nothing with it.
func (c Config) Clone() Config {
	c.Apps = slices.Clone(c.Apps)
	for i := range c.Apps {
		app := &c.Apps[i]
		app.RedirectURIs = slices.Clone(app.RedirectURIs)
		app.LogoutRedirectURIs = slices.Clone(app.LogoutRedirectURIs)
		app.SiteDomains = slices.Clone(app.SiteDomains)
		app.UserProperties = slices.Clone(app.UserProperties)
		app.ServiceTerms = slices.Clone(app.ServiceTerms)
		app.Scopes = slices.Clone(app.Scopes)
		app.AccountWebhook.Events = slices.Clone(app.AccountWebhook.Events)
		app.Channels = slices.Clone(app.Channels)
	}
	c.Users = slices.Clone(c.Users)
	for i := range c.Users {
		user := &c.Users[i]
		user.ServiceUserIDs = maps.Clone(user.ServiceUserIDs)
		user.ShippingAddresses = slices.Clone(user.ShippingAddresses)
		user.Talk = user.Talk.clone()
	}
	return c
}

// WithDefaults returns a copy of c with lifetimes, scope types, scope names and
// service user IDs filled in.
func (c Config) WithDefaults() Config {
	c = c.Clone()
	if c.AccessTokenTTL == 0 {
		c.AccessTokenTTL = Duration(defaultAccessTokenTTL)
	}
	if c.RefreshTokenTTL == 0 {
		c.RefreshTokenTTL = Duration(defaultRefreshTokenTTL)
	}
	for i := range c.Apps {
		app := &c.Apps[i]
		for j := range app.Scopes {
			app.Scopes[j] = app.Scopes[j].WithDefaults()
		}
	}
	for i := range c.Users {
		c.Users[i].ServiceUserIDs = c.Users[i].serviceUserIDs(c.Apps)
	}
	return c
}

// IssuerRule says whether a configuration must name its issuer.
type IssuerRule bool

// The rules: a platform needs an issuer, a file that describes one does not.
const (
	RequireIssuer IssuerRule = true
	AllowNoIssuer IssuerRule = false
)

// Check names every mistake, joined into one error.
func (c Config) Check(issuer IssuerRule) error {
	var m mistake.List
	if issuer == RequireIssuer || c.Issuer != "" {
		if !isOrigin(c.Issuer) {
			m.Add("issuer", "%q is not an origin such as http://127.0.0.1:8481", c.Issuer)
		}
	}
	if c.AccessTokenTTL < Duration(time.Second) {
		m.Add("access_token_ttl", "must be at least one second")
	}
	if c.RefreshTokenTTL < Duration(time.Second) {
		m.Add("refresh_token_ttl", "must be at least one second")
	}
	seen := uniqueness{}
	for i, app := range c.Apps {
		app.validate(fmt.Sprintf("apps[%d]", i), &m, seen)
	}
	for i, user := range c.Users {
		user.validate(fmt.Sprintf("users[%d]", i), &m, seen)
		user.Talk.validate(fmt.Sprintf("users[%d].talk", i), &m, c)
	}
	return errors.Join(m...)
}

// uniqueness remembers which values were used, and where.
type uniqueness map[string]string

func (u uniqueness) check(m *mistake.List, kind, value, place string) {
	if value == "" {
		return
	}
	if first, taken := u[kind+value]; taken {
		m.Add(place, "is the same as %s; every %s must be its own", first, kind)
		return
	}
	u[kind+value] = place
}
