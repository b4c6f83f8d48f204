package connections

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entrada/internal/fault"
	"entrada/internal/secret"
)

func TestSaveAndReadAgain(t *testing.T) {
	dir, kc, ctx := folder(t), MemoryKeychain(), t.Context()
	s := open(t, dir, kc)
	want := sample(0)
	want.HandedOver = &HandedOver{When: day, To: "support@vendor.example"}
	saved, err := s.Save(ctx, want, firstSecret)
	must(t, err)
	if saved.ID == "" || saved.Name != "Vendor a · a.example" ||
		saved.SecretFingerprint != firstSecret.Fingerprint() || !saved.Created.Equal(day) {
		t.Errorf("%+v", saved)
	}
	want.ID, want.Name, want.Created, want.SecretFingerprint = saved.ID, saved.Name, day, saved.SecretFingerprint

	again := open(t, dir, kc)
	if diff := cmp.Diff([]Record{want}, again.List()); diff != "" {
		t.Error(diff)
	}
	v, err := again.Secret(ctx, saved.ID)
	if err != nil || !v.Equal(firstSecret) {
		t.Error("another secret", err)
	}
	info, _ := os.Stat(filepath.Join(dir, fileName))
	if info.Mode().Perm() != 0o600 && runtime.GOOS != "windows" { // where an access list says it; see safefile
		t.Error(info.Mode())
	}
	raw, _ := os.ReadFile(filepath.Join(dir, fileName))
	if strings.Contains(string(raw), "unfinished") {
		t.Errorf("a note was left:\n%s", raw)
	}
}

// Two connections of one vendor in one organisation are told apart by their names, and
// one that is saved again keeps its own.
func TestEachConnectionHasANameOfItsOwn(t *testing.T) {
	s := open(t, folder(t), MemoryKeychain())
	names := map[string]string{}
	for i, clientID := range []string{
		"11111111-52a7-4c1d-9b0e-7d2f4a8c6e10", "22222222-52a7-4c1d-9b0e-7d2f4a8c6e10",
		"33333333-52a7-4c1d-9b0e-7d2f4a8c6e10", "11111111-52a7-4c1d-9b0e-7d2f4a8c6e10",
	} {
		r := sample(0)
		r.ClientID, r.Name = clientID, ""
		saved, err := s.Save(t.Context(), r, firstSecret)
		must(t, err)
		want := []string{"Vendor a · a.example", "Vendor a · a.example (2)", "Vendor a · a.example (3)",
			"Vendor a · a.example"}[i]
		if saved.Name != want {
			t.Errorf("number %d is called %q", i, saved.Name)
		}
		names[saved.Name] = saved.ID
	}
	if len(names) != 3 {
		t.Errorf("%v", names)
	}
}

func TestSaveTheSameRegistrationAgain(t *testing.T) {
	dir, kc, ctx := folder(t), moody(), t.Context()
	s := open(t, dir, kc)
	first, err := s.Save(ctx, sample(0), firstSecret)
	must(t, err)
	// Without the ID, as after a second walk through the wizard.
	second, err := s.Save(ctx, sample(0), secondSecret)
	must(t, err)
	if second.ID != first.ID || len(s.List()) != 1 {
		t.Error("the same registration is there twice")
	}
	if v, _ := s.Secret(ctx, first.ID); !v.Equal(secondSecret) {
		t.Error("the renewed secret is not there")
	}
	// The same connection with another registration.
	second.ClientID = "44444444-4444-4444-8444-444444444444"
	moved, err := s.Save(ctx, second, firstSecret)
	must(t, err)
	if moved.ID != first.ID || kc.items() != 1 {
		t.Errorf("%d items in the keychain after the client ID changed", kc.items())
	}
	if _, err := s.Save(ctx, sample(1), firstSecret); err != nil {
		t.Fatal(err)
	}
	clash := sample(1)
	clash.ID = first.ID
	_, err = s.Save(ctx, clash, firstSecret)
	wantKind(t, err, fault.InvalidInput)
}

func TestSaveRefusesWhatWouldLeak(t *testing.T) {
	s := open(t, folder(t), MemoryKeychain())
	for _, put := range []func(*Record){
		func(r *Record) { r.Inputs["password"] = firstSecret.Reveal() },
		func(r *Record) { r.Name = "mine " + firstSecret.Reveal() },
		func(r *Record) { r.LastHeadline = firstSecret.Reveal() + "!" },
	} {
		r := sample(0)
		put(&r)
		_, err := s.Save(t.Context(), r, firstSecret)
		wantKind(t, err, fault.Misuse)
	}
	_, err := s.Save(t.Context(), sample(0), secret.Value{})
	wantKind(t, err, fault.Misuse)
	_, err = s.Save(t.Context(), Record{}, firstSecret)
	wantKind(t, err, fault.Misuse)
	if len(s.List()) != 0 {
		t.Error("something was saved")
	}
}

// K07 and K08: whatever the keychain answers, a secret that it did not take is nowhere.
func TestNothingIsSavedWithoutTheKeychain(t *testing.T) {
	for _, mood := range []fault.Kind{
		fault.KeychainUnavailable, fault.KeychainDeclined, fault.KeychainLocked,
		fault.KeychainTooLarge, fault.KeychainTimedOut, fault.KeychainCorrupt, fault.Cancelled,
	} {
		dir, kc, ctx := folder(t), moody(), t.Context()
		s := open(t, dir, kc)
		kc.mood = mood
		_, err := s.Save(ctx, sample(0), firstSecret)
		wantKind(t, err, mood)
		if kc.calls != 1 {
			t.Errorf("%s: asked %d times", mood, kc.calls)
		}
		if len(s.List()) != 0 || len(open(t, dir, kc).List()) != 0 {
			t.Errorf("%s: a record was saved", mood)
		}

		r := s.KeepForSession(sample(0), firstSecret)
		if !r.SessionOnly || len(s.List()) != 1 || !s.List()[0].SessionOnly {
			t.Errorf("%s: not kept for the session", mood)
		}
		if v, err := s.Secret(ctx, r.ID); err != nil || !v.Equal(firstSecret) {
			t.Error("the session does not have the secret", err)
		}
		r.LastResult = ResultOK
		must(t, s.UpdateRecord(r))
		if got, _ := s.Get(r.ID); got.LastResult != ResultOK || !got.SessionOnly {
			t.Errorf("%+v", got)
		}
		noSecretIn(t, dir, firstSecret)
		if len(open(t, dir, kc).List()) != 0 {
			t.Error("the session was written to the disk")
		}

		kc.mood = "" // the keychain is back
		report, err := s.Reconcile(ctx)
		must(t, err)
		if len(report.Finished)+len(report.Missing) != 0 {
			t.Errorf("%s: %+v", mood, report)
		}
		saved, err := s.Save(ctx, r, firstSecret)
		must(t, err)
		if l := s.List(); len(l) != 1 || l[0].SessionOnly || l[0].ID != saved.ID {
			t.Errorf("after saving it at last: %+v", l)
		}
	}
}

func noSecretIn(t *testing.T, dir string, v secret.Value) {
	t.Helper()
	must(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			raw, _ := os.ReadFile(path)
			if strings.Contains(string(raw), v.Reveal()) {
				t.Errorf("the secret is in %s", path)
			}
		}
		return err
	}))
}

// K09: deleted or changed behind our back.
func TestSecretThatIsGoneOrChanged(t *testing.T) {
	ctx, kc := t.Context(), moody()
	s := open(t, folder(t), kc)
	r, err := s.Save(ctx, sample(0), firstSecret)
	must(t, err)

	must(t, kc.Delete(ctx, r.account()))
	_, err = s.Secret(ctx, r.ID)
	wantKind(t, err, fault.KeychainMissing)
	if got, _ := s.Get(r.ID); got.Attention(day) != SecretMissing {
		t.Error("the list does not show that the secret is missing")
	}
	must(t, kc.Set(ctx, r.account(), secondSecret))
	_, err = s.Secret(ctx, r.ID)
	wantKind(t, err, fault.KeychainCorrupt)
	must(t, kc.Set(ctx, r.account(), firstSecret))
	_, err = s.Secret(ctx, r.ID)
	must(t, err)
	if got, _ := s.Get(r.ID); got.Attention(day) != None {
		t.Error("the list still complains")
	}
	kc.mood = fault.KeychainLocked // which says nothing about the secret
	_, err = s.Secret(ctx, r.ID)
	wantKind(t, err, fault.KeychainLocked)
	if got, _ := s.Get(r.ID); got.SecretGone {
		t.Error("a locked keychain was read as an empty one")
	}
	_, err = s.Secret(ctx, "nobody")
	wantKind(t, err, fault.InvalidInput)
}

func TestRemove(t *testing.T) {
	ctx, kc, dir := t.Context(), moody(), folder(t)
	s := open(t, dir, kc)
	var ids []string
	for n := range 3 {
		r, err := s.Save(ctx, sample(n), firstSecret)
		must(t, err)
		ids = append(ids, r.ID)
	}
	must(t, s.Remove(ctx, ids[0]))
	must(t, s.Remove(ctx, ids[0]))
	if kc.items() != 2 || len(s.List()) != 2 {
		t.Error("the neighbours did not survive")
	}
	for _, mood := range []fault.Kind{fault.KeychainDeclined, fault.KeychainLocked, fault.KeychainTimedOut,
		fault.Cancelled} {
		kc.mood = mood
		wantKind(t, s.Remove(ctx, ids[1]), mood)
		if len(s.List()) != 2 {
			t.Errorf("%s: removed without its secret", mood)
		}
	}
	kc.mood = fault.KeychainUnavailable
	wantKind(t, s.Remove(ctx, ids[1]), fault.KeychainUnavailable)
	if len(s.List()) != 1 || kc.items() != 2 {
		t.Error("a connection must not stay for ever because a keychain is gone")
	}
	kc.mood = ""
	report, err := open(t, dir, kc).Reconcile(ctx)
	must(t, err)
	if report.Deleted != 1 || kc.items() != 1 {
		t.Errorf("%+v, %d items", report, kc.items())
	}
	session := s.KeepForSession(sample(5), firstSecret)
	must(t, s.Remove(ctx, session.ID))
	if len(s.List()) != 1 {
		t.Error("the session's connection is still there")
	}
}

// K16 and P08, the store's share.
func TestRemoveEverything(t *testing.T) {
	ctx, kc, dir := t.Context(), moody(), folder(t)
	s := open(t, dir, kc)
	for n := range 5 {
		_, err := s.Save(ctx, sample(n), firstSecret)
		must(t, err)
	}
	s.KeepForSession(sample(6), firstSecret)
	must(t, os.WriteFile(filepath.Join(dir, fileName+".damaged-20260101-000000"), nil, 0o600))
	must(t, os.WriteFile(filepath.Join(dir, "somebody-elses"), nil, 0o600))

	kc.mood = fault.KeychainLocked
	wantKind(t, s.RemoveEverything(ctx), fault.KeychainLocked)
	if len(open(t, dir, kc).List()) != 5 {
		t.Error("records were forgotten whose secrets are still there")
	}
	kc.mood = ""
	must(t, s.RemoveEverything(ctx))
	entries, _ := os.ReadDir(dir)
	if kc.items() != 0 || len(s.List()) != 0 || len(entries) != 1 || entries[0].Name() != "somebody-elses" {
		t.Errorf("left: %d items, %d records, %v", kc.items(), len(s.List()), entries)
	}
	must(t, s.RemoveEverything(ctx))
	_, err := s.Save(ctx, sample(0), firstSecret) // and it can begin again
	must(t, err)
}

func TestReconcileNeverPrompts(t *testing.T) {
	ctx, kc, dir := t.Context(), moody(), folder(t)
	s := open(t, dir, kc)
	report, err := s.Reconcile(ctx)
	must(t, err)
	if kc.calls != 0 {
		t.Error("an empty list needs no keychain")
	}
	for n := range 3 {
		_, err := s.Save(ctx, sample(n), firstSecret)
		must(t, err)
	}
	lost := s.List()[1]
	must(t, kc.Keychain.Delete(ctx, lost.account()))
	kc.asked = false
	report, err = s.Reconcile(ctx)
	must(t, err)
	if kc.asked {
		t.Error("it could have prompted")
	}
	if len(report.Missing) != 1 || report.Missing[0].ID != lost.ID || !report.Missing[0].SecretGone {
		t.Errorf("%+v", report)
	}
	if l := s.List(); l[0].ID != lost.ID {
		t.Error("what needs attention is not first")
	}
	kc.mood = fault.KeychainLocked
	_, err = s.Reconcile(ctx)
	wantKind(t, err, fault.KeychainLocked)
}

func TestUpdateRecord(t *testing.T) {
	ctx, kc, dir := t.Context(), moody(), folder(t)
	s := open(t, dir, kc)
	for n := range 3 {
		_, err := s.Save(ctx, sample(n), firstSecret)
		must(t, err)
	}
	list := s.List()
	for i := range list {
		list[i].LastTested, list[i].LastResult, list[i].LastHeadline = day, ResultFailed, "The secret is wrong."
	}
	must(t, s.UpdateRecord(list...))
	if diff := cmp.Diff(list, open(t, dir, kc).List()); diff != "" {
		t.Error(diff)
	}
	r := list[0]
	r.ClientID = "other"
	wantKind(t, s.UpdateRecord(r), fault.Misuse)
	r = list[0]
	r.SecretFingerprint = "0000 0000"
	wantKind(t, s.UpdateRecord(r), fault.Misuse)

	// Another Entrada removed one meanwhile: the others are saved all the same.
	must(t, open(t, dir, kc).Remove(ctx, list[0].ID))
	list[1].Name = "renamed"
	wantKind(t, s.UpdateRecord(list...), fault.InvalidInput)
	if got := open(t, dir, kc).Find("renamed"); len(got) != 1 {
		t.Errorf("%+v", got)
	}
	// What a caller does to its copy changes nothing here.
	got, _ := s.Get(list[1].ID)
	got.Inputs["mailbox"] = "changed"
	if again, _ := s.Get(list[1].ID); again.Inputs["mailbox"] == "changed" {
		t.Error("the list shares its maps with callers")
	}
}

func TestTwoAtOnceLoseNothing(t *testing.T) {
	ctx, kc, dir := t.Context(), MemoryKeychain(), folder(t)
	a, b := open(t, dir, kc), open(t, dir, kc)
	var all sync.WaitGroup
	for n := range 10 {
		s := a
		if n%2 == 1 {
			s = b
		}
		all.Go(func() {
			if _, err := s.Save(ctx, sample(n), firstSecret); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	must(t, a.Reload())
	if len(a.List()) != 10 {
		t.Errorf("%d of 10", len(a.List()))
	}
}

func TestFind(t *testing.T) {
	s := open(t, folder(t), MemoryKeychain())
	for n, name := range []string{"Oxford", "Oxford two", "Gathr"} {
		r := sample(n)
		r.Name = name
		s.KeepForSession(r, firstSecret)
	}
	for in, want := range map[string]int{"oxford": 1, "OXF": 2, "gathr": 1, "nobody": 0, "": 0} {
		if got := s.Find(in); len(got) != want {
			t.Errorf("%q: %d", in, len(got))
		}
	}
	if got := s.Find(s.List()[0].ID); len(got) != 1 {
		t.Error("not found by ID")
	}
}
