package pages

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"

	"entrada/internal/connections"
	"entrada/internal/fault"
	"entrada/internal/guides"
	"entrada/internal/handover"
	"entrada/internal/journey"
	"entrada/internal/practice"
	"entrada/internal/secret"
	"entrada/internal/ui/parts"
	"entrada/internal/ui/theme"
)

// savedByItself registers and saves a connection of a vendor that signs in by
// itself.
func savedByItself(t *testing.T) (*rig, *practice.Server, connections.Record) {
	t.Helper()
	return savedFor(t, "cxt")
}

// savedFor registers, saves and returns a connection, and goes home.
func savedFor(t *testing.T, vendor string) (*rig, *practice.Server, connections.Record) {
	t.Helper()
	for _, g := range guides.BuiltIn() {
		if strings.HasPrefix(g.ID, vendor) {
			vendor = g.ID
		}
	}
	r, server := practiceRig(t, "alex@contoso.example")
	r.onNeeds(vendor)
	r.press("Do it for me")
	r.shell.Primary().Press()
	r.untilTitle("The plan")
	r.shell.Primary().Press()
	r.untilTitle("Everything is as it should be")
	saved, err := r.world.Keep(t.Context(), r.journey.Record(), r.journey.Secret())
	if err != nil {
		t.Fatal(err)
	}
	r.ShowHome()
	return r, server, saved
}

// click does what a person does with the mouse: it looks for words that can be
// pressed, and presses them where they stand.
func (r *rig) click(label string) {
	r.t.Helper()
	top := fyne.CanvasObject(r.shell)
	if over := r.window.Canvas().Overlays().Top(); over != nil {
		top = over
	}
	for _, o := range objects(top) {
		said, ok := o.(fyne.Accessible)
		if !ok || !o.Visible() {
			continue
		}
		if words := said.AccessibilityLabel(); words != label && !strings.HasPrefix(words, label+". ") {
			continue
		}
		if tap, ok := o.(fyne.Tappable); ok {
			test.Tap(tap)
			return
		}
	}
	r.t.Fatalf("%q has nothing to press called %q:\n%s", r.window.Title(), label, texts(r))
}

func (r *rig) clipboard() string { return fyne.CurrentApp().Clipboard().Content() }

// TestFourClicksToAReport: card, connection, Test, Copy report.
func TestFourClicksToAReport(t *testing.T) {
	for vendor, want := range map[string]string{"oxfordiq": "All is well so far", "cxt": "Everything works"} {
		t.Run(vendor, func(t *testing.T) {
			r, _, saved := savedFor(t, vendor)
			clicks := 0
			click := func(label string) { clicks++; r.click(label) }
			click("Test a connection")
			click(saved.Name)
			click("Test")
			r.untilTitle(want)
			click("Copy report")
			report := r.clipboard()
			if clicks > 4 || !strings.HasPrefix(report, "Entrada connection test, 2026-11-20") || !strings.Contains(report, saved.ClientID) || !strings.Contains(report, "passed    The secret opens it") {
				t.Errorf("after %d clicks:\n%s", clicks, report)
			}
			if strings.Contains(report, "@") {
				t.Errorf("somebody's address is in it, and nobody wanted that:\n%s", report)
			}
			r.snap("helpdesk-passed-" + vendor)
		})
	}
}

// TestAReportByKeyboardAlone does the same without a mouse.
func TestAReportByKeyboardAlone(t *testing.T) {
	r, server, saved := savedFor(t, "oxfordiq")
	if err := server.SetFault("secret-expired", true); err != nil {
		t.Fatal(err)
	}
	canvas := r.window.Canvas()
	key := func(name fyne.KeyName) { canvas.Focused().TypedKey(&fyne.KeyEvent{Name: name}) }
	tabTo := func(label string) {
		for range 40 {
			if said, ok := canvas.Focused().(fyne.Accessible); ok && strings.HasPrefix(said.AccessibilityLabel(), label) {
				return
			}
			canvas.FocusNext()
		}
		t.Fatalf("Tab never comes to %q on %q", label, r.window.Title())
	}
	tabTo("Test a connection")
	key(fyne.KeyReturn)
	tabTo("Saved connections: " + saved.Name)
	key(fyne.KeyReturn) // the page's next step, from the list
	r.untilTitle("One thing is wrong: the client secret")
	tabTo("Copy report")
	key(fyne.KeySpace)
	if report := r.clipboard(); !strings.Contains(report, "AADSTS7000222") {
		t.Errorf("copied:\n%s", report)
	}
}

// TestWhatIsBrokenIsSaidAndRemembered: the helpdesk sees in seconds that the
// secret was taken away, and the next one sees since when.
func TestWhatIsBrokenIsSaidAndRemembered(t *testing.T) {
	r, server, saved := savedFor(t, "oxfordiq")
	r.showHelpdesk(saved.ID)
	r.snap("helpdesk-chosen")
	r.click("Test")
	r.untilTitle("All is well so far")
	r.click("Sign in and test the mailbox")
	r.untilTitle("Is this you?")
	r.snap("helpdesk-confirm")
	r.click("Yes, run the test")
	r.untilTitle("Everything works")
	r.settled(saved, connections.ResultOK)
	r.snap("helpdesk-passed-signed-in")
	if !strings.Contains(texts(r), "With them, it would name: alex@contoso.example") {
		t.Errorf("it is not said whom the report would name: %s", texts(r))
	}
	r.click("Copy report")
	if report := r.clipboard(); strings.Contains(report, "alex@") || !strings.Contains(report, "[address]") {
		t.Errorf("the report names somebody:\n%s", report)
	}

	if err := server.SetFault("consent-missing", true); err != nil {
		t.Fatal(err)
	}
	r.world.Now = func() time.Time { return time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC) }
	d := r.showHelpdesk(saved.ID)
	r.click("Test")
	r.untilTitle("All is well so far")
	r.click("Sign in and test the mailbox")
	r.until("the verdict", func() bool {
		return d.run != nil && d.run.verdict.First != nil || strings.HasPrefix(r.window.Title(), "Is this you?")
	})
	if strings.HasPrefix(r.window.Title(), "Is this you?") {
		r.click("Yes, run the test")
	}
	r.untilTitle("One thing is wrong: the consent")
	r.settled(saved, connections.ResultFailed)
	r.snap("helpdesk-failed-consent")
	r.showHelpdesk(saved.ID)
	r.snap("helpdesk-story")
	if text := texts(r); !strings.Contains(text, "Since then: consent was taken back.") || !strings.Contains(text, "Did not work") {
		t.Error(text)
	}
}

// settled waits until the result is remembered.
func (r *rig) settled(saved connections.Record, result string) {
	r.t.Helper()
	r.until("remembering", func() bool {
		now, _ := r.world.Connections.Get(saved.ID)
		return now.LastResult == result
	})
}

// TestAReadOnlyTestChangesNothing: what writes is skipped, and that is said.
func TestAReadOnlyTestChangesNothing(t *testing.T) {
	r, server, saved := savedByItself(t)
	mails := len(server.State().Mails)
	r.showHelpdesk(saved.ID).lookOnly = true
	r.click("Test")
	r.untilTitle("Everything that was tried works")
	r.snap("helpdesk-look-only")
	if text := texts(r); !strings.Contains(text, "It only looked.") || !strings.Contains(text, "read-only test") {
		t.Error(text)
	}
	if n := len(server.State().Mails); n != mails {
		t.Errorf("%d mails were sent", n-mails)
	}
	// What is remembered is what was tried, on every page.
	r.until("remembering", func() bool { now, _ := r.world.Connections.Get(saved.ID); return now.Partly != nil })
	r.ShowHome()
	r.snap("home-looked-only")
	if text := texts(r); !strings.Contains(text, "eading worked today at 09:00, sending was not tried") {
		t.Error(text)
	}
	r.showHelpdesk(saved.ID)
	r.link("Earlier results (1)")
	r.snap("helpdesk-looked-only")
	if text := texts(r); !strings.Contains(text, "Sign-in and reading work (sending and creating were not tried)") {
		t.Error(text)
	}
}

// TestAnotherMailboxSaysNothingOfTheConnection: a colleague's mailbox is tried,
// and what is remembered stays as it was.
func TestAnotherMailboxSaysNothingOfTheConnection(t *testing.T) {
	r, _, saved := savedByItself(t)
	d := r.showHelpdesk(saved.ID)
	r.click("Test with another mailbox")
	r.field("Another mailbox").SetText("nobody@contoso.example")
	r.snap("helpdesk-another-mailbox")
	r.click("Test")
	r.until("the verdict", func() bool { return d.run != nil && d.run.verdict.First != nil })
	r.snap("helpdesk-another-mailbox-failed")
	if text := texts(r); !strings.Contains(text, "nobody@contoso.example") {
		t.Errorf("it is not said whose mailbox it was: %s", text)
	}
	if now, _ := r.world.Connections.Get(saved.ID); now.LastResult == connections.ResultFailed || now.Inputs["mailbox"] == "nobody@contoso.example" {
		t.Errorf("%+v", now)
	}
}

// TestTypedValuesAreForgotten: they are tested, and nothing of them is left on
// this computer, in the keychain or on the page.
func TestTypedValuesAreForgotten(t *testing.T) {
	r, _, saved := savedFor(t, "oxfordiq")
	value, err := r.world.Connections.Secret(t.Context(), saved.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.world.Connections.RemoveEverything(t.Context()); err != nil {
		t.Fatal(err)
	}
	parts.Settle(5 * time.Second)
	_ = os.Remove(filepath.Join(r.world.Home, "journey.json"))
	_ = os.RemoveAll(filepath.Join(r.world.Home, "registrations"))
	before := files(t, r.world.Home)
	r.ShowHome()
	r.click("Test a connection")
	r.untilTitle("Test values that you type in")
	if !r.shell.Primary().Disabled() {
		t.Error("nothing is typed, and it can be tested")
	}
	r.field("Organisation").SetText("alex@contoso.example")
	r.field("Application (client) ID").SetText(saved.ClientID)
	r.field("Client secret value").SetText(value.Reveal())
	r.snap("helpdesk-typed")
	r.click("Test")
	r.untilTitle("All is well so far")
	r.snap("helpdesk-typed-passed")
	r.click("Copy report")
	if strings.Contains(r.clipboard()+markup(r), value.Reveal()) {
		t.Error("the secret got out")
	}
	r.click("Back")
	if after := files(t, r.world.Home); after != before {
		t.Errorf("something was stored:\n%s\nbefore:\n%s", after, before)
	}
	if _, err := r.world.Connections.Secret(t.Context(), saved.ID); err == nil || len(r.world.Connections.List()) != 0 {
		t.Error("something is saved")
	}
	r.click("Test a connection")
	for _, label := range []string{"Organisation", "Application (client) ID", "Client secret value"} {
		if text := r.field(label).Text(); text != "" {
			t.Errorf("%s still holds %q", label, text)
		}
	}
}

// files lists what lies in a folder, with sizes.
func files(t *testing.T, dir string) string {
	t.Helper()
	var all []string
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() && !strings.HasSuffix(path, ".lock") && !strings.HasSuffix(path, ".busy") {
			all = append(all, fmt.Sprint(path, " ", info.Size()))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(all, "\n")
}

// TestAnExportedFileIsTested: an encrypted one after its passphrase, and each
// readable one with the secret pasted. Nothing of them is stored.
func TestAnExportedFileIsTested(t *testing.T) {
	r, _, saved := savedFor(t, "oxfordiq")
	value, err := r.world.Connections.Secret(t.Context(), saved.ID)
	if err != nil {
		t.Fatal(err)
	}
	g := r.world.GuideByID(saved.VendorID)
	folder, passphrase := t.TempDir(), "moon lantern walnut gravel tuesday"
	for _, id := range []string{handover.FormatJSON, handover.FormatEnv, handover.FormatSealed} {
		format, _ := handover.FormatByID(id)
		name := "a." + format.Suffix
		pkg := r.world.Package(saved, g, secretsOf(value, format.Sealed))
		data, err := format.Write(pkg, handover.Lock{Passphrase: secret.New(passphrase)})
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		r.showHelpdesk("")
		r.click("From an exported file …")
		r.field("Exported file").SetText(path)
		r.click("Open")
		if format.Sealed {
			r.until("the question", func() bool { return r.window.Canvas().Overlays().Top() != nil })
			r.snap("helpdesk-passphrase")
			r.inDialog("Passphrase").SetText("sun lantern walnut gravel tuesday")
			r.click("Open")
			r.until("the answer", func() bool {
				return r.window.Canvas().Overlays().Top() != nil && strings.Contains(test.RenderObjectToMarkup(r.window.Canvas().Overlays().Top()), "does not open it")
			})
			r.snap("helpdesk-passphrase-wrong")
			r.inDialog("Passphrase").SetText(passphrase)
			r.click("Open")
		}
		r.until("the values", func() bool { return strings.Contains(texts(r), "these values stand in it") })
		r.snap("helpdesk-file-" + name)
		if !format.Sealed {
			if !r.shell.Primary().Disabled() {
				t.Errorf("%s: without a secret it can be tested", name)
			}
			r.field("Client secret value").SetText(value.Reveal())
		}
		r.click("Test")
		r.untilTitle("All is well so far")
	}
	if n := len(r.world.Connections.List()); n != 1 {
		t.Errorf("%d connections are saved", n)
	}
	// What is no such file says so.
	path := filepath.Join(folder, "letter.txt")
	if err := os.WriteFile(path, []byte("Dear helpdesk"), 0o600); err != nil {
		t.Fatal(err)
	}
	r.click("From an exported file …")
	r.field("Exported file").SetText(path)
	r.click("Open")
	r.until("the fault", func() bool { return strings.Contains(texts(r), "Who can fix it") })
}

// secretsOf are what an encrypted file holds.
func secretsOf(v secret.Value, sealed bool) journey.Secrets {
	if !sealed {
		return journey.Secrets{}
	}
	return journey.Secrets{Client: v}
}

// inDialog finds a field of the dialog by its label.
func (r *rig) inDialog(label string) *parts.Field {
	r.t.Helper()
	for _, o := range objects(r.window.Canvas().Overlays().Top()) {
		if f, ok := o.(*parts.Field); ok && f.Label() == label {
			return f
		}
	}
	r.t.Fatalf("the dialog has no field %q", label)
	return nil
}

func TestAConnectionThatWasRemovedMeanwhile(t *testing.T) {
	r, _, saved := savedFor(t, "oxfordiq")
	other, err := connections.Open(r.world.Home, connections.MemoryKeychain())
	if err != nil {
		t.Fatal(err)
	}
	r.showHelpdesk(saved.ID)
	parts.Settle(5 * time.Second)
	if err := other.Remove(t.Context(), saved.ID); err != nil {
		t.Fatal(err)
	}
	r.click("Test")
	r.until("the words", func() bool { return strings.Contains(texts(r), "is no longer saved") })
	r.snap("helpdesk-gone")
}

func TestALockedKeychainIsOneOfTheChecks(t *testing.T) {
	r, _, saved := savedFor(t, "oxfordiq")
	store, err := connections.Open(r.world.Home, brokenKeychain{fault.KeychainLocked})
	if err != nil {
		t.Fatal(err)
	}
	r.world.Connections = store
	d := r.showHelpdesk(saved.ID)
	r.click("Test")
	r.until("the verdict", func() bool { return d.run != nil && d.run.verdict.First != nil })
	r.snap("helpdesk-keychain-locked")
	text := texts(r)
	if !strings.Contains(text, "locked") || !strings.Contains(text, "not tried, because of “The saved secret can be read”") {
		t.Error(text)
	}
	if r.shell.Primary().Label() != "Unlock the keychain" {
		t.Errorf("the next click is %q", r.shell.Primary().Label())
	}
}

// TestCancellingLeavesNothing: at whatever moment, the page says so and the
// mailbox is as it was, or the journal knows of it.
func TestCancellingLeavesNothing(t *testing.T) {
	r, server, saved := savedByItself(t)
	if err := server.SetFault("latency", true); err != nil {
		t.Fatal(err)
	}
	r.showHelpdesk(saved.ID)
	r.click("Test")
	r.snap("helpdesk-running-quick")
	r.click("Cancel the test")
	r.untilTitle("The test was cancelled")
	r.snap("helpdesk-cancelled")
	r.click("Test again")
	r.until("the mailbox", func() bool { return strings.Contains(texts(r), "Mail from the mailbox to itself sent") })
	r.snap("helpdesk-running")
	r.click("Cancel the test")
	r.until("the end", func() bool {
		return strings.HasPrefix(r.window.Title(), "The test was cancelled") || strings.Contains(texts(r), "Who can fix it")
	})
	r.snap("helpdesk-cancelled-late")
	if list, err := r.world.Journal().List(); err != nil || len(list) > 1 {
		t.Errorf("%+v, %v", list, err)
	}
	if now, _ := r.world.Connections.Get(saved.ID); now.LastResult == connections.ResultFailed {
		t.Error("a cancelled test counts as a failed one")
	}
}

// TestCancellingWhileAnEventStands: what the test has put into the calendar is
// taken away all the same, or the journal knows of it.
func TestCancellingWhileAnEventStands(t *testing.T) {
	r, server, saved := savedFor(t, "oxfordiq")
	d := r.showHelpdesk(saved.ID)
	r.click("Test")
	r.untilTitle("All is well so far")
	r.click("Sign in and test the mailbox")
	r.untilTitle("Is this you?")
	if err := server.SetFault("latency", true); err != nil {
		t.Fatal(err)
	}
	r.click("Yes, run the test")
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
	r.click("Cancel the test")
	r.until("the end", func() bool { return !strings.HasPrefix(r.window.Title(), "Testing") })
	list, err := r.world.Journal().List()
	if left := len(server.State().Events.Live); err != nil || left > 0 && len(list) == 0 {
		t.Errorf("%d events are left, and the journal holds %+v, %v", left, list, err)
	}
	if !d.run.verdict.Cancelled {
		t.Errorf("the verdict is %+v", d.run.verdict)
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
		r.world.Connections.KeepForSession(connections.Record{
			ID: fmt.Sprintf("%04d", n), Name: fmt.Sprintf("Vendor %03d · a-customer-with-a-very-long-name-%03d.onmicrosoft.example", n, n), VendorID: "oxfordiq", VendorName: "OxfordIQ",
			TenantID: tenantID, ClientID: fmt.Sprintf("3f6b1c9e-52a7-4c1d-9b0e-%012d", n), SecretExpires: r.world.Now().AddDate(0, 0, n),
		}, secret.New(value))
	}
	r.ShowHome()
	if !strings.Contains(texts(r), "Show all 500 connections") {
		t.Error("the others cannot be reached")
	}
	if rows := strings.Count(test.RenderObjectToMarkup(r.shell), "a-customer-with"); rows > 20 {
		t.Errorf("%d lines were made of 500", rows)
	}
	r.showHelpdesk("")
	if rows := strings.Count(test.RenderObjectToMarkup(r.shell), "a-customer-with"); rows > 20 {
		t.Errorf("%d lines were made of 500", rows)
	}
	r.snap("helpdesk-500")
	d := r.showHelpdesk("0321")
	if d.picker.Chosen() < 0 || d.shown[d.picker.Chosen()].ID != "0321" {
		t.Error("the wrong one is chosen")
	}
	r.window.Canvas().Focus(d.find.Entry())
	test.Type(d.find.Entry(), "vendor 45")
	if d.picker.Len() != 10 {
		t.Errorf("%d are found", d.picker.Len())
	}
	// Enter tests what is found, and typing goes on where it was.
	if d.record.ID != "0450" || r.window.Canvas().Focused() != d.find.Entry() || d.find.Text() != "vendor 45" {
		t.Errorf("%q is chosen, and the keyboard is elsewhere", d.record.Name)
	}
	r.snap("helpdesk-500-found")
}

// TestAReportIsSavedInEachForm: the file holds what was shown, and a file that is
// there is not lost.
func TestAReportIsSavedInEachForm(t *testing.T) {
	r, _, saved := savedFor(t, "oxfordiq")
	d := r.showHelpdesk(saved.ID)
	r.click("Test")
	r.untilTitle("All is well so far")
	folder := t.TempDir()
	for format, sign := range []string{"Entrada connection test", `"headline": "Everything works"`, "<!DOCTYPE html>"} {
		onPage[*parts.Select](r).Choose(format)
		r.click("Save as a file …")
		field := r.inDialog("Save as")
		if name := filepath.Base(field.Text()); name != "OxfordIQ-contoso.example-test-"+r.world.Now().Local().Format("2006-01-02-1504")+"."+reportSuffix[format] {
			t.Errorf("the name is %q", name)
		}
		path := filepath.Join(folder, "report."+reportSuffix[format])
		field.SetText(path)
		r.click("Save")
		r.until("saving", func() bool {
			top := r.window.Canvas().Overlays().Top()
			return top != nil && strings.Contains(test.RenderObjectToMarkup(top), "The report is saved")
		})
		r.click("Close")
		data, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(data), sign) || string(data) != d.reportText() {
			t.Errorf("%v, %s", err, data)
		}
	}
	r.click("Save as a file …")
	r.inDialog("Save as").SetText(filepath.Join(folder, "report.html"))
	r.click("Save")
	r.until("the question", func() bool {
		top := r.window.Canvas().Overlays().Top()
		return top != nil && strings.Contains(test.RenderObjectToMarkup(top), "Replace the file?")
	})
	r.click("Cancel")
	r.click("Save as a file …")
	r.inDialog("Save as").SetText(filepath.Join(folder, "nowhere", "report.html"))
	r.click("Save")
	r.until("the words", func() bool {
		top := r.window.Canvas().Overlays().Top()
		return top != nil && strings.Contains(test.RenderObjectToMarkup(top), "There is no folder")
	})
}

// TestAVendorWhoseGuideIsGone: what needs no guide is tested all the same.
func TestAVendorWhoseGuideIsGone(t *testing.T) {
	r, _, saved := savedFor(t, "oxfordiq")
	saved.VendorID, saved.VendorName = "of-a-file-that-is-gone", "Some **vendor**"
	if err := r.world.Connections.UpdateRecord(saved); err != nil {
		t.Fatal(err)
	}
	r.showHelpdesk(saved.ID)
	if text := texts(r); !strings.Contains(text, "is not known here") {
		t.Error(text)
	}
	r.click("Test")
	r.untilTitle("All is well so far")
	r.snap("helpdesk-guide-gone")
	if label := r.shell.Primary().Label(); label != "Test again" {
		t.Errorf("the next click is %q", label)
	}
}

// TestAVendorOfNoGuide: what it may do is ticked.
func TestAVendorOfNoGuide(t *testing.T) {
	r, _, saved := savedByItself(t)
	value, err := r.world.Connections.Secret(t.Context(), saved.ID)
	if err != nil {
		t.Fatal(err)
	}
	d := r.showHelpdesk("")
	r.click("Values that I type in")
	r.field("Organisation").SetText("contoso.example")
	r.field("Application (client) ID").SetText(saved.ClientID)
	r.field("Client secret value").SetText(value.Reveal())
	labels, _ := d.values.kinds(r.world)
	onPage[*parts.Select](r).Choose(len(labels) - 1)
	if !r.shell.Primary().Disabled() {
		t.Error("nothing is ticked, and it can be tested")
	}
	var groups []*parts.Choices
	for _, o := range objects(r.shell) {
		if c, ok := o.(*parts.Choices); ok {
			groups = append(groups, c)
		}
	}
	groups[0].Choose(1) // read mail
	groups[1].Choose(1) // by itself
	if !r.shell.Primary().Disabled() {
		t.Error("no mailbox is named, and it can be tested")
	}
	r.field("Mailbox to test with").SetText("megan@contoso.example")
	r.snap("helpdesk-own-choice")
	r.click("Test")
	r.untilTitle("Everything works")
	if text := texts(r); !strings.Contains(text, "Newest mail read") || strings.Contains(text, "Mail from the mailbox") {
		t.Error(text)
	}
}

// TestEachOutcomeInEachSize: passing, failing, skipped, running and cancelled, in
// light and dark; the button that goes on is in reach on all of them.
func TestEachOutcomeInEachSize(t *testing.T) {
	for name, variant := range map[string]fyne.ThemeVariant{"light": fynetheme.VariantLight, "dark": fynetheme.VariantDark} {
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
				if at.X < 0 || at.Y < 0 || at.X+button.Size().Width > size.Width || at.Y+button.Size().Height > size.Height {
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
			r.showHelpdesk(saved.ID)
			snap("1-chosen")
			r.click("Test")
			r.untilTitle("Everything works")
			r.settled(saved, connections.ResultOK)
			snap("2-passed")
			turn("mailbox-unlicensed", true)
			r.click("Test again")
			r.untilTitle("One thing")
			snap("3-failed")
			turn("mailbox-unlicensed", false)
			turn("secret-expired", true)
			r.showHelpdesk(saved.ID)
			r.click("Test")
			r.untilTitle("One thing is wrong: the client secret")
			snap("4-skipped")
			turn("secret-expired", false)
			turn("latency", true)
			r.showHelpdesk(saved.ID)
			r.click("Test")
			r.until("the mailbox", func() bool { return strings.Contains(texts(r), "Mail from the mailbox to itself sent") })
			snap("5-running")
			r.click("Cancel the test")
			r.until("the end", func() bool { return !strings.HasPrefix(r.window.Title(), "Testing") })
			snap("6-cancelled")
		}
	}
}

// onPage finds the first part of a kind on the page.
func onPage[T fyne.CanvasObject](r *rig) T {
	r.t.Helper()
	for _, o := range objects(r.shell) {
		if part, ok := o.(T); ok {
			return part
		}
	}
	var none T
	r.t.Fatalf("%q has no %T", r.window.Title(), none)
	return none
}
