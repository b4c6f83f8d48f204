// Package flowtest plays a person who goes through a conversation by the IDs of
// its screens and choices. Only tests know it.
//
// It must not know a single conversation, a window or a terminal.
package flowtest

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"entrada/internal/flow"
)

// works is how much work may follow work without a question.
const works = 20

// Player takes choices and waits for work.
type Player struct {
	t testing.TB

	mu       sync.Mutex
	told     []string // what work has reported
	onReport func()
}

// New returns a player.
func New(t testing.TB) *Player { return &Player{t: t} }

// Settle waits for the work of a screen, and of those that follow, until one
// asks something or the conversation is over. Each is held against what every
// screen has to have.
func (p *Player) Settle(s *flow.Screen) *flow.Screen {
	p.t.Helper()
	for range works {
		p.hold(s)
		if s.Work == nil {
			return s
		}
		s = s.Work(p.t.Context(), p)()
	}
	p.t.Fatalf("%s: work follows work without a question", s.ID)
	return nil
}

// Take takes a choice and settles.
func (p *Player) Take(s *flow.Screen, choice string) *flow.Screen {
	p.t.Helper()
	c := s.Choice(choice)
	if c == nil {
		c = within(s, choice)
	}
	if c == nil {
		p.t.Fatalf("%s has no choice %q, but %v", s.ID, choice, ids(s.Choices))
	}
	return p.Settle(c.Next())
}

// Go takes one choice after the other, and wants to arrive at a screen.
func (p *Player) Go(s *flow.Screen, to string, choices ...string) *flow.Screen {
	p.t.Helper()
	for _, c := range choices {
		s = p.Take(s, c)
	}
	if s.ID != to {
		p.t.Fatalf("arrived at %q, not at %q:\n%s", s.ID, to, Words(s))
	}
	return s
}

// Type fills a field of the screen's form.
func (p *Player) Type(s *flow.Screen, field, text string) {
	p.t.Helper()
	for _, b := range s.Blocks {
		form, _ := b.(flow.Form)
		for _, f := range form.Fields {
			if f.ID == field {
				f.Value = text
				return
			}
		}
	}
	p.t.Fatalf("%s has no field %q", s.ID, field)
}

// Stop begins the work of a screen and stops it when it has reported for the
// first time, as a person would with the choice that waits for the outcome.
func (p *Player) Stop(s *flow.Screen) *flow.Screen {
	p.t.Helper()
	ctx, cancel := context.WithCancel(p.t.Context())
	p.onReport = cancel
	defer func() { p.onReport = nil; cancel() }()
	return p.Settle(s.Work(ctx, p)())
}

// hold checks what every screen has to have.
func (p *Player) hold(s *flow.Screen) {
	p.t.Helper()
	if s.Exit != flow.Stay {
		return
	}
	if s.ID == "" || s.Title == "" || strings.HasSuffix(s.Title, ".") {
		p.t.Errorf("a screen without ID or title, or with a full stop in it: %q %q", s.ID, s.Title)
	}
	if len(s.Choices) == 0 {
		p.t.Errorf("%s has no way on", s.ID)
	}
	seen := map[string]bool{}
	for _, c := range s.Choices {
		switch {
		case c.ID == "" || c.Label == "" || c.ID != strings.ToLower(c.ID):
			p.t.Errorf("%s: choice %+v", s.ID, c)
		case seen[c.ID]:
			p.t.Errorf("%s: two choices are called %q", s.ID, c.ID)
		case c.Next == nil && c.Copy == "" && s.Work == nil:
			p.t.Errorf("%s: %q leads nowhere", s.ID, c.ID)
		}
		seen[c.ID] = true
	}
}

// Row is what work reports.
func (p *Player) Row(i int, r flow.Row) {
	p.tell(fmt.Sprintf("row %d: %d %s %s", i, r.State, r.Title, r.Detail))
}

// Now is what happens at this moment.
func (p *Player) Now(words string) { p.tell("now: " + words) }

// Link is an address to open.
func (p *Player) Link(address string) { p.tell("link: " + address) }

// Code is a code for another device.
func (p *Player) Code(address, code string) { p.tell("code: " + code + " at " + address) }

// Note is something to know.
func (p *Player) Note(words string) { p.tell("note: " + words) }

func (p *Player) tell(line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.told = append(p.told, line)
	if p.onReport != nil {
		p.onReport()
	}
}

// Told is what work has reported so far, a line each.
func (p *Player) Told() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.told, "\n")
}

// Words is all that a screen says, a line each.
func Words(s *flow.Screen) string {
	lines := []string{s.Title, s.Lead}
	for _, b := range s.Blocks {
		lines = append(lines, fmt.Sprintf("%+v", b))
	}
	for _, c := range s.Choices {
		lines = append(lines, c.Label+" "+c.Text)
	}
	return strings.Join(lines, "\n")
}

// within finds a choice that stands in a block.
func within(s *flow.Screen, id string) *flow.Choice {
	var list []flow.Choice
	for _, b := range s.Blocks {
		switch b := b.(type) {
		case flow.Callout:
			list = append(list, b.Choices...)
		case flow.Fault:
			if c, ok := b.Choice(); ok {
				list = append(list, c)
			}
		case flow.Rows:
			for _, r := range b.List {
				list = append(list, r.Choices...)
			}
		}
	}
	for i := range list {
		if list[i].ID == id {
			return &list[i]
		}
	}
	return nil
}

func ids(list []flow.Choice) (names []string) {
	for _, c := range list {
		names = append(names, c.ID)
	}
	return names
}
