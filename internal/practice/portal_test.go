package practice_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"entrada/internal/entra"
	"entrada/internal/practice"
	"entrada/internal/practice/directory"
)

// follow does what the portal's script does with a #view/… address.
func (b *browser) follow(link string) {
	b.t.Helper()
	u, err := url.Parse(link)
	if err != nil {
		b.t.Fatal(err)
	}
	tenant := strings.Trim(u.Path, "/")
	u.Fragment, u.Path = "", "/"+tenant
	if tenant != "" {
		u.Path += "/"
	}
	b.open(u.String())
	b.sees(`"/portal/go?tenant="`)
	view, _ := strings.CutPrefix(link[strings.IndexByte(link, '#')+1:], "view/")
	b.open(u.Scheme + "://" + u.Host + "/portal/go?" + url.Values{"tenant": {tenant}, "view": {view}}.Encode())
}

func (b *browser) portal(s *practice.Server, page entra.PortalPage, account, clientID string) {
	b.t.Helper()
	b.follow(s.Cloud().PortalLink(page, s.Info().Tenants[0].ID, clientID))
	if strings.HasPrefix(b.at.Path, "/portal/signin") {
		b.submit("portal-account-picker", map[string]string{"account": account})
	}
}

func permissionID(name string) string {
	p, _ := directory.PermissionNamed(name)
	return p.DelegatedID
}

// From the first page to a working connection, as the guided route goes.
func TestRegisterInThePortal(t *testing.T) {
	s := start(t, practice.Options{})
	b := newBrowser(t)
	b.portal(s, entra.PageNewRegistration, "alex@contoso.example", "")
	b.sees("Register an application", "Single tenant only - Contoso (practice)", "Multiple Entra ID tenants",
		"Any Entra ID Tenant + Personal Microsoft accounts", "Personal accounts only", "nothing here touches Microsoft")
	b.submit("register-form", map[string]string{"name": "OxfordIQ Outlook Integration", "audience": "AzureADMyOrg"})
	clientID := b.element("application-client-id")
	if b.element("directory-tenant-id") != s.Info().Tenants[0].ID || b.element("object-id") == clientID {
		t.Error("the overview confuses its IDs")
	}

	b.portal(s, entra.PageAuthentication, "", clientID)
	b.sees("Redirect URI configuration", "Supported accounts", "Settings", "Add Redirect URI")
	b.open(b.at.String() + "?pane=platforms")
	b.sees("Select a platform to add redirect URI", "Web", "Single-page application", "Mobile and desktop applications")
	b.open(strings.Replace(b.at.String(), "pane=platforms", "pane=configure&platform=web", 1))
	b.submit("redirect-form", map[string]string{"redirectUri": "http://127.0.0.1:8000/"})
	b.sees(`Must start with "HTTPS" or "http://localhost".`)
	b.submit("redirect-form", map[string]string{"redirectUri": "http://localhost/callback"})

	b.portal(s, entra.PagePermissions, "", clientID)
	b.sees("User.Read", "Not granted for Contoso (practice)", "Grant admin consent for Contoso (practice)")
	at := b.at.String()
	b.open(at + "?pane=graph&type=delegated&search=calendars.readw")
	b.sees("Calendars.ReadWrite")
	b.open(at + "?pane=graph&type=delegated")
	f := b.form("permission-form")
	f.fields = url.Values{"type": {"delegated"},
		"permission": {permissionID("Mail.Send"), permissionID("Calendars.ReadWrite"), permissionID("offline_access")}}
	r, _ := http.NewRequest("POST", at+"/add", strings.NewReader(f.fields.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	b.do(r)
	b.open(at + "?pane=consent")
	b.sees("Do you want to grant consent")
	b.submit("consent-form", nil)
	b.sees("Successfully granted admin consent", "Granted for Contoso (practice)")
	if strings.Contains(b.body, "Not granted") {
		t.Error("something is not granted")
	}

	b.portal(s, entra.PageSecrets, "", clientID)
	b.open(b.at.String() + "?pane=new")
	b.submit("secret-form", map[string]string{"description": "OxfordIQ", "expires": "365"})
	value := b.element("secret-value")
	b.open(b.at.String()) // a reload
	if strings.Contains(b.body, value) {
		t.Error("the secret is shown a second time")
	}
	b.sees(value[:3] + "******************")

	v := vendor{clientID: clientID, secret: value, tenant: s.Info().Tenants[0].ID}
	reply := newBrowser(t).signIn(v.authorizeURL(s, "scope", "openid offline_access Calendars.ReadWrite"),
		"megan@contoso.example")
	if got := token(t, s, v.tenant, v.redeem(reply.Get("code"))); got.status != http.StatusOK ||
		!strings.Contains(got.text("scope"), "Calendars.ReadWrite") {
		t.Errorf("token: %d %s", got.status, got.raw)
	}
	checkState(t, s, clientID, value)
}

// checkState reads what a test from outside would read.
func checkState(t *testing.T, s *practice.Server, clientID, secret string) {
	t.Helper()
	raw := send(t, "GET", s.Cloud().Portal+"/_practice/state", "", nil).raw
	if strings.Contains(raw, secret) || strings.Contains(raw, s.Info().AdminApp.ClientSecret) {
		t.Error("the state gives a secret away")
	}
	var st practice.State
	if err := json.Unmarshal([]byte(raw), &st); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(secret))
	for _, a := range st.Applications {
		if a.AppID != clientID {
			continue
		}
		if len(a.Secrets) != 1 || a.Secrets[0].SHA256 != hex.EncodeToString(sum[:]) ||
			len(a.RequiredResourceAccess[0].ResourceAccess) != 4 {
			t.Errorf("application in the state: %+v", a)
		}
		return
	}
	t.Error("the application is not in the state")
}

func TestPortalRights(t *testing.T) {
	s := start(t, practice.Options{})
	v := register(t, s,
		map[string]any{"requiredResourceAccess": []any{map[string]any{"resourceAppId": directory.GraphAppID,
			"resourceAccess": []any{permission(t, "Mail.Send", false), permission(t, "Mail.Read", true)}}}}, "")
	consent := s.Cloud().Portal + "/portal/" + v.tenant + "/apps/" + v.clientID + "/permissions"
	for _, want := range []struct {
		account string
		button  bool
		status  int
		text    string
	}{
		{"megan@contoso.example", false, http.StatusForbidden, "You do not have access"},
		{"dana@contoso.example", false, http.StatusForbidden, "You do not have access"},
		{"chris@contoso.example", true, http.StatusForbidden, "Privileged Role Administrator or Global Administrator"},
		{"alex@contoso.example", true, http.StatusOK, "Successfully granted"},
	} {
		account := want.account
		b := newBrowser(t)
		b.portal(s, entra.PagePermissions, account, v.clientID)
		if got := strings.Contains(b.body,
			`<a href="/portal/`+v.tenant+`/apps/`+v.clientID+`/permissions?pane=consent"`); got != want.button {
			t.Errorf("%s: consent button %v", account, got)
		}
		r, _ := http.NewRequest("POST", consent+"/consent", nil)
		b.do(r)
		if b.status != want.status {
			t.Errorf("%s: consent gives %d", account, b.status)
		}
		b.sees(want.text)
	}
	b := newBrowser(t)
	b.portal(s, entra.PageAuthentication, "megan@contoso.example", v.clientID)
	r, _ := http.NewRequest("POST", s.Cloud().Portal+"/portal/"+v.tenant+"/apps/"+v.clientID+"/delete", nil)
	b.do(r)
	if b.status != http.StatusForbidden {
		t.Errorf("megan deletes an app of others: %d", b.status)
	}
	if err := s.SetFault("users-cannot-register", true); err != nil {
		t.Fatal(err)
	}
	b.portal(s, entra.PageNewRegistration, "", "")
	b.sees("You don't have permission to register applications")
}

func TestPortalRefusesOtherPagesAndForeignLinks(t *testing.T) {
	s := start(t, practice.Options{})
	b := newBrowser(t)
	b.portal(s, entra.PageAppRegistrations, "alex@contoso.example", "")
	r, _ := http.NewRequest("POST", s.Cloud().Portal+"/portal/"+s.Info().Tenants[0].ID+"/apps/new",
		strings.NewReader("name=x&audience=AzureADMyOrg"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", "https://evil.example")
	b.do(r)
	if b.status != http.StatusForbidden {
		t.Errorf("a foreign page registers an app: %d", b.status)
	}
	out := newBrowser(t)
	out.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	out.open(s.Cloud().Portal + "/portal/signin?next=//evil.example/")
	out.submit("portal-account-picker", map[string]string{"account": "alex@contoso.example"})
	if to := out.header.Get("Location"); !strings.HasPrefix(to, "/portal/") {
		t.Errorf("signing in leads to %q", to)
	}
	rebound, _ := http.NewRequest("GET", s.Cloud().Portal+"/_practice/state", nil)
	rebound.Host = "evil.example"
	if a := receive(t, rebound); a.status != http.StatusMisdirectedRequest {
		t.Errorf("a foreign host name is served: %d", a.status)
	}
}

func TestExposeAnAPIInThePortal(t *testing.T) {
	s := start(t, practice.Options{})
	v := register(t, s, nil, "")
	b := newBrowser(t)
	b.portal(s, entra.PageExposeAPI, "alex@contoso.example", v.clientID)
	b.open(b.at.String() + "?pane=scope")
	b.sees("You'll need to set an Application ID URI")
	b.submit("uri-form", map[string]string{"identifierUri": "https://elsewhere.example/api"})
	b.sees("must contain a tenant verified domain")
	b.submit("uri-form", map[string]string{"identifierUri": "api://" + v.clientID})
	b.open(strings.Split(b.at.String(), "?")[0] + "?pane=scope")
	b.submit("scope-form",
		map[string]string{"scopeName": "Offline_access", "who": "users", "adminTitle": "Offline",
			"adminDescription": "Stay connected"})
	b.sees("api://"+v.clientID+"/Offline_access", "Admins and users")
}

// What a difference or a refusal leads to: the properties of an enterprise app,
// Microsoft's own among them.
func TestEnterpriseAppsInThePortal(t *testing.T) {
	s := start(t, practice.Options{})
	const cli = directory.AzureCLIAppID
	tenant := s.Info().Tenants[0].ID
	var principal struct{ ID string }
	if err := json.Unmarshal(
		[]byte(send(t, "GET", s.Cloud().Graph+"/v1.0/servicePrincipals(appId='"+cli+"')", admin(t, s), nil).raw),
		&principal); err != nil {
		t.Fatal(err)
	}
	b := newBrowser(t)
	b.follow(s.Cloud().EnterpriseLink(entra.PageEnterpriseApp, tenant, cli, ""))
	b.submit("portal-account-picker", map[string]string{"account": "chris@contoso.example"})
	b.sees("Enterprise apps | All applications", "Microsoft Azure CLI")
	b.follow(s.Cloud().EnterpriseLink(entra.PageEnterpriseApp, tenant, cli, principal.ID))
	b.sees("Microsoft Azure CLI | Properties", "Enabled for users to sign in?", "Assignment required?")
	b.submit("properties-form", map[string]string{"enabled": "no", "assignment": "yes"})
	b.sees("The properties are saved.")
	if got := send(t, "GET", s.Cloud().Graph+"/v1.0/servicePrincipals(appId='"+cli+"')", admin(t, s),
		nil).raw; !strings.Contains(got, `"accountEnabled":false`) ||
		!strings.Contains(got, `"appRoleAssignmentRequired":true`) {
		t.Error(got)
	}
	other := newBrowser(t)
	other.follow(s.Cloud().EnterpriseLink(entra.PageEnterpriseApp, tenant, cli, principal.ID))
	other.submit("portal-account-picker", map[string]string{"account": "megan@contoso.example"})
	other.submit("properties-form", map[string]string{"enabled": "yes", "assignment": "no"})
	other.sees("You do not have access")
	other.open(s.Cloud().Portal + "/portal/" + tenant + "/enterprise/nobody")
	other.sees("Enterprise app not found")
}
