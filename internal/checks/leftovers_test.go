package checks

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"entrada/internal/fault"
	"entrada/internal/practice/practicetest"
)

// TestAnOldJournalReadsAsEvents: files of older versions know no kinds.
func TestAnOldJournalReadsAsEvents(t *testing.T) {
	t.Parallel()
	o := newOrganisation(t, practicetest.Delegated, "Calendars.ReadWrite")
	d := o.signedIn(t, "alex")
	start := time.Now().UTC().Add(3 * time.Hour).Truncate(time.Hour)
	layout := "2006-01-02T15:04:05"
	o.GraphAs(o.auditor, http.MethodPost, "/users/"+o.Address("alex")+"/events", map[string]any{
		"subject": "Entrada test 0LD1", "start": map[string]string{"dateTime": start.Format(layout), "timeZone": "UTC"},
		"end": map[string]string{"dateTime": start.Add(time.Hour).Format(layout), "timeZone": "UTC"},
	})
	a := d.Session.Account
	old := `[{"run":"0LD1","subject":"Entrada test 0LD1","start":"` + start.Format(time.RFC3339) + `","account":"` +
		a.Username +
		`","cloud":"` + o.cloud.ID + `","tenant":"` + a.TenantID + `","object":"` + a.ObjectID + `","client":"` +
		o.clientID + `"}]`
	if err := os.WriteFile(o.journal.Path, []byte(old), 0o600); err != nil {
		t.Fatal(err)
	}
	list, err := o.journal.List()
	if err != nil || len(list) != 1 || list[0].Kind != KindEvent || list[0].Kind.Name() != "calendar event" {
		t.Fatalf("%+v, %v", list, err)
	}
	if gone, err := d.Sweep(t.Context()); err != nil || !slices.Equal(gone, []string{"Entrada test 0LD1"}) {
		t.Error(gone, err)
	}
	o.clean(t, 0)
	o.journalled(t, 0)
}

// TestOnlyOurOwnIsTakenAway: the journal is a file that anybody may have
// written into.
func TestOnlyOurOwnIsTakenAway(t *testing.T) {
	t.Parallel()
	o := newOrganisation(t, practicetest.Delegated, "Contacts.ReadWrite")
	d := o.signedIn(t, "alex")
	contacts := "/users/" + o.Address("alex") + "/contacts"
	o.GraphAs(o.auditor, http.MethodPost, contacts, map[string]string{"displayName": "Grandmother"})
	mine := d.mailbox("").left
	for _, change := range []func(*Leftover){
		func(l *Leftover) { l.Kind, l.Subject = KindContact, "Grandmother" },
		func(l *Leftover) { l.Kind, l.Subject, l.ObjectID = KindContact, Subject("AAAA"), "somebody else" },
		func(l *Leftover) { l.Kind, l.Subject, l.TenantID = KindContact, Subject("BBBB"), "elsewhere" },
		func(l *Leftover) { l.Kind, l.Subject = KindEvent, Subject("CCCC") }, // this sign-in may not
		func(l *Leftover) { l.Kind, l.Subject = "hologram", Subject("DDDD") },
	} {
		l := mine
		change(&l)
		if err := o.journal.Add(l); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.Sweep(t.Context()); err != nil {
		t.Error(err)
	}
	if len(o.GraphAs(o.auditor, http.MethodGet, contacts, nil).List()) != 1 {
		t.Error("somebody's contact was deleted")
	}
	o.journalled(t, 4) // all but the one that is none of ours
}

// TestATestUnderWayIsNoLeftover: a second test of the same person leaves alone
// what the first is busy with.
func TestATestUnderWayIsNoLeftover(t *testing.T) {
	t.Parallel()
	o := newOrganisation(t, practicetest.Delegated, "Contacts.ReadWrite")
	d := o.signedIn(t, "alex")
	var gone []string
	var sweepErr error
	first := d
	first.HTTP = &http.Client{CheckRedirect: o.http.CheckRedirect,
		Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			if r.Method == http.MethodGet { // the contact exists
				gone, sweepErr = d.Sweep(r.Context())
			}
			return o.http.Transport.RoundTrip(r)
		})}
	if v := Judge(Run(t.Context(), first.Checks(), nil), o.context()); !v.OK || len(gone) != 0 || sweepErr != nil {
		t.Errorf("%+v; swept %q, %v", v, gone, sweepErr)
	}
	o.clean(t, 0)
}

func TestManyWriteIntoOneJournal(t *testing.T) {
	path := filepath.Join(t.TempDir(), "leftovers.json")
	var all sync.WaitGroup
	var mu sync.Mutex
	var failures []error
	for range 8 {
		all.Go(func() {
			j := &LeftoverList{Path: path} // as another window would
			stays, goes := Leftover{RunID: NewRunID() + NewRunID(), Kind: KindMail},
				Leftover{RunID: NewRunID() + NewRunID(), Kind: KindDraft}
			for _, err := range []error{j.Add(stays), j.Add(goes), j.Remove(goes)} {
				if err != nil {
					mu.Lock()
					failures = append(failures, err)
					mu.Unlock()
				}
			}
		})
	}
	all.Wait()
	list, err := (&LeftoverList{Path: path}).List()
	if err != nil || len(list) != 8 || len(failures) > 0 {
		t.Errorf("%d of 8, %v, %v", len(list), err, failures)
	}
}

// TestWithoutAJournalNothingIsCreated: what could not be written down is not
// begun.
func TestWithoutAJournalNothingIsCreated(t *testing.T) {
	t.Parallel()
	o := newOrganisation(t, practicetest.Delegated, aurinko...)
	d := o.signedIn(t, "alex")
	d.Journal = &LeftoverList{Path: filepath.Join(t.TempDir(), "no such folder", "leftovers.json")}
	results := Run(t.Context(), d.Checks(), nil)
	for _, id := range []ID{CheckMail, CheckMailWrite, CheckCalendar, CheckContactsWrite, CheckTasksWrite} {
		if r := result(t, results, id); r.State != Failed || fault.Is(r.Err, fault.Unknown) {
			t.Errorf("%+v", r)
		}
	}
	for route := range o.State().Requests {
		if strings.HasPrefix(route, "graph POST /v1.0/me") {
			t.Error(route)
		}
	}
}

// TestADamagedJournalIsSetAside: it may name what still stands in a mailbox.
func TestADamagedJournalIsSetAside(t *testing.T) {
	j := &LeftoverList{Path: filepath.Join(t.TempDir(), "leftovers.json")}
	if err := os.WriteFile(j.Path, []byte("[{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := j.List(); !fault.Is(err, fault.FileCorrupt) {
		t.Error(err)
	}
	if err := j.Add(Leftover{RunID: "NEW", Kind: KindMail}); err != nil {
		t.Fatal(err)
	}
	if list, err := j.List(); err != nil || len(list) != 1 || list[0].RunID != "NEW" {
		t.Errorf("%+v, %v", list, err)
	}
	if kept, err := os.ReadFile(j.Path + ".damaged"); err != nil || string(kept) != "[{" {
		t.Errorf("the damaged one is gone: %q, %v", kept, err)
	}
}
