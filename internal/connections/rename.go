package connections

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"entrada/internal/fault"
	"entrada/internal/words"
)

// MaxName is how many characters the name of a connection may have.
const MaxName = 100

// CheckName judges a new name for a connection: something to read, on one line, that no
// other connection has. Its error is of kind [fault.InvalidInput].
func (s *Store) CheckName(id, name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.checkName(id, name)
}

// checkName is for who holds the lock.
func (s *Store) checkName(id, name string) error {
	switch name = words.OneLine(name); {
	case name == "":
		return fault.Invalid("name", "Type a name.")
	case utf8.RuneCountInString(name) > MaxName:
		return fault.Invalid("name", fmt.Sprintf("Use at most %d characters.", MaxName))
	case s.taken(id, func(other string) bool { return strings.EqualFold(other, name) }):
		return nameTaken()
	}
	return nil
}

func nameTaken() error { return fault.Invalid("name", "Another connection has this name.") }

// Rename gives a connection another name, for people alone: nothing else of it changes.
// The error is of kind [fault.InvalidInput] if the name is none, if another connection
// has it, or if the connection is gone.
func (s *Store) Rename(id, name string) (Record, error) {
	name = words.OneLine(name)
	s.mu.Lock()
	e, session := s.session[id]
	err := s.checkName(id, name)
	if session && err == nil {
		e.record.Name = name
		s.session[id] = e
	}
	s.mu.Unlock()
	if err == nil && !session {
		err = s.change(context.Background(), func(c *content) error {
			i := indexOf(c.Records, id)
			if i < 0 {
				return fault.Invalid("connection", "This connection was removed meanwhile.")
			}
			// Another program may have given it away meanwhile.
			if slices.ContainsFunc(c.Records, func(r Record) bool {
				return r.ID != id && strings.EqualFold(r.Name, name)
			}) {
				return nameTaken()
			}
			c.Records[i].Name = name
			return nil
		})
	}
	r, _ := s.Get(id)
	return r, err
}
