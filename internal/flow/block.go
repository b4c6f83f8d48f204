package flow

import (
	"slices"

	"entrada/internal/explain"
	"entrada/internal/guides"
	"entrada/internal/registration"
	"entrada/internal/secret"
)

// Block is a part of a screen, from top to bottom. Words in it may be **bold**.
type Block interface{ block() }

// Text is a paragraph.
type Text struct {
	Words string
	Quiet bool // of less weight
	Plain bool // as it is: of several lines, and nothing in it is bold
}

// Group is what belongs below one heading.
type Group struct {
	Heading string
	Blocks  []Block
	Folded  bool // of interest to few: a window shows it on request
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
	Note    string // what it means, in small
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
	Skipped  // not tried
	NotAsked // there is no need to try it
	Unknown  // could not be found out, which is not the same as well
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
	Told    bool // the work before has told each of them
}

// Fault is an error in words, and what this place can do about it.
type Fault struct {
	explain.Explanation
	Can map[explain.Action]Step
}

// Value is something to copy.
type Value struct {
	Label  string
	Text   string
	Secret secret.Value // in place of the text
	Show   bool         // the secret is there to be read, by whoever sits in front
	Note   string
}

// Form is what the person types or ticks. It is judged when its first choice is
// taken, or one that weighs as much.
type Form struct{ Fields []*Field }

func (Text) block()    {}
func (Group) block()   {}
func (Steps) block()   {}
func (List) block()    {}
func (Callout) block() {}
func (Rows) block()    {}
func (Fault) block()   {}
func (Value) block()   {}
func (Form) block()    {}

// retries are the next clicks that do the same once more.
var retries = []explain.Action{
	explain.TryAgain, explain.Wait, explain.NetworkSettings, explain.SignInAgain, explain.ChooseAccount,
}

// Retry is what a place can do that can try again.
func Retry(again Step) map[explain.Action]Step {
	can := map[explain.Action]Step{}
	for _, action := range retries {
		can[action] = again
	}
	return can
}

// Choice is the error's next click as a way on; ok is false if this place cannot
// do it. All that do the same once more are called "again".
func (f Fault) Choice() (c Choice, ok bool) {
	c = Choice{ID: string(f.Next.Action), Label: f.Next.Label, Next: f.Can[f.Next.Action]}
	if slices.Contains(retries, f.Next.Action) {
		c.ID = "again"
	}
	return c, c.Next != nil
}

// Notes are what a guide says beside what is to be done.
func Notes(list []guides.Note) (blocks []Block) {
	tones := map[guides.Tone]Tone{guides.ToneDiffers: Differs, guides.ToneWarning: Warning}
	for _, n := range list {
		blocks = append(blocks, Callout{Tone: tones[n.Tone], Title: n.Title, Words: n.Text})
	}
	return blocks
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
