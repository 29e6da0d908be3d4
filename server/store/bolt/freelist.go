package bolt

import "encoding/binary"

// free are the pages that hold nothing that counts: what they have was replaced or
// deleted. ok is false where that cannot be read.
func (p pageReader) free() (ids map[uint64]bool, ok bool) {
	for meta := range uint64(2) {
		q, err := p.read(meta)
		if err != nil || q.flags != metaFlag || binary.NativeEndian.Uint64(q.content[pageHeader+metaTransaction:]) != p.id {
			continue
		}
		list, err := p.read(binary.NativeEndian.Uint64(q.content[pageHeader+metaFreelist:]))
		if err == nil && list.flags == freelistFlag {
			return list.freed()
		}
	}
	return nil, false
}

// freed are the pages that a freelist names. A count of 0xffff stands for one that
// does not fit into the header.
func (q page) freed() (ids map[uint64]bool, ok bool) {
	count, rest := uint64(q.count), q.content[pageHeader:]
	if count == 0xffff {
		count, rest = binary.NativeEndian.Uint64(rest), rest[8:]
	}
	if count > uint64(len(rest)/8) {
		return nil, false
	}
	ids = map[uint64]bool{}
	for i := range count {
		ids[binary.NativeEndian.Uint64(rest[8*i:])] = true
	}
	return ids, true
}
