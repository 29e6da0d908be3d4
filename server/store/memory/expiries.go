package memory

// expiries holds the items with the one that expires first in front: a
// [container/heap.Interface].
type expiries []*item

func (e expiries) Len() int { return len(e) }

func (e expiries) Less(i, j int) bool { return e[i].entry.Expiry.Before(e[j].entry.Expiry) }

func (e expiries) Swap(i, j int) {
	e[i], e[j] = e[j], e[i]
	e[i].index, e[j].index = i, j
}

// Push is called by package heap.
func (e *expiries) Push(x any) {
	it := x.(*item)
	it.index = len(*e)
	*e = append(*e, it)
}

// Pop is called by package heap.
func (e *expiries) Pop() any {
	last := len(*e) - 1
	it := (*e)[last]
	(*e)[last] = nil
	*e = (*e)[:last]
	return it
}
