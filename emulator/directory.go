package emulator

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/kakaowasm/kakaowasm/kakao"
)

// directory is what is registered at one moment, apps and users with their
// indexes. It never changes: whoever registers something makes a new one.
type directory struct {
	Config

	appsByID         map[int64]*App
	appsByKey        map[string]*App // by REST API key and JavaScript key
	appsByAdminKey   map[string]*App
	usersByID        map[int64]*User
	usersByEmail     map[string]*User // by lower-case address
	usersByServiceID map[serviceUser]*User
	linksByHand      bool // an app signs its users up itself
}

// serviceUser is a user as an app knows them.
type serviceUser struct{ app, id int64 }

// newDirectory indexes a configuration that is complete and valid.
func newDirectory(cfg Config) *directory {
	d := &directory{
		Config:           cfg,
		appsByID:         map[int64]*App{},
		appsByKey:        map[string]*App{},
		appsByAdminKey:   map[string]*App{},
		usersByID:        map[int64]*User{},
		usersByEmail:     map[string]*User{},
		usersByServiceID: map[serviceUser]*User{},
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
func (d *directory) userByEmail(email string) *User { return d.usersByEmail[strings.ToLower(email)] }

// userByHint finds the account that login_hint or somebody at the login page
// means: by e-mail address, or by phone number however it is written.
func (d *directory) userByHint(hint string) *User {
	hint = strings.TrimSpace(hint)
	if user := d.userByEmail(hint); user != nil {
		return user
	}
	number := phoneDigits(hint)
	i := slices.IndexFunc(d.Users, func(u User) bool { return number != "" && phoneDigits(u.PhoneNumber) == number })
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
func (d *directory) registered(l link) (*App, *User, bool) {
	app, user := d.appsByID[l.App], d.usersByID[l.User]
	return app, user, app != nil && user != nil
}

// directory is what is registered now. A request that asks twice may get two
// answers; one that needs one view asks once.
func (e *World) directory() *directory { return e.current.Load() }

// Config returns a copy of what is registered now.
func (e *World) Config() Config { return e.directory().clone() }

// Update changes what is registered: edit gets a copy of the configuration and
// may change anything in it but the issuer. Nothing changes if the result has a
// mistake; the error names every one. Tokens and links of an app or user that
// is gone are worth nothing from then on.
func (e *World) Update(edit func(*Config)) error {
	return e.change(func(c *Config) error {
		edit(c)
		return nil
	})
}

// change is [World.Update] with an edit that finds mistakes of its own, which are
// told with the others.
func (e *World) change(edit func(*Config) error) error {
	e.updating.Lock()
	defer e.updating.Unlock()
	cfg := e.Config()
	found := edit(&cfg)
	cfg.endFriendships(e.directory())
	cfg.Issuer = e.directory().Issuer
	if found != nil {
		return joinMistakes(found, cfg.withDefaults().validate(requireIssuer))
	}
	return e.register(cfg)
}

// registerTerms dates the service terms that are new.
func (c Config) registerTerms(now time.Time) {
	for _, app := range c.Apps {
		for i := range app.ServiceTerms {
			if app.ServiceTerms[i].RegisteredAt.IsZero() {
				app.ServiceTerms[i].RegisteredAt = now
			}
		}
	}
}

// register puts a configuration in force.
func (e *World) register(cfg Config) error {
	cfg = cfg.withDefaults()
	cfg.registerTerms(e.clock.Now())
	if err := cfg.validate(requireIssuer); err != nil {
		return err
	}
	e.current.Store(newDirectory(cfg))
	return nil
}
