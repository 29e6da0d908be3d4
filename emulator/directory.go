package emulator

import (
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

// directory is what is registered at one moment, apps and users with their
// indexes. It never changes: whoever registers something makes a new one.
type directory struct {
	config.Config

	appsByID         map[int64]*config.App
	appsByKey        map[string]*config.App // by REST API key and JavaScript key
	appsByAdminKey   map[string]*config.App
	usersByID        map[int64]*config.User
	usersByEmail     map[string]*config.User // by lower-case address
	usersByServiceID map[serviceUser]*config.User
	linksByHand      bool // an app signs its users up itself
}

// serviceUser is a user as an app knows them.
type serviceUser struct{ app, id int64 }

// newDirectory indexes a configuration that is complete and valid.
func newDirectory(cfg config.Config) *directory {
	d := &directory{
		Config:           cfg,
		appsByID:         map[int64]*config.App{},
		appsByKey:        map[string]*config.App{},
		appsByAdminKey:   map[string]*config.App{},
		usersByID:        map[int64]*config.User{},
		usersByEmail:     map[string]*config.User{},
		usersByServiceID: map[serviceUser]*config.User{},
	}
	for i := range d.Apps {
		app := &d.Apps[i]
		d.appsByID[app.ID] = app
		d.linksByHand = d.linksByHand || app.ManualLink
		d.appsByKey[app.RESTAPIKey] = app
		d.appsByKey[app.JavaScriptKey] = app
		if app.AdminKey != "" {
			d.appsByAdminKey[app.AdminKey] = app
		}
	}
	for i := range d.Users {
		user := &d.Users[i]
		d.usersByID[user.ID] = user
		if user.Email != "" {
			d.usersByEmail[strings.ToLower(user.Email)] = user
		}
		for app, id := range user.ServiceUserIDs {
			d.usersByServiceID[serviceUser{app, id}] = user
		}
	}
	return d
}

// platform are the origins that the emulator goes by where no name of Kakao's was
// used.
func (d *directory) platform() kakao.Platform {
	if d.Issuer == kakao.Production.Auth {
		return kakao.Production
	}
	return kakao.Platform{Auth: d.Issuer, API: d.Issuer}
}

// userByEmail finds an account by its address, however it is capitalized.
func (d *directory) userByEmail(email string) *config.User {
	return d.usersByEmail[strings.ToLower(email)]
}

// userByHint finds the account that login_hint or somebody at the login page
// means: by e-mail address, or by phone number however it is written.
func (d *directory) userByHint(hint string) *config.User {
	hint = strings.TrimSpace(hint)
	if user := d.userByEmail(hint); user != nil {
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

// registered returns app and user of a link, unless one of them is gone.
func (d *directory) registered(l store.Link) (*config.App, *config.User, bool) {
	app, user := d.appsByID[l.App], d.usersByID[l.User]
	return app, user, app != nil && user != nil
}

// registry holds the directory of now.
type registry struct {
	now      func() time.Time
	updating sync.Mutex // held while current changes
	current  atomic.Pointer[directory]
}

// directory is what is registered now. A request that asks twice may get two
// answers; one that needs one view asks once.
func (g *registry) directory() *directory { return g.current.Load() }

// change edits a copy of what is registered, but for the issuer. The edit's own
// mistakes are told with the others, and nothing changes then.
func (g *registry) change(edit func(*config.Config) error) error {
	g.updating.Lock()
	defer g.updating.Unlock()
	before := g.directory()
	cfg := before.Clone()
	found := edit(&cfg)
	endFriendships(&cfg, before)
	cfg.Issuer = before.Issuer
	if found != nil {
		return mistake.Join(found, cfg.WithDefaults().Check(config.RequireIssuer))
	}
	return g.register(cfg)
}

// addUser registers one more account.
func (g *registry) addUser(user config.User) error {
	return g.change(func(c *config.Config) error {
		c.Users = append(c.Users, user)
		return nil
	})
}

// register puts a configuration in force. The caller holds updating.
func (g *registry) register(cfg config.Config) error {
	cfg = cfg.WithDefaults()
	cfg.RegisterTerms(g.now())
	if err := cfg.Check(config.RequireIssuer); err != nil {
		return err
	}
	g.current.Store(newDirectory(cfg))
	return nil
}

// endFriendships takes accounts that were there before, and are no longer, out of
// the friends of the others.
func endFriendships(c *config.Config, before *directory) {
	here := map[int64]bool{}
	for _, user := range c.Users {
		here[user.ID] = true
	}
	gone := func(f config.Friend) bool { return !here[f.User] && before.usersByID[f.User] != nil }
	for i := range c.Users {
		talk := &c.Users[i].Talk
		talk.Friends = slices.DeleteFunc(slices.Clone(talk.Friends), gone)
	}
}
