// Package clipboard lends secrets to the clipboard: for a while, kept out of its
// history where the system lets us, and taken back only if nobody copied
// something else in between.
//
// It must not know windows: the toolkit's clipboard and clock are given to it.
package clipboard

import (
	"crypto/sha256"
	"fmt"
	"time"

	"entrada/internal/secret"
)

// Lifetime is how long a secret stays.
const Lifetime = 45 * time.Second

// Board is the clipboard of the system.
type Board interface {
	Content() string
	SetContent(text string)
}

// Lender lends one secret at a time. Its methods are called from one goroutine,
// that of the user interface, and so is what After runs.
type Lender struct {
	Board Board
	Now   func() time.Time
	// After runs f once d has passed, unless stop is called before.
	After func(d time.Duration, f func()) (stop func())
	// Conceal puts a text on the clipboard in a way that keeps it out of
	// histories and online copies, and says whether it could: Concealed in the
	// program, nil where there is no clipboard of a system.
	Conceal func(text string) bool

	lent *loan
}

// loan is a secret on the clipboard; only its hash is kept.
type loan struct {
	hash      [sha256.Size]byte
	concealed bool
	end       time.Time
	stop      func()
	tell      func(words string)
}

// Lend puts v on the clipboard. tell is given the words of the countdown, once
// a second, and at the end none.
func (l *Lender) Lend(v secret.Value, tell func(words string)) {
	l.forget("")
	text := v.Reveal()
	concealed := l.Conceal != nil && l.Conceal(text)
	if !concealed {
		l.Board.SetContent(text)
	}
	l.lent = &loan{hash: sha256.Sum256([]byte(text)), concealed: concealed, end: l.Now().Add(Lifetime),
		stop: func() {}, tell: tell}
	l.tick(l.lent)
}

// Return clears the clipboard if what was lent is still on it: when the program
// ends, or its time is over.
func (l *Lender) Return() {
	if l.lent != nil && l.unchanged() {
		l.Board.SetContent("")
	}
	l.forget("")
}

func (l *Lender) tick(of *loan) {
	if l.lent != of {
		return
	}
	left := of.end.Sub(l.Now())
	switch {
	case left <= 0:
		l.Return()
		return
	case !l.unchanged():
		l.forget("Something else was copied since.")
		return
	}
	words := fmt.Sprintf("Leaves the clipboard in %d s", int((left+time.Second-1)/time.Second))
	if !of.concealed {
		words += ". A history of the clipboard may keep it."
	}
	of.tell(words)
	of.stop = l.After(min(time.Second, left), func() { l.tick(of) })
}

func (l *Lender) unchanged() bool { return sha256.Sum256([]byte(l.Board.Content())) == l.lent.hash }

func (l *Lender) forget(words string) {
	if of := l.lent; of != nil {
		l.lent = nil
		of.stop()
		of.tell(words)
	}
}
