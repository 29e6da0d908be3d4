// Package eventlog keeps the last of what has happened, numbered from 1, and tells
// those who wait for more. It knows nothing of what happens.
package eventlog

import (
	"slices"
	"sync"

	"github.com/kakaowasm/kakaowasm/internal/eventstream"
)

// Log keeps the last entries, oldest first. A Log with a Limit is ready; it is
// safe for concurrent use.
type Log[T any] struct {
	// Limit is how many entries are kept. One more, and the oldest tenth is
	// forgotten.
	Limit int
	// Size tells how large an entry is, and MaxSize how large all may be together.
	// Without Size only their number counts.
	Size    func(T) int
	MaxSize int

	news eventstream.Signal

	mu      sync.Mutex
	last    int
	size    int
	entries []T
}

// Add appends an entry, which entry makes of its number. The log is locked
// meanwhile, so that entries are made one after the other.
func (l *Log[T]) Add(entry func(number int) T) {
	l.mu.Lock()
	defer l.news.Send()
	defer l.mu.Unlock()
	l.last++
	added := entry(l.last)
	l.entries = append(l.entries, added)
	l.size += l.sizeOf(added)
	if len(l.entries) > l.Limit || l.size > l.MaxSize {
		l.forgetOldest()
	}
}

func (l *Log[T]) sizeOf(entry T) int {
	if l.Size == nil {
		return 0
	}
	return l.Size(entry)
}

// forgetOldest leaves nine tenths of what may be kept. The caller holds the lock.
func (l *Log[T]) forgetOldest() {
	oldest := 0
	for len(l.entries)-oldest > l.Limit*9/10 || l.size > l.MaxSize*9/10 {
		l.size -= l.sizeOf(l.entries[oldest])
		oldest++
	}
	l.entries = slices.Delete(l.entries, 0, oldest)
}

// Clear forgets all entries. Numbers go on.
func (l *Log[T]) Clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries, l.size = nil, 0
}

// Last is the number of the last entry so far, 0 before the first.
func (l *Log[T]) Last() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last
}

// All are the entries that are kept.
func (l *Log[T]) All() []T {
	entries, _ := l.After(0)
	return entries
}

// After are the entries that are kept with a later number, and what is closed when
// there are more.
func (l *Log[T]) After(number int) ([]T, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	before := l.last - len(l.entries) // the number before that of the first entry
	return slices.Clone(l.entries[min(max(number-before, 0), len(l.entries)):]), l.news.Wait()
}

// Get is the entry of a number, if it is kept.
func (l *Log[T]) Get(number int) (entry T, kept bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	i := number - (l.last - len(l.entries)) - 1
	if i < 0 || i >= len(l.entries) {
		return entry, false
	}
	return l.entries[i], true
}
