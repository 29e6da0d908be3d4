package kapi

import "github.com/kakaowasm/kakaowasm/emulator/internal/webhook"

// unlink is POST /v1/user/unlink. The app asked for it itself, so that no
// unlink webhook is sent.
func (a *Server) unlink(c *apiCall) (any, *apiError) {
	if a.Store.Unlink(c.link()) {
		a.Webhooks.SendUnlinkedEvent(c.directory, c.link(), webhook.UnlinkedByService)
	}
	return idAnswer{c.userID()}, nil
}
