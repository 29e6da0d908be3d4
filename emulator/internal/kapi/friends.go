package kapi

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/kakaowasm/kakaowasm/emulator/internal/account"
	"github.com/kakaowasm/kakaowasm/emulator/internal/store"
	"github.com/kakaowasm/kakaowasm/kakao/catalog"
)

// friendAnswer is one friend in a list.
type friendAnswer struct {
	ID        int64  `json:"id"`
	UUID      string `json:"uuid"`
	Favorite  bool   `json:"favorite"`
	Nickname  string `json:"profile_nickname"`
	Thumbnail string `json:"profile_thumbnail_image"`
}

// friendsAnswer is a page of friends.
type friendsAnswer struct {
	Elements  []friendAnswer `json:"elements"`
	Total     int            `json:"total_count"`
	BeforeURL string         `json:"before_url,omitempty"`
	AfterURL  string         `json:"after_url,omitempty"`
	Favorites int            `json:"favorite_count"`
}

// friends is GET /v1/api/talk/friends: the friends who are linked with the app
// and agreed to its list of friends as well. Source: Kakao Talk Social > REST API
// > Retrieve list of friends.
func (a *Server) friends(c *apiCall) (any, *apiError) {
	if refusal := c.talkUser(catalog.ScopeFriends); refusal != nil {
		return nil, refusal
	}
	all := a.friendsAtApp(c)
	sortFriends(all, given[string](c, "friend_order"), given[string](c, "order") == "desc")
	offset, limit := int64(0), int64(catalog.DefaultFriends)
	if asked := given[int64](c, "limit"); asked != 0 {
		limit = asked
	}
	if asked := given[int64](c, "offset"); asked > 0 {
		offset = min(asked, int64(len(all)))
	}
	end := min(offset+limit, int64(len(all)))
	answer := friendsAnswer{Elements: all[offset:end], Total: len(all), Favorites: countFavorites(all)}
	page := c.platform.API + c.call.Path
	if offset > 0 {
		answer.BeforeURL = fmt.Sprintf("%s?offset=%d&limit=%d&order=asc", page, max(0, offset-limit), limit)
	}
	if end < int64(len(all)) {
		answer.AfterURL = fmt.Sprintf("%s?offset=%d&limit=%d&order=asc", page, end, limit)
	}
	return answer, nil
}

// friendsAtApp are the user's friends as the calling app sees them.
func (a *Server) friendsAtApp(c *apiCall) []friendAnswer {
	found := []friendAnswer{}
	for _, friend := range c.user.Talk.Friends {
		user := c.directory.UsersByID[friend.User]
		if user == nil || user.Talk.None {
			continue
		}
		at := store.Link{App: c.app.ID, User: user.ID}
		connected, linked := a.Store.Connection(at)
		if !linked || !connected.AgreedToAny(catalog.ScopeFriends) {
			continue
		}
		_, thumbnail := account.ImageURLs(user, c.platform, true)
		found = append(found, friendAnswer{
			ID: user.ServiceUserIDs[c.app.ID], UUID: uuidOf(at), Favorite: friend.Favorite,
			Nickname: user.TalkNickname(), Thumbnail: thumbnail,
		})
	}
	return found
}

// sortFriends puts favorites first, unless by is "nickname", and friends of a kind
// in the order of their nicknames.
func sortFriends(friends []friendAnswer, by string, descending bool) {
	slices.SortStableFunc(friends, func(a, b friendAnswer) int {
		order := cmp.Compare(a.Nickname, b.Nickname)
		if by != "nickname" && a.Favorite != b.Favorite {
			order = 1
			if a.Favorite {
				order = -1
			}
		}
		if descending {
			return -order
		}
		return order
	})
}

func countFavorites(friends []friendAnswer) int {
	return len(friends) - len(slices.DeleteFunc(slices.Clone(friends), func(f friendAnswer) bool { return f.Favorite }))
}
