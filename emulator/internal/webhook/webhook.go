// Package webhook is what apps are told about their users: the unlink webhook and
// the security event tokens of the account webhook, which an outbox delivers.
package webhook

import (
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/outbox"
	"github.com/kakaowasm/kakaowasm/emulator/internal/registry"
	"github.com/kakaowasm/kakaowasm/emulator/internal/signing"
	"github.com/kakaowasm/kakaowasm/emulator/internal/store"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// Referrer says how a user has left an app. Source: Kakao Login > Webhook >
// Unlink webhook, referrer_type.
type Referrer string

// The ways out.
const (
	AccountDelete       Referrer = "ACCOUNT_DELETE"
	ForcedAccountDelete Referrer = "FORCED_ACCOUNT_DELETE"
	UnlinkFromAdmin     Referrer = "UNLINK_FROM_ADMIN"
	UnlinkFromApps      Referrer = "UNLINK_FROM_APPS"
	IncompleteSignUp    Referrer = "INCOMPLETE_SIGN_UP"
)

// UnlinkedByService is the reason of an unlinking that the app asked for. It
// comes with the account webhook only.
const UnlinkedByService Referrer = "UNLINK_FROM_SERVICE"

// Delivery is a webhook that was sent.
type Delivery = outbox.Delivery

// Webhooks tell apps what happened to their users.
type Webhooks struct {
	*outbox.Outbox
	log  *slog.Logger
	now  func() time.Time
	keys *signing.Keys
}

// New has sent nothing yet. It signs with the keys of the platform and goes
// by its clock.
func New(log *slog.Logger, now func() time.Time, keys *signing.Keys) *Webhooks {
	return &Webhooks{outbox.New(log, now), log, now, keys}
}

// sendUnlink sends the unlink webhook of an app, if it has one.
func (w *Webhooks) sendUnlink(d *registry.Directory, l store.Link, referrer Referrer) {
	app, user, registered := d.Registered(l)
	if !registered || app.UnlinkWebhook.URL == "" {
		return
	}
	id := user.ServiceUserIDs[app.ID]
	form := url.Values{
		"app_id":        {strconv.FormatInt(app.ID, 10)},
		"user_id":       {strconv.FormatInt(id, 10)},
		"referrer_type": {string(referrer)},
	}
	r, err := unlinkRequest(app.UnlinkWebhook, form)
	if err != nil {
		w.log.Error("unlink webhook not sent", "app", app.ID, "error", outbox.Problem(err))
		return
	}
	r.Header.Set("Authorization", catalog.ByAdminKey.Scheme()+" "+app.AdminKey)
	w.Deliver(r, Delivery{App: app.ID, UserID: id, Kind: "unlink", URL: app.UnlinkWebhook.URL}, http.StatusOK)
}

func unlinkRequest(hook config.UnlinkWebhook, form url.Values) (*http.Request, error) {
	if hook.Method == http.MethodGet {
		address, err := url.Parse(hook.URL)
		if err != nil {
			return nil, err
		}
		query := address.Query()
		for name := range form {
			query.Set(name, form.Get(name))
		}
		address.RawQuery = query.Encode()
		return http.NewRequest(http.MethodGet, address.String(), nil)
	}
	r, err := http.NewRequest(http.MethodPost, hook.URL, strings.NewReader(form.Encode()))
	if err == nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded;charset=utf-8")
	}
	return r, err
}

// Send sends an event that happened to the app's account webhook, if the app has
// chosen its type.
func (w *Webhooks) Send(d *registry.Directory, l store.Link, event string, more jwt.MapClaims) {
	app := d.AppsByID[l.App]
	if app == nil || app.AccountWebhook.URL == "" {
		return
	}
	if chosen := app.AccountWebhook.Events; len(chosen) > 0 && !slices.Contains(chosen, event) {
		return
	}
	w.SendEvent(d, l, event, more)
}

// SendEvent sends a security event token (RFC 8417) as RFC 8935 has it. Kakao's
// document spells the transaction's claim "txm"; more are members of the event.
func (w *Webhooks) SendEvent(d *registry.Directory, l store.Link, event string, more jwt.MapClaims) {
	app, user, registered := d.Registered(l)
	if !registered {
		return
	}
	id := user.ServiceUserIDs[app.ID]
	sub, issuer, now := strconv.FormatInt(id, 10), d.Issuer, w.now().Unix()
	members := jwt.MapClaims{"subject": jwt.MapClaims{"subject_type": "iss-sub", "iss": issuer, "sub": sub}}
	for name, value := range more {
		members[name] = value
	}
	token, err := w.keys.Current().Sign("secevent+jwt", jwt.MapClaims{
		"iss": issuer, "aud": app.RESTAPIKey, "sub": sub, "iat": now, "toe": now,
		"jti": uuid.NewString(), "txm": uuid.NewString(), "events": jwt.MapClaims{event: members},
	})
	if err != nil {
		w.log.Error("account event not signed", "app", app.ID, "error", err)
		return
	}
	r, err := http.NewRequest(http.MethodPost, app.AccountWebhook.URL, strings.NewReader(token))
	if err != nil {
		w.log.Error("account webhook not sent", "app", app.ID, "error", outbox.Problem(err))
		return
	}
	r.Header.Set("Content-Type", "application/secevent+jwt")
	r.Header.Set("Accept", "application/json")
	w.Deliver(r, Delivery{App: app.ID, UserID: id, Kind: event, URL: app.AccountWebhook.URL}, http.StatusAccepted)
}

// NotifyUnlinked tells an app that a user has left it from outside.
func (w *Webhooks) NotifyUnlinked(d *registry.Directory, l store.Link, referrer Referrer) {
	w.sendUnlink(d, l, referrer)
	w.SendUnlinkedEvent(d, l, referrer)
}

// SendUnlinkedEvent tells the account webhook alone that a user has left.
func (w *Webhooks) SendUnlinkedEvent(d *registry.Directory, l store.Link, reason Referrer) {
	w.Send(d, l, catalog.EventUserUnlinked, jwt.MapClaims{"reason": reason})
}

// Referrers are the ways out of which the unlink webhook tells.
var Referrers = []Referrer{AccountDelete, ForcedAccountDelete, UnlinkFromAdmin, UnlinkFromApps, IncompleteSignUp}
