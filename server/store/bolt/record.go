package bolt

import (
	"encoding/binary"
	"fmt"
	"time"

	"github.com/kakaowasm/kakaowasm/server/store"
)

// recordFormat is the first byte of a record: version and expiry of 8 bytes
// each, app and user behind their lengths, and the value as the rest.
const recordFormat = 1

// maxRecord is more than any record has, in bytes. In a damaged page one may seem to
// be gigabytes long.
const maxRecord = 64 << 20

// encode returns the record of an entry.
func encode(e store.Entry) []byte {
	r := append(make([]byte, 0, 64+len(e.Value)), recordFormat)
	r = binary.BigEndian.AppendUint64(r, uint64(e.Version))
	r = binary.BigEndian.AppendUint64(r, millis(e.Expiry))
	r = appendText(r, e.Owner.App)
	r = appendText(r, e.Owner.UserID)
	return append(r, e.Value...)
}

// decode returns the entry of a record, with memory of its own, or
// store.ErrUnreadable.
func decode(record []byte) (store.Entry, error) {
	r := reader{rest: record, short: len(record) > maxRecord}
	format := r.bytes(1)
	e := store.Entry{
		Version: store.Version(r.number()),
		Expiry:  time.UnixMilli(int64(r.number())), //nolint:gosec // Made by millis, which is never negative.
		Owner:   store.Owner{App: r.text(), UserID: r.text()},
	}
	if r.short || format[0] != recordFormat {
		return store.Entry{}, fmt.Errorf("%w: expected a record of format %d in the file", store.ErrUnreadable, recordFormat)
	}
	e.Value = append([]byte{}, r.rest...)
	return e, nil
}

// millis is a time in milliseconds since 1970, in an order that bytes keep.
func millis(t time.Time) uint64 {
	return uint64(max(0, t.UnixMilli()))
}

// appendText appends a text behind its length.
func appendText(r []byte, text string) []byte {
	return append(binary.AppendUvarint(r, uint64(len(text))), text...)
}

// reader takes a record apart. Once it is short of bytes it stays so, and what
// it returns is zero.
type reader struct {
	rest  []byte
	short bool
}

// bytes takes n bytes.
func (r *reader) bytes(n uint64) []byte {
	if r.short = r.short || uint64(len(r.rest)) < n; r.short {
		return make([]byte, min(n, 8))
	}
	taken := r.rest[:n]
	r.rest = r.rest[n:]
	return taken
}

func (r *reader) number() uint64 { return binary.BigEndian.Uint64(r.bytes(8)) }

func (r *reader) text() string {
	length, n := binary.Uvarint(r.rest)
	if r.short = r.short || n <= 0; r.short {
		return ""
	}
	r.rest = r.rest[n:]
	return string(r.bytes(length))
}
