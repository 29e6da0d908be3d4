package rest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/kakaowasm/kakaowasm/kakao/rest"
)

// userList answers like the reference's sample: pages overlap by one user.
func userList(ids ...int64) *far {
	f := &far{}
	f.answer = func(*http.Request) (*http.Response, error) {
		params := f.requests[len(f.requests)-1].params
		ids, limit := slices.Clone(ids), number(params, "limit", 100)
		from, given := params["from_id"]
		slices.Sort(ids)
		if params.Get("order") == "desc" {
			slices.Reverse(ids)
		}
		if given {
			at := slices.IndexFunc(ids, func(id int64) bool { return strconv.FormatInt(id, 10) == from[0] })
			ids = ids[max(at, 0):]
		}
		after := "null"
		if len(ids) > limit {
			ids = ids[:limit]
			after = fmt.Sprintf(`"http://kapi.kakao.com/v1/user/ids?from_id=%d&app_key=k"`, ids[len(ids)-1])
		}
		return response(200, fmt.Sprintf(`{"elements":[%s],"before_url":null,"after_url":%s}`, joined(ids), after)), nil
	}
	return f
}

func number(params url.Values, name string, otherwise int) int {
	if n, err := strconv.Atoi(params.Get(name)); err == nil {
		return n
	}
	return otherwise
}

func joined(ids []int64) string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = strconv.FormatInt(id, 10)
	}
	return strings.Join(texts, ",")
}

func TestAllUsersComeOnce(t *testing.T) {
	cases := []struct {
		name  string
		users []int64
		req   rest.UserIDsRequest
		want  string
		pages int
	}{
		{"nobody", nil, rest.UserIDsRequest{}, "", 1},
		{"one page", []int64{1, 2, 3}, rest.UserIDsRequest{}, "1,2,3", 1},
		{"three pages", []int64{1, 2, 3, 4, 5, 6, 7}, rest.UserIDsRequest{Limit: 3}, "1,2,3,4,5,6,7", 3},
		{"downwards", []int64{1, 2, 3, 4}, rest.UserIDsRequest{Limit: 2, Order: rest.Descending}, "4,3,2,1", 3},
		{"from somebody on", []int64{1, 2, 3, 4}, rest.UserIDsRequest{Limit: 2, FromID: 3}, "3,4", 1},
		{"pages of one", []int64{1, 2, 3}, rest.UserIDsRequest{Limit: 1}, "1,2,3", 2},
		{"IDs beyond a double", []int64{9007199254740992, 9007199254740993, 9007199254740994}, rest.UserIDsRequest{Limit: 2}, "9007199254740992,9007199254740993,9007199254740994", 2},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			kakao := userList(c.users...)
			var got []int64
			for id, err := range admin(kakao.client(t)).AllUserIDs(t.Context(), c.req) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, id)
			}
			if joined(got) != c.want || kakao.count() != c.pages {
				t.Errorf("%v in %d pages, want %s in %d", got, kakao.count(), c.want, c.pages)
			}
			for _, r := range kakao.requests {
				if r.url != kapi+"/v1/user/ids" || r.params.Has("app_key") {
					t.Errorf("an address of the answer was followed: %+v", r)
				}
			}
		})
	}
}

// A list that never ends by itself ends where it brings nothing new.
func TestListsThatRepeatThemselvesEnd(t *testing.T) {
	users := answering(200, `{"elements":[5,6],"after_url":"http://kapi.kakao.com/v1/user/ids?from_id=6"}`)
	var ids []int64
	for id, err := range admin(users.client(t)).AllUserIDs(t.Context(), rest.UserIDsRequest{}) {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	if joined(ids) != "5,6" || users.count() != 2 {
		t.Errorf("%v in %d pages", ids, users.count())
	}
	addresses := answering(200, sample(t, "shipping_address"))
	seen := 0
	for _, err := range user(addresses.client(t)).AllShippingAddresses(t.Context(), rest.ShippingAddressesRequest{PageSize: 2}) {
		if err != nil {
			t.Fatal(err)
		}
		seen++
	}
	if seen != 2 || addresses.count() != 2 {
		t.Errorf("%d addresses in %d pages", seen, addresses.count())
	}
}

// addressList answers with the address after from_updated_at or, as the
// reference's other sentence has it, before; it may give smaller pages than
// asked for, and repeat the default address on each page.
func addressList(count, most int, latestFirst, inclusive bool) *far {
	f := &far{}
	f.answer = func(*http.Request) (*http.Response, error) {
		params := f.requests[len(f.requests)-1].params
		from := number(params, "from_updated_at", 0)
		var page []string
		for i := range count {
			at := 1000 + i
			if latestFirst {
				at = 1000 + count - i
			}
			after := at > from || inclusive && at == from
			if latestFirst {
				after = from == 0 || at < from || inclusive && at == from
			}
			if after && len(page) < min(most, number(params, "page_size", 10)) {
				page = append(page, fmt.Sprintf(`{"id":%d,"is_default":%t,"updated_at":%d}`, at, i == 0, at))
			}
		}
		return response(200, `{"user_id":1,"shipping_addresses":[`+strings.Join(page, ",")+`]}`), nil
	}
	return f
}

func TestAllShippingAddressesComeOnce(t *testing.T) {
	for _, latestFirst := range []bool{true, false} {
		for _, inclusive := range []bool{true, false} {
			for _, size := range []int64{0, 2, 3, 50} {
				for _, count := range []int{0, 1, 2, 3, 10, 25} {
					kakao := addressList(count, 20, latestFirst, inclusive)
					seen := map[int64]int{}
					for address, err := range user(kakao.client(t)).AllShippingAddresses(t.Context(), rest.ShippingAddressesRequest{PageSize: size}) {
						if err != nil {
							t.Fatal(err)
						}
						seen[address.ID]++
					}
					if len(seen) != count {
						t.Errorf("latest first %t, inclusive %t, page %d: %d of %d", latestFirst, inclusive, size, len(seen), count)
					}
					for id, times := range seen {
						if times != 1 {
							t.Errorf("%d came %d times", id, times)
						}
					}
				}
			}
		}
	}
}

func TestAPageThatFailsEndsTheList(t *testing.T) {
	full := `{"elements":[1,2],"after_url":"x"}`
	dead := with(401, `{"code":-401,"msg":"x"}`)
	var got []string
	for id, err := range admin(inTurn(with(200, full), dead).client(t)).AllUserIDs(t.Context(), rest.UserIDsRequest{}) {
		got = append(got, fmt.Sprint(id, errors.Is(err, rest.ErrInvalidToken)))
	}
	if strings.Join(got, " ") != "1 false 2 false 0 true" {
		t.Error(got)
	}
	got = nil
	addresses := inTurn(with(200, sample(t, "shipping_address")), dead)
	for address, err := range admin(addresses.client(t)).For(1).AllShippingAddresses(t.Context(), rest.ShippingAddressesRequest{PageSize: 2}) {
		got = append(got, fmt.Sprint(address.ID, errors.Is(err, rest.ErrInvalidToken)))
	}
	if strings.Join(got, " ") != "319 false 320 false 0 true" {
		t.Error(got)
	}
}

func TestLeavingAListAsksForNoMore(t *testing.T) {
	users := userList(1, 2, 3, 4)
	for range admin(users.client(t)).AllUserIDs(t.Context(), rest.UserIDsRequest{Limit: 2}) {
		break
	}
	addresses := addressList(25, 20, true, false)
	for range user(addresses.client(t)).AllShippingAddresses(t.Context(), rest.ShippingAddressesRequest{}) {
		break
	}
	if users.count() != 1 || addresses.count() != 1 {
		t.Errorf("%d and %d pages", users.count(), addresses.count())
	}
}

func TestCancellationEndsAList(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var last error
	for _, err := range admin(userList(1, 2, 3, 4).client(t)).AllUserIDs(ctx, rest.UserIDsRequest{Limit: 2}) {
		cancel()
		last = err
	}
	if !errors.Is(last, context.Canceled) {
		t.Error(last)
	}
}

// An iterator can be walked again, from its beginning.
func TestListsCanBeWalkedTwice(t *testing.T) {
	list := admin(userList(1, 2, 3).client(t)).AllUserIDs(t.Context(), rest.UserIDsRequest{Limit: 2})
	for range 2 {
		count := 0
		for range list {
			count++
		}
		if count != 3 {
			t.Errorf("%d users", count)
		}
	}
}
