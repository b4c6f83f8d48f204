package identity

import (
	"sync"
	"time"
)

// shelf keeps things under random names until they expire.
type shelf[T any] struct {
	mu    sync.Mutex
	clock func() time.Time
	items map[string]kept[T]
	swept time.Time

	changed func() // told after something was put here; may be nil
}

type kept[T any] struct {
	thing   T
	expires time.Time
}

func newShelf[T any](clock func() time.Time) *shelf[T] {
	return &shelf[T]{clock: clock, items: map[string]kept[T]{}}
}

func (s *shelf[T]) put(name string, thing T, life time.Duration) {
	if s.changed != nil {
		defer s.changed() // once the lock is open again
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock()
	if now.Sub(s.swept) > time.Minute {
		s.swept = now
		for n, k := range s.items {
			if now.After(k.expires) {
				delete(s.items, n)
			}
		}
	}
	s.items[name] = kept[T]{thing, now.Add(life)}
}

func (s *shelf[T]) get(name string) (T, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k, ok := s.items[name]
	if !ok || s.clock().After(k.expires) {
		var none T
		return none, false
	}
	return k.thing, true
}

func (s *shelf[T]) drop(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.items, name)
}

func (s *shelf[T]) each(see func(name string, thing T) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for n, k := range s.items {
		if !s.clock().After(k.expires) && !see(n, k.thing) {
			return
		}
	}
}
