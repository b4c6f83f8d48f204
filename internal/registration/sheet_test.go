package registration_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"entrada/internal/fault"
	"entrada/internal/guides"
	"entrada/internal/registration"
)

func TestThePlanTravels(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, g := range guides.BuiltIn() {
		p := w.prepare("megan", wanted(t, g.ID, ""))
		data, err := p.JSON()
		if err != nil {
			t.Fatal(err)
		}
		back, err := registration.ReadPlan(data)
		if err != nil {
			t.Fatal(err)
		}
		// The roles of who prepared it, and what else was seen there, stay at home.
		if diff := cmp.Diff(p, back, cmpopts.IgnoreFields(registration.Plan{}, "Held", "Mailboxes", "resourceID"),
			cmp.AllowUnexported(registration.Plan{}, registration.Change{})); diff != "" {
			t.Errorf("%s: sent (-), arrived (+):\n%s", g.ID, diff)
		}
		sheet := back.Sheet("Megan Bowen", "Contoso (practice)")
		for _, text := range []string{g.Vendor, "Megan Bowen", "Contoso (practice)", w.Tenant, "Role needed: ",
			p.Wanted.AppName} {
			if !strings.Contains(sheet, text) {
				t.Errorf("%s: the sheet does not say %q:\n%s", g.ID, text, sheet)
			}
		}
		for _, perm := range p.Wanted.Permissions {
			if !strings.Contains(sheet, perm.Name) || !strings.Contains(sheet, perm.Does()) {
				t.Errorf("%s: the sheet does not explain %s", g.ID, perm.Name)
			}
		}
	}
	cxt := wanted(t, "cxt", "")
	if r := cxt.Reach(214); len(r) != 1 ||
		!strings.Contains(r[0].Heading, "In all mailboxes of this organisation, about 214 of them,") ||
		r[0].Does[0] != "read everybody's mail" {
		t.Errorf("%+v", r)
	}
	if r := wanted(t, "oxfordiq", "").Reach(214); len(r) != 1 ||
		!strings.Contains(r[0].Heading, "each person who connects, and with no other") {
		t.Errorf("%+v", r)
	}
}

// A request file comes from anybody: it may ask for nothing that a guide could
// not ask for, and its words are not believed.
func TestHostileRequests(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.prepare("alex", wanted(t, "oxfordiq", ""))
	data, err := p.JSON()
	if err != nil {
		t.Fatal(err)
	}
	change := func(f func(m map[string]any)) []byte {
		var m map[string]any
		if err := json.Unmarshal(data, &m); err != nil {
			t.Fatal(err)
		}
		f(m)
		out, _ := json.Marshal(m)
		return out
	}
	first := func(m map[string]any) map[string]any { return m["changes"].([]any)[0].(map[string]any) }
	inner := func(m map[string]any) map[string]any { return m["wanted"].(map[string]any) }
	for name, c := range map[string]struct {
		data []byte
		kind fault.Kind
	}{
		"empty":         {nil, fault.FileCorrupt},
		"huge":          {make([]byte, registration.MaxPlanFile+1), fault.FileTooLarge},
		"newer":         {change(func(m map[string]any) { m["format"] = 2 }), fault.FileNewer},
		"unknown field": {change(func(m map[string]any) { m["run_this"] = "x" }), fault.FileCorrupt},
		"two in one":    {append(append([]byte{}, data...), data...), fault.FileCorrupt},
		"foreign right": {change(func(m map[string]any) {
			inner(m)["permissions"] = []any{map[string]any{"name": "RoleManagement.ReadWrite.Directory",
				"kind": "application"}}
		}), fault.InvalidInput},
		"plain http": {change(
			func(m map[string]any) { inner(m)["redirects"] = []any{map[string]any{"uri": "http://evil.example"}} }),
			fault.InvalidInput},
		"escape in a name": {change(func(m map[string]any) { inner(m)["appName"] = "x\x1b[2J" }), fault.InvalidInput},
		"hidden characters": {change(func(m map[string]any) { inner(m)["vendor"] = "Ox\u202eford" }),
			fault.InvalidInput},
		"for ever": {change(
			func(m map[string]any) { inner(m)["secret"] = map[string]any{"description": "x", "months": 1200} }),
			fault.InvalidInput},
		"unknown step": {change(func(m map[string]any) { first(m)["kind"] = "delete-everything" }), fault.FileCorrupt},
		"other permission": {change(func(m map[string]any) {
			first(m)["kind"], first(m)["names"] = "grant-application", []any{"Mail.ReadWrite"}
		}), fault.FileCorrupt},
		"no tenant":    {change(func(m map[string]any) { m["tenant"] = "../../me" }), fault.FileCorrupt},
		"no client ID": {change(func(m map[string]any) { m["clientId"] = "x" }), fault.FileCorrupt},
		"text in a detail": {change(func(m map[string]any) { first(m)["details"] = []any{"\x1b]0;x\x07"} }),
			fault.FileCorrupt},
	} {
		if _, err := registration.ReadPlan(c.data); !fault.Is(err, c.kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
	lie, err := registration.ReadPlan(change(func(m map[string]any) {
		first(m)["words"], first(m)["details"] = "Do nothing at all.", []any{"Nothing"}
	}))
	if err != nil || lie.Changes[0].Words != p.Changes[0].Words || lie.Changes[0].Details[0] == "Nothing" {
		t.Errorf("%+v, %v", lie.Changes[0], err)
	}
}

func FuzzReadPlan(f *testing.F) {
	f.Add([]byte(`{"format":1}`))
	f.Add([]byte(
		`{"format":1,"run":"00000000","cloud":"global","tenant":"11111111-1111-4111-8111-111111111111","made":"2026-11-20T00:00:00Z","wanted":{"guide":"x","vendor":"V","appName":"A","audience":"single-tenant","redirects":[],"switches":{"accessTokens":false,"idTokens":false,"publicClient":false},"permissions":[{"name":"Mail.Send","kind":"delegated"}],"exposed":[],"secret":{"description":"","months":1}},"changes":[{"kind":"add-secret","words":""}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := registration.ReadPlan(data)
		if err != nil {
			return
		}
		if err := p.Wanted.Check(); err != nil {
			t.Errorf("what was read does not hold: %v", err)
		}
		if sheet := p.Sheet("", ""); strings.ContainsAny(sheet, "\x1b\r\x07") {
			t.Errorf("a sheet that acts on a terminal: %q", sheet)
		}
	})
}
