package flow

import (
	"context"

	"entrada/internal/explain"
)

// Screen is one moment of a conversation: what is said, and the ways on.
type Screen struct {
	ID      string // stable; tests wait for it, nobody reads it
	Title   string
	Lead    string // one sentence or two below the title
	Blocks  []Block
	Choices []Choice // the first is proposed: the blue button, the answer to Enter

	// Ask is the question that the choices answer; "" for the usual one.
	Ask string
	// Weigh says that the choices are alternatives to compare, each with a text,
	// not actions of different weight.
	Weigh bool
	// Back leads to an earlier screen; nil to where the conversation began.
	Back Step

	// Preflight looks whether this is the right screen, quickly and without asking
	// anybody. A window shows the screen meanwhile. A step other than nil leads on.
	Preflight func(context.Context) Step

	// Work goes on while the screen is shown. Its choices then are ways out: one
	// with a Next gives the work up, one without waits for what comes of it.
	Work Work
	// Browser is set while a person is at Microsoft's pages: some refusals are
	// shown there alone, and are looked up with this.
	Browser *explain.Context

	// Exit ends the conversation in place of showing anything.
	Exit Exit
}

// Step leads to the next screen. It never waits: what does is [Work]. Steps of a
// conversation run one at a time.
type Step func() *Screen

// Work waits: for Microsoft, a browser, the keychain. It may run beside the
// steps, so it changes nothing of its conversation; the step that it returns
// does that.
type Work func(ctx context.Context, report Reporter) Step

// Reporter tells how work goes on. It may be called from any goroutine.
type Reporter interface {
	// Row replaces a line of the screen's first [Rows].
	Row(i int, r Row)
	// Now says what is happening at this moment.
	Now(words string)
	// Link is an address to open by hand, on this computer.
	Link(address string)
	// Code is what to type on another device, and where.
	Code(address, code string)
	// Note is something to know that stays.
	Note(words string)
}

// Asking is said while Microsoft is asked.
const Asking = "Asking Microsoft …"

// Choice is one way on.
type Choice struct {
	ID       string // stable, short: may be typed in a terminal
	Label    string
	Text     string // what it means; "" where the label says it
	External bool   // it leads out of the program, to the browser
	Equal    bool   // it weighs as much as the first
	Guarded  bool   // it is not what Enter alone means
	Danger   bool   // it takes something away
	Copy     string // in place of Next: a text to take along, a report; the screen stays
	Next     Step
}

// Exit says how a conversation ended.
type Exit int

// The ends of a conversation.
const (
	Stay    Exit = iota // it goes on
	Done                // it is over; what comes next follows
	Moved               // another page of the journey was opened
	Forgone             // it was left before its end
)

// End is the last screen of a conversation.
func End(e Exit) *Screen { return &Screen{Exit: e} }

// Over is a step to the end.
func Over(e Exit) Step { return func() *Screen { return End(e) } }

// To is a step to a screen that is there.
func To(s *Screen) Step { return func() *Screen { return s } }

// Choice finds a choice by its ID; nil if the screen has none of it.
func (s *Screen) Choice(id string) *Choice {
	for i := range s.Choices {
		if s.Choices[i].ID == id {
			return &s.Choices[i]
		}
	}
	return nil
}
