package clipboard_test

import (
	"fmt"
	"time"

	"entrada/internal/clipboard"
	"entrada/internal/secret"
)

// board is a clipboard that anybody may copy to.
type board struct{ text string }

func (b *board) Content() string        { return b.text }
func (b *board) SetContent(text string) { b.text = text }

// A secret leaves the clipboard after a while, unless somebody copied something else.
func Example() {
	var system board
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	var next func() // what the clock of the toolkit would call
	lender := clipboard.Lender{
		Board: &system,
		Now:   func() time.Time { return now },
		After: func(d time.Duration, f func()) func() { next = f; return func() { next = nil } },
	}
	tell := func(words string) { fmt.Printf("%q\n", words) }
	pass := func(d time.Duration) {
		now = now.Add(d)
		if next != nil {
			next()
		}
	}

	lender.Lend(secret.New("the secret"), tell)
	fmt.Println("on the clipboard:", system.text)
	pass(time.Second)
	pass(clipboard.Lifetime)
	fmt.Printf("after its time: %q\n", system.text)

	lender.Lend(secret.New("the secret"), tell)
	system.SetContent("a shopping list")
	pass(time.Second)
	lender.Return() // the program ends
	fmt.Println("somebody else's:", system.text)
	// Output:
	// "Leaves the clipboard in 45 s. A history of the clipboard may keep it."
	// on the clipboard: the secret
	// "Leaves the clipboard in 44 s. A history of the clipboard may keep it."
	// ""
	// after its time: ""
	// "Leaves the clipboard in 45 s. A history of the clipboard may keep it."
	// "Something else was copied since."
	// somebody else's: a shopping list
}
