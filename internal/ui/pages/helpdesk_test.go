package pages

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"

	"entrada/internal/connections"
	"entrada/internal/fault"
	"entrada/internal/guides"
	"entrada/internal/practice/practicetest"
	"entrada/internal/secret"
	"entrada/internal/ui/parts"
)

// savedByItself registers and saves a connection of a vendor that signs in by
// itself.
func savedByItself(t *testing.T) (*rig, *practicetest.Organisation, connections.Record) {
	t.Helper()
	return savedFor(t, "cxt")
}

// savedFor registers, saves and returns a connection, and goes home.
func savedFor(t *testing.T, vendor string) (*rig, *practicetest.Organisation, connections.Record) {
	t.Helper()
	for _, g := range guides.BuiltIn() {
		if strings.HasPrefix(g.ID, vendor) {
			vendor = g.ID
		}
	}
	r, server := practiceRig(t, "alex")
	r.onNeeds(vendor)
	r.press("Do it for me")
	r.pressPrimary()
	r.untilTitle("The plan")
	r.pressPrimary()
	r.untilTitle("Everything is as it should be")
	saved, err := r.app.Connections.Save(t.Context(), r.journey.Record(), r.journey.Secret())
	if err != nil {
		t.Fatal(err)
	}
	r.ShowHome()
	return r, server, saved
}

// TestWhatIsBrokenIsSaidAndRemembered: the helpdesk sees in seconds that the
// secret was taken away, and the next one sees since when.
func TestWhatIsBrokenIsSaidAndRemembered(t *testing.T) {
	r, server, saved := savedFor(t, "oxfordiq")
	showHelpdesk(r.nav, saved.ID)
	r.snap("helpdesk-chosen")
	r.press("Test")
	r.untilTitle("All is well so far")
	r.press("Sign in and test the mailbox")
	r.untilTitle("Is this you?")
	r.snap("helpdesk-confirm")
	r.press("Yes, run the test")
	r.untilTitle("Everything works")
	r.settled(saved, connections.ResultOK)
	r.snap("helpdesk-passed-signed-in")
	if !strings.Contains(texts(r), "With them, it would name: alex@contoso.example") {
		t.Errorf("it is not said whom the report would name: %s", texts(r))
	}
	r.press("Copy report")
	if report := r.clipboard(); strings.Contains(report, "alex@") || !strings.Contains(report, "[address]") {
		t.Errorf("the report names somebody:\n%s", report)
	}

	server.Break("consent-missing")
	r.app.Now = func() time.Time { return time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC) }
	d := showHelpdesk(r.nav, saved.ID)
	r.press("Test")
	r.untilTitle("All is well so far")
	r.press("Sign in and test the mailbox")
	r.until("the verdict", func() bool {
		return d.run != nil && d.run.First != nil || strings.HasPrefix(r.window.Title(), "Is this you?")
	})
	if strings.HasPrefix(r.window.Title(), "Is this you?") {
		r.press("Yes, run the test")
	}
	r.untilTitle("One thing is wrong: the consent")
	r.settled(saved, connections.ResultFailed)
	r.snap("helpdesk-failed-consent")
	showHelpdesk(r.nav, saved.ID)
	r.snap("helpdesk-story")
	if text := texts(r); !strings.Contains(text, "Since then: consent was taken back.") ||
		!strings.Contains(text, "Did not work") {
		t.Error(text)
	}
}

// settled waits until the result is remembered.
func (r *rig) settled(saved connections.Record, result string) {
	r.t.Helper()
	r.until("remembering", func() bool {
		now, _ := r.app.Connections.Get(saved.ID)
		return now.LastResult == result
	})
}

// TestAReadOnlyTestChangesNothing: what writes is skipped, and that is said.
func TestAReadOnlyTestChangesNothing(t *testing.T) {
	r, server, saved := savedByItself(t)
	mails := len(server.State().Mails)
	showHelpdesk(r.nav, saved.ID).lookOnly = true
	r.press("Test")
	r.untilTitle("Everything that was tried works")
	r.snap("helpdesk-look-only")
	if text := texts(r); !strings.Contains(text, "It only looked.") || !strings.Contains(text, "read-only test") {
		t.Error(text)
	}
	if n := len(server.State().Mails); n != mails {
		t.Errorf("%d mails were sent", n-mails)
	}
	// What is remembered is what was tried, on every page.
	r.until("remembering", func() bool { now, _ := r.app.Connections.Get(saved.ID); return now.Partly != nil })
	r.ShowHome()
	r.snap("home-looked-only")
	if text := texts(r); !strings.Contains(text, "eading worked today at 09:00, sending was not tried") {
		t.Error(text)
	}
	showHelpdesk(r.nav, saved.ID)
	r.press("Earlier results (1)")
	r.snap("helpdesk-looked-only")
	if text := texts(r); !strings.Contains(text, "Sign-in and reading work (sending and creating were not tried)") {
		t.Error(text)
	}
}

// TestAnotherMailboxSaysNothingOfTheConnection: a colleague's mailbox is tried,
// and what is remembered stays as it was.
func TestAnotherMailboxSaysNothingOfTheConnection(t *testing.T) {
	r, _, saved := savedByItself(t)
	d := showHelpdesk(r.nav, saved.ID)
	r.press("Test with another mailbox")
	r.field("Another mailbox").SetText("nobody@contoso.example")
	r.snap("helpdesk-another-mailbox")
	r.press("Test")
	r.until("the verdict", func() bool { return d.run != nil && d.run.First != nil })
	r.snap("helpdesk-another-mailbox-failed")
	if text := texts(r); !strings.Contains(text, "nobody@contoso.example") {
		t.Errorf("it is not said whose mailbox it was: %s", text)
	}
	if now, _ := r.app.Connections.Get(saved.ID); now.LastResult == connections.ResultFailed ||
		now.Inputs["mailbox"] == "nobody@contoso.example" {
		t.Errorf("%+v", now)
	}
}

func TestAConnectionThatWasRemovedMeanwhile(t *testing.T) {
	r, _, saved := savedFor(t, "oxfordiq")
	other, err := connections.Open(r.app.Home, connections.MemoryKeychain())
	if err != nil {
		t.Fatal(err)
	}
	showHelpdesk(r.nav, saved.ID)
	parts.Settle(5 * time.Second)
	if err := other.Remove(t.Context(), saved.ID); err != nil {
		t.Fatal(err)
	}
	r.press("Test")
	r.until("the words", func() bool { return strings.Contains(texts(r), "is no longer saved") })
	r.snap("helpdesk-gone")
}

func TestALockedKeychainIsOneOfTheChecks(t *testing.T) {
	r, _, saved := savedFor(t, "oxfordiq")
	store, err := connections.Open(r.app.Home, brokenKeychain{fault.KeychainLocked})
	if err != nil {
		t.Fatal(err)
	}
	r.app.Connections = store
	d := showHelpdesk(r.nav, saved.ID)
	r.press("Test")
	r.until("the verdict", func() bool { return d.run != nil && d.run.First != nil })
	r.snap("helpdesk-keychain-locked")
	text := texts(r)
	if !strings.Contains(text, "locked") ||
		!strings.Contains(text, `not tried, because of "The saved secret can be read"`) {
		t.Error(text)
	}
	if r.shell.Primary().Label() != "Unlock the keychain" {
		t.Errorf("the next click is %q", r.shell.Primary().Label())
	}
}

// TestStartedWithAName is “entrada --test NAME”.
func TestStartedWithAName(t *testing.T) {
	r, _, saved := savedFor(t, "oxfordiq")
	r.beginTest("oxford")
	r.untilTitle("All is well so far")
	if !strings.Contains(texts(r), saved.Name) {
		t.Error(texts(r))
	}
	r.beginTest("nothing of the kind")
	if text := texts(r); !strings.Contains(text, "No saved connection is called “nothing of the kind”") {
		t.Error(text)
	}
}

// TestFiveHundredConnections: the page makes no more lines than can be seen, and
// the list can be looked through. How long it takes is measured by the benchmarks.
func TestFiveHundredConnections(t *testing.T) {
	r := newRig(t, fyne.NewSize(900, 620), fynetheme.VariantDark)
	for n := range 500 {
		r.app.Connections.KeepForSession(connections.Record{
			ID:       fmt.Sprintf("%04d", n),
			Name:     fmt.Sprintf("Vendor %03d · a-customer-with-a-very-long-name-%03d.onmicrosoft.example", n, n),
			VendorID: "oxfordiq", VendorName: "OxfordIQ",
			TenantID: tenantID, ClientID: fmt.Sprintf("3f6b1c9e-52a7-4c1d-9b0e-%012d", n),
			SecretExpires: r.app.Now().AddDate(0, 0, n),
		}, secret.New(value))
	}
	r.ShowHome()
	if !strings.Contains(texts(r), "Show all 500 connections") {
		t.Error("the others cannot be reached")
	}
	if rows := strings.Count(test.RenderObjectToMarkup(r.shell), "a-customer-with"); rows > 20 {
		t.Errorf("%d lines were made of 500", rows)
	}
	showHelpdesk(r.nav, "")
	if rows := strings.Count(test.RenderObjectToMarkup(r.shell), "a-customer-with"); rows > 20 {
		t.Errorf("%d lines were made of 500", rows)
	}
	r.snap("helpdesk-500")
	d := showHelpdesk(r.nav, "0321")
	if d.list.picker.Chosen() < 0 || d.list.shown[d.list.picker.Chosen()].ID != "0321" {
		t.Error("the wrong one is chosen")
	}
	r.window.Canvas().Focus(d.list.find.Entry())
	test.Type(d.list.find.Entry(), "vendor 45")
	if d.list.picker.Len() != 10 {
		t.Errorf("%d are found", d.list.picker.Len())
	}
	// Enter tests what is found, and typing goes on where it was.
	find := d.list.find
	if d.record.ID != "0450" || r.window.Canvas().Focused() != find.Entry() || find.Text() != "vendor 45" {
		t.Errorf("%q is chosen, and the keyboard is elsewhere", d.record.Name)
	}
	r.snap("helpdesk-500-found")
}

// TestAVendorWhoseGuideIsGone: what needs no guide is tested all the same.
func TestAVendorWhoseGuideIsGone(t *testing.T) {
	r, _, saved := savedFor(t, "oxfordiq")
	saved.VendorID, saved.VendorName = "of-a-file-that-is-gone", "Some **vendor**"
	if err := r.app.Connections.UpdateRecord(saved); err != nil {
		t.Fatal(err)
	}
	showHelpdesk(r.nav, saved.ID)
	if text := texts(r); !strings.Contains(text, "is not known here") {
		t.Error(text)
	}
	r.press("Test")
	r.untilTitle("All is well so far")
	r.snap("helpdesk-guide-gone")
	if label := r.shell.Primary().Label(); label != "Test again" {
		t.Errorf("the next click is %q", label)
	}
}
