package flow

import (
	"strings"

	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/registration"
	"entrada/internal/secret"
)

// Block is a part of a screen, from top to bottom. Words in it may be **bold**.
type Block interface{ block() }

// Text is a paragraph.
type Text struct {
	Words string
	Quiet bool // of less weight
}

// Steps are things in an order, numbered.
type Steps struct {
	Heading string
	Items   []Item
}

// Item is one of several things.
type Item struct {
	Words   string
	Details []string
	Warning string
}

// List is a heading with what belongs below it.
type List struct {
	Heading string
	Items   []string
	Facts   bool // lines of their own, not points of a list
}

// Tone says how a callout is meant.
type Tone int

// The tones.
const (
	Info Tone = iota
	Differs
	Warning
	Good
	Bad
)

// Callout stands out.
type Callout struct {
	Tone    Tone
	Title   string
	Words   string
	Items   []string
	Choices []Choice
}

// State says how a line stands.
type State int

// The states.
const (
	Waiting State = iota
	Running
	Well
	Failed
	Warned
	Skipped // not asked for
	Unknown // could not be found out, which is not the same as well
)

// Row is a line with a state.
type Row struct {
	State   State
	Title   string
	Detail  string // may have several lines
	Time    string // how long it took, for people; "" where it is of no interest
	Way     string // where to look, in words
	Address string // the same as an address; "" for none
	Choices []Choice
}

// Rows are lines with a state each.
type Rows struct {
	Heading string
	List    []Row
	Quiet   bool // progress beside the matter, not the matter itself
}

// Fault is an error in words, and what this place can do about it.
type Fault struct {
	explain.Explanation
	Can map[explain.Action]Step
}

// Value is something to copy.
type Value struct{ Label, Text string }

// Form is what the person types; it is judged when a choice is taken.
type Form struct{ Fields []*Field }

// Field is one entry of a form.
type Field struct {
	ID       string
	Label    string
	Hint     string
	Value    string // what it begins with, and what was typed last; nothing secret
	Optional bool
	Mono     bool
	Hidden   bool         // what is typed is not shown, and goes into Secret
	Secret   secret.Value // what was typed last into a hidden field
	// Check judges what was typed. Its error has one sentence. nil takes anything.
	Check func(text string) error
	// Good is said of what passed; "" for nothing.
	Good string
}

func (Text) block()    {}
func (Steps) block()   {}
func (List) block()    {}
func (Callout) block() {}
func (Rows) block()    {}
func (Fault) block()   {}
func (Value) block()   {}
func (Form) block()    {}

// Retry is what a place can do that can try again.
func Retry(again Step) map[explain.Action]Step {
	return map[explain.Action]Step{
		explain.TryAgain: again, explain.Wait: again, explain.NetworkSettings: again,
		explain.SignInAgain: again, explain.ChooseAccount: again,
	}
}

// Reach says what permissions let the vendor do, in as many mailboxes as are
// known; 0 for an unknown number.
func Reach(w registration.Wanted, mailboxes int) []Block {
	var list []Block
	for _, r := range w.Reach(mailboxes) {
		list = append(list, List{Heading: r.Heading + ":", Items: r.Does})
	}
	return list
}

// Text is what was typed last.
func (f *Field) Text() string {
	if f.Hidden {
		return f.Secret.Reveal()
	}
	return f.Value
}

// Judge says what is wrong with a text, as an error of kind InvalidInput; nil if
// nothing is.
func (f *Field) Judge(text string) error {
	switch {
	case strings.TrimSpace(text) == "" && f.Optional:
		return nil
	case strings.TrimSpace(text) == "":
		return fault.Invalid(f.ID, "This is empty.")
	case f.Check == nil:
		return nil
	}
	return f.Check(text)
}
