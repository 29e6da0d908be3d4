package signing

import (
	"encoding/json"
	"slices"
	"time"
)

const (
	// period is how long a key signs.
	period = 7 * 24 * time.Hour
	// afterlife is how long a key is shown after it has signed for the last time.
	afterlife = time.Hour
)

// ring is the keys of all instances, those of each algorithm in the order in
// which they sign. There are keys of two algorithms while instances that are
// configured for one give way to those of the other.
type ring []key

// current is the key that signs by an algorithm now: of those that have not come
// to their end the one that does so first. It may have been made by an instance
// whose clock is ahead, and so no key has a beginning.
func (r ring) current(alg string, now time.Time) (key, bool) {
	for _, k := range r {
		if k.Algorithm == alg && now.Before(k.Until) {
			return k, true
		}
	}
	return key{}, false
}

// rotated is the ring as it must be now: without the keys that no living token
// was signed with, and with a key that signs by the algorithm and one that does
// next. Changed is false where the ring is like that.
func (r ring) rotated(alg string, now time.Time) (rotated ring, changed bool, err error) {
	rotated = slices.DeleteFunc(slices.Clone(r), func(k key) bool { return now.After(k.Until.Add(afterlife)) })
	changed = len(rotated) < len(r)
	for end := rotated.end(alg, now); !end.After(now.Add(period)); end = rotated.end(alg, now) {
		made, err := newKey(alg, end.Add(period))
		if err != nil {
			return nil, false, err
		}
		rotated, changed = append(rotated, made), true
	}
	return rotated, changed, nil
}

// end is when the last key of an algorithm has signed, now at the earliest.
func (r ring) end(alg string, now time.Time) time.Time {
	end := now
	for _, k := range r {
		if k.Algorithm == alg && k.Until.After(end) {
			end = k.Until
		}
	}
	return end
}

// expiry is when no key of the ring is of use any more.
func (r ring) expiry() time.Time {
	var last time.Time
	for _, k := range r {
		if k.Until.After(last) {
			last = k.Until
		}
	}
	return last.Add(afterlife)
}

// decodeRing reads what the store keeps of a ring.
func decodeRing(value []byte) (ring, error) {
	var r ring
	if err := json.Unmarshal(value, &r); err != nil {
		return nil, errDamaged // The error of package json could repeat a key.
	}
	for i := range r {
		if err := r[i].parse(); err != nil {
			return nil, errDamaged
		}
	}
	return r, nil
}
