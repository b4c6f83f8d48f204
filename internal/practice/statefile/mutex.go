package statefile

import "sync"

// Mutex is a lock that tells of every change: whoever guards state with it
// cannot forget to. Tell must be set before the first use; nil tells nobody.
type Mutex struct {
	sync.RWMutex
	Tell func()
}

// Unlock unlocks after writing, and tells.
func (m *Mutex) Unlock() {
	m.RWMutex.Unlock()
	if m.Tell != nil {
		m.Tell()
	}
}
