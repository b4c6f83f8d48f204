package pages

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"

	"entrada/internal/journey"
	"entrada/internal/ui/parts"
)

// asked is the dialog in front of the page, and what it says.
func (r *rig) asked(title string) (*parts.Dialog, string) {
	r.t.Helper()
	d, ok := r.window.Canvas().Overlays().Top().(*parts.Dialog)
	if !ok || d.AccessibilityLabel() != title {
		r.t.Fatalf("nobody asks %q on %q", title, r.window.Title())
	}
	return d, textsIn(d)
}

// harmless reports whether Enter leaves everything as it is.
func (r *rig) harmless() bool {
	b, ok := r.window.Canvas().Focused().(*parts.Button)
	return ok && b.Label() == "Stay here"
}

// textsIn is what a person reads in a part of the window.
func textsIn(o fyne.CanvasObject) string {
	var all []string
	for _, m := range textTag.FindAllStringSubmatch(test.RenderObjectToMarkup(o), -1) {
		all = append(all, m[1])
	}
	return strings.Join(all, " ")
}

// Whoever stops where the secret is not saved is asked, by whatever way, and the
// button that is at hand saves it: the portal does not show it a second time.
func TestStoppingAsksBeforeTheSecretIsLost(t *testing.T) {
	for name, stop := range map[string]func(*rig){
		"button": func(r *rig) { r.press("Stop for now") },
		"Esc":    func(r *rig) { r.window.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape}) },
	} {
		r := newRig(t, large(), fynetheme.VariantLight)
		r.fillTo("oxfordiq", journey.PageSave)
		if strings.Contains(texts(r), "Save and close") {
			t.Errorf("%s: a button beside “Save the connection” says that it saves", name)
		}
		stop(r)
		d, said := r.asked("The secret is not saved yet")
		r.snap("stop-unsaved-" + name)
		if r.window.Canvas().Focused() != fyne.Focusable(d.Primary()) || d.Primary().Label() != "Save it now" {
			t.Errorf("%s: Enter would press %v", name, r.window.Canvas().Focused())
		}
		if !strings.Contains(said, "does not show it") {
			t.Errorf("%s: %s", name, said)
		}
		r.pressPart(d.Primary())
		r.untilTitle("Export for OxfordIQ")
		if list := r.app.Connections.List(); len(list) != 1 {
			t.Errorf("%s: %d connections are saved", name, len(list))
		}
		// Now nothing is lost.
		stop(r)
		if name == "Esc" {
			r.confirm("Stop here for now?")
		}
		r.untilTitle("Connect an app to Outlook")
	}
}

func TestStoppingWithoutSavingIsPossible(t *testing.T) {
	r := newRig(t, large(), fynetheme.VariantLight)
	r.fillTo("oxfordiq", journey.PageSave)
	r.press("Stop for now")
	r.press("Stop without saving")
	r.untilTitle("Connect an app to Outlook")
	if list := r.app.Connections.List(); len(list) != 0 {
		t.Error("it is saved all the same")
	}
	if text := texts(r); !strings.Contains(text, "You were setting up OxfordIQ") ||
		!strings.Contains(text, "Paste the values") {
		t.Error(text)
	}
}

// Before the test there is nothing to save yet: whoever pasted the secret keeps
// it at hand; one that Entrada made is made anew, and nobody has seen it.
func TestStoppingSaysWhatBecomesOfTheSecret(t *testing.T) {
	r := newRig(t, large(), fynetheme.VariantLight)
	r.fillTo("oxfordiq", journey.PageTest)
	r.press("Stop for now")
	d, said := r.asked("The secret is not saved yet")
	if !r.harmless() || !strings.Contains(said, "paste it again") {
		t.Errorf("Enter would press %T: %s", r.window.Canvas().Focused(), said)
	}
	d.Cancel()
	r.untilTitle("Sign in and test")

	r.journey.ChooseRoute(journey.DoForMe)
	r.showCurrent()
	r.window.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	_, said = r.asked("Stop here for now?")
	r.snap("stop-do-it-for-me")
	if strings.Contains(said, "paste") || !strings.Contains(said, "Entrada makes a new secret when you come back") {
		t.Error(said)
	}
}

// Choosing another vendor would forget the place of an unfinished one.
func TestGoingOnComesFirst(t *testing.T) {
	r := newRig(t, large(), fynetheme.VariantLight)
	r.fillTo("oxfordiq", journey.PageTest)
	r.journey.RecallSecret(r.journey.Secret())
	if err := r.journey.Save(); err != nil {
		t.Fatal(err)
	}
	r.ShowHome()
	r.snap("home-unfinished")
	if b, ok := r.window.Canvas().Focused().(*parts.Button); !ok || b.Label() != "Go on" {
		t.Fatalf("Enter would press %T", r.window.Canvas().Focused())
	}
	r.press("Set up a connection")
	d, said := r.asked("You were setting up OxfordIQ")
	r.snap("home-unfinished-asked")
	if r.window.Canvas().Focused() != fyne.Focusable(d.Primary()) || d.Primary().Label() != "Go on there" ||
		!strings.Contains(said, "forgotten") {
		t.Errorf("%s", said)
	}
	r.pressPart(d.Primary())
	r.untilTitle("Paste the values")
	r.ShowHome()
	r.press("Set up a connection")
	r.press("Begin anew")
	r.untilTitle("Which vendor asked you?")
	// Nothing is forgotten before another vendor is chosen.
	if left, err := journey.Resume(r.app); err != nil || left == nil {
		t.Error("the place is forgotten already", err)
	}
}

// By the frame of the window or a key of the desktop, too; and closing once more
// changes nothing.
func TestClosingAsksBeforeTheSecretIsLost(t *testing.T) {
	r := newRig(t, large(), fynetheme.VariantLight)
	closed := false
	r.toEnd = func() { closed = true }
	r.fillTo("oxfordiq", journey.PageSave)
	askToClose(r.nav)
	askToClose(r.nav)
	if n := len(r.window.Canvas().Overlays().List()); n != 1 || closed {
		t.Fatalf("asked %d times, closed: %t", n, closed)
	}
	_, said := r.asked("The secret is not saved yet")
	r.snap("close-unsaved")
	if !strings.Contains(said, "Close without saving") {
		t.Errorf("%s", said)
	}
	r.press("Stay here")
	r.press("Save the connection")
	r.untilTitle("Export for OxfordIQ")
	askToClose(r.nav)
	if !closed {
		t.Error("nothing is lost any more, and it stays open")
	}
}

// Practice is marked on every page and in the title of the window.
func TestPracticeIsMarkedEverywhere(t *testing.T) {
	r, _ := practiceRig(t, "alex")
	marked := func() {
		t.Helper()
		if !strings.HasSuffix(r.window.Title(), " · Practice · Entrada") {
			t.Errorf("the title is %q", r.window.Title())
		}
		r.reads("Practice. Nothing here is real")
	}
	for _, show := range []func(){
		r.ShowHome, func() { showHelpdesk(r.nav, "") }, func() { showLookUp(r.nav) },
		func() { showReceive(r.nav, "") }, func() { showSettings(r.nav) },
		func() { r.fillTo("cxt", journey.PagePaste) },
	} {
		show()
		marked()
	}
	r.snap("practice-bar")
}
