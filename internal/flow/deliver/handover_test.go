package deliver

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"entrada/internal/connections"
	"entrada/internal/fault"
	"entrada/internal/flow/prove"
	"entrada/internal/guides"
	"entrada/internal/handover"
	"entrada/internal/secret"
)

// E05: neither of the two is replaced unless somebody said so, and none is
// written if one is in the way.
func TestAnExportReplacesNothingByItself(t *testing.T) {
	w := newApp(t)
	r := savedRecord(t, &w)
	g, dir := guides.ByID("oxfordiq"), t.TempDir()
	lock := handover.Lock{Passphrase: handover.GeneratePassphrase()}
	sheet := filepath.Join(dir, "all.sheet.pdf")
	if err := os.WriteFile(sheet, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	err := Export(t.Context(), w, r, g, lock, secret.Value{}, false, pair(dir))
	if !fault.Is(err, fault.FileExists) {
		t.Fatal(err)
	}
	if kept, _ := os.ReadFile(sheet); string(kept) != "mine" {
		t.Error("it was replaced")
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Error("the other one was written all the same")
	}
	if err := Export(t.Context(), w, r, g, lock, secret.Value{}, true, pair(dir)); err != nil {
		t.Fatal(err)
	}
	for _, o := range pair(dir) {
		if info, err := os.Stat(o.Path); err != nil || info.Mode().Perm()&0o077 != 0 && os.PathSeparator == '/' {
			t.Error(o.Path, err)
		}
	}
}

// E15: nothing of the person who works here is in what leaves.
func TestWhatLeavesNamesNobody(t *testing.T) {
	w := newApp(t)
	r := savedRecord(t, &w)
	r.Inputs = map[string]string{"note": "alex@contoso.example"} // asked for by no field of this vendor
	r.HandedOver = &connections.HandedOver{When: w.Now(), To: "sam@vendor.example"}
	p := Package(w, r, guides.ByID("oxfordiq"), Secrets{})
	for _, f := range handover.Formats() {
		text, err := f.Preview(p)
		if err != nil {
			t.Fatal(f.ID, err)
		}
		for _, private := range []string{"alex", "sam@", w.Home, marker} {
			if strings.Contains(text, private) {
				t.Errorf("%s tells %q:\n%s", f.ID, private, text)
			}
		}
	}
}

// Only an encrypted hand-over is ever deleted as a file.
func TestDeletingTheLocalCopy(t *testing.T) {
	w := newApp(t)
	r := savedRecord(t, &w)
	other := filepath.Join(t.TempDir(), "letter.txt")
	if err := os.WriteFile(other, []byte("a letter"), 0o600); err != nil {
		t.Fatal(err)
	}
	deleted, err := DeleteLocalCopy(t.Context(), w, r, other)
	if err != nil || deleted.SecretDeleted.IsZero() {
		t.Fatal(deleted, err)
	}
	if _, err := os.Stat(other); err != nil {
		t.Error("another file was deleted")
	}
	if _, err := w.Connections.Secret(t.Context(), r.ID); !fault.Is(err, fault.KeychainMissing) {
		t.Error(err)
	}
	// A renewed secret is there again, and the vendor does not have it yet.
	marked, err := MarkHandedOver(w, deleted, "Sam")
	if err != nil {
		t.Fatal(err)
	}
	renewed, err := w.Connections.Save(t.Context(), marked, secret.New(marker+"-renewed"))
	if err != nil || !renewed.SecretDeleted.IsZero() || renewed.HandedOver != nil {
		t.Errorf("%+v %v", renewed, err)
	}
}

// A mailbox password that is not given is answered, not promised.
func TestLettersOfAVendorThatAsksForAPassword(t *testing.T) {
	w := newApp(t)
	r := savedRecord(t, &w)
	r.VendorID, r.Inputs = "cxt", map[string]string{"mailbox": "sales@contoso.example"}
	l, err := Letters(w, r, guides.ByID("cxt"), Sent{})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(l.Mail, "we do not give out a mailbox password") || strings.Contains(l.File, "password") {
		t.Errorf("%s\n%s", l.Mail, l.File)
	}
	for _, s := range []Secrets{{}, {PasswordGiven: true}, {MailboxPassword: secret.New("hunter-22-of-them")}} {
		given := s.PasswordGiven || !s.MailboxPassword.IsEmpty()
		for _, f := range Package(w, r, guides.ByID("cxt"), s).Fields {
			if strings.Contains(strings.ToLower(f.Label), "password") && (f.LeftEmpty == given || f.Secret != given) {
				t.Errorf("%+v, given: %v", f, given)
			}
		}
	}
	l, err = Letters(w, r, guides.ByID("cxt"), Sent{MailboxPassword: true})
	if err != nil || !strings.Contains(l.File, "assword") {
		t.Errorf("%v\n%s", err, l.File)
	}
}

// Received settings become the record that they came from, for every vendor.
func TestWhatIsReceivedIsWhatWasSent(t *testing.T) {
	for _, g := range guides.BuiltIn() {
		w := newApp(t)
		r := savedRecord(t, &w)
		r.VendorID, r.VendorName, r.Name, r.Inputs, r.Features = g.ID, g.Vendor, g.Vendor+" · contoso.example",
			map[string]string{}, g.DefaultFeatures()
		for _, f := range g.Fields {
			if f.From == guides.FromSecretID {
				r.SecretID = "0d8f0b55-6a56-4f24-8a2b-4d3c6c1f5a10"
			}
			if f.From == guides.FromInput {
				r.Inputs[f.Input] = "value.example"
			}
		}
		data, err := handover.EncryptedTo(Package(w, r, g, Secrets{Client: secret.New(marker)}),
			"age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p")
		if err != nil || len(data) == 0 {
			t.Fatal(g.ID, err)
		}
		got := Receive(w, Package(w, r, g, Secrets{Client: secret.New(marker)}))
		rec := got.Record()
		if rec.ClientID != r.ClientID || rec.TenantID != r.TenantID || rec.SecretID != r.SecretID ||
			rec.Name != r.Name || !rec.SecretExpires.Equal(r.SecretExpires) {
			t.Errorf("%s: %+v", g.ID, rec)
		}
		for id, v := range r.Inputs {
			if rec.Inputs[id] != v {
				t.Errorf("%s: %q is %q", g.ID, id, rec.Inputs[id])
			}
		}
		want, ok := prove.FromRecord(w, r, secret.New(marker))
		if s := got.Subject(); !ok || strings.Join(s.Asked(), " ") != strings.Join(want.Asked(), " ") ||
			strings.Join(s.AppAsked(), " ") != strings.Join(want.AppAsked(), " ") {
			t.Errorf("%s: asked for %v and %v", g.ID, s.Asked(), s.AppAsked())
		}
		if err := got.Elsewhere(); err != nil {
			t.Error(g.ID, err)
		}
	}
}

// Who has saved no files yet is not told to send them.
func TestNothingIsSentThatWasNotSaved(t *testing.T) {
	a := newApp(t)
	g := guides.ByID("oxfordiq")
	r := connections.Record{Name: "x", VendorID: g.ID, VendorName: g.Vendor, CloudID: a.Cloud.ID}
	const missing = "not saved yet"
	for name, c := range map[string]struct {
		parcel   Parcel
		exported *connections.Exported
		want     bool
	}{
		"nothing":      {Parcel{}, nil, true},
		"now":          {Parcel{Exported: connections.Exported{File: "/x/all.settings.age"}}, nil, false},
		"another time": {Parcel{}, &connections.Exported{}, false},
	} {
		r.Exported = c.exported
		s, err := Send(a, r, g, c.parcel)
		if err != nil || strings.Contains(s.Lead, missing) != c.want {
			t.Errorf("%s: %q, %v", name, s.Lead, err)
		}
	}
}
