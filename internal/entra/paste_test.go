package entra

import (
	"strings"
	"testing"

	"entrada/internal/entra/entratest"
)

const (
	clientID = entratest.ClientID
	tenantID = entratest.TenantID
	secretID = entratest.SecretID
	value    = entratest.Secret
)

func TestWhatTheClientIDFieldSays(t *testing.T) {
	known := Known{TenantID: tenantID, SecretID: secretID}
	for _, c := range []struct {
		name, pasted string
		state        State
		says         string
	}{
		{"right", clientID, Good, ""},
		{"upper case", strings.ToUpper(clientID), Good, ""},
		{"spaces and line end", "  " + clientID + "\r\n", Good, ""},
		{"zero-width space and BOM", "\ufeff" + clientID[:8] + "\u200b" + clientID[8:], Good, ""},
		{"quoted", "“" + clientID + "”", Good, ""},
		{"empty", " \t", Missing, "Overview"},
		{"tenant ID", tenantID, Wrong, "Directory (tenant) ID"},
		{"secret ID", strings.ToUpper(secretID), Wrong, "Secret ID"},
		{"secret value", value, Wrong, "Client secret value"},
		{"e-mail", "me@contoso.example", Wrong, "e-mail address"},
		{"web address", "https://entra.microsoft.com/#view/x/appId/" + clientID, Wrong, "web address"},
		{"address with a code", "http://localhost:1/?code=0.AX&state=1", Wrong, "Never paste"},
		{"masked", "••••••••-••••", Wrong, "dots or stars"},
		{"cut off", clientID[:30], Wrong, "36"},
		{"words", "OxfordIQ", Wrong, "36 characters"},
		{"two values", clientID + " " + tenantID, Wrong, "space"},
	} {
		v := CheckClientID(c.pasted, known)
		if v.State != c.state || !strings.Contains(v.Sentence, c.says) {
			t.Errorf("%s: state %v, %q", c.name, v.State, v.Sentence)
		}
		if v.State == Good && v.Clean != clientID {
			t.Errorf("%s: kept %q", c.name, v.Clean)
		}
	}
}

func TestWhatTheSecretFieldSays(t *testing.T) {
	known := Known{TenantID: tenantID, ClientID: clientID}
	for _, c := range []struct {
		name, pasted string
		state        State
		says         string
	}{
		{"right", value, Good, ""},
		{"line end", value + "\n", Good, ""},
		{"invisible character inside", value[:5] + "\u200b" + value[5:], Good, "Invisible"},
		{"quoted", `"` + value + `"`, Good, "Invisible"},
		{"older shape", "Zk7:PqLm/9@tRs.4-yW=bE1[nC6]dF0h", Doubtful, "Value"},
		{"secret ID", secretID, Wrong, "This is an ID, not the **Value**"},
		{"client ID", clientID, Wrong, "client) ID"},
		{"tenant ID", tenantID, Wrong, "tenant) ID"},
		{"masked by the portal", "8xK*****************", Wrong, "hidden already"},
		{"dots", "••••••••", Wrong, "hidden already"},
		{"e-mail", "me@contoso.example", Wrong, "e-mail"},
		{"web address", "https://contoso.example/x", Wrong, "web address"},
		{"address with a code", "http://localhost/?state=1&code=0.AX", Wrong, "Never paste"},
		{"space inside", value[:9] + " " + value[9:], Wrong, "middle"},
		{"too short", "abc8Q~x", Wrong, "too short"},
		{"a whole page", strings.Repeat("Certificates & secrets ", 500), Wrong, "far too much"},
		{"empty", "", Missing, "only once"},
	} {
		v := CheckSecretValue(c.pasted, known)
		if v.State != c.state || !strings.Contains(v.Sentence, c.says) {
			t.Errorf("%s: state %v, %q", c.name, v.State, v.Sentence)
		}
		if v.State == Good && v.Clean != value {
			t.Errorf("%s: kept another text", c.name)
		}
		if len(c.pasted) > 6 && strings.Contains(v.Sentence, strings.TrimSpace(c.pasted)) {
			t.Errorf("%s: the sentence repeats what was pasted", c.name)
		}
	}
}

func TestASecretPastedAsSecretIDIsNotKept(t *testing.T) {
	if v := CheckSecretID(value, Known{}); v.State != Wrong || v.Clean != "" {
		t.Fatalf("state %v, kept %d characters", v.State, len(v.Clean))
	}
	if v := CheckSecretID(secretID, Known{ClientID: clientID}); v.State != Good {
		t.Fatal(v.Sentence)
	}
}

func TestOrganisation(t *testing.T) {
	for typed, want := range map[string]string{
		"Megan@Contoso.example":             "contoso.example",
		" contoso.example. ":                "contoso.example",
		"https://www.contoso.example/about": "contoso.example",
		"sub.contoso.co.uk":                 "sub.contoso.co.uk",
		strings.ToUpper(tenantID):           tenantID,
		"a@b@contoso.example":               "contoso.example",
	} {
		if got, err := ParseOrganisation(typed); err != nil || got != want {
			t.Errorf("%q: %q, %v", typed, got, err)
		}
	}
	for _, typed := range []string{
		"", "contoso", "@contoso.example", "me@gmail.com", "me@outlook.com", "con toso.example", "cöntoso.example",
		"contoso.example:444", "login.microsoftonline.com@evil", "-.example", "http://localhost:1/?code=x",
		strings.Repeat("a.", 200) + "com", "1.2.3.4",
	} {
		if got, err := ParseOrganisation(typed); err == nil {
			t.Errorf("%q was taken for %q", typed, got)
		}
	}
}

func TestRedirectRules(t *testing.T) {
	for _, uri := range []string{"https://vendor.example/cb", "https://localhost", "http://localhost",
		"http://localhost/abc", "https://host-1.vendor.example:48444/x"} {
		if s := RedirectProblem(uri, true); s != "" {
			t.Errorf("%s: %s", uri, s)
		}
	}
	for _, uri := range []string{
		"", "vendor.example/cb", "http://vendor.example", "http://127.0.0.1", "http://[::1]/", "ftp://vendor.example",
		"https://vendor.example/#x",
		"https://*.vendor.example", "https://vendor.example/a b", "https://vendor.example/(x)",
		"https://ex\u00e4mple.example", "https://user@vendor.example",
		"https://vendor.example/" + strings.Repeat("x", 300), "javascript:alert(1)",
	} {
		if RedirectProblem(uri, false) == "" {
			t.Errorf("%q was accepted", uri)
		}
	}
	if RedirectProblem("https://v.example/?a=1", true) == "" || RedirectProblem("https://v.example/?a=1", false) != "" {
		t.Error("query strings are for work and school accounts only")
	}
}

func TestPortalLinksNameTenantAndApp(t *testing.T) {
	link := Global().PortalLink(PagePermissions, tenantID, clientID)
	want := "https://entra.microsoft.com/" + tenantID +
		"/#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/CallAnAPI/appId/" + clientID + "/isMSAApp~/false"
	if link != want {
		t.Errorf("got  %s\nwant %s", link, want)
	}
	if link := Global().PortalLink(PageSecrets, "", ""); !strings.Contains(link, "ApplicationsListBlade") {
		t.Errorf("without a client ID the list of apps should open, not %s", link)
	}
}

func FuzzPaste(f *testing.F) {
	for _, s := range []string{clientID, value, "•••", "\u202e\u200b", "a@b.c", "https://x?code=1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if v := CheckClientID(s, Known{}); v.State == Good && !IsGUID(v.Clean) {
			t.Errorf("took %q", v.Clean)
		}
		if v := CheckSecretValue(s, Known{}); v.State == Good && !secretPattern.MatchString(v.Clean) {
			t.Error("took a secret of another shape without a doubt")
		}
		_, _ = ParseOrganisation(s)
		_ = RedirectProblem(s, true)
	})
}
