package journey

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "entrada/internal/agefile/agefiletest" // what a passphrase costs is no matter here
	"entrada/internal/app"
	"entrada/internal/app/apptest"
	"entrada/internal/entra"
	"entrada/internal/entra/entratest"
	"entrada/internal/fault"
	"entrada/internal/guides"
)

// toPaste walks a journey up to the page where values are pasted.
func toPaste(t *testing.T, w app.App) *Journey {
	t.Helper()
	j := New(w)
	next := func() {
		t.Helper()
		if err := j.Next(); err != nil {
			t.Fatal(err)
		}
	}
	j.ChooseVendor(guides.ByID("oxfordiq"))
	next()
	j.TypeOrganisation("alex@contoso.example")
	j.UseTenant(entra.Tenant{ID: entratest.TenantID, Domain: "contoso.example", Cloud: entra.Global()})
	next()
	next()
	for j.Page().ID != PagePaste {
		next()
	}
	return j
}

func paste(t *testing.T, j *Journey) {
	t.Helper()
	if v := j.PasteClientID(entratest.ClientID); v.State != entra.Good {
		t.Fatal(v)
	}
	if v := j.PasteSecret(entratest.Secret); v.State != entra.Good {
		t.Fatal(v.Sentence)
	}
	j.SetSecretExpiry(j.ProposedExpiry())
	j.SetProbed(true)
}

func TestNoPageIsLeftWithSomethingMissing(t *testing.T) {
	j := New(apptest.New(t, entra.Global()))
	for _, fill := range []func(){
		func() { j.ChooseVendor(guides.ByID("oxfordiq")) },
		func() {
			j.UseTenant(entra.Tenant{ID: entratest.TenantID, Domain: "contoso.example", Cloud: entra.Global()})
		},
	} {
		before := j.Page().ID
		if err := j.Next(); !fault.Is(err, fault.InvalidInput) || j.Page().ID != before {
			t.Errorf("%s was left empty: %v", before, err)
		}
		fill()
		if err := j.Next(); err != nil || j.Page().ID == before {
			t.Errorf("%s cannot be left: %v", before, err)
		}
	}
	j = toPaste(t, apptest.New(t, entra.Global()))
	if err := j.Next(); !fault.Is(err, fault.InvalidInput) {
		t.Error("the paste page was left empty")
	}
	paste(t, j)
	j.SetProbed(false)
	if err := j.Next(); err == nil || !strings.Contains(err.Error(), "not accepted") {
		t.Errorf("values that Microsoft refused went through: %v", err)
	}
}

func TestBackAndNextLoseNothing(t *testing.T) {
	j := toPaste(t, apptest.New(t, entra.Global()))
	paste(t, j)
	before := j.Answers()
	for {
		ok, err := j.Back()
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			break
		}
	}
	if j.Page().ID != PageVendor || !j.HasSecret() || j.Answers().ClientID != before.ClientID {
		t.Error("something was lost on the way back")
	}
	if err := j.GoTo(PagePaste); err != nil || j.Page().ID != PagePaste || j.Missing(PagePaste) != nil {
		t.Error("the way forward is closed")
	}
	if j.CanGoTo(PageSave) {
		t.Error("a page far ahead is open")
	}
}

func TestResumeAtEveryPageWithNoSecretOnDisk(t *testing.T) {
	w := apptest.New(t, entra.Global())
	j := toPaste(t, w)
	paste(t, j)
	if err := j.GoTo(PageVendor); err != nil {
		t.Fatal(err)
	}
	for {
		here := j.Page()
		if err := j.Save(); err != nil {
			t.Fatal(err)
		}
		again, err := Resume(w)
		if err != nil {
			t.Fatal(err)
		}
		want := here.ID
		if here.ID == PageTest {
			want = PagePaste // the secret was not kept
		}
		if got := again.Page().ID; got != want {
			t.Errorf("left at %s, came back at %s", here.ID, got)
		}
		if again.HasSecret() {
			t.Error("a secret came back from disk")
		}
		if here.ID == PageTest {
			if again.Status(PageConsent()) != Done {
				t.Error("what was done is not done any more")
			}
			break
		}
		if err := j.Next(); err != nil {
			t.Fatal(err)
		}
	}
	_ = filepath.WalkDir(w.Home, func(path string, d os.DirEntry, _ error) error {
		if !d.IsDir() {
			data, err := os.ReadFile(path)
			if err != nil || strings.Contains(string(data), entratest.Secret) {
				t.Errorf("%s holds the secret (%v)", path, err)
			}
			if info, _ := d.Info(); info.Mode().Perm() != 0o600 {
				t.Errorf("%s has mode %v", path, info.Mode())
			}
		}
		return nil
	})
}

// PageConsent is the consent step's page.
// A journey with a guide of one's own goes on after the program was closed.
func TestResumeWithAnOwnGuide(t *testing.T) {
	a := apptest.New(t, entra.Global())
	g, err := guides.Build(guides.Wish{Vendor: "Fabrikam", Abilities: []string{"mail-send"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.AddGuide(g); err != nil {
		t.Fatal(err)
	}
	j := New(a)
	j.ChooseVendor(g)
	if err := j.Next(); err != nil {
		t.Fatal(err)
	}
	again, err := Resume(a)
	if err != nil || again == nil || again.Guide().Vendor != "Fabrikam" {
		t.Fatalf("%+v, %v", again, err)
	}
}

func PageConsent() PageID { return PageID(guides.StepConsent) }

func TestADamagedPlaceIsKeptAsideAndANewerOneLeftAlone(t *testing.T) {
	w := apptest.New(t, entra.Global())
	if j, err := Resume(w); j != nil || err != nil {
		t.Fatalf("nothing was left, yet %v, %v", j, err)
	}
	if err := toPaste(t, w).Save(); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(statePath(w))
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{
		"cut":     string(good[:len(good)/2]),
		"flipped": strings.Replace(string(good), "contoso", "c0ntoso", 1),
		"empty":   "",
	} {
		if err := os.WriteFile(statePath(w), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
		if j, err := Resume(w); j != nil || !fault.Is(err, fault.FileCorrupt) {
			t.Errorf("%s: %v", name, err)
		}
		aside := place(w).Aside()
		if len(aside) != 1 {
			t.Fatalf("%s: kept aside: %q", name, aside)
		}
		if kept, err := os.ReadFile(aside[0]); err != nil || string(kept) != data {
			t.Errorf("%s: the damaged file is not kept: %v", name, err)
		}
		_ = os.Remove(aside[0])
	}
	newer := strings.Replace(string(good), `"version": 2`, `"version": 3`, 1)
	if err := os.WriteFile(statePath(w), []byte(newer), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Resume(w); !fault.Is(err, fault.FileNewer) {
		t.Error(err)
	}
	if kept, _ := os.ReadFile(statePath(w)); string(kept) != newer {
		t.Error("a newer file was touched")
	}
}

func TestAnotherVendorOrOrganisationStartsAFreshApp(t *testing.T) {
	j := toPaste(t, apptest.New(t, entra.Global()))
	paste(t, j)
	other := *guides.ByID("oxfordiq")
	other.ID = "other"
	j.ChooseVendor(&other)
	if j.HasSecret() || j.Answers().ClientID != "" || j.CanGoTo(PagePaste) {
		t.Error("another vendor would get the first one's app")
	}
	j = toPaste(t, apptest.New(t, entra.Global()))
	paste(t, j)
	j.TypeOrganisation("x@fabrikam.example")
	if j.Answers().TenantID != "" || j.Missing(PageOrganisation) == nil {
		t.Error("the old organisation is still there")
	}
}

func TestASecretThatChangesHasToBeTestedAgain(t *testing.T) {
	j := toPaste(t, apptest.New(t, entra.Global()))
	paste(t, j)
	j.answers.TestedAt = j.app.Now()
	j.PasteSecret(strings.Replace(entratest.Secret, "01", "02", 1))
	if j.Probed() || j.Missing(PageTest) == nil {
		t.Error("the new secret counts as proven")
	}
	j.PasteSecret("c81e728d-9d4c-4f63-af06-7f89cc14862c")
	if j.HasSecret() {
		t.Error("a Secret ID was kept as the secret")
	}
}

func TestParseExpiry(t *testing.T) {
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	want := time.Date(2027, 5, 13, 0, 0, 0, 0, time.UTC)
	for _, s := range []string{"2027-05-13", "13 May 2027", "May 13, 2027", "13/05/2027", "5/13/2027", "13.05.2027",
		" 13  May 2027\n"} {
		if got, err := ParseExpiry(s, now); err != nil || !got.Equal(want) {
			t.Errorf("%q: %v, %v", s, got, err)
		}
	}
	for _, s := range []string{"", "soon", "05/03/2027", "31 February 2027", "20 November 2025", "20 December 2028",
		"15/15/2027", "never"} {
		if got, err := ParseExpiry(s, now); !fault.Is(err, fault.InvalidInput) {
			t.Errorf("%q was taken for %v (%v)", s, got, err)
		}
	}
}
