package registration_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"entrada/internal/fault"
	"entrada/internal/guides"
	"entrada/internal/registration"
	"entrada/internal/secret"
	"entrada/internal/signin"
)

// works proves a secret as the wizard's probe does: an app that may do nothing
// by itself still gets a token.
func (w *world) works(clientID string, value secret.Value) error {
	_, err := signin.AppOnly(w.T.Context(), signin.Request{Cloud: w.Cloud(), Tenant: w.Tenant, ClientID: clientID,
		ClientSecret: value})
	return err
}

func TestRenewing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e := w.engine("alex", nil)
	res := w.register(e, wanted(t, "oxfordiq", ""))
	ask := registration.RenewRequest{ClientID: res.ClientID, OldKeyID: res.SecretID, Description: "OxfordIQ",
		Months: 12}

	n, err := e.Renew(t.Context(), ask, nil)
	if err != nil {
		t.Fatal(err)
	}
	// Both work, so that nothing stops before the vendor has the new one.
	for _, value := range []secret.Value{res.Secret, n.Secret} {
		if err := w.works(res.ClientID, value); err != nil {
			t.Error(err)
		}
	}
	if list, err := registration.Renewals(w.folder); err != nil || len(list) != 1 || list[0].Kept ||
		!list[0].Secret.IsEmpty() {
		t.Errorf("%+v, %v", list, err)
	}
	// Keeping it failed: roll back.
	if err := e.RollBackRenewal(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	if s := w.App(res.ClientID).Secrets; len(s) != 1 || s[0].KeyID != res.SecretID {
		t.Errorf("%+v", s)
	}

	n, err = e.Renew(t.Context(), ask, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.KeepRenewal(n); err != nil {
		t.Fatal(err)
	}
	later, err := registration.Renewals(w.folder)
	if err != nil || len(later) != 1 || !later[0].Kept {
		t.Fatalf("%+v, %v", later, err)
	}
	// Days later, from the file.
	if err := e.FinishRenewal(t.Context(), later[0]); err != nil {
		t.Fatal(err)
	}
	if s := w.App(res.ClientID).Secrets; len(s) != 1 || s[0].KeyID != n.NewKeyID {
		t.Errorf("%+v", s)
	}
	if err := w.works(res.ClientID, n.Secret); err != nil {
		t.Error(err)
	}
	if err := w.works(res.ClientID, res.Secret); fault.CodeOf(err) != "AADSTS7000215" {
		t.Errorf("the old secret: %v", err)
	}
	if list, _ := registration.Renewals(w.folder); len(list) != 0 {
		t.Errorf("%+v", list)
	}
	if err := e.FinishRenewal(t.Context(), n); err != nil {
		t.Errorf("finished twice: %v", err)
	}
	w.noSecretOnDisk()
}

// The new secret was deleted by somebody: the old one must not go as well.
func TestTheNewSecretIsDeleted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e := w.engine("alex", nil)
	res := w.register(e, wanted(t, "oxfordiq", ""))
	n, err := e.Renew(t.Context(),
		registration.RenewRequest{ClientID: res.ClientID, OldKeyID: res.SecretID, Description: "x", Months: 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.FinishRenewal(t.Context(), n); !fault.Is(err, fault.Misuse) || len(w.App(res.ClientID).Secrets) != 2 {
		t.Errorf("the old secret goes before the new one is stored: %v", err)
	}
	if err := e.KeepRenewal(n); err != nil {
		t.Fatal(err)
	}
	w.as("chris", "POST", "/applications/"+res.ObjectID+"/removePassword", map[string]any{"keyId": n.NewKeyID})
	if err := e.FinishRenewal(t.Context(), n); !fault.Is(err, fault.GraphRefused) {
		t.Error(err)
	}
	if s := w.App(res.ClientID).Secrets; len(s) != 1 || s[0].KeyID != res.SecretID {
		t.Errorf("%+v", s)
	}
}

func TestRenewingIsKilledAnywhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e := w.engine("alex", nil)
	res := w.register(e, wanted(t, "cxt", ""))
	ask := registration.RenewRequest{ClientID: res.ClientID, OldKeyID: res.SecretID, Description: "Oauth", Months: 12}
	for n := int64(1); ; n++ {
		finished := false
		for _, after := range []bool{false, true} {
			ctx, kill := context.WithCancel(t.Context())
			_, err := w.engine("alex", killer(n, after, kill)).Renew(ctx, ask, nil)
			finished = finished || ctx.Err() == nil && err == nil
			kill()
			list, err := registration.Renewals(w.folder)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range list {
				if err := e.RollBackRenewal(t.Context(), r); err != nil {
					t.Fatal(err)
				}
			}
			if s := w.App(res.ClientID).Secrets; len(s) != 1 || s[0].KeyID != res.SecretID {
				t.Fatalf("at %d, after=%v: %+v", n, after, s)
			}
		}
		if finished {
			return
		}
	}
}

func TestRenewingWhatCannotBe(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e := w.engine("alex", nil)
	id := "11111111-1111-4111-8111-111111111111"
	for name, r := range map[string]registration.RenewRequest{
		"client ID": {ClientID: "x", Months: 12}, "secret ID": {ClientID: id, OldKeyID: "x", Months: 12},
		"months": {ClientID: id}, "description": {ClientID: id, Months: 1, Description: "a\x1b[2J"},
	} {
		if _, err := e.Renew(t.Context(), r, nil); !fault.Is(err, fault.InvalidInput) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := e.Renew(t.Context(), registration.RenewRequest{ClientID: id, Months: 12},
		nil); fault.CodeOf(err) != "Request_ResourceNotFound" {
		t.Errorf("an app that is not there: %v", err)
	}
}

func TestTheTestAddressGoes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e := w.engine("alex", nil)
	want := wanted(t, "gathr", "")
	res := w.register(e, want)
	for _, expected := range []bool{true, false} {
		if changed, err := e.RemoveTestRedirect(t.Context(), want, res.ClientID); changed != expected || err != nil {
			t.Errorf("%v, %v", changed, err)
		}
	}
	if uris := w.App(res.ClientID).Web.RedirectURIs; len(uris) != 1 || uris[0] == guides.TestRedirect {
		t.Errorf("%v", uris)
	}
	// It is missing now, but nothing that the vendor needs is.
	list := e.Verify(t.Context(), want, res.ClientID, false)
	if r := requirement(list, registration.Redirects); r.State != registration.Differs || !r.Advice ||
		registration.Verdict(list) != registration.OK {
		t.Errorf("%+v", r)
	}
	// CXT Software needs that very address itself.
	cxt := wanted(t, "cxt", "")
	res = w.register(e, cxt)
	if changed, err := e.RemoveTestRedirect(t.Context(), cxt, res.ClientID); changed || err != nil {
		t.Errorf("%v, %v", changed, err)
	}
}

// Undo, days later, with somebody else's secret in the app.
func TestUndoWarnsOfOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e := w.engine("alex", nil)
	want := wanted(t, "oxfordiq", "")
	res := w.register(e, want)
	list, err := registration.Journals(w.folder)
	if err != nil || len(list) != 1 || list[0].State != registration.RunKept {
		t.Fatalf("%+v, %v", list, err)
	}
	if items := e.Preview(t.Context(), list[0]); len(items) != 1 || items[0].Perhaps || items[0].Warning != "" {
		t.Errorf("%+v", items)
	}
	w.as("chris", "POST", "/applications/"+res.ObjectID+"/addPassword",
		map[string]any{"passwordCredential": map[string]any{"displayName": "theirs"}})
	if items := e.Preview(t.Context(), list[0]); len(items) != 1 ||
		!strings.Contains(items[0].Warning, "1 more secret") {
		t.Errorf("%+v", items)
	}
	for range 2 { // what is gone already is no error
		if err := e.Undo(t.Context(), list[0], nil); err != nil {
			t.Fatal(err)
		}
	}
	if len(w.Apps(want.AppName)) != 0 {
		t.Error("the app is still there")
	}
	if err := list[0].Forget(); err != nil {
		t.Error(err)
	}
	if list, _ := registration.Journals(w.folder); len(list) != 0 {
		t.Error("the journal is still there")
	}
	elsewhere := *e
	elsewhere.TenantID = "11111111-1111-4111-8111-111111111111"
	if err := elsewhere.Undo(t.Context(), list[0], nil); !fault.Is(err, fault.InvalidInput) {
		t.Errorf("undone in another organisation: %v", err)
	}
}

// A journal that somebody tampered with, or that tore, deletes nothing.
func TestBrokenJournals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e := w.engine("alex", nil)
	res := w.register(e, wanted(t, "oxfordiq", ""))
	path := filepath.Join(w.folder, "registration-"+strings.ToLower(res.RunID)+".json")
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		text string
		kind fault.Kind
	}{
		"torn": {string(good[:len(good)/2]), fault.FileCorrupt},
		"a path": {strings.Replace(string(good), `"object": "`+res.ObjectID, `"object": "../users/x`, 1),
			fault.FileCorrupt},
		"another run": {strings.Replace(string(good), `"run": "`+res.RunID, `"run": "00000000`, 1),
			fault.FileCorrupt},
		"a newer one": {strings.Replace(string(good), `"version": 2`, `"version": 3`, 1), fault.FileNewer},
		"foreign grant": {strings.Replace(string(good), `"Mail.Send"`, `"Sites.FullControl.All"`, 1),
			fault.FileCorrupt},
	} {
		if c.text == string(good) {
			t.Fatalf("%s: nothing was changed", name)
		}
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if list, err := registration.Journals(w.folder); len(list) != 0 || !fault.Is(err, c.kind) {
			t.Errorf("%s: %+v, %v", name, list, err)
		}
	}
	if list, err := registration.Journals(filepath.Join(w.folder, "not there")); list != nil || err != nil {
		t.Errorf("%v, %v", list, err)
	}
}

// What cannot be written down is not done.
func TestNothingWithoutAJournal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	want := wanted(t, "oxfordiq", "")
	p := w.prepare("alex", want)
	e := w.engine("alex", nil)
	e.Folder = filepath.Join(w.folder, "not there")
	if _, err := e.Apply(t.Context(), p, nil); err == nil {
		t.Error("no error")
	}
	if len(w.Apps(want.AppName)) != 0 {
		t.Error("it was registered all the same")
	}
}

func TestPlansThatCannotBeApplied(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e := w.engine("alex", nil)
	p := w.prepare("alex", wanted(t, "oxfordiq", ""))
	data, _ := p.JSON()
	fromFile, err := registration.ReadPlan(data)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Apply(t.Context(), fromFile, nil); !fault.Is(err, fault.Misuse) {
		t.Errorf("from a file: %v", err)
	}
	elsewhere := p
	elsewhere.TenantID = "11111111-1111-4111-8111-111111111111"
	if _, err := e.Apply(t.Context(), elsewhere, nil); !fault.Is(err, fault.InvalidInput) {
		t.Errorf("of another organisation: %v", err)
	}
	if _, err := e.Prepare(t.Context(), p.Wanted, registration.App{ClientID: "../x"}); !fault.Is(err,
		fault.InvalidInput) {
		t.Errorf("no client ID: %v", err)
	}
	if _, err := e.Prepare(t.Context(), p.Wanted,
		registration.App{ClientID: elsewhere.TenantID}); fault.CodeOf(err) != "Request_ResourceNotFound" {
		t.Errorf("no such app: %v", err)
	}
	p.Wanted.Permissions = nil
	if _, err := e.Apply(t.Context(), p, nil); !fault.Is(err, fault.InvalidInput) {
		t.Errorf("wanting nothing: %v", err)
	}
}
