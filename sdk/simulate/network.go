package simulate

import "slices"

// Request is what a page sends.
type Request struct {
	Method, URL, Body string
	Headers           []string // names and values in turn
	Origin            string
	Cookie            string // of the token server, "" without
}

// header returns the value of a header.
func (r *Request) header(name string) string {
	if i := slices.Index(r.Headers, name); i >= 0 && i+1 < len(r.Headers) {
		return r.Headers[i+1]
	}
	return ""
}

// Response is what comes back.
type Response struct {
	Status int
	// JSON tells that the body is JSON; Members are those of it that are strings
	// or numbers, as names and values in turn.
	JSON    bool
	Members []string
	// Cookie is the new cookie where SetsCookie is set; "" removes it.
	SetsCookie bool
	Cookie     string
}

func (r *Response) member(name string) string {
	for i := 0; i+1 < len(r.Members); i += 2 {
		if r.Members[i] == name {
			return r.Members[i+1]
		}
	}
	return ""
}

// Far is what the network leads to.
type Far interface {
	// Serve answers a request at the moment at which it arrives.
	Serve(w *World, r *Request) *Response
	// Decide is the user's word in a window that is at Kakao's address, and
	// returns the parameters with which Kakao goes to the redirect URI.
	Decide(w *World, address string, accept bool) (redirectURI, query string)
}

// journey is how long a request takes to get there, and its answer back, in
// milliseconds; below zero they never do.
type journey struct{ there, back int64 }

var journeys = []journey{
	{5, 5}, {5, 400}, {400, 5}, {5, 3_000}, {3_000, 5}, {8_000, 5}, {5, -1}, {-1, 0},
}

// travel draws a journey.
func (w *World) travel() journey {
	if w.hurried {
		return journeys[0]
	}
	if w.traits.calm {
		return journeys[w.choices.Pick("network", 4)]
	}
	return journeys[w.choices.Pick("network", len(journeys))]
}

// giveUp is after how long the browser itself fails a request, in milliseconds.
const giveUp = 20_000

// send sends a request of a page, and calls done with its answer, or with nil.
func (w *World) send(p *page, r *Request, timeout int64, done func(*Response)) {
	trip := w.travel()
	limit := min(giveUp, max(timeout, 1))
	if timeout == 0 {
		limit = giveUp
	}
	answered := false
	finish := func(res *Response) {
		if !answered {
			answered = true
			done(res)
		}
	}
	w.after(limit, p, func() { finish(nil) }).page = p
	if trip.there < 0 {
		w.judge.lost(r)
		return
	}
	w.after(trip.there, nil, func() {
		res := w.far.Serve(w, r)
		if trip.back < 0 {
			w.judge.lost(r)
			return
		}
		w.after(trip.back, nil, func() {
			if answered {
				w.judge.lost(r)
				return // aborted
			}
			if res.SetsCookie {
				w.cookie = res.Cookie
			}
			if p.gone {
				w.judge.lost(r)
				return
			}
			w.after(0, p, func() { finish(res) })
		})
	})
}
