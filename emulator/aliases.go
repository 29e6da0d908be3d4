package emulator

import (
	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/kapi"
	"github.com/kakaowasm/kakaowasm/emulator/internal/language"
	"github.com/kakaowasm/kakaowasm/emulator/internal/snapshot"
	"github.com/kakaowasm/kakaowasm/emulator/internal/store"
	"github.com/kakaowasm/kakaowasm/emulator/internal/webhook"
)

// What is registered at a platform. Package config describes the members.
type (
	// Config is a platform: its apps and its users.
	Config = config.Config
	// App is an application as registered at Kakao Developers.
	App = config.App
	// Scope is a consent item of an app.
	Scope = config.Scope
	// ServiceTerm is one of an app's own terms of service.
	ServiceTerm = config.ServiceTerm
	// UnlinkWebhook is where an app hears that a user has left it outside of it.
	UnlinkWebhook = config.UnlinkWebhook
	// AccountWebhook is where an app gets security event tokens about its users.
	AccountWebhook = config.AccountWebhook
	// Channel is a KakaoTalk channel of an app.
	Channel = config.Channel
	// User is a Kakao Account at the emulator.
	User = config.User
	// ShippingAddress is an address of a user.
	ShippingAddress = config.ShippingAddress
	// Talk is a user at KakaoTalk.
	Talk = config.Talk
	// Friend is a friend at KakaoTalk.
	Friend = config.Friend
	// ChannelRelation is what a user is to a channel.
	ChannelRelation = config.ChannelRelation
	// Duration is a length of time as configuration writes it.
	Duration = config.Duration
	// Text is a text for people in the languages of the pages.
	Text = language.Text
)

// How a world begins.
type (
	// Seed is the state in which a world begins, and to which [World.Reset] returns.
	Seed = config.Seed
	// SeedLink is a link between a user and an app.
	SeedLink = config.SeedLink
	// SeedConsent is what a user has agreed to.
	SeedConsent = config.SeedConsent
	// SeedToken is what an app holds for a user who is linked with it.
	SeedToken = config.SeedToken
	// ClockSetting moves a clock: first on, then to a time, and then it is stopped.
	ClockSetting = config.ClockSetting
)

// What apps are told.
type (
	// Referrer says how a user has left an app. Source: Kakao Login > Webhook >
	// Unlink webhook, referrer_type.
	Referrer = webhook.Referrer
	// Delivery is a webhook that was sent.
	Delivery = webhook.Delivery
)

// The ways out.
const (
	AccountDelete       = webhook.AccountDelete
	ForcedAccountDelete = webhook.ForcedAccountDelete
	UnlinkFromAdmin     = webhook.UnlinkFromAdmin
	UnlinkFromApps      = webhook.UnlinkFromApps
	IncompleteSignUp    = webhook.IncompleteSignUp
)

// TalkMessage is a message that an app sent at KakaoTalk for a user.
type TalkMessage = kapi.TalkMessage

// Snapshot names a saved state of a world.
type Snapshot = snapshot.Snapshot

// Errors, told apart by [errors.Is].
var (
	// ErrNotLinked is the error of actions on a user who is not linked with the app.
	ErrNotLinked = store.ErrNotLinked
	// ErrNoSnapshot is the error for a name that no snapshot has.
	ErrNoSnapshot = snapshot.ErrNoSnapshot
	// ErrTooManySnapshots is the error when a world keeps as many snapshots as it
	// may, 100.
	ErrTooManySnapshots = snapshot.ErrTooManySnapshots
)
