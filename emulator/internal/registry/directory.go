// Package registry is what is registered at a platform now, apps and users by all
// that names them, and how that changes: as a whole, or not at all.
package registry

import (
	"crypto/rand"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/mistake"
	"github.com/kakaowasm/kakaowasm/emulator/internal/store"
	"github.com/kakaowasm/kakaowasm/kakao"
)

// Directory is what is registered at one moment, apps and users with their
// indexes. It never changes: whoever registers something makes a new one.
type Directory struct {
	config.Config

	AppsByID         map[int64]*config.App
	AppsByKey        map[string]*config.App // by REST API key and JavaScript key
	AppsByAdminKey   map[string]*config.App
	UsersByID        map[int64]*config.User
	usersByEmail     map[string]*config.User // by lower-case address
	usersByServiceID map[serviceUser]*config.User
	LinksByHand      bool // an app signs its users up itself
}

// serviceUser is a user as an app knows them.
type serviceUser struct{ app, id int64 }

// Index indexes a configuration that is complete and valid.
func Index(cfg config.Config) *Directory {
	d := &Directory{
		Config:           cfg,
		AppsByID:         map[int64]*config.App{},
		AppsByKey:        map[string]*config.App{},
		AppsByAdminKey:   map[string]*config.App{},
		UsersByID:        map[int64]*config.User{},
		usersByEmail:     map[string]*config.User{},
		usersByServiceID: map[serviceUser]*config.User{},
	}
	for i := range d.Apps {
		app := &d.Apps[i]
		d.AppsByID[app.ID] = app
		d.LinksByHand = d.LinksByHand || app.ManualLink
		d.AppsByKey[app.RESTAPIKey] = app
		d.AppsByKey[app.JavaScriptKey] = app
		if app.AdminKey != "" {
			d.AppsByAdminKey[app.AdminKey] = app
		}
	}
	for i := range d.Users {
		user := &d.Users[i]
		d.UsersByID[user.ID] = user
		if user.Email != "" {
			d.usersByEmail[strings.ToLower(user.Email)] = user
		}
		for app, id := range user.ServiceUserIDs {
			d.usersByServiceID[serviceUser{app, id}] = user
		}
	}
	return d
}

// Platform are the origins that the emulator goes by where no name of Kakao's was
// used.
func (d *Directory) Platform() kakao.Platform {
	if d.Issuer == kakao.Production.Auth {
		return kakao.Production
	}
	return kakao.Platform{Auth: d.Issuer, API: d.Issuer}
}

// UserByEmail finds an account by its address, however it is capitalized.
func (d *Directory) UserByEmail(email string) *config.User {
	return d.usersByEmail[strings.ToLower(email)]
}

// UserByHint finds the account that login_hint or somebody at the login page
// means: by e-mail address, or by phone number however it is written.
func (d *Directory) UserByHint(hint string) *config.User {
	hint = strings.TrimSpace(hint)
	if user := d.UserByEmail(hint); user != nil {
		return user
	}
	number := phoneDigits(hint)
	i := slices.IndexFunc(d.Users, func(u config.User) bool { return number != "" && phoneDigits(u.PhoneNumber) == number })
	if i < 0 {
		return nil
	}
	return &d.Users[i]
}

// phoneNumber is how people write phone numbers.
var phoneNumber = regexp.MustCompile(`^\+?[0-9() .-]+$`)

// phoneDigits are the digits of a phone number as they are dialled in Korea, ""
// for what is no number: "+82 10-1234-5678" and "010-1234-5678" are the same.
func phoneDigits(number string) string {
	if !phoneNumber.MatchString(number) {
		return ""
	}
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, number)
	if national, korean := strings.CutPrefix(digits, "82"); korean && number[0] == '+' {
		return "0" + national
	}
	return digits
}

// UserOf is whom an app knows by an ID, or nil.
func (d *Directory) UserOf(app, id int64) *config.User {
	return d.usersByServiceID[serviceUser{app, id}]
}

// Registered returns app and user of a link, unless one of them is gone.
func (d *Directory) Registered(l store.Link) (*config.App, *config.User, bool) {
	app, user := d.AppsByID[l.App], d.UsersByID[l.User]
	return app, user, app != nil && user != nil
}

// Registry holds the directory of now.
type Registry struct {
	now      func() time.Time
	updating sync.Mutex // held while current changes
	current  atomic.Pointer[Directory]
}

// New is a registry that nothing was put into yet. now is the platform's
// clock.
func New(now func() time.Time) *Registry { return &Registry{now: now} }

// Lock keeps what is registered from changing until Unlock, for changes that are
// about more than that.
func (g *Registry) Lock() { g.updating.Lock() }

// Unlock ends what Lock began.
func (g *Registry) Unlock() { g.updating.Unlock() }

// Replace puts a directory in force. The caller holds the lock.
func (g *Registry) Replace(d *Directory) { g.current.Store(d) }

// Directory is what is registered now. A request that asks twice may get two
// answers; one that needs one view asks once.
func (g *Registry) Directory() *Directory { return g.current.Load() }

// Change edits a copy of what is registered, but for the issuer. The edit's own
// mistakes are told with the others, and nothing changes then.
func (g *Registry) Change(edit func(*config.Config) error) error {
	g.updating.Lock()
	defer g.updating.Unlock()
	before := g.Directory()
	cfg := before.Clone()
	found := edit(&cfg)
	endFriendships(&cfg, before)
	cfg.Issuer = before.Issuer
	if found != nil {
		return mistake.Join(found, cfg.WithDefaults().Check(config.RequireIssuer))
	}
	return g.Register(cfg)
}

// Update is [Registry.Change] with an edit that finds no mistakes of its own.
func (g *Registry) Update(edit func(*config.Config)) error {
	return g.Change(func(c *config.Config) error {
		edit(c)
		return nil
	})
}

// AddUser registers one more account.
func (g *Registry) AddUser(user config.User) error {
	return g.Change(func(c *config.Config) error {
		c.Users = append(c.Users, user)
		return nil
	})
}

// Register puts a configuration in force. The caller holds the lock.
func (g *Registry) Register(cfg config.Config) error {
	cfg = cfg.WithDefaults()
	cfg.RegisterTerms(g.now())
	if err := cfg.Check(config.RequireIssuer); err != nil {
		return err
	}
	g.current.Store(Index(cfg))
	return nil
}

// endFriendships takes accounts that were there before, and are no longer, out of
// the friends of the others.
func endFriendships(c *config.Config, before *Directory) {
	here := map[int64]bool{}
	for _, user := range c.Users {
		here[user.ID] = true
	}
	gone := func(f config.Friend) bool { return !here[f.User] && before.UsersByID[f.User] != nil }
	for i := range c.Users {
		talk := &c.Users[i].Talk
		talk.Friends = slices.DeleteFunc(slices.Clone(talk.Friends), gone)
	}
}

// Keys are those that may be client_id, of every app.
func (d *Directory) Keys() []string {
	var keys []string
	for _, app := range d.Apps {
		keys = append(keys, app.RESTAPIKey, app.JavaScriptKey)
	}
	return keys
}

// AllowsOrigin reports whether pages of an origin may act for any app.
func (d *Directory) AllowsOrigin(origin string) bool {
	return slices.ContainsFunc(d.Apps, func(app config.App) bool { return app.AllowsOrigin(origin) })
}

// NewUserID is a number of ten digits that no configuration is likely to use.
func NewUserID() int64 {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000_000))
	if err != nil {
		panic(err) // crypto/rand does not fail
	}
	return 5_000_000_000 + n.Int64()
}
