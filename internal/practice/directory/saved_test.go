package directory

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"entrada/internal/entra"
)

func TestSaveAndRestore(t *testing.T) {
	d, tenant := seeded(t, Rules{Delay: func() time.Duration { return time.Hour }})
	d = d.Primary()
	a, err := d.AddApp(tenant.ID, d.Users(tenant.ID)[0].ID,
		Application{DisplayName: "App", SignInAudience: multipleTenants, UniqueName: ptr("app"),
			API: API{RequestedAccessTokenVersion: ptr(2),
				OAuth2PermissionScopes: []PermissionScope{{ID: entra.NewGUID(), Value: "Access", Type: "User",
					IsEnabled: true}}}})
	if err != nil {
		t.Fatal(err)
	}
	secret, err := d.AddSecret(a.AppID, nil, time.Time{}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Consent(tenant.ID, a.AppID, GraphAppID, d.Users(tenant.ID)[3].ID, []string{"Mail.Send"},
		false); err != nil {
		t.Fatal(err)
	}
	d.LogSignIn(SignIn{Account: "megan@contoso.example"})
	data, err := json.Marshal(d.Save())
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(data), *secret.SecretText) || strings.Count(string(data), "Calendars.ReadWrite") > 0 {
		t.Error("the picture holds a secret, or Graph's whole catalogue")
	}
	var read Saved
	if err := json.Unmarshal(data, &read); err != nil {
		t.Fatal(err)
	}
	back := New(Rules{})
	if err := back.Restore(read); err != nil {
		t.Fatal(err)
	}
	if again, _ := json.Marshal(back.Save()); string(again) != string(data) {
		t.Errorf("before:\n%s\nafter:\n%s", data, again)
	}
	app, ok := back.App(a.AppID) // replicated by now
	if !ok || app.TenantID != tenant.ID || len(app.Owners) != 1 {
		t.Fatalf("%+v", app)
	}
	if verdict, _ := back.CheckSecret(app, *secret.SecretText); verdict != SecretGood {
		t.Errorf("the secret: %v", verdict)
	}
	if g, ok := back.ServicePrincipal(tenant.ID, GraphAppID); !ok || len(g.AppRoles) == 0 ||
		len(g.OAuth2PermissionScopes) == 0 {
		t.Error("Graph has lost its permissions")
	}
	if got := back.Granted(tenant.ID, a.AppID, GraphAppID, d.Users(tenant.ID)[3].ID); len(got) != 1 {
		t.Errorf("granted: %v", got)
	}
	// The rules hold as before.
	if _, err := back.AddApp(tenant.ID, "",
		Application{DisplayName: "x", SignInAudience: "AzureADMyOrg", UniqueName: ptr("app")}); err == nil {
		t.Error("a unique name is taken twice")
	}
	if err := back.DeleteApp(a.AppID); err != nil || len(back.Grants(tenant.ID)) != 0 {
		t.Errorf("%v, %d grants", err, len(back.Grants(tenant.ID)))
	}
}

// A newer program may know apps of Microsoft's that the picture does not.
func TestRestoreAddsWhatIsNew(t *testing.T) {
	d, tenant := seeded(t, Rules{})
	saved := d.Save()
	saved.Tenants[0].ServicePrincipals = saved.Tenants[0].ServicePrincipals[:1]
	back := New(Rules{})
	if err := back.Restore(saved); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{GraphAppID, AzureCLIAppID, GraphCommandAppID} {
		if _, ok := back.ServicePrincipal(tenant.ID, id); !ok {
			t.Errorf("%s is missing", id)
		}
	}
}

func TestSecretsEndWithinTheCalendar(t *testing.T) {
	d, _ := seeded(t, Rules{})
	a := d.Apps(d.Tenants()[0].ID)[0]
	if _, err := d.AddSecret(a.AppID, nil, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Time{}); codeOf(err) != "Request_BadRequest" {
		t.Errorf("a secret until the year 10001: %v", err)
	}
	if _, err := json.Marshal(d.Save()); err != nil {
		t.Error(err)
	}
}
