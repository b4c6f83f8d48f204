package identity

import (
	"sync"
	"time"
)

// ttlStore keeps values under random names until they expire.
type ttlStore[T any] struct {
	mu    sync.Mutex
	clock func() time.Time
	items map[string]ttlEntry[T]
	swept time.Time

	changed func() // told after something was put here; may be nil
}

type ttlEntry[T any] struct {
	value   T
	expires time.Time
}

func newTTLStore[T any](clock func() time.Time) *ttlStore[T] {
	return &ttlStore[T]{clock: clock, items: map[string]ttlEntry[T]{}}
}

func (s *ttlStore[T]) put(name string, value T, life time.Duration) {
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
	s.items[name] = ttlEntry[T]{value, now.Add(life)}
}

func (s *ttlStore[T]) get(name string) (T, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k, ok := s.items[name]
	if !ok || s.clock().After(k.expires) {
		var none T
		return none, false
	}
	return k.value, true
}

func (s *ttlStore[T]) drop(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.items, name)
}

func (s *ttlStore[T]) each(see func(name string, value T) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for n, k := range s.items {
		if !s.clock().After(k.expires) && !see(n, k.value) {
			return
		}
	}
}
