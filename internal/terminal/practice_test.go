package terminal

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"entrada/internal/entra"
	"entrada/internal/guides"
	"entrada/internal/practice"
)

// tenant is a practice organisation and what a script needs to set it up.
type tenant struct {
	*practice.Server
	t      *testing.T
	client *http.Client
	bearer string
}

func startTenant(t *testing.T, o practice.Options) *tenant {
	t.Helper()
	s, err := practice.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	n := &tenant{Server: s, t: t, client: &http.Client{Transport: transport}}
	t.Cleanup(func() { transport.CloseIdleConnections(); _ = s.Close() })
	app := s.Info().AdminApp
	answer := n.send(http.MethodPost, s.Cloud().TokenURL(app.TenantID), url.Values{"grant_type": {"client_credentials"}, "client_id": {app.ClientID},
		"client_secret": {app.ClientSecret}, "scope": {s.Cloud().GraphScope(".default")}})
	n.bearer = text(answer, "access_token")
	return n
}

// send posts a form, or JSON to Graph.
func (n *tenant) send(method, address string, body any) map[string]any {
	n.t.Helper()
	var in io.Reader
	kind := "application/json"
	switch b := body.(type) {
	case nil:
	case url.Values:
		in, kind = strings.NewReader(b.Encode()), "application/x-www-form-urlencoded"
	default:
		data, err := json.Marshal(b)
		if err != nil {
			n.t.Fatal(err)
		}
		in = bytes.NewReader(data)
	}
	r, err := http.NewRequestWithContext(n.t.Context(), method, address, in)
	if err != nil {
		n.t.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	if n.bearer != "" {
		r.Header.Set("Authorization", "Bearer "+n.bearer)
	}
	res, err := n.client.Do(r)
	if err != nil {
		n.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	data, _ := io.ReadAll(res.Body)
	if res.StatusCode >= 300 {
		n.t.Fatalf("%s %s: %d %s", method, address, res.StatusCode, data)
	}
	var answer map[string]any
	_ = json.Unmarshal(data, &answer)
	return answer
}

func text(m map[string]any, name string) string { s, _ := m[name].(string); return s }

type registered struct{ clientID, secret, secretID string }

// register does what the portal pages ask for, with consent for everybody.
func (n *tenant) register(scopes ...string) registered {
	n.t.Helper()
	graph := n.Cloud().Graph + "/v1.0"
	var access []map[string]string
	for _, name := range scopes {
		p, ok := entra.PermissionByName(name)
		if !ok {
			n.t.Fatalf("no permission %q", name)
		}
		access = append(access, map[string]string{"id": p.DelegatedID, "type": "Scope"})
	}
	app := n.send(http.MethodPost, graph+"/applications", map[string]any{"displayName": "OxfordIQ", "signInAudience": "AzureADMyOrg",
		"web":                    map[string]any{"redirectUris": []string{"http://localhost"}},
		"requiredResourceAccess": []any{map[string]any{"resourceAppId": entra.GraphAppID, "resourceAccess": access}}})
	password := n.send(http.MethodPost, graph+"/applications/"+text(app, "id")+"/addPassword", map[string]any{"passwordCredential": map[string]any{"displayName": "test"}})
	principal := n.send(http.MethodPost, graph+"/servicePrincipals", map[string]any{"appId": text(app, "appId")})
	resource := n.send(http.MethodGet, graph+"/servicePrincipals(appId='"+entra.GraphAppID+"')?$select=id", nil)
	n.send(http.MethodPost, graph+"/oauth2PermissionGrants", map[string]any{"clientId": text(principal, "id"), "consentType": "AllPrincipals",
		"resourceId": text(resource, "id"), "scope": strings.Join(scopes, " ")})
	return registered{text(app, "appId"), text(password, "secretText"), text(password, "keyId")}
}

// registerAlone is register for a vendor whose software signs in by itself.
func (n *tenant) registerAlone(roles ...string) registered {
	n.t.Helper()
	app := n.register("User.Read")
	graph := n.Cloud().Graph + "/v1.0"
	resource := n.send(http.MethodGet, graph+"/servicePrincipals(appId='"+entra.GraphAppID+"')?$select=id", nil)
	principal := n.send(http.MethodGet, graph+"/servicePrincipals(appId='"+app.clientID+"')?$select=id", nil)
	for _, name := range roles {
		p, _ := entra.PermissionByName(name)
		n.send(http.MethodPost, graph+"/servicePrincipals/"+text(resource, "id")+"/appRoleAssignedTo",
			map[string]any{"principalId": text(principal, "id"), "resourceId": text(resource, "id"), "appRoleId": p.RoleID})
	}
	return app
}

// person plays somebody with a browser, who picks an account.
func (n *tenant) person(account string) func(context.Context, string) error {
	return func(ctx context.Context, link string) error {
		jar, err := cookiejar.New(nil)
		if err != nil {
			return err
		}
		transport := &http.Transport{DisableKeepAlives: true}
		client := &http.Client{Jar: jar, Transport: transport}
		page, at, err := visit(ctx, client, http.MethodGet, link, nil)
		for range 4 {
			switch {
			case err != nil:
				return err
			case strings.Contains(page, `id="account-picker"`):
				page, at, err = submit(ctx, client, page, at, "account-picker", url.Values{"account": {account}})
			case strings.Contains(page, `id="consent-form"`):
				page, at, err = submit(ctx, client, page, at, "consent-form", url.Values{"decision": {"accept"}})
			case strings.Contains(page, `id="hiddenform"`):
				_, _, err = submit(ctx, client, page, at, "hiddenform", nil)
				return err
			default:
				return nil // an error page: the person looks at it and gives up
			}
		}
		return errors.New("the browser goes round in circles")
	}
}

func visit(ctx context.Context, client *http.Client, method, address string, form url.Values) (string, *url.URL, error) {
	r, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(form.Encode()))
	if err != nil {
		return "", nil, err
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := client.Do(r)
	if err != nil {
		return "", nil, err
	}
	defer func() { _ = res.Body.Close() }()
	data, err := io.ReadAll(res.Body)
	return string(data), res.Request.URL, err
}

var (
	formPattern  = regexp.MustCompile(`(?s)<form([^>]*)>(.*?)</form>`)
	inputPattern = regexp.MustCompile(`(?s)<input([^>]*)>`)
	attribute    = regexp.MustCompile(`([a-zA-Z-]+)="([^"]*)"`)
)

func attributes(tag string) map[string]string {
	m := map[string]string{}
	for _, a := range attribute.FindAllStringSubmatch(tag, -1) {
		m[a[1]] = html.UnescapeString(a[2])
	}
	return m
}

func submit(ctx context.Context, client *http.Client, page string, at *url.URL, id string, set url.Values) (string, *url.URL, error) {
	for _, m := range formPattern.FindAllStringSubmatch(page, -1) {
		form := attributes(m[1])
		if form["id"] != id {
			continue
		}
		fields := url.Values{}
		for _, in := range inputPattern.FindAllStringSubmatch(m[2], -1) {
			if a := attributes(in[1]); a["type"] == "hidden" {
				fields.Set(a["name"], a["value"])
			}
		}
		for k, v := range set {
			fields[k] = v
		}
		to, err := at.Parse(form["action"])
		if err != nil {
			return "", nil, err
		}
		return visit(ctx, client, http.MethodPost, to.String(), fields)
	}
	return "", nil, fmt.Errorf("no form %s", id)
}

func (n *tenant) desk(account string) *desk {
	d := newDesk(filepath.Join(n.t.TempDir(), "home"))
	d.cloud, d.browser, d.now = n.Cloud(), n.person(account), time.Now
	return d
}

var oxfordIQ = []string{"Mail.Send", "Calendars.ReadWrite", "User.Read", "offline_access", "openid", "profile"}

// conversation answers questions as they come: by a part of the question, in
// turn, and with Enter where nothing is prepared.
type conversation struct {
	t       *testing.T
	out     *bytes.Buffer
	answers map[string][]string
	asked   []string
	ended   bool
}

func (c *conversation) Read(to []byte) (int, error) {
	said := c.out.String()
	question := said[strings.LastIndex(said, "\n")+1:]
	c.asked = append(c.asked, question)
	if len(c.asked) > 100 {
		return 0, io.EOF
	}
	answer := ""
	for part, list := range c.answers {
		if strings.Contains(question, part) && len(list) > 0 {
			answer, c.answers[part] = list[0], list[1:]
			break
		}
	}
	return copy(to, answer+"\n"), nil
}

func (d *desk) talk(t *testing.T, ctx context.Context, answers map[string][]string, args ...string) (code int, out, errOut string) {
	t.Helper()
	var o, e bytes.Buffer
	options := d.options("", &o, &e)
	options.In = &conversation{t: t, out: &o, answers: answers}
	code = Run(ctx, args, options)
	d.keepsSecrets(func(f string, a ...any) { t.Helper(); t.Errorf(f, a...) }, o.String()+e.String())
	return code, o.String(), e.String()
}

// TestTheWholeWizard goes from the first question to the exported file, with a
// wrong secret and a break on the way, and then tests what was saved.
func TestTheWholeWizard(t *testing.T) {
	n := startTenant(t, practice.Options{})
	app := n.register(oxfordIQ...)
	d := n.desk("megan@contoso.example")
	d.secrets = append(d.secrets, app.secret)
	file := filepath.Join(t.TempDir(), "settings.json")

	code, out, errOut := d.talk(t, t.Context(), map[string][]string{
		"e-mail address": {"nobody@nowhere.example", "alex@contoso.example"},
		"client) ID":     {"", app.secretID, app.clientID},
		"secret value":   {canary, "", "quit"},
		"ask Microsoft":  {"change", "change"},
		"Secret ID":      {app.secretID, "", app.secretID},
	}, "setup", "--practice", "--vendor", "oxfordiq")
	if code != exitOK {
		t.Fatalf("exit code %d\n%s%s", code, out, errOut)
	}
	has(t, out, "Found contoso.example", "Mail.Send", n.Cloud().Portal, "\nhttp://localhost\n", "AADSTS700016", "AADSTS7000215", "Go on with: entrada-cli setup --practice")
	has(t, errOut, "nothing here touches Microsoft")

	// The place was remembered; the secret was not.
	code, out, errOut = d.talk(t, t.Context(), map[string][]string{
		"What now":     {"1", "save", "settings", "go on"},
		"secret value": {app.secret},
		"Save as":      {file},
	}, "setup", "--practice")
	if code != exitOK {
		t.Fatalf("exit code %d\n%s%s", code, out, errOut)
	}
	has(t, out, "You were setting up", "Microsoft accepted it", "Megan Bowen <megan@contoso.example>", "ok         Mail to yourself sent",
		"ok         Calendar event", "Everything works.", "Saved: "+file, "Done.")
	if _, err := os.Stat(filepath.Join(d.home, "journey.json")); !os.IsNotExist(err) {
		t.Error("the place is still remembered after the end")
	}
	if data, err := os.ReadFile(file); err != nil || !strings.Contains(string(data), app.clientID) || strings.Contains(string(data), app.secret) {
		t.Errorf("the exported file: %v\n%s", err, data)
	}

	// What was saved works, and goes on being told apart.
	code, out, errOut = d.run(t, t.Context(), "", "test", "--all", "--practice")
	if code != exitOK || !strings.HasPrefix(out, "ok\tOxfordIQ · contoso.example\tEverything works\n") {
		t.Errorf("test: %d\n%s%s", code, out, errOut)
	}
	code, out, _ = d.run(t, t.Context(), "", "list", "--practice", "--json")
	if code != exitOK || !strings.Contains(out, `"last_result": "ok"`) {
		t.Errorf("list: %d\n%s", code, out)
	}
}

func has(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is missing in\n%s", part, text)
		}
	}
}

// TestAVendorThatSignsInByItself needs no browser for its test.
func TestAVendorThatSignsInByItself(t *testing.T) {
	n := startTenant(t, practice.Options{})
	app := n.registerAlone("Mail.Read", "Mail.Send")
	d := n.desk("")
	d.browser = func(context.Context, string) error { t.Error("a browser was opened"); return nil }
	d.secrets = append(d.secrets, app.secret)
	answers := map[string][]string{
		"e-mail address": {"alex@contoso.example"}, "client) ID": {app.clientID}, "secret value": {app.secret},
		"Secret ID": {"", app.secretID}, "What now": {"save", "go on"},
	}
	for _, in := range guides.ByID("cxt").Inputs {
		if in.Kind == guides.InputMailbox {
			answers[in.Label] = []string{"megan@contoso.example"}
		}
	}
	code, out, errOut := d.talk(t, t.Context(), answers, "setup", "--practice", "--vendor", "cxt")
	if code != exitOK {
		t.Fatalf("exit code %d\n%s%s", code, out, errOut)
	}
	has(t, out, "asks for the Secret ID as well", "nobody signs in here either", "megan@contoso.example", "Signed in as the app", "Everything works.", "\nConnect-ExchangeOnline\n", "left empty.", "Done.")
}

// TestKeptForThisSessionOnly says plainly what that means.
func TestKeptForThisSessionOnly(t *testing.T) {
	n := startTenant(t, practice.Options{})
	app := n.register(oxfordIQ...)
	d := n.desk("megan@contoso.example")
	d.secrets = append(d.secrets, app.secret)
	code, out, errOut := d.talk(t, t.Context(), map[string][]string{
		"e-mail address": {"alex@contoso.example"}, "client) ID": {app.clientID}, "secret value": {app.secret},
		"What now": {"session", "encrypted"},
	}, "setup", "--practice", "--vendor", "oxfordiq")
	if code != exitOK {
		t.Fatalf("exit code %d\n%s%s", code, out, errOut)
	}
	has(t, out, "Kept for this session only", "There is no terminal to show a passphrase on", "it is gone after this page")
	if code, out, _ := d.run(t, t.Context(), "", "list", "--practice"); code != exitOK || out != "" {
		t.Errorf("list: %d %q", code, out)
	}
}

// TestAWrongAccountIsNotTested: the vendor's organisation was asked for.
func TestAnUnlicensedMailboxIsExplained(t *testing.T) {
	n := startTenant(t, practice.Options{})
	app := n.register(oxfordIQ...)
	d := n.desk("uma@contoso.example")
	d.secrets = append(d.secrets, app.secret)
	code, out, _ := d.talk(t, t.Context(), map[string][]string{
		"e-mail address": {"alex@contoso.example"}, "client) ID": {app.clientID}, "secret value": {app.secret},
		"sign in again": {"quit"},
	}, "setup", "--practice", "--vendor", "oxfordiq")
	if code != exitOK {
		t.Errorf("exit code %d", code)
	}
	has(t, out, "Uma Nair", "One thing is wrong: the mailbox", "Who can fix it: ")
}

// TestEveryVendor walks each guide to the place where values are pasted: every
// value to copy stands on a line of its own.
func TestEveryVendor(t *testing.T) {
	n := startTenant(t, practice.Options{})
	for _, g := range guides.BuiltIn() {
		t.Run(g.ID, func(t *testing.T) {
			d := n.desk("")
			answers := map[string][]string{"e-mail address": {"alex@contoso.example"}, "secret value": {"help", "quit"}}
			inputs := map[string]string{}
			for _, in := range g.Inputs {
				inputs[in.ID] = in.Default
				if in.Default == "" {
					inputs[in.ID] = map[guides.InputKind]string{guides.InputRedirectURL: "https://vendor.example/callback",
						guides.InputHost: "machine.vendor.example", guides.InputMailbox: "megan@contoso.example", guides.InputText: "text"}[in.Kind]
					answers[in.Label] = []string{"", inputs[in.ID]}
					if in.Optional {
						answers[in.Label] = []string{inputs[in.ID]}
					}
				}
			}
			answers["client) ID"] = []string{clientID}
			code, out, errOut := d.talk(t, t.Context(), answers, "setup", "--practice", "--vendor", g.ID)
			if code != exitOK {
				t.Fatalf("exit code %d\n%s%s", code, out, errOut)
			}
			has(t, out, "Paste the values", "Directory (tenant) ID")
			steps := g.PortalSteps(guides.Choices{Organisation: "contoso.example", Audience: g.Audiences[0], Inputs: inputs, Features: g.DefaultFeatures()})
			for _, step := range steps {
				has(t, out, "\n"+step.Title+"\n")
				for _, i := range step.Instructions {
					for _, v := range i.Values {
						has(t, out, "\n"+v.Text+"\n")
					}
				}
			}
		})
	}
}

// TestManyConnections tests more of them than run at once: all are there, in
// the order of the list, and the culprit of each is named.
func TestManyConnections(t *testing.T) {
	n := startTenant(t, practice.Options{Latency: 5 * time.Millisecond})
	app := n.register(oxfordIQ...)
	home := n.Info().Tenants[0].ID
	d := n.desk("")
	d.secrets = append(d.secrets, app.secret)
	const many = 60
	for i := range many {
		more := []string{"tenant=" + home, "client=" + app.clientID, "secret=" + app.secret}
		switch {
		case i == 7:
			more[2] = "secret=" + canary
		case i == 9:
			more[0] = "tenant=" + tenantID
		case i > 0:
			more[1] = fmt.Sprintf("client=%08d-52a7-4c1d-9b0e-7d2f4a8c6e10", i)
		}
		if i == 7 {
			more[1] = "client=" + strings.ToUpper(app.clientID) // the same app, another record
			more[0] = "tenant=" + n.Info().Tenants[0].Domain
		}
		if err := d.save(fmt.Sprintf("Vendor %02d", i), "oxfordiq", 200, more...); err != nil {
			t.Fatal(err)
		}
	}
	code, out, errOut := d.run(t, t.Context(), "", "test", "--all", "--parallel", "7", "--json", "--practice")
	if code != exitFailed {
		t.Fatalf("exit code %d\n%s%s", code, out, errOut)
	}
	var results []struct {
		Name, ID, Headline, Culprit string
		OK                          bool
		Checks                      []struct {
			ID, Title, State, Detail, Code string
			Took                           int `json:"took_ms"`
		}
	}
	if err := json.Unmarshal([]byte(out), &results); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if len(results) != many {
		t.Fatalf("%d results", len(results))
	}
	for i, r := range results {
		if r.Name != fmt.Sprintf("Vendor %02d", i) {
			t.Fatalf("result %d is of %s", i, r.Name)
		}
		want := map[int]string{0: "", 7: "secret", 9: "account"}[i]
		if _, special := map[int]bool{0: true, 7: true, 9: true}[i]; !special {
			want = "app-registration"
		}
		if i != 9 && r.Culprit != want || r.OK != (i == 0) || len(r.Checks) != 4 {
			t.Errorf("%s: ok %v, culprit %q, %d checks: %s", r.Name, r.OK, r.Culprit, len(r.Checks), r.Headline)
		}
	}
	has(t, errOut, fmt.Sprintf("%d of %d tested", many, many), fmt.Sprintf("%d failed", many-1))

	// The results are remembered, unless nothing was to be changed.
	_, out, _ = d.run(t, t.Context(), "", "list", "--practice")
	if got := strings.Count(out, "did not work on"); got < many-3 {
		t.Errorf("%d failures are remembered", got)
	}
}

// TestInterrupted: Ctrl+C ends a long test at once, with what was done, and the
// JSON is whole.
func TestInterrupted(t *testing.T) {
	n := startTenant(t, practice.Options{Latency: 150 * time.Millisecond})
	app := n.register(oxfordIQ...)
	d := n.desk("")
	d.secrets = append(d.secrets, app.secret)
	for i := range 40 {
		if err := d.save(fmt.Sprintf("Vendor %02d", i), "oxfordiq", 200, "tenant="+n.Info().Tenants[0].ID, fmt.Sprintf("client=%08d-52a7-4c1d-9b0e-7d2f4a8c6e10", i)); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 900*time.Millisecond)
	defer cancel()
	began := time.Now()
	code, out, errOut := d.run(t, ctx, "", "test", "--all", "--parallel", "2", "--json", "--practice")
	if code != exitUsage || time.Since(began) > 5*time.Second {
		t.Errorf("exit code %d after %s", code, time.Since(began))
	}
	var results []json.RawMessage
	if err := json.Unmarshal([]byte(out), &results); err != nil || len(results) == 0 || len(results) > 38 {
		t.Errorf("%d results, %v\n%s", len(results), err, out)
	}
	has(t, errOut, "Cancelled.")
}

// TestALimitOfTimeIsNotACancellation.
func TestALimitOfTimeIsAFailure(t *testing.T) {
	n := startTenant(t, practice.Options{Latency: 400 * time.Millisecond})
	d := n.desk("")
	if err := d.save("Slow", "oxfordiq", 200, "tenant="+n.Info().Tenants[0].ID); err != nil {
		t.Fatal(err)
	}
	code, out, errOut := d.run(t, t.Context(), "", "test", "Slow", "--timeout", "100ms", "--json", "--practice")
	if code != exitFailed || !strings.Contains(out, `"code": "timed-out"`) {
		t.Errorf("exit code %d\n%s%s", code, out, errOut)
	}
}
