package config

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/kakaowasm/kakaowasm/emulator/internal/mistake"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// Talk is a user at KakaoTalk: whom they know there, and which channels they
// follow.
type Talk struct {
	// None tells that the account has no KakaoTalk: its calls are refused with
	// -501.
	None bool `json:"none,omitempty"`
	// Nickname is that of the KakaoTalk profile, which may be another one than
	// that of the Kakao Account. Left out, it is the same.
	Nickname string `json:"nickname,omitempty"`
	// Friends are other accounts of the platform.
	Friends []Friend `json:"friends,omitempty"`
	// Channels are relations to channels; a channel that is not here has none.
	Channels []ChannelRelation `json:"channels,omitempty"`
}

func (t Talk) clone() Talk {
	t.Friends, t.Channels = slices.Clone(t.Friends), slices.Clone(t.Channels)
	return t
}

// validate names what is wrong with t, whose place in the configuration c is
// given.
func (t Talk) validate(place string, m *mistake.List, c Config) {
	seen := uniqueness{}
	for i, friend := range t.Friends {
		at := fmt.Sprintf("%s.friends[%d].user", place, i)
		if !slices.ContainsFunc(c.Users, func(u User) bool { return u.ID == friend.User }) {
			m.Add(at, "there is no user %d", friend.User)
		}
		seen.check(m, "friend", strconv.FormatInt(friend.User, 10), at)
	}
	for i, relation := range t.Channels {
		at := fmt.Sprintf("%s.channels[%d]", place, i)
		if !slices.Contains(catalog.ChannelRelations, relation.Relation) {
			m.Add(at+".relation", "%q must be ADDED, BLOCKED or NONE", relation.Relation)
		}
		if relation.PublicID == "" {
			m.Add(at+".channel_public_id", "is required")
		}
		seen.check(m, "channel", relation.PublicID, at+".channel_public_id")
	}
}

// Relation is the user's relation to a channel.
func (t Talk) Relation(publicID string) ChannelRelation {
	for _, r := range t.Channels {
		if r.PublicID == publicID {
			return r
		}
	}
	return ChannelRelation{PublicID: publicID, Relation: "NONE"}
}

// Friend is a friend at KakaoTalk.
type Friend struct {
	// User is the number of the friend's account.
	User     int64 `json:"user"`
	Favorite bool  `json:"favorite,omitempty"`
	// Blocked tells that the friend takes no messages from the user.
	Blocked bool `json:"blocked,omitempty"`
}

// ChannelRelation is what a user is to a channel.
type ChannelRelation struct {
	PublicID string `json:"channel_public_id"`
	// Relation is ADDED, BLOCKED or NONE.
	Relation  string    `json:"relation"`
	CreatedAt time.Time `json:"created_at,omitzero"`
	UpdatedAt time.Time `json:"updated_at,omitzero"`
}

// TalkNickname is what KakaoTalk calls a user.
func (u *User) TalkNickname() string {
	if u.Talk.Nickname != "" {
		return u.Talk.Nickname
	}
	return u.Nickname
}
