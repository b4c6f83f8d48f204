package mailboxes

import (
	"fmt"
	"maps"
	"slices"
)

// Saved is what the mailboxes hold, as it outlasts a restart.
type Saved struct {
	Boxes   map[string]SavedBox `json:"boxes"` // by user ID
	Mails   []Mail              `json:"mails"`
	Deleted []Record            `json:"deletedEvents"`
}

// SavedBox is one mailbox.
type SavedBox struct {
	Address  string            `json:"address"`
	Items    map[string][]Item `json:"items"`
	Removed  map[string][]Item `json:"removed"`
	Settings Item              `json:"settings"`
}

// Save takes a picture. It stays as it is, for what a list holds is never
// changed in place.
func (s *Store) Save() Saved {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := Saved{Boxes: make(map[string]SavedBox, len(s.boxes)), Mails: slices.Clip(s.mails),
		Deleted: slices.Clip(s.deleted)}
	for id, b := range s.boxes {
		out.Boxes[id] = SavedBox{b.address, maps.Clone(b.items), maps.Clone(b.removed), b.settings}
	}
	return out
}

// Restore fills an empty store from a picture. After an error the store is of
// no use.
func (s *Store) Restore(from Saved) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mails, s.deleted = from.Mails, from.Deleted
	for id, b := range from.Boxes {
		if id == "" || b.Settings == nil {
			return fmt.Errorf("the mailbox of %q has no settings", b.Address)
		}
		for _, kinds := range []map[string][]Item{b.Items, b.Removed} {
			for kind, items := range kinds {
				for _, i := range items {
					if i.Text("id") == "" {
						return fmt.Errorf("%q of %s hold something without an ID", kind, b.Address)
					}
				}
			}
		}
		fresh := &box{address: b.Address, items: b.Items, removed: b.Removed, settings: b.Settings}
		if fresh.items == nil {
			fresh.items = map[string][]Item{}
		}
		if fresh.removed == nil {
			fresh.removed = map[string][]Item{}
		}
		s.boxes[id] = fresh
	}
	return nil
}
