package simulate

// webLock is a Web Lock: who holds it, and who waits for it.
type webLock struct {
	holder  *claim
	waiting []*claim
}

type claim struct {
	page  *page
	grant func(waited bool)
}

// lock asks for a lock. Where there are none, everyone passes.
func (p *page) lock(name string, number int, grant func(waited bool)) {
	if p.w.traits.noLocks {
		p.locks[number] = func() {}
		p.w.micro = append(p.w.micro, func() { grant(false) })
		return
	}
	l := p.w.lockOf(p.tab.origin + " " + name)
	c := &claim{p, grant}
	p.locks[number] = func() { p.w.release(l, c) }
	p.w.after(0, p, func() {
		if l.holder == nil {
			l.holder = c
			grant(false)
			return
		}
		l.waiting = append(l.waiting, c)
	})
}

func (w *World) lockOf(name string) *webLock {
	if w.locks[name] == nil {
		w.locks[name] = &webLock{}
	}
	return w.locks[name]
}

// release gives a lock to the next one who waits.
func (w *World) release(l *webLock, c *claim) {
	if l.holder != c {
		return
	}
	l.holder = nil
	if len(l.waiting) == 0 {
		return
	}
	l.holder, l.waiting = l.waiting[0], l.waiting[1:]
	next := l.holder
	w.after(0, next.page, func() { next.grant(true) })
}

// releaseAll is what the browser does with the locks of a page that goes.
func (w *World) releaseAll(p *page) {
	for _, l := range w.locks {
		kept := l.waiting[:0]
		for _, c := range l.waiting {
			if c.page != p {
				kept = append(kept, c)
			}
		}
		l.waiting = kept
		if l.holder != nil && l.holder.page == p {
			w.release(l, l.holder)
		}
	}
}
