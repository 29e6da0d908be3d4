package emulator

import (
	"context"
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
	"github.com/kakaowasm/kakaowasm/emulator/internal/mistake"
	"github.com/kakaowasm/kakaowasm/emulator/internal/outbox"
	"github.com/kakaowasm/kakaowasm/emulator/internal/signing"
	"github.com/kakaowasm/kakaowasm/emulator/internal/store"
	"github.com/kakaowasm/kakaowasm/kakao"
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

var referrers = []Referrer{AccountDelete, ForcedAccountDelete, UnlinkFromAdmin, UnlinkFromApps, IncompleteSignUp}

// unlinkedByService is the reason of an unlinking that the app asked for. It
// comes with the account webhook only.
const unlinkedByService Referrer = "UNLINK_FROM_SERVICE"

// sampleEvent is the type of account event that errors name.
const sampleEvent = catalog.EventTokensRevoked

// Delivery is a webhook that was sent.
type Delivery = outbox.Delivery

// webhooks tell apps what happened to their users.
type webhooks struct {
	*outbox.Outbox
	log  *slog.Logger
	now  func() time.Time
	keys *signing.Keys
}

// Deliveries waits until no webhook is under way, at most until ctx is done, and
// returns those that were sent, oldest first: also those of sign-ups that lapsed
// meanwhile. The error is that of ctx.
func (e *World) Deliveries(ctx context.Context) ([]Delivery, error) {
	e.lapseSignups()
	if err := e.webhooks.Wait(ctx); err != nil {
		return nil, err
	}
	return e.webhooks.Sent(), nil
}

// Resend sends a webhook once more, by the number of its delivery, as it was: the
// address, the token and its times are the old ones. It reports whether there is
// such a delivery.
func (e *World) Resend(number int) bool { return e.webhooks.Resend(number) }

// sendUnlink sends the unlink webhook of an app, if it has one.
func (w *webhooks) sendUnlink(d *directory, l store.Link, referrer Referrer) {
	app, user, registered := d.registered(l)
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

// SendEvent sends an account event about a user to an app, whatever types its
// webhook has chosen. user is the number of the account, event one of
// [catalog.AccountEvents]. The error is [ErrNotLinked], or tells that app or event is
// unknown, or that the app has no account webhook.
func (e *World) SendEvent(app, user int64, event string) error {
	d, l := e.registry.directory(), store.Link{App: app, User: user}
	registered, _, ok := d.registered(l)
	if _, linked := e.store.Connection(l); !ok || !linked {
		return ErrNotLinked
	}
	switch {
	case registered.AccountWebhook.URL == "":
		return mistake.New("account_webhook.url", "app %d has no account webhook; register its address first", app)
	case !slices.Contains(catalog.AccountEvents(), event):
		return mistake.New("type", "%q is not an event type of Kakao's such as "+sampleEvent, event)
	}
	e.webhooks.sendEvent(d, l, event, nil)
	return nil
}

// send sends an event that happened to the app's account webhook, if the app has
// chosen its type.
func (w *webhooks) send(d *directory, l store.Link, event string, more jwt.MapClaims) {
	app := d.appsByID[l.App]
	if app == nil || app.AccountWebhook.URL == "" {
		return
	}
	if chosen := app.AccountWebhook.Events; len(chosen) > 0 && !slices.Contains(chosen, event) {
		return
	}
	w.sendEvent(d, l, event, more)
}

// sendEvent sends a security event token (RFC 8417) as RFC 8935 has it. Kakao's
// document spells the transaction's claim "txm"; more are members of the event.
func (w *webhooks) sendEvent(d *directory, l store.Link, event string, more jwt.MapClaims) {
	app, user, registered := d.registered(l)
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

// notifyUnlinked tells an app that a user has left it from outside.
func (w *webhooks) notifyUnlinked(d *directory, l store.Link, referrer Referrer) {
	w.sendUnlink(d, l, referrer)
	w.sendUnlinkedEvent(d, l, referrer)
}

func (w *webhooks) sendUnlinkedEvent(d *directory, l store.Link, reason Referrer) {
	w.send(d, l, catalog.EventUserUnlinked, jwt.MapClaims{"reason": reason})
}

const pathEventConfiguration = "/.well-known/sse-configuration"

// eventConfiguration describes the account webhook. Source: Kakao Login >
// Subscribe to security event, where delivery_methods_supported is one string.
func (s *tokenServer) eventConfiguration(w http.ResponseWriter, r *http.Request) {
	platform := s.platform(r)
	writeJSON(w, http.StatusOK, map[string]string{
		"issuer":                     platform.Auth,
		"jwks_uri":                   platform.Auth + kakao.PathJWKS,
		"delivery_methods_supported": "http://schemas.openid.net/secevent/risc/delivery-method/push",
	})
}
