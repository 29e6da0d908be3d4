package simulate

// subscription is a BroadcastChannel of a page.
type subscription struct {
	page *page
	name string
	hear func(message []string)
}

// subscribe opens a channel, and returns what closes it; nil where the browser
// has no channels.
func (p *page) subscribe(name string, hear func([]string)) *subscription {
	if p.w.traits.noChannels {
		return nil
	}
	s := &subscription{p, name, hear}
	p.w.subs = append(p.w.subs, s)
	return s
}

func (w *World) unsubscribe(s *subscription) {
	for i := range w.subs {
		if w.subs[i] == s {
			w.subs = append(w.subs[:i], w.subs[i+1:]...)
			return
		}
	}
}

// broadcast brings a message to the channels of that name and origin but its
// sender's. It does not reach pages in the back/forward cache.
func (w *World) broadcast(from *subscription, origin, name string, message []string) {
	for _, s := range w.subs {
		if s == from || s.name != name || s.page.tab.origin != origin {
			continue
		}
		delay := int64(1)
		if !w.hurried && !w.traits.calm && w.choices.Pick("channel is slow", 4) == 3 {
			delay = 350
		}
		w.after(delay, nil, func() {
			if s.page.gone || s.page.frozen {
				return
			}
			for _, open := range w.subs {
				if open == s {
					s.hear(message)
					return
				}
			}
		})
	}
}
