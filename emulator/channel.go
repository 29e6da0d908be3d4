package emulator

import (
	"fmt"
	"slices"
	"time"

	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// Channel is a KakaoTalk channel of an app.
type Channel struct {
	// PublicID is the ID of the channel's profile, such as _ZeUTxl.
	PublicID string `json:"channel_public_id"`
	// UUID is what people search for, such as @example.
	UUID string `json:"channel_uuid"`
	Name string `json:"name,omitempty"`
}

// ChannelRelation is what a user is to a channel.
type ChannelRelation struct {
	PublicID string `json:"channel_public_id"`
	// Relation is ADDED, BLOCKED or NONE.
	Relation  string    `json:"relation"`
	CreatedAt time.Time `json:"created_at,omitzero"`
	UpdatedAt time.Time `json:"updated_at,omitzero"`
}

func (a App) validateChannels(place string, m *mistakes) {
	seen := uniqueness{}
	for i, channel := range a.Channels {
		at := fmt.Sprintf("%s.channels[%d]", place, i)
		if channel.PublicID == "" {
			m.add(at+".channel_public_id", "is required")
		}
		if channel.UUID == "" {
			m.add(at+".channel_uuid", "is required")
		}
		seen.check(m, "channel", channel.PublicID, at+".channel_public_id")
	}
}

// relation is the user's relation to a channel.
func (t Talk) relation(publicID string) ChannelRelation {
	for _, r := range t.Channels {
		if r.PublicID == publicID {
			return r
		}
	}
	return ChannelRelation{PublicID: publicID, Relation: "NONE"}
}

// askedChannels are the channels of the app that a parameter names, or all.
func (c *apiCall) askedChannels(parameter string) []Channel {
	asked, named := c.parameters[parameter].([]string)
	return without(c.app.Channels, func(channel Channel) bool {
		return named && !slices.Contains(asked, channel.PublicID)
	})
}

// relationsOf lists relations, the names of whose members begin with prefix.
func (c *apiCall) relationsOf(channels []Channel, prefix string, includeNone bool) []members {
	list := []members{}
	for _, channel := range channels {
		r := c.user.Talk.relation(channel.PublicID)
		if r.Relation == "NONE" && !includeNone {
			continue
		}
		entry := members{prefix + "_uuid": channel.UUID, prefix + "_public_id": channel.PublicID, "relation": r.Relation}
		if !r.CreatedAt.IsZero() && includeNone {
			entry["created_at"] = kakaoTime(r.CreatedAt)
		}
		if !r.UpdatedAt.IsZero() {
			entry["updated_at"] = kakaoTime(r.UpdatedAt)
		}
		list = append(list, entry)
	}
	return list
}

// channels is GET /v2/api/talk/channels.
func (a *restAPI) channels(c *apiCall) (any, *apiError) {
	if refusal := c.talkUser(catalog.ScopeChannels); refusal != nil {
		return nil, refusal
	}
	return members{"user_id": c.userID(), "channels": c.relationsOf(c.askedChannels("channel_ids"), "channel", true)}, nil
}

// channelsV1 is GET /v1/api/talk/channels, which leaves out channels without a
// relation.
func (a *restAPI) channelsV1(c *apiCall) (any, *apiError) {
	if refusal := c.talkUser(catalog.ScopeChannels); refusal != nil {
		return nil, refusal
	}
	return members{"user_id": c.userID(), "channels": c.relationsOf(c.askedChannels("channel_public_ids"), "channel", false)}, nil
}

// plusFriends is GET /v1/api/talk/plusfriends, the older name of channels.
func (a *restAPI) plusFriends(c *apiCall) (any, *apiError) {
	if refusal := c.talkUser(catalog.ScopeChannels); refusal != nil {
		return nil, refusal
	}
	return members{"user_id": c.userID(), "plus_friends": c.relationsOf(c.askedChannels("plus_friend_public_ids"), "plus_friend", false)}, nil
}
