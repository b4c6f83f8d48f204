package pages

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"entrada/internal/connections"
	"entrada/internal/ui/theme"
)

// TestCancellingLeavesNothing: at whatever moment, the page says so and the
// mailbox is as it was, or the journal knows of it.
func TestCancellingLeavesNothing(t *testing.T) {
	r, server, saved := savedByItself(t)
	server.Break("latency")
	showHelpdesk(r.nav, saved.ID)
	r.press("Test")
	r.snap("helpdesk-running-quick")
	r.press("Cancel the test")
	r.untilTitle("The test was cancelled")
	r.snap("helpdesk-cancelled")
	r.press("Test again")
	r.until("the mailbox", func() bool { return strings.Contains(texts(r), "Mail from the mailbox to itself sent") })
	r.snap("helpdesk-running")
	r.press("Cancel the test")
	r.until("the end", func() bool {
		return strings.HasPrefix(r.window.Title(), "The test was cancelled") ||
			strings.Contains(texts(r), "Who can fix it")
	})
	r.snap("helpdesk-cancelled-late")
	if list, err := r.app.Journal().List(); err != nil || len(list) > 1 {
		t.Errorf("%+v, %v", list, err)
	}
	if now, _ := r.app.Connections.Get(saved.ID); now.LastResult == connections.ResultFailed {
		t.Error("a cancelled test counts as a failed one")
	}
}

// TestCancellingWhileAnEventStands: what the test has put into the calendar is
// taken away all the same, or the journal knows of it.
func TestCancellingWhileAnEventStands(t *testing.T) {
	r, server, saved := savedFor(t, "oxfordiq")
	d := showHelpdesk(r.nav, saved.ID)
	r.press("Test")
	r.untilTitle("All is well so far")
	r.press("Sign in and test the mailbox")
	r.untilTitle("Is this you?")
	server.Break("latency")
	r.press("Yes, run the test")
	// The window hears nothing of it: ask the server again and again.
	for limit := time.Now().Add(10 * time.Second); len(server.State().Events.Live) == 0; {
		select {
		case f := <-r.queue:
			f()
		case <-time.After(5 * time.Millisecond):
		}
		if time.Now().After(limit) {
			t.Fatalf("no event was created:\n%s", texts(r))
		}
	}
	r.press("Cancel the test")
	r.until("the end", func() bool { return !strings.HasPrefix(r.window.Title(), "Testing") })
	list, err := r.app.Journal().List()
	if left := len(server.State().Events.Live); err != nil || left > 0 && len(list) == 0 {
		t.Errorf("%d events are left, and the journal holds %+v, %v", left, list, err)
	}
	if !d.run.Cancelled {
		t.Errorf("the verdict is %+v", d.run.Verdict)
	}
}

// TestEachOutcomeInEachSize: passing, failing, skipped, running and cancelled, in
// light and dark; the button that goes on is in reach on all of them.
func TestEachOutcomeInEachSize(t *testing.T) {
	for name, variant := range map[string]fyne.ThemeVariant{"light": fynetheme.VariantLight,
		"dark": fynetheme.VariantDark} {
		for sizeName, size := range sizes() {
			r, server, saved := savedByItself(t)
			fyne.CurrentApp().Settings().SetTheme(theme.Forced(variant))
			r.window.SetPadded(false)
			r.window.Resize(size)
			snap := func(scene string) {
				r.snap(fmt.Sprintf("helpdesk-%s-%s-%s", scene, sizeName, name))
				button := r.shell.Primary()
				if button == nil {
					return
				}
				at := fyne.CurrentApp().Driver().AbsolutePositionForObject(button)
				if at.X < 0 || at.Y < 0 || at.X+button.Size().Width > size.Width ||
					at.Y+button.Size().Height > size.Height {
					t.Errorf("%s: the primary button is at %v in a window of %v", scene, at, size)
				}
			}
			turn := func(fault string, on bool) {
				if err := server.SetFault(fault, on); err != nil {
					t.Fatal(err)
				}
			}
			r.ShowHome()
			snap("0-home")
			showHelpdesk(r.nav, saved.ID)
			snap("1-chosen")
			r.press("Test")
			r.untilTitle("Everything works")
			r.settled(saved, connections.ResultOK)
			snap("2-passed")
			turn("mailbox-unlicensed", true)
			r.press("Test again")
			r.untilTitle("One thing")
			snap("3-failed")
			turn("mailbox-unlicensed", false)
			turn("secret-expired", true)
			showHelpdesk(r.nav, saved.ID)
			r.press("Test")
			r.untilTitle("One thing is wrong: the client secret")
			snap("4-skipped")
			turn("secret-expired", false)
			turn("latency", true)
			showHelpdesk(r.nav, saved.ID)
			r.press("Test")
			r.until("the mailbox",
				func() bool { return strings.Contains(texts(r), "Mail from the mailbox to itself sent") })
			snap("5-running")
			r.press("Cancel the test")
			r.until("the end", func() bool { return !strings.HasPrefix(r.window.Title(), "Testing") })
			snap("6-cancelled")
		}
	}
}
