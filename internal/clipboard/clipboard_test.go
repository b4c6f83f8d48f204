package clipboard

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"entrada/internal/secret"
)

// desk has a clipboard and a clock that goes when the test says so.
type desk struct {
	*Lender
	content string
	sets    int
	now     time.Time
	due     []alarm
	words   []string
}

type alarm struct {
	at   time.Time
	f    func()
	gone *bool
}

func (d *desk) Content() string          { return d.content }
func (d *desk) SetContent(text string)   { d.content = text; d.sets++ }
func (d *desk) conceal(text string) bool { d.content = text; return true }

func newDesk() *desk {
	d := &desk{now: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)}
	d.Lender = &Lender{Board: d, Conceal: d.conceal, Now: func() time.Time { return d.now },
		After: func(wait time.Duration, f func()) func() {
			gone := false
			d.due = append(d.due, alarm{d.now.Add(wait), f, &gone})
			return func() { gone = true }
		}}
	return d
}

func (d *desk) wait(long time.Duration) {
	for end := d.now.Add(long); ; {
		next := -1
		for i, a := range d.due {
			if !*a.gone && !a.at.After(end) && (next < 0 || a.at.Before(d.due[next].at)) {
				next = i
			}
		}
		if next < 0 {
			d.now = end
			return
		}
		a := d.due[next]
		d.due = slices.Delete(d.due, next, next+1)
		d.now = a.at
		a.f()
	}
}

func (d *desk) lend(text string) {
	d.Lend(secret.New(text), func(w string) { d.words = append(d.words, w) })
}

func (d *desk) said() string {
	if len(d.words) == 0 {
		return "nothing"
	}
	return d.words[len(d.words)-1]
}

// E11: copied, counted down in sight, and gone after 45 seconds.
func TestASecretIsTakenBack(t *testing.T) {
	d := newDesk()
	d.lend("the secret")
	if d.content != "the secret" || d.said() != "Leaves the clipboard in 45 s" {
		t.Errorf("%q, %q", d.content, d.said())
	}
	d.wait(5 * time.Second)
	if d.said() != "Leaves the clipboard in 40 s" {
		t.Error(d.said())
	}
	d.wait(Lifetime - 5*time.Second - time.Millisecond)
	if d.content != "the secret" || d.said() != "Leaves the clipboard in 1 s" {
		t.Errorf("too early: %q, %q", d.content, d.said())
	}
	d.wait(time.Millisecond)
	if d.content != "" || d.said() != "" || len(d.due) != 0 {
		t.Errorf("%q, %q, %d alarms", d.content, d.said(), len(d.due))
	}
	d.Return()
	if d.sets != 1 {
		t.Errorf("the clipboard was cleared %d times", d.sets)
	}
}

// E11: what somebody copied meanwhile is not touched, at its time or at the end
// of the program.
func TestWhatWasCopiedSinceIsNotTouched(t *testing.T) {
	for _, leaving := range []bool{false, true} {
		d := newDesk()
		d.lend("the secret")
		d.wait(10 * time.Second)
		d.content = "a shopping list"
		if leaving {
			d.Return()
		} else {
			d.wait(time.Second)
			if d.said() != "Something else was copied since." {
				t.Error(d.said())
			}
			d.wait(time.Minute)
		}
		if d.content != "a shopping list" || d.sets != 0 {
			t.Errorf("%q after %d sets", d.content, d.sets)
		}
	}
}

func TestTheEndOfTheProgramTakesItBackAtOnce(t *testing.T) {
	d := newDesk()
	d.lend("the secret")
	d.Return()
	if d.content != "" {
		t.Error("it is still there")
	}
	d.content = "the secret" // typed by the person, for all we know
	d.wait(time.Minute)
	if d.content != "the secret" {
		t.Error("it was cleared twice")
	}
	newDesk().Return() // with nothing lent
}

// A second secret has its own 45 seconds, and the first one's row falls silent.
func TestTheNextSecretBeginsAnew(t *testing.T) {
	d := newDesk()
	d.lend("one")
	d.wait(40 * time.Second)
	var second []string
	d.Lend(secret.New("two"), func(w string) { second = append(second, w) })
	if d.said() != "" {
		t.Error(d.said())
	}
	d.wait(10 * time.Second)
	if d.content != "two" || second[len(second)-1] != "Leaves the clipboard in 35 s" {
		t.Errorf("%q %q", d.content, second)
	}
	d.wait(time.Minute)
	if d.content != "" {
		t.Error("it is still there")
	}
}

// E11: out of the history, or with a word that it may be in there.
func TestWhatCannotBeConcealedIsSaid(t *testing.T) {
	for name, conceal := range map[string]func(string) bool{"refused": func(string) bool { return false },
		"no system": nil} {
		d := newDesk()
		d.Conceal = conceal
		d.lend("the secret")
		if d.content != "the secret" ||
			d.said() != "Leaves the clipboard in 45 s. A history of the clipboard may keep it." {
			t.Errorf("%s: %q, %q", name, d.content, d.said())
		}
		d.wait(time.Minute)
		if d.content != "" {
			t.Errorf("%s: it is still there", name)
		}
	}
}

func TestTheLenderKeepsNoSecret(t *testing.T) {
	d := newDesk()
	d.lend("the secret")
	d.content = ""
	if text := fmt.Sprintf("%+v %+v", *d.Lender.lent, d.words); strings.Contains(text, "the secret") {
		t.Error(text)
	}
}
