package console

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator/internal/mistake"
	"github.com/kakaowasm/kakaowasm/emulator/internal/registry"
	"github.com/kakaowasm/kakaowasm/emulator/internal/store"
	"github.com/kakaowasm/kakaowasm/emulator/internal/webhook"
)

// linkResource is the links of users with apps.
type linkResource struct {
	registry *registry.Registry
	store    *store.Store
	people   people
}

// operations are those of the resource.
func (a *linkResource) operations() []operation {
	return []operation{
		{method: http.MethodGet, path: "/links", id: "listLinks", summary: "Who is linked with which app, with consents", answer: []linkInfo{}, serve: a.listLinks},
		{method: http.MethodPost, path: "/links/{app}/{user}/unlink", id: "unlinkUser", summary: "The user leaves the app outside of it, of which a webhook tells", request: unlinkForm{}, optional: true, serve: a.unlinkUser},
		{method: http.MethodPost, path: "/links/{app}/{user}/events", id: "sendEvent", summary: "Send an account event about the user to the app", request: eventRequest{}, serve: a.sendEvent},
	}
}

// linkInfo is a link of a user with an app.
type linkInfo struct {
	App           int64                `json:"app_id"`
	User          int64                `json:"user_id"` // number of the account
	ServiceUserID int64                `json:"service_user_id"`
	ConnectedAt   time.Time            `json:"connected_at"`
	Preregistered bool                 `json:"preregistered,omitempty"`
	Scopes        map[string]time.Time `json:"scopes"`
	Terms         []string             `json:"service_terms"`
	Properties    map[string]string    `json:"properties"`
}

func (a *linkResource) linkInfos() []linkInfo {
	d := a.registry.Directory()
	infos := []linkInfo{}
	for _, l := range a.store.Links(func(store.Link) bool { return true }) {
		app, user, registered := d.Registered(l)
		c, linked := a.store.Connection(l)
		if !registered || !linked {
			continue
		}
		info := linkInfo{
			App: app.ID, User: user.ID, ServiceUserID: user.ServiceUserIDs[app.ID], ConnectedAt: c.ConnectedAt,
			Preregistered: c.Preregistered, Scopes: c.Scopes, Terms: []string{}, Properties: c.Properties,
		}
		for tag := range c.Terms {
			info.Terms = append(info.Terms, tag)
		}
		slices.Sort(info.Terms)
		infos = append(infos, info)
	}
	return infos
}

func (a *linkResource) listLinks(*http.Request) (any, error) { return a.linkInfos(), nil }

// unlinkUser plays a user who disconnects: {"referrer_type": "…"}, by default
// UNLINK_FROM_APPS.
func (a *linkResource) unlinkUser(r *http.Request) (any, error) {
	asked := unlinkForm{webhook.UnlinkFromApps}
	if err := readOptional(r, &asked); err != nil {
		return nil, err
	}
	if !slices.Contains(webhook.Referrers, asked.Referrer) {
		return nil, mistake.New("referrer_type", "%q is none of ACCOUNT_DELETE, UNLINK_FROM_APPS and the other referrers", asked.Referrer)
	}
	if err := a.people.Disconnect(numberOf(r, "app"), numberOf(r, "user"), asked.Referrer); err != nil {
		return nil, NotFound("link")
	}
	return nil, nil
}

// unlinkForm says how the user leaves.
type unlinkForm struct {
	// Referrer is UNLINK_FROM_APPS if it is left out.
	Referrer webhook.Referrer `json:"referrer_type,omitempty"`
}

// eventRequest names an account event.
type eventRequest struct {
	Type string `json:"type"`
}

// sendEvent sends an account event: {"type": "https://…"}.
func (a *linkResource) sendEvent(r *http.Request) (any, error) {
	var asked eventRequest
	if err := readConsole(r, &asked); err != nil {
		return nil, err
	}
	err := a.people.SendEvent(numberOf(r, "app"), numberOf(r, "user"), asked.Type)
	if errors.Is(err, store.ErrNotLinked) {
		return nil, NotFound("link")
	}
	return nil, err
}
