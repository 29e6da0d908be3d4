package emulator

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator/internal/mistake"
	"github.com/kakaowasm/kakaowasm/emulator/internal/store"
	"github.com/kakaowasm/kakaowasm/emulator/internal/webhook"
)

// linkOperations are about links of users with apps.
func linkOperations() []operation {
	return []operation{
		{method: http.MethodGet, path: "/links", id: "listLinks", summary: "Who is linked with which app, with consents", answer: []linkInfo{}, serve: (*consoleAPI).listLinks},
		{method: http.MethodPost, path: "/links/{app}/{user}/unlink", id: "unlinkUser", summary: "The user leaves the app outside of it, of which a webhook tells", request: unlinkForm{}, optional: true, serve: (*consoleAPI).unlinkUser},
		{method: http.MethodPost, path: "/links/{app}/{user}/events", id: "sendEvent", summary: "Send an account event about the user to the app", request: eventRequest{}, serve: (*consoleAPI).sendEvent},
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

func (a *consoleAPI) linkInfos() []linkInfo {
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

func (a *consoleAPI) listLinks(*http.Request) (any, error) { return a.linkInfos(), nil }

// unlinkUser plays a user who disconnects: {"referrer_type": "…"}, by default
// UNLINK_FROM_APPS.
func (a *consoleAPI) unlinkUser(r *http.Request) (any, error) {
	asked := unlinkForm{webhook.UnlinkFromApps}
	if err := readOptional(r, &asked); err != nil {
		return nil, err
	}
	if !slices.Contains(webhook.Referrers, asked.Referrer) {
		return nil, mistake.New("referrer_type", "%q is none of ACCOUNT_DELETE, UNLINK_FROM_APPS and the other referrers", asked.Referrer)
	}
	if err := a.Disconnect(numberOf(r, "app"), numberOf(r, "user"), asked.Referrer); err != nil {
		return nil, notFound("link")
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
func (a *consoleAPI) sendEvent(r *http.Request) (any, error) {
	var asked eventRequest
	if err := readConsole(r, &asked); err != nil {
		return nil, err
	}
	err := a.SendEvent(numberOf(r, "app"), numberOf(r, "user"), asked.Type)
	if errors.Is(err, ErrNotLinked) {
		return nil, notFound("link")
	}
	return nil, err
}
