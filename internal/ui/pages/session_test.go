package pages

import (
	"path/filepath"
	"strings"
	"testing"

	"entrada/internal/connections"
	"entrada/internal/fault"
	"entrada/internal/guides"
	"entrada/internal/journey"
	"entrada/internal/practice/practicetest"
	"entrada/internal/registration"
)

// keptForSession registers an app and keeps its secret for this session only.
func keptForSession(t *testing.T) (*rig, *practicetest.Organisation) {
	t.Helper()
	r, server := practiceRig(t, "alex")
	r.reopen(fault.KeychainUnavailable)
	r.doPlan("oxfordiq")
	r.pressPrimary()
	r.untilTitle("Everything is as it should be")
	r.press("Next")
	r.untilTitle("Sign in and test")
	r.testIt()
	r.press("Next")
	r.untilTitle("Save the connection")
	r.sees("Where shall the secret go?")
	r.pressPrimary()
	r.untilTitle("Export for OxfordIQ")
	return r, server
}

// exportTo saves the encrypted file and its sheet.
func (r *rig) exportTo(path string) {
	r.t.Helper()
	r.field("Save as").SetText(path)
	r.pressPrimary()
	r.until("the export", func() bool { return strings.Contains(texts(r), "Saved.") })
}

func (r *rig) onlyRun() *registration.Journal {
	r.t.Helper()
	list, err := registration.Journals(filepath.Join(r.app.Home, "registrations"))
	if err != nil || len(list) != 1 {
		r.t.Fatalf("%d runs, %v", len(list), err)
	}
	return list[0]
}

// nextStart is the next start of the program, at the page to register on, with
// the administrator signed in.
func (r *rig) nextStart() {
	r.t.Helper()
	r.reopen(fault.KeychainUnavailable)
	again, err := journey.Resume(r.app)
	if err != nil || again == nil || again.Page().ID != journey.PageDoIt {
		r.t.Fatalf("came back to %v (%v)", again, err)
	}
	r.journey = again
	r.showCurrent()
	r.pressPrimary()
}

func registeredSecrets(server *practicetest.Organisation) (ids []string) {
	for _, a := range server.State().Applications {
		if a.DisplayName == guides.ByID("oxfordiq").AppName {
			for _, s := range a.Secrets {
				ids = append(ids, s.KeyID)
			}
		}
	}
	return ids
}

// A secret that is kept for this session alone lives on in the encrypted file.
// Once that is written, from the wizard or from the first page, no later try
// replaces the secret.
func TestASecretThatWasExportedIsNotReplaced(t *testing.T) {
	for _, from := range []string{"wizard", "first page"} {
		t.Run(from, func(t *testing.T) {
			r, server := keptForSession(t)
			if from == "first page" {
				saved := r.app.Connections.List()[0]
				r.ShowHome()
				showSavedExport(r.nav, saved, r.app.GuideByID(saved.VendorID))
			}
			handed := registeredSecrets(server)
			r.exportTo(filepath.Join(t.TempDir(), "oxford.settings.age"))
			if run := r.onlyRun(); run.State != registration.RunKept {
				t.Errorf("the run is %s", run.State)
			}
			r.nextStart()
			r.untilTitle("The plan")
			if now := registeredSecrets(server); len(handed) != 1 || len(now) != 1 || now[0] != handed[0] {
				t.Errorf("%v was handed over, %v is there", handed, now)
			}
		})
	}
}

// A file that could not be written leaves nothing behind; and a sheet, which has
// no secret in it, marks nothing.
func TestWithoutTheEncryptedFileTheRunStaysOpen(t *testing.T) {
	r, _ := keptForSession(t)
	r.chooseIn("What to save", 1)
	r.exportTo(filepath.Join(t.TempDir(), "reminder.ics"))
	if run := r.onlyRun(); run.State != registration.RunOpen {
		t.Errorf("the run is %s", run.State)
	}

	// In this session the secret is there, so it is not replaced either.
	r.journey = nil
	reg, err := r.app.SavedRegistration(r.app.Connections.List()[0])
	if err != nil || reg.Interrupted() != nil {
		t.Errorf("the run would be gone on with (%v)", err)
	}
	r.nextStart()
	r.untilTitle("This was interrupted")
}

// The program ends after the connection was saved and before anything else was
// written: the next start finds it saved.
func TestStoppedRightAfterTheSave(t *testing.T) {
	r, server := practiceRig(t, "alex")
	keychain := connections.MemoryKeychain()
	open := func() {
		store, err := connections.Open(r.app.Home, keychain)
		if err != nil {
			t.Fatal(err)
		}
		r.app.Connections = store
	}
	open()
	r.doPlan("oxfordiq")
	r.pressPrimary()
	r.untilTitle("Everything is as it should be")
	r.press("Next")
	r.untilTitle("Sign in and test")
	r.testIt()
	r.press("Next")
	r.untilTitle("Save the connection")
	saved, err := r.app.Connections.Save(t.Context(), r.journey.Record(), r.journey.Secret())
	if err != nil {
		t.Fatal(err)
	}
	kept := registeredSecrets(server)

	open()
	again, err := journey.Resume(r.app)
	if err != nil || again == nil || again.Page().ID != journey.PageSave || again.Answers().ConnectionID != saved.ID {
		t.Fatalf("came back to %+v (%v)", again, err)
	}
	r.journey = again
	r.showCurrent()
	r.sees("Its secret is in the keychain.")
	if run := r.onlyRun(); run.State != registration.RunKept {
		t.Errorf("the run is %s", run.State)
	}
	if now := registeredSecrets(server); len(now) != 1 || now[0] != kept[0] {
		t.Errorf("%v was saved, %v is there", kept, now)
	}
}
