package kapi

import (
	"slices"

	"github.com/kakaowasm/kakaowasm/emulator/config"
	"github.com/kakaowasm/kakaowasm/emulator/internal/account"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// askedChannels are the channels of the app that a parameter names, or all.
func (c *apiCall) askedChannels(parameter string) []config.Channel {
	asked, named := c.parameters[parameter].([]string)
	return slices.DeleteFunc(slices.Clone(c.app.Channels), func(channel config.Channel) bool {
		return named && !slices.Contains(asked, channel.PublicID)
	})
}

// relationsOf lists relations, the names of whose members begin with prefix.
func (c *apiCall) relationsOf(channels []config.Channel, prefix string, includeNone bool) []account.Members {
	list := []account.Members{}
	for _, channel := range channels {
		r := c.user.Talk.Relation(channel.PublicID)
		if r.Relation == "NONE" && !includeNone {
			continue
		}
		entry := account.Members{prefix + "_uuid": channel.UUID, prefix + "_public_id": channel.PublicID, "relation": r.Relation}
		if !r.CreatedAt.IsZero() && includeNone {
			entry["created_at"] = account.FormatTime(r.CreatedAt)
		}
		if !r.UpdatedAt.IsZero() {
			entry["updated_at"] = account.FormatTime(r.UpdatedAt)
		}
		list = append(list, entry)
	}
	return list
}

// channels is GET /v2/api/talk/channels.
func (a *Server) channels(c *apiCall) (any, *apiError) {
	if refusal := c.talkUser(catalog.ScopeChannels); refusal != nil {
		return nil, refusal
	}
	return account.Members{"user_id": c.userID(), "channels": c.relationsOf(c.askedChannels("channel_ids"), "channel", true)}, nil
}

// channelsV1 is GET /v1/api/talk/channels, which leaves out channels without a
// relation.
func (a *Server) channelsV1(c *apiCall) (any, *apiError) {
	if refusal := c.talkUser(catalog.ScopeChannels); refusal != nil {
		return nil, refusal
	}
	return account.Members{"user_id": c.userID(), "channels": c.relationsOf(c.askedChannels("channel_public_ids"), "channel", false)}, nil
}

// plusFriends is GET /v1/api/talk/plusfriends, the older name of channels.
func (a *Server) plusFriends(c *apiCall) (any, *apiError) {
	if refusal := c.talkUser(catalog.ScopeChannels); refusal != nil {
		return nil, refusal
	}
	return account.Members{"user_id": c.userID(), "plus_friends": c.relationsOf(c.askedChannels("plus_friend_public_ids"), "plus_friend", false)}, nil
}
