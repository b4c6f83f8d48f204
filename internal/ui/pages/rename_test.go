package pages

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"entrada/internal/connections"
	"entrada/internal/secret"
	"entrada/internal/ui/parts"
)

// A connection gets another name from the first page; one that another has is said at
// the field, and nothing typed is lost.
func TestAConnectionIsRenamed(t *testing.T) {
	r := newRig(t, large(), fynetheme.VariantLight)
	for i, name := range []string{"OxfordIQ · contoso.example", "OxfordIQ · contoso.example (2)"} {
		record := connections.Record{Name: name, VendorID: "oxfordiq", VendorName: "OxfordIQ",
			CloudID: r.app.Cloud.ID, TenantID: tenantID, ClientID: clientID[:len(clientID)-1] + fmt.Sprint(i)}
		if _, err := r.app.Connections.Save(t.Context(), record, secret.New(value)); err != nil {
			t.Fatal(err)
		}
	}
	r.ShowHome()
	r.press("More for OxfordIQ · contoso.example (2)")
	for _, key := range []fyne.KeyName{fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn} { // the third of the menu
		r.window.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: key})
	}
	r.untilTitle("Rename this connection")
	field := onPage[*parts.Field](r)
	field.SetText("oxfordiq · Contoso.example")
	r.pressPrimary()
	r.reads("Another connection has this name.")
	r.snap("rename-taken")
	field.SetText("OxfordIQ, Berlin")
	r.pressPrimary()
	r.untilTitle("Connect an app to Outlook")
	r.reads("OxfordIQ, Berlin")
	if len(r.app.Connections.Find("OxfordIQ, Berlin")) != 1 {
		t.Error("it has the old name")
	}
	r.snap("renamed")
}
