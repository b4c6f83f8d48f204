package terminal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"entrada/internal/app"
	"entrada/internal/connections"
	"entrada/internal/entra"
	"entrada/internal/entra/entratest"
	"entrada/internal/explain"
	"entrada/internal/practice"
	"entrada/internal/secret"
)

// TestAThousandOrganisations: of a thousand connections, each with an
// organisation of its own, twenty are broken in four ways. Exactly those are
// reported, each with its culprit.
func TestAThousandOrganisations(t *testing.T) {
	t.Parallel()
	const many, every = 1000, 50
	n := startTenant(t, practice.Options{Tenants: many})
	info := n.Info()
	d := n.desk("")
	d.secrets = append(d.secrets, info.AdminApp.ClientSecret)
	w, release, err := d.open(d.cloud)
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	want := map[string]explain.Culprit{}
	for i, tenant := range info.Tenants {
		r := connections.Record{
			Name: fmt.Sprintf("Vendor %04d", i), VendorID: "oxfordiq", VendorName: "OxfordIQ", CloudID: d.cloud.ID,
			TenantID:     tenant.ID,
			TenantDomain: tenant.Domain, ClientID: info.AdminApp.ClientID, SecretExpires: time.Now().AddDate(0, 6, 0),
		}
		key := info.AdminApp.ClientSecret
		if i%every == 7 {
			switch i / every % 4 {
			case 0:
				key, want[r.Name] = entratest.Secret, explain.Secret
			case 1:
				r.TenantID, want[r.Name] = fmt.Sprintf("%08d-0c1b-4f55-8e63-1b7c5d9f2a30", i), explain.Organisation
			case 2:
				r.ClientID, want[r.Name] = fmt.Sprintf("%08d-52a7-4c1d-9b0e-7d2f4a8c6e10", i), explain.AppRegistration
			case 3:
				n.switchOff(tenant.ID)
				want[r.Name] = explain.AppRegistration
			}
		}
		w.Connections.KeepForSession(r, secret.New(key)) // a thousand files would only take time
	}
	if len(want) != many/every {
		t.Fatalf("%d are broken", len(want))
	}
	var told, errs bytes.Buffer
	o := d.options("", &told, &errs)
	o.Open = func(entra.Cloud) (app.App, func(), error) { return w, func() {}, nil }
	code := Run(t.Context(), []string{"test", "--all", "--parallel", "50", "--json", "--practice"}, o)
	out, errOut := told.String(), errs.String()
	d.keepsSecrets(t.Errorf, out+errOut)
	var results []struct {
		Name    string
		OK      bool
		Culprit explain.Culprit
	}
	if err := json.Unmarshal([]byte(out), &results); err != nil || len(results) != many || code != exitFailed {
		t.Fatalf("exit code %d, %d results, %v\n%s", code, len(results), err, errOut)
	}
	for _, r := range results {
		if culprit, broken := want[r.Name]; r.OK == broken || r.Culprit != culprit {
			t.Errorf("%s: ok %v, culprit %q, want %q", r.Name, r.OK, r.Culprit, culprit)
		}
	}
	has(t, errOut, "1000 of 1000 tested", "20 failed")
}

// switchOff disables the administrators' app in one organisation.
func (n *tenant) switchOff(id string) {
	n.T.Helper()
	token := n.AdminToken(id)
	principal := n.GraphAs(token, "GET", "/servicePrincipals(appId='"+n.Info().AdminApp.ClientID+"')?$select=id", nil)
	n.GraphAs(token, "PATCH", "/servicePrincipals/"+principal.Text("id"), map[string]any{"accountEnabled": false})
}
