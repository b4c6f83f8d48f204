package practice_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"entrada/internal/practice"
	"entrada/internal/practice/directory"
)

// What stays on Microsoft's page and what reaches the app.
func TestAuthorizeRefusals(t *testing.T) {
	s := start(t, practice.Options{Tenants: 2})
	v := register(t, s, platforms(), "User.Read Mail.Send")
	bare := register(t, s, map[string]any{"web": map[string]any{"redirectUris": []string{}}}, "")
	const unknown = "11111111-2222-3333-4444-555555555555"
	for name, c := range map[string]struct {
		tenant string
		change []string
		page   string // on the page
		reply  string // at the app
	}{
		"no such tenant":        {unknown, nil, "AADSTS90002", ""},
		"malformed tenant":      {"x", nil, "AADSTS900023", ""},
		"no such client":        {v.tenant, []string{"client_id", unknown}, "AADSTS700016", ""},
		"other tenant":          {s.Info().Tenants[1].ID, nil, "AADSTS700016", ""},
		"single tenant, common": {"common", nil, "AADSTS50194", ""},
		"organizations":         {"organizations", nil, "AADSTS50194", ""},
		"unregistered URI": {v.tenant, []string{"redirect_uri", "http://localhost:1234/Callback"}, "AADSTS50011",
			""},
		"evil URI":          {v.tenant, []string{"redirect_uri", "https://evil.example/"}, "AADSTS50011", ""},
		"no URI registered": {v.tenant, []string{"client_id", bare.clientID}, "AADSTS500113", ""},
		"page without PKCE": {v.tenant,
			[]string{"redirect_uri", "http://localhost:1234/spa", "code_challenge", "", "code_challenge_method", ""},
			"AADSTS9002325", ""},
		"short challenge":       {v.tenant, []string{"code_challenge", "short"}, "", "AADSTS501491"},
		"no response type":      {v.tenant, []string{"response_type", ""}, "", "AADSTS900144"},
		"unknown response type": {v.tenant, []string{"response_type", "magic"}, "", "AADSTS70005"},
		"implicit not enabled":  {v.tenant, []string{"response_type", "id_token"}, "", "AADSTS700054"},
		"token not enabled":     {v.tenant, []string{"response_type", "token"}, "", "AADSTS700051"},
		"unknown response mode": {v.tenant, []string{"response_mode", "pigeon"}, "", "AADSTS70007"},
		"no scope":              {v.tenant, []string{"scope", ""}, "", "AADSTS900144"},
		"unknown scope":         {v.tenant, []string{"scope", "Mail.Sent"}, "", "AADSTS650053"},
		"two resources": {v.tenant, []string{"scope", "Mail.Send api://" + v.clientID + "/x"}, "",
			"AADSTS500011"},
		"default and named": {v.tenant, []string{"scope", "Mail.Send https://graph.microsoft.com/.default"}, "",
			"AADSTS70011"},
		"silent, nobody there": {v.tenant, []string{"prompt", "none"}, "", "AADSTS50058"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBrowser(t)
			b.open(s.Cloud().AuthorizeURL(c.tenant) + "?" + v.request(c.change...).Encode())
			reply := b.reply()
			if c.page != "" {
				if b.sees(c.page, "Correlation Id", "Timestamp"); reply != nil || b.header.Get("Location") != "" {
					t.Errorf("something reaches the app: %v", reply)
				}
				return
			}
			if !strings.Contains(reply.Get("error_description"), c.reply) || reply.Get("error") == "" ||
				reply.Get("state") != "the state & more" {
				t.Errorf("want %s, the app gets %v\n%s", c.reply, reply, b.body)
			}
		})
	}
}

func TestAccountsThatAreRefused(t *testing.T) {
	s := start(t, practice.Options{Tenants: 2})
	v := register(t, s, nil, "User.Read Mail.Send")
	for account, want := range map[string]string{
		"megan@contoso2.example": "AADSTS50020",
		"pat@outlook.com":        "AADSTS50020",
		"shared@contoso.example": "AADSTS50057",
		"nobody@contoso.example": "This username may be incorrect",
		"nonsense":               "Enter a valid email address",
	} {
		b := newBrowser(t)
		b.open(v.authorizeURL(s))
		b.submit("other-account-form", map[string]string{"other": account})
		b.sees(want)
		if b.reply() != nil {
			t.Errorf("%s: something reaches the app", account)
		}
	}
	// A hint offers that account alone; the others stay a click away.
	b := newBrowser(t)
	b.open(v.authorizeURL(s, "login_hint", "megan@contoso.example"))
	if strings.Contains(b.body, "alex@contoso.example") {
		t.Error("the hint is ignored")
	}
	b.sees("megan@contoso.example", "Use another account")
}

func TestConsent(t *testing.T) {
	s := start(t, practice.Options{})
	v := register(t, s, nil, "")
	open := func(t *testing.T, account, scope string) *browser {
		b := newBrowser(t)
		b.open(v.authorizeURL(s, "scope", scope))
		b.submit("account-picker", map[string]string{"account": account})
		return b
	}
	t.Run("a user may consent to Mail.Send", func(t *testing.T) {
		b := open(t, "megan@contoso.example", "openid Mail.Send")
		b.sees("Permissions requested", "Send mail as a user", "Sign users in")
		if strings.Contains(b.body, "Consent on behalf") {
			t.Error("a user is offered consent for everybody")
		}
		b.submit("consent-form", map[string]string{"decision": "cancel"})
		if r := b.reply(); r.Get("error") != "access_denied" ||
			!strings.Contains(r.Get("error_description"), "AADSTS65004") {
			t.Errorf("declined: %v", r)
		}
		b = open(t, "megan@contoso.example", "openid Mail.Send")
		b.submit("consent-form", map[string]string{"decision": "accept", "onBehalf": "true"}) // forged: no such box
		if b.reply().Get("code") == "" {
			t.Errorf("accepted: %s", b.body)
		}
		for _, g := range s.State().Grants {
			if g.ClientAppID == v.clientID && g.Principal != "megan@contoso.example" {
				t.Errorf("grant for %q: %+v", g.Principal, g)
			}
		}
	})
	t.Run("the managed policy keeps Mail.Read for administrators", func(t *testing.T) {
		b := open(t, "dana@contoso.example", "Mail.Read")
		b.sees("Need admin approval", "AADSTS90094")
		stolen := b.form("approval-form").fields.Get("flow")
		b.submit("approval-form", map[string]string{"decision": "accept", "flow": stolen}) // forged: no such button
		if r := b.reply(); r.Get("error") != "access_denied" || r.Get("code") != "" {
			t.Errorf("forged acceptance: %v", r)
		}
		b = open(t, "dana@contoso.example", "Mail.Read")
		b.submit("approval-form", map[string]string{"decision": "return"})
		if r := b.reply(); !strings.Contains(r.Get("error_description"), "AADSTS90094") {
			t.Errorf("return: %v", r)
		}
		b = open(t, "dana@contoso.example", "Mail.Read")
		b.submit("approval-form", map[string]string{"decision": "switch"})
		b.submit("account-picker", map[string]string{"account": "chris@contoso.example"})
		b.sees("Consent on behalf of your organization")
		b.submit("consent-form", map[string]string{"decision": "accept", "onBehalf": "true"})
		if b.reply().Get("code") == "" {
			t.Errorf("administrator: %s", b.body)
		}
		if b = open(t, "dana@contoso.example", "Mail.Read"); b.reply().Get("code") == "" {
			t.Errorf("after consent for everybody: %s", b.body)
		}
	})
	t.Run("assignment required", func(t *testing.T) {
		bearer := admin(t, s)
		send(t, "PATCH", s.Cloud().Graph+"/v1.0/servicePrincipals/"+v.spID, bearer,
			map[string]any{"appRoleAssignmentRequired": true})
		open(t, "megan@contoso.example", "Mail.Send").sees("AADSTS50105")
		megan := send(t, "GET", s.Cloud().Graph+"/v1.0/users/megan@contoso.example", bearer, nil).text("id")
		send(t, "POST", s.Cloud().Graph+"/v1.0/servicePrincipals/"+v.spID+"/appRoleAssignedTo", bearer, map[string]any{
			"principalId": megan, "resourceId": v.spID, "appRoleId": directory.AppRoleFor})
		if b := open(t, "megan@contoso.example", "Mail.Send"); b.reply().Get("code") == "" {
			t.Errorf("assigned: %s", b.body)
		}
	})
}

func TestAdminConsentEndpoint(t *testing.T) {
	s := start(t, practice.Options{})
	v := register(t, s,
		map[string]any{"requiredResourceAccess": []any{map[string]any{"resourceAppId": directory.GraphAppID,
			"resourceAccess": []any{permission(t, "Calendars.Read", false), permission(t, "Mail.Read", true)}}}}, "")
	q := url.Values{"client_id": {v.clientID}, "redirect_uri": {"http://localhost:1234/callback"}, "state": {"s"},
		"scope": {"https://graph.microsoft.com/.default"}}
	address := s.Cloud().Login + "/" + v.tenant + "/v2.0/adminconsent?" + q.Encode()
	b := newBrowser(t)
	b.open(address)
	b.submit("account-picker", map[string]string{"account": "megan@contoso.example"})
	b.sees("Need admin approval")
	b = newBrowser(t)
	b.open(address)
	b.submit("account-picker", map[string]string{"account": "alex@contoso.example"})
	b.sees("Review for your organization", "Read user calendars", "Read mail in all mailboxes")
	b.submit("consent-form", map[string]string{"decision": "accept"})
	if r := b.reply(); r.Get("admin_consent") != "True" || r.Get("tenant") != v.tenant || r.Get("state") != "s" {
		t.Errorf("reply %v", r)
	}
	roles := 0
	for _, a := range s.State().AppRoleAssignments {
		if a.PrincipalAppID == v.clientID && a.Role == "Mail.Read" {
			roles++
		}
	}
	if roles != 1 {
		t.Errorf("%d role assignments", roles)
	}
	q.Set("redirect_uri", "https://evil.example/")
	b.open(s.Cloud().Login + "/" + v.tenant + "/adminconsent?" + q.Encode())
	b.sees("AADSTS50011")
}

func TestResponseModes(t *testing.T) {
	s := start(t, practice.Options{})
	v := register(t, s, map[string]any{"web": map[string]any{"redirectUris": []string{"http://localhost/callback"},
		"implicitGrantSettings": map[string]any{"enableIdTokenIssuance": true, "enableAccessTokenIssuance": true}}},
		"User.Read Mail.Send")
	for mode, inQuery := range map[string]bool{"query": true, "": true, "fragment": false} {
		b := newBrowser(t)
		b.signIn(v.authorizeURL(s, "response_mode", mode), "megan@contoso.example")
		u, err := url.Parse(b.header.Get("Location"))
		if err != nil || (u.Query().Get("code") != "") != inQuery || (u.Fragment != "") == inQuery {
			t.Errorf("mode %q: %s", mode, b.header.Get("Location"))
		}
	}
	reply := newBrowser(t).signIn(v.authorizeURL(s, "response_type", "code id_token"), "megan@contoso.example")
	if reply.Get("code") == "" || reply.Get("id_token") == "" {
		t.Errorf("hybrid: %v", reply)
	}
	b := newBrowser(t)
	b.signIn(v.authorizeURL(s), "megan@contoso.example")
	b.open(v.authorizeURL(s, "prompt", "none"))
	if b.reply().Get("code") == "" {
		t.Errorf("silent with a session: %s", b.body)
	}
	b.open(s.Cloud().Login + "/common/oauth2/v2.0/logout?post_logout_redirect_uri=https://evil.example/")
	if b.status != http.StatusOK || b.header.Get("Location") != "" {
		t.Error("signing out leads to a stranger")
	}
	b.open(v.authorizeURL(s, "prompt", "none"))
	if !strings.Contains(b.reply().Get("error_description"), "AADSTS50058") {
		t.Error("still signed in after signing out")
	}
}
