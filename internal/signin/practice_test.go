package signin_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/practice"
	"entrada/internal/practice/visitor"
	"entrada/internal/secret"
	"entrada/internal/signin"
)

// organisation is a practice tenant with an app registered in it.
type organisation struct {
	t        *testing.T
	server   *practice.Server
	cloud    entra.Cloud
	tenant   string
	domain   string
	clientID string
	secret   secret.Value
}

func newOrganisation(t *testing.T) *organisation {
	t.Helper()
	server, err := practice.Start(context.Background(), practice.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	info := server.Info()
	o := &organisation{t: t, server: server, cloud: server.Cloud(), tenant: info.Tenants[0].ID, domain: info.Tenants[0].Domain}
	s, err := signin.AppOnly(t.Context(), signin.Request{
		Cloud: o.cloud, Tenant: o.tenant, ClientID: info.AdminApp.ClientID, ClientSecret: secret.New(info.AdminApp.ClientSecret),
	})
	if err != nil {
		t.Fatal(err)
	}
	var app struct{ ID, AppID string }
	o.graph(s, "/v1.0/applications", map[string]any{
		"displayName": "Sign-in test", "signInAudience": "AzureADMyOrg",
		"web":          map[string]any{"redirectUris": []string{"http://localhost/signin/callback"}},
		"publicClient": map[string]any{"redirectUris": []string{"http://localhost/signin/native"}},
	}, &app)
	var password struct{ SecretText string }
	o.graph(s, "/v1.0/applications/"+app.ID+"/addPassword", map[string]any{"passwordCredential": map[string]any{"displayName": "test"}}, &password)
	o.clientID, o.secret = app.AppID, secret.New(password.SecretText)
	return o
}

// graph posts to Microsoft Graph.
func (o *organisation) graph(s *signin.Session, path string, body, into any) {
	o.t.Helper()
	text, _ := json.Marshal(body)
	req, err := http.NewRequest(http.MethodPost, o.cloud.Graph+path, bytes.NewReader(text))
	if err != nil {
		o.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+s.AccessToken.Reveal())
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		o.t.Fatal(err)
	}
	defer resp.Body.Close()
	if answer, _ := io.ReadAll(resp.Body); resp.StatusCode/100 != 2 || json.Unmarshal(answer, into) != nil {
		o.t.Fatalf("%s: %s: %s", path, resp.Status, answer)
	}
}

func (o *organisation) request() signin.Request {
	return signin.Request{
		Cloud: o.cloud, Tenant: o.tenant, ClientID: o.clientID, ClientSecret: o.secret,
		RedirectPath: "/signin/callback", ExpectTenant: o.tenant,
		Scopes: []string{"openid", "profile", "offline_access", o.cloud.GraphScope("Mail.Send"), o.cloud.GraphScope("Calendars.ReadWrite")},
	}
}

func (o *organisation) alex() visitor.Visitor {
	return visitor.Visitor{Account: "alex@" + o.domain}
}

// broken switches faults on for the length of a test.
func (o *organisation) broken(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		if err := o.server.SetFault(name, true); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = o.server.SetFault(name, false) })
	}
}

func TestPracticeSignIn(t *testing.T) {
	o := newOrganisation(t)
	for _, tenant := range []string{o.tenant, o.domain} {
		r := o.request()
		r.Tenant = tenant
		s, err := signin.Interactive(t.Context(), r, o.alex().Open, nil)
		if err != nil {
			t.Fatal(err)
		}
		if s.Account.Username != "alex@"+o.domain || s.Account.TenantID != o.tenant || len(s.Missing) != 0 || !slices.Contains(s.Granted, "Mail.Send") {
			t.Errorf("%+v", s)
		}
		again, err := signin.Refresh(t.Context(), r, s)
		if err != nil || again.Account != s.Account || again.AccessToken.Equal(s.AccessToken) {
			t.Errorf("refresh: %+v, %v", again, err)
		}
	}
	r := o.request()
	r.ClientSecret, r.RedirectPath = secret.Value{}, "/signin/native"
	if _, err := signin.Interactive(t.Context(), r, o.alex().Open, nil); err != nil {
		t.Errorf("as a public client: %v", err)
	}
}

func TestPracticeRefusals(t *testing.T) {
	o := newOrganisation(t)
	for name, c := range map[string]struct {
		fault   string
		change  func(*signin.Request)
		decline bool
		kind    fault.Kind
		code    string
	}{
		"wrong secret":         {change: func(r *signin.Request) { r.ClientSecret = secret.New("wrong") }, kind: fault.Refused, code: "AADSTS7000215"},
		"expired secret":       {fault: "secret-expired", kind: fault.Refused, code: "AADSTS7000222"},
		"Web without secret":   {change: func(r *signin.Request) { r.ClientSecret = secret.Value{} }, kind: fault.Refused, code: "AADSTS7000218"},
		"native with secret":   {change: func(r *signin.Request) { r.RedirectPath = "/signin/native" }, kind: fault.Refused, code: "AADSTS700025"},
		"no such tenant":       {change: func(r *signin.Request) { r.Tenant = "nobody.example" }, kind: fault.TenantNotFound, code: "AADSTS90002"},
		"another tenant":       {change: func(r *signin.Request) { r.ExpectTenant = "99999999-1111-4222-8333-444444444444" }, kind: fault.WrongAccount},
		"consent declined":     {fault: "consent-missing", decline: true, kind: fault.Refused, code: "AADSTS65004"},
		"wrong nonce":          {fault: "nonce-wrong", kind: fault.TokenInvalid},
		"unsigned":             {fault: "id-token-unsigned", kind: fault.TokenInvalid},
		"foreign redirect":     {fault: "redirect-foreign", kind: fault.BadAnswer},
		"token out of service": {fault: "unavailable=token", kind: fault.Unavailable, code: "AADSTS90033"},
		"a page for data":      {fault: "html-answer", kind: fault.CaptivePortal},
		"cut off":              {fault: "truncated", kind: fault.BadAnswer},
	} {
		t.Run(name, func(t *testing.T) {
			if c.fault != "" {
				o.broken(t, c.fault)
			}
			r := o.request()
			if c.change != nil {
				c.change(&r)
			}
			who := o.alex()
			who.Decline = c.decline
			_, err := signin.Interactive(t.Context(), r, who.Open, nil)
			if fault.KindOf(err) != c.kind || fault.CodeOf(err) != c.code {
				t.Fatalf("%v; want %s %s", err, c.kind, c.code)
			}
			var f *fault.Error
			if errors.As(err, &f) && c.kind == fault.Refused && (f.CorrelationID == "" || f.TraceID == "" || f.Detail == "") {
				t.Errorf("support would miss something: %+v", f)
			}
			if strings.Contains(err.Error(), o.secret.Reveal()) {
				t.Error("the error shows the secret")
			}
		})
	}
}

func TestPracticeGrantsLess(t *testing.T) {
	o := newOrganisation(t)
	o.broken(t, "scope-dropped", "no-refresh-token")
	s, err := signin.Interactive(t.Context(), o.request(), o.alex().Open, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(s.Missing, []string{"offline_access", "Calendars.ReadWrite"}) {
		t.Errorf("missing %q, granted %q", s.Missing, s.Granted)
	}
	_, err = signin.Refresh(t.Context(), o.request(), s)
	if !fault.Is(err, fault.NoRefreshToken) {
		t.Error(err)
	}
}

func TestPracticeAnswerInTheAddress(t *testing.T) {
	o := newOrganisation(t)
	o.broken(t, "query-instead-of-form-post")
	ctx, cancel := context.WithCancel(t.Context())
	noticed := false
	_, err := signin.Interactive(ctx, o.request(), o.alex().Open, func(p signin.Progress) {
		if p.InAddress {
			noticed = true
			cancel()
		}
	})
	if !noticed || !fault.Is(err, fault.Cancelled) {
		t.Errorf("noticed %v, %v", noticed, err)
	}
}

func TestPracticeAppOnly(t *testing.T) {
	o := newOrganisation(t)
	for name, c := range map[string]struct {
		change func(*signin.Request)
		kind   fault.Kind
		code   string
	}{
		"wrong secret":   {func(r *signin.Request) { r.ClientSecret = secret.New("wrong") }, fault.Refused, "AADSTS7000215"},
		"no such app":    {func(r *signin.Request) { r.ClientID = o.tenant }, fault.Refused, "AADSTS700016"},
		"no such tenant": {func(r *signin.Request) { r.Tenant = o.clientID }, fault.TenantNotFound, "AADSTS90002"},
	} {
		r := o.request()
		c.change(&r)
		_, err := signin.AppOnly(t.Context(), r)
		if fault.KindOf(err) != c.kind || fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
}
