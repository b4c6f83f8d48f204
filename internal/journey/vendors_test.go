package journey

import (
	"os"
	"path/filepath"
	"testing"

	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/guides"
)

func TestAnOwnGuideLastsAndNeverPassesForABuiltInOne(t *testing.T) {
	w := world(t)
	g, err := guides.Build(guides.Wish{Vendor: "Fabrikam", Abilities: []string{"mail-send"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.AddGuide(g); err != nil {
		t.Fatal(err)
	}
	j := New(w)
	j.ChooseVendor(g)
	j.TypeOrganisation("alex@contoso.example")
	j.UseTenant(entra.Tenant{ID: tenantID, Domain: "contoso.example", Cloud: entra.Global()})
	if err := j.Next(); err != nil {
		t.Fatal(err)
	}
	again, err := Resume(w)
	if err != nil || again == nil || again.Guide().Vendor != "Fabrikam" {
		t.Fatalf("%+v, %v", again, err)
	}
	mimic := *g
	mimic.ID = "oxfordiq"
	if err := w.AddGuide(&mimic); !fault.Is(err, fault.InvalidInput) {
		t.Errorf("a file took the place of a built-in guide: %v", err)
	}
	// Nor by being laid into the folder.
	data, err := guides.Encode(&mimic)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(w.guideFolder(), "x.toml"), data, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := w.GuideByID("oxfordiq"); got.Vendor != "OxfordIQ" || len(w.OwnGuides()) != 1 {
		t.Errorf("%q, %d own guides", got.Vendor, len(w.OwnGuides()))
	}
}

func TestAGuideFileThatIsNone(t *testing.T) {
	dir := t.TempDir()
	if _, err := LoadGuide(filepath.Join(dir, "none.toml")); !fault.Is(err, fault.FileNotFound) {
		t.Error(err)
	}
	if _, err := LoadGuide(dir); !fault.Is(err, fault.FileNotRegular) {
		t.Error(err)
	}
	bad := filepath.Join(dir, "bad.toml")
	if err := os.WriteFile(bad, []byte("format = 1\nendpoint = 'x'\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadGuide(bad); !fault.Is(err, fault.FileCorrupt) {
		t.Error(err)
	}
}
