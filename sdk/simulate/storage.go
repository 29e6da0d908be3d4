package simulate

import "slices"

// storage is a localStorage or a sessionStorage.
type storage struct {
	keys  []string
	texts []string
}

func newStorage() *storage { return &storage{} }

func (s *storage) get(key string) string {
	if i := slices.Index(s.keys, key); i >= 0 {
		return s.texts[i]
	}
	return ""
}

func (s *storage) set(key, text string) {
	s.remove(key)
	s.keys, s.texts = append(s.keys, key), append(s.texts, text)
}

func (s *storage) remove(key string) {
	if i := slices.Index(s.keys, key); i >= 0 {
		s.keys, s.texts = slices.Delete(s.keys, i, i+1), slices.Delete(s.texts, i, i+1)
	}
}

// copied is what a window that window.open makes begins with.
func (s *storage) copied() *storage {
	return &storage{slices.Clone(s.keys), slices.Clone(s.texts)}
}

// localOf is the localStorage of an origin.
func (w *World) localOf(origin string) *storage {
	if w.local[origin] == nil {
		w.local[origin] = newStorage()
	}
	return w.local[origin]
}
