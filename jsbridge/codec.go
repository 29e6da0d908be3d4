package jsbridge

import (
	"strconv"
	"strings"

	"github.com/kakaowasm/kakaowasm/sdk"
)

// end follows each field. escape comes before a letter that stands for one of
// the two.
const (
	end    = '\x00'
	escape = '\x01'
)

// head is how many fields come before the settings and the data of an event:
// type, flow, number, now, stored, and how many fields the settings have.
const head = 6

// DecodeEvent reads an event without its settings: type, flow, number, now and
// stored, then its data. What is missing or no number is left out.
func DecodeEvent(text string) *sdk.Event {
	fields := decode(text)
	for len(fields) < head {
		fields = append(fields, "")
	}
	e := &sdk.Event{
		Type:   fields[0],
		Flow:   int(sdk.Number(fields[1])),
		Number: int(sdk.Number(fields[2])),
		Now:    sdk.Number(fields[3]),
		Stored: fields[4],
	}
	e.Data = fields[head:]
	if n := int(min(sdk.Number(fields[5]), int64(len(e.Data)))); n > 0 {
		e.Settings = bindByName(e.Data[:n])
		e.Data = e.Data[n:]
	}
	return e
}

// EncodeCommands writes commands: of each what to do, flow, number, how many
// data follow, and the data.
func EncodeCommands(commands []sdk.Command) string {
	var b strings.Builder
	for _, c := range commands {
		encode(&b, c.Do)
		encode(&b, strconv.Itoa(c.Flow))
		encode(&b, strconv.Itoa(c.Number))
		encode(&b, strconv.Itoa(len(c.Data)))
		for _, field := range c.Data {
			encode(&b, field)
		}
	}
	return b.String()
}

func encode(b *strings.Builder, field string) {
	for i := range len(field) {
		switch c := field[i]; c {
		case end:
			b.WriteByte(escape)
			b.WriteByte('a')
		case escape:
			b.WriteByte(escape)
			b.WriteByte('b')
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte(end)
}

func decode(text string) []string {
	fields := make([]string, 0, strings.Count(text, "\x00"))
	for {
		field, rest, ok := strings.Cut(text, "\x00")
		if !ok {
			return fields
		}
		if strings.IndexByte(field, escape) >= 0 {
			field = strings.ReplaceAll(strings.ReplaceAll(field, "\x01a", "\x00"), "\x01b", "\x01")
		}
		fields = append(fields, field)
		text = rest
	}
}
