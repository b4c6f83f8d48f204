package directory

import (
	"errors"
	"strings"
	"testing"
	"time"

	"entrada/internal/entra"
)

func seeded(t *testing.T, rules Rules) (Directory, Tenant) {
	t.Helper()
	d := New(rules)
	if _, err := Seed(d.Primary(), 1); err != nil {
		t.Fatal(err)
	}
	return d, d.Tenants()[0]
}

func codeOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func ptr[T any](v T) *T { return &v }

func TestRegistrationsThatAreRefused(t *testing.T) {
	d, tenant := seeded(t, Rules{})
	first, err := d.AddApp(tenant.ID, "",
		Application{DisplayName: "First", SignInAudience: "AzureADMyOrg", UniqueName: ptr("one")})
	if err != nil {
		t.Fatal(err)
	}
	const bad, twice = "Request_BadRequest", "Request_MultipleObjectsWithSameKeyValue"
	for name, c := range map[string]struct {
		a    Application
		want string
	}{
		"no name": {Application{SignInAudience: "AzureADMyOrg"}, bad},
		"long name": {Application{DisplayName: strings.Repeat("n", 121), SignInAudience: "AzureADMyOrg"},
			bad},
		"unknown audience": {Application{DisplayName: "x", SignInAudience: "Everybody"}, bad},
		// the default audience allows personal accounts
		"personal, version 1": {Application{DisplayName: "x"}, bad},
		"personal, version 2": {Application{DisplayName: "x", API: API{RequestedAccessTokenVersion: ptr(2)}}, ""},
		"same unique name": {Application{DisplayName: "x", SignInAudience: "AzureADMyOrg",
			UniqueName: ptr("one")}, twice},
		"redirect over http": {Application{DisplayName: "x", SignInAudience: "AzureADMyOrg",
			Web: Web{RedirectURIs: []string{"http://vendor.example"}}}, bad},
		"redirect twice": {Application{DisplayName: "x", SignInAudience: "AzureADMyOrg",
			Web: Web{RedirectURIs: []string{"https://a.example", "https://a.example"}}}, bad},
		"identifier of strangers": {Application{DisplayName: "x", SignInAudience: "AzureADMyOrg",
			IdentifierURIs: []string{"https://elsewhere.example/api"}}, "HostNameNotOnVerifiedDomain"},
		"identifier of ours": {Application{DisplayName: "x", SignInAudience: "AzureADMyOrg",
			IdentifierURIs: []string{"https://api.contoso.example/v1"}}, ""},
		"permission without GUID": {Application{DisplayName: "x", SignInAudience: "AzureADMyOrg",
			RequiredResourceAccess: []RequiredResourceAccess{{GraphAppID, []ResourceAccess{{"Mail.Send", "Scope"}}}}},
			bad},
	} {
		if _, err := d.AddApp(tenant.ID, "", c.a); codeOf(err) != c.want {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	if _, err := d.UpdateApp(first.AppID,
		func(a *Application) error { a.UniqueName = ptr("two"); return nil }); codeOf(err) != bad {
		t.Errorf("the unique name changed: %v", err)
	}
}

func TestEnabledScopeCannotGo(t *testing.T) {
	d, tenant := seeded(t, Rules{})
	scope := PermissionScope{ID: entra.NewGUID(), Value: "Offline_access", Type: "User", IsEnabled: true}
	a, err := d.AddApp(tenant.ID, "",
		Application{DisplayName: "x", SignInAudience: "AzureADMyOrg",
			API: API{OAuth2PermissionScopes: []PermissionScope{scope}}})
	if err != nil {
		t.Fatal(err)
	}
	drop := func(a *Application) error { a.API.OAuth2PermissionScopes = nil; return nil }
	if _, err := d.UpdateApp(a.AppID, drop); codeOf(err) != "CannotDeleteOrUpdateEnabledEntitlement" {
		t.Errorf("enabled scope: %v", err)
	}
	scope.IsEnabled = false
	if _, err := d.UpdateApp(a.AppID,
		func(a *Application) error {
			a.API.OAuth2PermissionScopes = []PermissionScope{scope}
			return nil
		}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.UpdateApp(a.AppID, drop); err != nil {
		t.Errorf("disabled scope: %v", err)
	}
}

func TestSecrets(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	blocked, longest := false, time.Duration(0)
	d, tenant := seeded(t,
		Rules{Now: func() time.Time { return now },
			SecretRule: func() (bool, time.Duration) { return blocked, longest }})
	a, err := d.AddApp(tenant.ID, "", Application{DisplayName: "x", API: API{RequestedAccessTokenVersion: ptr(2)}})
	if err != nil {
		t.Fatal(err)
	}
	c, err := d.AddSecret(a.AppID, ptr("first"), time.Time{}, now.AddDate(0, 6, 0))
	if err != nil {
		t.Fatal(err)
	}
	text := *c.SecretText
	if len(text) != 40 || text[:3] != c.Hint {
		t.Errorf("secret of %d characters with hint %q", len(text), c.Hint)
	}
	check := func(text string) SecretVerdict {
		a, _ := d.App(a.AppID)
		v, _ := d.CheckSecret(a, text)
		return v
	}
	if a, _ := d.App(a.AppID); a.PasswordCredentials[0].SecretText != nil {
		t.Error("the text of the secret was kept")
	}
	if check(text) != SecretGood || check(c.KeyID) != SecretWrong || check("") != SecretWrong {
		t.Error("secrets are told apart wrongly")
	}
	now = now.AddDate(0, 7, 0)
	if check(text) != SecretExpired {
		t.Error("an expired secret does not count as expired")
	}
	if _, err := d.AddSecret(a.AppID, nil, time.Time{}, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.AddSecret(a.AppID, nil, time.Time{}, time.Time{}); err == nil {
		t.Error("an app for personal accounts got a third secret")
	}
	if blocked = true; codeOf(
		second(d.AddSecret(a.AppID, nil, time.Time{}, time.Time{}))) != "CredentialTypeNotAllowedAsPerAppPolicy" {
		t.Error("the policy against secrets does not hold")
	}
	if blocked, longest = false,
		90*24*time.Hour; codeOf(
		second(d.AddSecret(a.AppID, nil, now, now.AddDate(1, 0, 0)))) != "CredentialInvalidLifetimeAsPerAppPolicy" {
		t.Error("the policy on lifetimes does not hold")
	}
	if err := d.RemoveSecret(a.AppID, c.KeyID); err != nil {
		t.Error(err)
	}
	if err := d.RemoveSecret(a.AppID, c.KeyID); err == nil {
		t.Error("a secret was removed twice")
	}
}

func second[T any](_ T, err error) error { return err }

func TestReplicationTakesTime(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	delay := time.Duration(0)
	d, tenant := seeded(t, Rules{Now: func() time.Time { return now }, Delay: func() time.Duration { return delay }})
	delay = 5 * time.Second
	a, err := d.AddApp(tenant.ID, "", Application{DisplayName: "x", SignInAudience: "AzureADMyOrg"})
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := d.App(a.AppID); ok {
		t.Error("seen at once")
	}
	if _, ok := d.Primary().App(a.AppID); !ok {
		t.Error("not seen where it was written")
	}
	if _, err := d.AddServicePrincipal(tenant.ID, a.AppID, nil); err == nil ||
		!strings.Contains(err.Error(), "does not reference a valid application object") {
		t.Errorf("service principal too early: %v", err)
	}
	now = now.Add(5 * time.Second)
	if _, ok := d.App(a.AppID); !ok {
		t.Error("not seen in time")
	}
}

func TestPermissionsAreAllDistinct(t *testing.T) {
	names, ids := map[string]bool{}, map[string]bool{}
	for _, p := range Permissions() {
		if names[p.Name] {
			t.Errorf("%s stands twice", p.Name)
		}
		names[p.Name] = true
		for _, id := range []string{p.DelegatedID, p.RoleID} {
			if id == "" {
				continue
			}
			if !entra.IsGUID(id) || ids[id] {
				t.Errorf("%s: id %q", p.Name, id)
			}
			ids[id] = true
		}
		if p.DelegatedID != "" && p.Title == "" || p.RoleID != "" && p.AppTitle == "" {
			t.Errorf("%s has no description", p.Name)
		}
	}
}

func TestOneGrantPerPrincipal(t *testing.T) {
	d, tenant := seeded(t, Rules{})
	a, _ := d.AddApp(tenant.ID, "", Application{DisplayName: "x", SignInAudience: "AzureADMyOrg"})
	if err := d.Consent(tenant.ID, a.AppID, GraphAppID, "", []string{"Mail.Send", "mail.send"}, false); err != nil {
		t.Fatal(err)
	}
	megan, _ := d.User(tenant.ID, "MEGAN@contoso.example")
	if err := d.Consent(tenant.ID, a.AppID, GraphAppID, megan.ID, []string{"User.Read"}, false); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(d.Granted(tenant.ID, a.AppID, GraphAppID, megan.ID), " "); got != "Mail.Send User.Read" {
		t.Errorf("megan: %q", got)
	}
	if got := strings.Join(d.Granted(tenant.ID, a.AppID, GraphAppID, "somebody"), " "); got != "Mail.Send" {
		t.Errorf("others: %q", got)
	}
	g := *d.Grants(tenant.ID)[0]
	if _, err := d.AddGrant(tenant.ID, g); codeOf(err) != "Request_MultipleObjectsWithSameKeyValue" {
		t.Errorf("second grant: %v", err)
	}
	if err := d.DeleteApp(a.AppID); err != nil {
		t.Fatal(err)
	}
	if n := len(d.Grants(tenant.ID)); n != 0 {
		t.Errorf("%d grants outlive their app", n)
	}
}
