package identity

import (
	"crypto/rand"
	"embed"
	"encoding/base64"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"entrada/internal/practice/directory"
)

//go:embed templates
var templateFiles embed.FS

var templates = template.Must(template.ParseFS(templateFiles, "templates/*.html"))

// show writes one page. Only scripts with this answer's nonce run.
func (s *Server) show(w http.ResponseWriter, status int, name string, data map[string]any) {
	var b [16]byte
	_, _ = rand.Read(b[:])
	nonce := base64.RawStdEncoding.EncodeToString(b[:])
	data["Nonce"] = nonce
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set(
		"Content-Security-Policy",
		"default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'nonce-"+nonce+
			"'; frame-ancestors 'none'; base-uri 'none'")
	w.Header().Set("Referrer-Policy", "strict-origin-when-cross-origin")
	w.WriteHeader(status)
	_ = templates.ExecuteTemplate(w, name, data)
}

// page shows a refusal to the person, as Entra does with what it does not send
// back to the app.
func (s *Server) page(w http.ResponseWriter, r *http.Request, f *flow, no *refusal) {
	t := s.trail(r)
	if f != nil && f.trail.correlation != "" {
		t = f.trail
	}
	s.mark(w, t)
	data := map[string]any{
		"Title": "Sign in to your account", "Code": no.code, "Message": no.text,
		"Trace": t.trace, "Correlation": t.correlation, "Timestamp": t.stamp,
	}
	if f != nil && f.app != nil {
		data["App"] = f.app.DisplayName
	}
	s.show(w, http.StatusBadRequest, "error", data)
}

type choice struct{ ID, Address, Name, State string }

func (s *Server) pickerPage(w http.ResponseWriter, r *http.Request, f *flow, id, problem string) {
	var users []*directory.User
	signedIn := s.signedIn(r)
	switch {
	case f.hint != "":
		if u, ok := s.Directory.Account(f.hint); ok {
			users = append(users, u)
		}
	case f.authority.tenant != nil:
		users = s.Directory.Users(f.authority.tenant.ID)
	default:
		t, ok := s.Directory.TenantNamed(f.domain)
		if !ok {
			t = s.Directory.Tenants()[0]
		}
		users = s.Directory.Users(t.ID)
		for _, u := range signedIn {
			if u.TenantID != t.ID {
				users = append(users, u)
			}
		}
	}
	var choices []choice
	for _, u := range users {
		c := choice{"account-" + strings.NewReplacer("@", "-", ".", "-").Replace(u.Address), u.Address, u.Name, ""}
		if slices.ContainsFunc(signedIn, func(o *directory.User) bool { return o.ID == u.ID }) {
			c.State = "Signed in"
		}
		choices = append(choices, c)
	}
	title := "Pick an account"
	if f.hint != "" {
		title = "Sign in"
	}
	s.show(w, http.StatusOK, "picker", map[string]any{
		"Title": title, "Flow": id, "App": f.app.DisplayName, "Choices": choices, "Problem": problem, "Hint": f.hint,
	})
}

type permissionLine struct{ Name, Title string }

func (s *Server) lines(f *flow, names []string) []permissionLine {
	resource, _ := s.Directory.Primary().ServicePrincipal(s.tenantFor(f), f.set.resource)
	if f.set.resource == "" {
		resource, _ = s.Directory.Primary().ServicePrincipal(s.tenantFor(f), directory.GraphAppID)
	}
	var out []permissionLine
	for _, n := range names {
		line := permissionLine{n, n}
		if resource != nil {
			if scope, ok := resource.Scope(n); ok {
				line.Title = scope.AdminConsentDisplayName
			}
		}
		out = append(out, line)
	}
	return out
}

func (s *Server) consentPage(w http.ResponseWriter, r *http.Request, f *flow, id string, names []string, forAll bool) {
	lines := s.lines(f, names)
	if forAll {
		for _, role := range s.listedRoles(f) {
			lines = append(lines, permissionLine{role.Value, role.DisplayName})
		}
	}
	publisher := f.app.PublisherDomain
	if f.app.FirstParty {
		publisher = "Microsoft Corporation"
	}
	tenant, _ := s.Directory.TenantNamed(f.user.TenantID)
	s.show(w, http.StatusOK, "consent", map[string]any{
		"Title": "Permissions requested", "Flow": id, "App": f.app.DisplayName, "Publisher": publisher,
		"Account": f.user.Address,
		"Lines":   lines, "OfferAll": !forAll && f.user.ConsentsForAll(), "ForAll": forAll, "Tenant": tenant.Name,
	})
}

func (s *Server) listedRoles(f *flow) []directory.AppRole {
	var out []directory.AppRole
	for _, r := range f.app.RequiredResourceAccess {
		resource, ok := s.Directory.Primary().ServicePrincipal(f.user.TenantID, r.ResourceAppID)
		if !ok || !f.user.GrantsGraphRoles() {
			continue
		}
		for _, p := range r.ResourceAccess {
			if role, ok := resource.Role(p.ID); ok && p.Type == "Role" {
				out = append(out, role)
			}
		}
	}
	return out
}

func (s *Server) approvalPage(w http.ResponseWriter, r *http.Request, f *flow, id string, names []string) {
	s.log(f, 90094)
	s.mark(w, f.trail)
	s.show(w, http.StatusOK, "approval", map[string]any{
		"Title": "Need admin approval", "Flow": id, "App": f.app.DisplayName, "Account": f.user.Address,
		"Lines":   s.lines(f, names),
		"Message": refuse(90094, f.app.DisplayName).text, "Trace": f.trail.trace, "Correlation": f.trail.correlation,
		"Timestamp": f.trail.stamp,
	})
}

type field struct{ Name, Value string }

func (s *Server) formPostPage(w http.ResponseWriter, r *http.Request, to string, v url.Values) {
	var fields []field
	for name := range v {
		fields = append(fields, field{name, v.Get(name)})
	}
	slices.SortFunc(fields, func(a, b field) int { return strings.Compare(a.Name, b.Name) })
	// The address was matched against the registration, custom schemes included.
	// #nosec G203
	s.show(w, http.StatusOK, "formpost",
		map[string]any{"Title": "Working...", "To": template.URL(to), "Fields": fields})
}

func (s *Server) donePage(w http.ResponseWriter, r *http.Request, f *flow) {
	s.show(w, http.StatusOK, "done",
		map[string]any{"Title": f.app.DisplayName,
			"Text": "You have signed in to the " + f.app.DisplayName +
				" application on your device. You may now close this window."})
}

// errorLookUp explains a code, as login.microsoftonline.com/error does.
func (s *Server) errorLookUp(w http.ResponseWriter, r *http.Request) {
	code, _ := strconv.Atoi(strings.TrimPrefix(strings.ToUpper(r.URL.Query().Get("code")), "AADSTS"))
	data := map[string]any{"Title": "Error", "Asked": r.URL.Query().Get("code")}
	if wd, ok := wordings[code]; ok {
		data["Code"], data["Text"] = code, wd.text
	}
	s.show(w, http.StatusOK, "lookup", data)
}
