package signin_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"entrada/internal/fault"
	"entrada/internal/practice"
	"entrada/internal/practice/practicetest"
	"entrada/internal/secret"
	"entrada/internal/signin"
)

// organisation is a practice tenant with an app registered in it.
type organisation struct {
	*practicetest.Organisation
	app practicetest.App
}

func newOrganisation(t *testing.T) *organisation {
	t.Helper()
	o := &organisation{Organisation: practicetest.Start(t, practice.Options{})}
	o.app = o.Register("Sign-in test", practicetest.Delegated)
	o.Graph(http.MethodPatch, "/applications/"+o.app.ObjectID, map[string]any{
		"web":          map[string]any{"redirectUris": []string{"http://localhost/signin/callback"}},
		"publicClient": map[string]any{"redirectUris": []string{"http://localhost/signin/native"}},
	})
	return o
}

func (o *organisation) request() signin.Request {
	return signin.Request{
		Cloud: o.Cloud(), Tenant: o.Tenant, ClientID: o.app.ClientID, ClientSecret: secret.New(o.app.Secret),
		RedirectPath: "/signin/callback", ExpectTenant: o.Tenant,
		Scopes: []string{"openid", "profile", "offline_access", o.Cloud().GraphScope("Mail.Send"),
			o.Cloud().GraphScope("Calendars.ReadWrite")},
	}
}

func TestPracticeSignIn(t *testing.T) {
	o := newOrganisation(t)
	for _, tenant := range []string{o.Tenant, o.Domain} {
		r := o.request()
		r.Tenant = tenant
		s, err := signin.Interactive(t.Context(), r, o.Browser("alex").Open, nil)
		if err != nil {
			t.Fatal(err)
		}
		if s.Account.Username != o.Address("alex") || s.Account.TenantID != o.Tenant || len(s.Missing) != 0 ||
			!slices.Contains(s.Granted, "Mail.Send") {
			t.Errorf("%+v", s)
		}
		again, err := signin.Refresh(t.Context(), r, s)
		if err != nil || again.Account != s.Account || again.AccessToken.Equal(s.AccessToken) {
			t.Errorf("refresh: %+v, %v", again, err)
		}
	}
	r := o.request()
	r.ClientSecret, r.RedirectPath = secret.Value{}, "/signin/native"
	if _, err := signin.Interactive(t.Context(), r, o.Browser("alex").Open, nil); err != nil {
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
		"wrong secret": {change: func(r *signin.Request) { r.ClientSecret = secret.New("wrong") },
			kind: fault.Refused, code: "AADSTS7000215"},
		"expired secret": {fault: "secret-expired", kind: fault.Refused, code: "AADSTS7000222"},
		"Web without secret": {change: func(r *signin.Request) { r.ClientSecret = secret.Value{} },
			kind: fault.Refused, code: "AADSTS7000218"},
		"native with secret": {change: func(r *signin.Request) { r.RedirectPath = "/signin/native" },
			kind: fault.Refused, code: "AADSTS700025"},
		"no such tenant": {change: func(r *signin.Request) { r.Tenant = "nobody.example" },
			kind: fault.TenantNotFound, code: "AADSTS90002"},
		"another tenant": {change: func(
			r *signin.Request) {
			r.ExpectTenant = "99999999-1111-4222-8333-444444444444"
		}, kind: fault.WrongAccount},
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
				o.Break(c.fault)
				defer o.Mend()
			}
			r := o.request()
			if c.change != nil {
				c.change(&r)
			}
			who := o.Browser("alex")
			who.Decline = c.decline
			_, err := signin.Interactive(t.Context(), r, who.Open, nil)
			if fault.KindOf(err) != c.kind || fault.CodeOf(err) != c.code {
				t.Fatalf("%v; want %s %s", err, c.kind, c.code)
			}
			var f *fault.Error
			if errors.As(err, &f) && c.kind == fault.Refused &&
				(f.CorrelationID == "" || f.TraceID == "" || f.Detail == "") {
				t.Errorf("support would miss something: %+v", f)
			}
			if strings.Contains(err.Error(), o.app.Secret) {
				t.Error("the error shows the secret")
			}
		})
	}
}

func TestPracticeGrantsLess(t *testing.T) {
	o := newOrganisation(t)
	o.Break("scope-dropped", "no-refresh-token")
	s, err := signin.Interactive(t.Context(), o.request(), o.Browser("alex").Open, nil)
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
	o.Break("query-instead-of-form-post")
	ctx, cancel := context.WithCancel(t.Context())
	noticed := false
	_, err := signin.Interactive(ctx, o.request(), o.Browser("alex").Open, func(p signin.Progress) {
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
		"wrong secret": {func(r *signin.Request) { r.ClientSecret = secret.New("wrong") }, fault.Refused,
			"AADSTS7000215"},
		"no such app":    {func(r *signin.Request) { r.ClientID = o.Tenant }, fault.Refused, "AADSTS700016"},
		"no such tenant": {func(r *signin.Request) { r.Tenant = o.app.ClientID }, fault.TenantNotFound, "AADSTS90002"},
	} {
		r := o.request()
		c.change(&r)
		_, err := signin.AppOnly(t.Context(), r)
		if fault.KindOf(err) != c.kind || fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
}
