package parts

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"entrada/internal/secret"
)

// slowClock replaces the lender's clock by one that the test moves.
func slowClock(t *testing.T) (forward func(time.Duration)) {
	t.Helper()
	now, next := time.Now(), func() {}
	lender.Now = func() time.Time { return now }
	lender.After = func(_ time.Duration, f func()) func() {
		next = f
		return func() { next = func() {} }
	}
	t.Cleanup(func() { TakeBackCopied(); lender.Now, lender.After = time.Now, After })
	return func(d time.Duration) { now = now.Add(d); next() }
}

// E12: a secret on a page is masked until its button is held down.
func TestASecretRowIsMasked(t *testing.T) {
	r := NewSecretRow("the client secret", secret.New("8xK8Q~not-to-be-seen"))
	d := show(t, r)
	drawn := func() bool { return strings.Contains(test.RenderObjectToMarkup(r), "not-to-be-seen") }
	if drawn() {
		t.Error("it can be read")
	}
	d.w.Canvas().Focus(r.hold)
	r.hold.KeyDown(&fyne.KeyEvent{Name: fyne.KeySpace})
	if !drawn() {
		t.Error("it cannot be read while held")
	}
	d.w.Canvas().FocusNext()
	if drawn() {
		t.Error("it can be read after the focus went on")
	}
	for _, o := range []*Button{r.hold, r.button} {
		if strings.Contains(o.AccessibilityLabel(), "seen") {
			t.Error("it is read out")
		}
	}
}

// TestAPassphraseIsReadOut without a finger on the mouse: all of it fits, and it
// is out of sight again when the keyboard goes elsewhere.
func TestAPassphraseIsReadOut(t *testing.T) {
	words := strings.Repeat("gadu-", 60) + "horo"
	r, other := NewSpokenRow("the passphrase", secret.New(words)), NewField(FieldOptions{Label: "next"})
	d := show(t, Sized(400, 200, r), other)
	seen := func() bool {
		return strings.Contains(r.text.Plain(), "gadu") || strings.Contains(test.RenderObjectToMarkup(r), "gadu")
	}
	if seen() {
		t.Error("it can be read")
	}
	d.w.Canvas().Focus(r.hold)
	d.key(fyne.KeySpace)
	if !seen() || r.hold.Label() != "Hide" {
		t.Errorf("it cannot be read: %q", r.hold.Label())
	}
	if need := r.text.HeightFor(r.text.Size().Width); need < 30 || r.text.Size().Height < need {
		t.Errorf("%v of the %v that it takes", r.text.Size().Height, need)
	}
	d.key(fyne.KeySpace)
	if seen() || r.hold.Label() != "Show" {
		t.Error("it is not hidden again")
	}
	d.key(fyne.KeySpace)
	d.w.Canvas().Focus(other.Entry())
	if seen() {
		t.Error("it can be read after the focus went on")
	}
}

// E11: copied on request, with the countdown in sight, and taken back.
func TestACopiedSecretCountsDown(t *testing.T) {
	forward := slowClock(t)
	r := NewSecretRow("the client secret", secret.New("8xK8Q~not-to-be-seen"))
	show(t, r)
	clip := fyne.CurrentApp().Clipboard()
	clip.SetContent("before")
	ConcealCopied(func(text string) bool { clip.SetContent(text); return true })
	t.Cleanup(func() { ConcealCopied(nil) })
	test.Tap(r.Button())
	if clip.Content() != "8xK8Q~not-to-be-seen" || r.below.Plain() != "Leaves the clipboard in 45 s" {
		t.Errorf("%q", r.below.Plain())
	}
	forward(5 * time.Second)
	if r.below.Plain() != "Leaves the clipboard in 40 s" {
		t.Error(r.below.Plain())
	}
	forward(40 * time.Second)
	if clip.Content() != "" || r.below.Plain() != afterCopying {
		t.Errorf("%q", r.below.Plain())
	}

	test.Tap(r.Button())
	clip.SetContent("something else")
	forward(time.Second)
	forward(time.Minute)
	TakeBackCopied()
	if clip.Content() != "something else" {
		t.Error("what somebody else copied is gone")
	}
	ConcealCopied(func(string) bool { return false })
	test.Tap(r.Button())
	if clip.Content() != "8xK8Q~not-to-be-seen" ||
		r.below.Plain() != "Leaves the clipboard in 45 s. A history of the clipboard may keep it." {
		t.Errorf("%q", r.below.Plain())
	}
	TakeBackCopied() // the program ends
	if clip.Content() != "" {
		t.Error("it outlives the program")
	}
}
