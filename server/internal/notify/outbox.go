package notify

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"github.com/kakaowasm/kakaowasm/server/store"
)

const (
	// retention is how long a notification is there to be sent.
	retention = 72 * time.Hour
	// settledLife is how long the mark of a settled one stays. Until then nobody
	// who has looked for a free number a moment ago can take its number again.
	settledLife = time.Hour
	// forever is the life of what has no end, since entries must have one.
	forever = 10 * 365 * 24 * time.Hour
)

// Where the outbox is kept: the notifications by their number, the number up to
// which they have been handed in, and how far they have been sent.
const (
	keyTail   = "notify:tail"
	keyCursor = "notify:cursor"
)

func keyOf(number uint64) string { return "notify:message:" + strconv.FormatUint(number, 10) }

// message is a notification in the outbox.
type message struct {
	ID     string    `json:"id"`
	Body   []byte    `json:"body"`
	Since  time.Time `json:"since"`
	Number uint64    `json:"number"`
	// Settled: it was taken or given up.
	Settled bool `json:"settled,omitempty"`

	version store.Version
}

// cursor is how far the notifications have been sent.
type cursor struct {
	Next      uint64    `json:"next"`       // the number of the next one
	Tries     int       `json:"tries"`      // that have failed of it
	NotBefore time.Time `json:"not_before"` // when it is tried again

	version store.Version
}

// outbox is the notifications in the store. Numbers begin at 1 and have no gaps:
// that a number is free is decided by the store, which creates each key once.
type outbox struct{ store store.Store }

// add hands a notification in, whose body is made for its number.
func (o outbox) add(ctx context.Context, body func(number uint64) ([]byte, error)) error {
	at, err := o.cursor(ctx)
	if err != nil {
		return err
	}
	tail, err := o.tail(ctx)
	if err != nil {
		return err
	}
	m := message{ID: "msg_" + rand.Text(), Since: time.Now(), Number: max(at.Next, tail)}
	for {
		if m.Body, err = body(m.Number); err != nil {
			return err
		}
		err = write(ctx, o.store, keyOf(m.Number), m, store.AnyVersion, retention)
		if !errors.Is(err, store.ErrExists) {
			break
		}
		m.Number++
	}
	if err == nil {
		// Only a hint: without it the next one looks for a free number longer.
		_ = o.raise(ctx, m.Number+1)
	}
	return err
}

// raise notes up to which number notifications have been handed in.
func (o outbox) raise(ctx context.Context, to uint64) error {
	for {
		var tail uint64
		version, err := read(ctx, o.store, keyTail, &tail)
		if err != nil || tail >= to {
			return err
		}
		err = write(ctx, o.store, keyTail, to, version, forever)
		if !overtaken(err) {
			return err
		}
	}
}

// tail is the first number that nobody is known to have.
func (o outbox) tail(ctx context.Context) (tail uint64, err error) {
	_, err = read(ctx, o.store, keyTail, &tail)
	return tail, err
}

// cursor is how far the notifications have been sent.
func (o outbox) cursor(ctx context.Context) (cursor, error) {
	at := cursor{Next: 1}
	version, err := read(ctx, o.store, keyCursor, &at)
	at.version = version
	return at, err
}

// move stores a cursor in place of the version that it was read at.
func (o outbox) move(ctx context.Context, at cursor) error {
	return write(ctx, o.store, keyCursor, at, at.version, forever)
}

// next returns the notification of a number. It is settled where it cannot be
// read, or has come to its end while others were handed in after it; and found is
// false where it has not been handed in yet.
func (o outbox) next(ctx context.Context, number uint64) (m message, found bool, err error) {
	m.version, err = read(ctx, o.store, keyOf(number), &m)
	switch {
	case errors.Is(err, store.ErrUnreadable):
		return message{Settled: true}, true, nil
	case err != nil:
		return m, false, err
	case m.Number != 0:
		return m, true, nil
	}
	tail, err := o.tail(ctx)
	return message{Settled: true}, number < tail, err
}

// settle marks a notification as taken or given up.
func (o outbox) settle(ctx context.Context, m message) error {
	m.Settled, m.Body = true, nil
	return write(ctx, o.store, keyOf(m.Number), m, m.version, settledLife)
}

// read reads a value, which stays as it is where there is none.
func read(ctx context.Context, s store.Store, key string, value any) (store.Version, error) {
	e, err := s.Get(ctx, key)
	if errors.Is(err, store.ErrNotFound) {
		return store.AnyVersion, nil
	}
	if err == nil && json.Unmarshal(e.Value, value) != nil {
		err = store.ErrUnreadable
	}
	return e.Version, err
}

// write stores a value in place of the version that was read, or anew.
func write(ctx context.Context, s store.Store, key string, value any, version store.Version, life time.Duration) error {
	encoded, err := json.Marshal(value)
	if err != nil {
		return err
	}
	e := store.Entry{Value: encoded, Expiry: time.Now().Add(life), Version: version}
	if version == store.AnyVersion {
		_, err = s.Create(ctx, key, e)
	} else {
		_, err = s.Replace(ctx, key, e)
	}
	return err
}

// overtaken reports whether somebody else wrote first.
func overtaken(err error) bool {
	return errors.Is(err, store.ErrExists) || errors.Is(err, store.ErrConflict) || errors.Is(err, store.ErrNotFound)
}
