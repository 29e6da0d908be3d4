package emulator

import (
	"slices"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/kapi"
	"github.com/kakaowasm/kakaowasm/emulator/internal/store"
	"github.com/kakaowasm/kakaowasm/emulator/internal/webhook"
)

// Disconnect plays a user who ends the link with an app outside of it, at the
// Kakao Account's page of connected services: tokens and consents are gone, and
// the unlink webhook tells the app. user is the number of the account. The
// error is [ErrNotLinked] if there is nothing to end.
func (e *World) Disconnect(app, user int64, referrer webhook.Referrer) error {
	l := store.Link{App: app, User: user}
	if !e.store.Unlink(l) {
		return ErrNotLinked
	}
	e.webhooks.NotifyUnlinked(e.registry.Directory(), l, referrer)
	return nil
}

// DeleteUser plays a user who deletes the Kakao Account: every app is told, by
// the unlink webhook and the account webhook. user is the number of the
// account; one that does not exist is an error.
func (e *World) DeleteUser(user int64) error {
	before := e.registry.Directory()
	if before.UsersByID[user] == nil {
		return errNoUser
	}
	links := e.store.Links(func(l store.Link) bool { return l.User == user })
	for _, l := range links {
		e.store.Unlink(l)
		e.webhooks.NotifyUnlinked(before, l, webhook.AccountDelete)
	}
	return e.Update(func(c *config.Config) {
		c.Users = slices.DeleteFunc(slices.Clone(c.Users), func(u config.User) bool { return u.ID == user })
	})
}

// lapseSignups unlinks users whom their app has not signed up within a day.
// Source: Kakao Login > REST API > Manual signup.
func (e *World) lapseSignups() {
	if !e.registry.Directory().LinksByHand {
		return
	}
	for _, l := range e.store.LapsedSignups() {
		e.webhooks.NotifyUnlinked(e.registry.Directory(), l, webhook.IncompleteSignUp)
	}
}

// TalkMessages returns what was sent at KakaoTalk, oldest first. The last 450
// messages at least are remembered.
func (e *World) TalkMessages() []kapi.TalkMessage { return e.messages.All() }
