package registration_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/graph"
	"entrada/internal/guides"
	"entrada/internal/registration"
)

var now = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func found[T any](v T) registration.Found[T] { return registration.Found[T]{Value: v, Known: true} }

func delegated(names ...string) (list []registration.Permission) {
	for _, n := range names {
		list = append(list, registration.Permission{Name: n, Kind: guides.Delegated})
	}
	return list
}

// small wants little; good is a tenant that has exactly it.
func small() registration.Wanted {
	return registration.Wanted{GuideID: "v", Vendor: "Vendor", AppName: "Vendor mail", Audience: guides.SingleTenant,
		Redirects: []registration.Redirect{{URI: "https://vendor.example/cb"},
			{URI: guides.TestRedirect, Test: true}},
		Permissions: delegated("Mail.Send", "offline_access"),
		Secret:      registration.Secret{Description: "Vendor", Months: 12}}
}

func good(w registration.Wanted) registration.Actual {
	access := []graph.AccessEntry{}
	var names []string
	var roles []graph.RoleAssignment
	for _, p := range w.Permissions {
		kind := "Scope"
		if p.Kind == guides.Application {
			kind, roles = "Role", append(roles, graph.RoleAssignment{RoleID: p.ID(), ResourceID: "graph"})
		} else {
			names = append(names, p.Name)
		}
		access = append(access, graph.AccessEntry{ID: p.ID(), Type: kind})
	}
	app := graph.Application{ID: "object", ClientID: "client", DisplayName: w.AppName, SignInAudience: "AzureADMyOrg",
		Web:                    graph.Web{RedirectURIs: []string{"https://vendor.example/cb", guides.TestRedirect}},
		RequiredResourceAccess: []graph.ResourceAccess{{ResourceAppID: entra.GraphAppID, Access: access}},
		Secrets:                []graph.Password{{KeyID: "key", End: now.AddDate(1, 0, 0)}}}
	return registration.Actual{ClientID: "client", App: found(app),
		Principal: found(graph.ServicePrincipal{ID: "sp", Enabled: true}), Roles: found(roles),
		Grants: found(
			[]graph.Grant{{ID: "grant", ConsentType: graph.ForEverybody, ResourceID: "graph",
				Scope: strings.Join(names, " ")}}), Resource: found("graph"),
		Owners: found([]graph.Owner(nil)), Federated: found([]graph.FederatedCredential(nil))}
}

func TestComparing(t *testing.T) {
	mailRead := registration.Permission{Name: "Mail.Read", Kind: guides.Delegated}.ID()
	userRead := registration.Permission{Name: "User.Read", Kind: guides.Delegated}.ID()
	mailSendRole := registration.Permission{Name: "Mail.Send", Kind: guides.Application}.ID()
	for name, c := range map[string]struct {
		want   func(*registration.Wanted)
		is     func(*registration.Actual)
		id     registration.RequirementID
		state  registration.State
		advice bool
		says   string // somewhere in the requirement
	}{
		"audience": {is: func(
			a *registration.Actual) {
			a.App.Value.SignInAudience = "AzureADMultipleOrgs"
		}, id: registration.Audience, state: registration.Differs, says: "Multiple Entra ID tenants"},
		"audience unknown": {is: func(a *registration.Actual) { a.App.Value.SignInAudience = "Something" },
			id: registration.Audience, state: registration.Differs, says: "Something"},
		"no address": {is: func(a *registration.Actual) { a.App.Value.Web.RedirectURIs = nil },
			id: registration.Redirects, state: registration.Differs, says: "none"},
		"no test address": {is: func(
			a *registration.Actual) {
			a.App.Value.Web.RedirectURIs = []string{"https://vendor.example/cb"}
		}, id: registration.Redirects, state: registration.Differs, advice: true, says: "Only Entrada's own test"},
		"address in capitals": {is: func(
			a *registration.Actual) {
			a.App.Value.Web.RedirectURIs[0] = "https://vendor.example/CB"
		}, id: registration.Redirects, state: registration.Differs, says: "capital and small"},
		"address elsewhere": {is: func(a *registration.Actual) {
			a.App.Value.Web.RedirectURIs, a.App.Value.SPA.RedirectURIs = a.App.Value.Web.RedirectURIs[1:],
				[]string{"https://vendor.example/cb"}
		}, id: registration.Redirects, state: registration.Differs, says: "registered under Single-page application"},
		"any port of localhost": {is: func(
			a *registration.Actual) {
			a.App.Value.Web.RedirectURIs[1] = "http://localhost:4711"
		}, id: registration.Redirects, state: registration.OK},
		"more addresses": {is: func(a *registration.Actual) {
			a.App.Value.Web.RedirectURIs = append(a.App.Value.Web.RedirectURIs, "https://x.example")
		}, id: registration.Redirects, state: registration.OK},
		"switch missing": {want: func(w *registration.Wanted) { w.Switches.IDTokens = true },
			id: registration.SwitchesOn, state: registration.Differs, says: "ID tokens"},
		"switch too many": {is: func(a *registration.Actual) { a.App.Value.FallbackPublicClient = true },
			id: registration.SwitchesOn, state: registration.Differs, advice: true, says: "Allow public client flows"},
		"not asked for": {is: func(a *registration.Actual) { a.App.Value.RequiredResourceAccess = nil },
			id: registration.Asked, state: registration.Differs, says: "none of them"},
		"asked in other kind": {is: func(a *registration.Actual) {
			a.App.Value.RequiredResourceAccess[0].Access[0] = graph.AccessEntry{ID: mailSendRole, Type: "Role"}
		}, id: registration.Asked, state: registration.Differs, says: "of the kind Delegated"},
		"not granted": {is: func(a *registration.Actual) { a.Grants.Value = nil }, id: registration.Granted,
			state: registration.Differs, says: "none of them"},
		"no enterprise app": {is: func(
			a *registration.Actual) {
			a.Grants = registration.Found[[]graph.Grant]{Missing: true}
		}, id: registration.Granted, state: registration.Differs},
		"granted to two people": {is: func(a *registration.Actual) {
			a.Grants.Value = []graph.Grant{{ConsentType: graph.ForEverybody, ResourceID: "graph",
				Scope: "offline_access"},
				{ConsentType: graph.ForOnePerson, PrincipalID: "1", ResourceID: "graph", Scope: "Mail.Send"},
				{ConsentType: graph.ForOnePerson, PrincipalID: "2", ResourceID: "graph", Scope: "mail.send"}}
		}, id: registration.Granted, state: registration.Differs, says: "Granted for 2 single people"},
		"granted elsewhere": {is: func(a *registration.Actual) { a.Grants.Value[0].ResourceID = "exchange" },
			id: registration.Granted, state: registration.Differs},
		"granted in capitals": {is: func(
			a *registration.Actual) {
			a.Grants.Value[0].Scope = "MAIL.SEND OFFLINE_ACCESS"
		}, id: registration.Granted, state: registration.OK},
		"grants unknown": {is: func(a *registration.Actual) {
			a.Grants = registration.Found[[]graph.Grant]{Err: fault.New(fault.Offline, "x", nil)}
		}, id: registration.Granted, state: registration.CouldNotCheck},
		"grants not looked up": {is: func(a *registration.Actual) { a.Grants = registration.Found[[]graph.Grant]{} },
			id: registration.Granted, state: registration.CouldNotCheck, says: "not looked up"},
		"Graph unknown": {is: func(a *registration.Actual) { a.Resource = registration.Found[string]{} },
			id: registration.Granted, state: registration.CouldNotCheck},
		"role not granted": {want: appOnly, is: func(a *registration.Actual) { a.Roles.Value = nil },
			id: registration.Granted, state: registration.Differs},
		"role granted": {want: appOnly, id: registration.Granted, state: registration.OK},
		"roles unknown": {want: appOnly,
			is: func(a *registration.Actual) { a.Roles = registration.Found[[]graph.RoleAssignment]{} },
			id: registration.Granted, state: registration.CouldNotCheck},
		"User.Read by itself": {is: func(
			a *registration.Actual) {
			more(a, graph.AccessEntry{ID: userRead, Type: "Scope"})
		}, id: registration.Surplus, state: registration.OK, advice: true},
		"one too many": {is: func(
			a *registration.Actual) {
			more(a, graph.AccessEntry{ID: mailRead, Type: "Scope"})
		}, id: registration.Surplus, state: registration.Differs, advice: true, says: "Mail.Read"},
		"unknown permission": {is: func(
			a *registration.Actual) {
			more(a, graph.AccessEntry{ID: "0000", Type: "Role"})
		}, id: registration.Surplus, state: registration.Differs, advice: true, says: "does not know (0000)"},
		"other service": {is: func(a *registration.Actual) {
			a.App.Value.RequiredResourceAccess = append(a.App.Value.RequiredResourceAccess,
				graph.ResourceAccess{ResourceAppID: "exo", Access: []graph.AccessEntry{{ID: "1", Type: "Role"}}})
		}, id: registration.Surplus, state: registration.Differs, advice: true, says: "another service (exo)"},
		"role too many": {is: func(
			a *registration.Actual) {
			a.Roles.Value = []graph.RoleAssignment{{RoleID: mailSendRole}}
		}, id: registration.Surplus, state: registration.Differs, advice: true, says: "Mail.Send (Application)"},
		"granted too much": {is: func(a *registration.Actual) { a.Grants.Value[0].Scope += " contacts.read" },
			id: registration.Surplus, state: registration.Differs, advice: true, says: "Contacts.Read"},
		"no secret": {is: func(a *registration.Actual) { a.App.Value.Secrets = nil },
			id: registration.SecretLives, state: registration.Differs, says: "There is none"},
		"secret expired": {is: func(a *registration.Actual) { a.App.Value.Secrets[0].End = now },
			id: registration.SecretLives, state: registration.Differs, says: "expired on 20 November 2026"},
		"secret ends soon": {is: func(a *registration.Actual) { a.App.Value.Secrets[0].End = now.AddDate(0, 0, 29) },
			id: registration.SecretLives, state: registration.Differs, advice: true, says: "in 29 days"},
		"one of two lives": {is: func(a *registration.Actual) {
			a.App.Value.Secrets = append(a.App.Value.Secrets, graph.Password{End: now.AddDate(-1, 0, 0)})
		}, id: registration.SecretLives, state: registration.OK},
		"switched off": {is: func(a *registration.Actual) { a.Principal.Value.Enabled = false },
			id: registration.Enabled, state: registration.Differs, says: "AADSTS7000112"},
		"no principal": {is: func(
			a *registration.Actual) {
			a.Principal = registration.Found[graph.ServicePrincipal]{Missing: true}
		}, id: registration.Enabled, state: registration.Differs, says: "no enterprise app"},
		"principal unknown": {is: func(
			a *registration.Actual) {
			a.Principal = registration.Found[graph.ServicePrincipal]{}
		}, id: registration.Enabled, state: registration.CouldNotCheck},
		"assignment": {is: func(a *registration.Actual) { a.Principal.Value.AssignmentRequired = true },
			id: registration.Assignment, state: registration.Differs, advice: true, says: "AADSTS50105"},
		"scope missing": {want: func(w *registration.Wanted) { w.Exposed = []string{"Offline_access"} },
			id: registration.Exposed, state: registration.Differs},
		"app gone": {is: func(
			a *registration.Actual) {
			a.App = registration.Found[graph.Application]{Missing: true}
		}, id: registration.Registered, state: registration.Differs},
		"app gone: the rest": {is: func(
			a *registration.Actual) {
			a.App = registration.Found[graph.Application]{Missing: true}
		}, id: registration.Redirects, state: registration.CouldNotCheck},
		"managed consent": {is: func(a *registration.Actual) {
			a.Consent = found(
				graph.ConsentPolicy{
					Assigned: []string{"ManagePermissionGrantsForSelf.microsoft-user-default-recommended"}})
		}, id: registration.ConsentPolicy, state: registration.OK, advice: true, says: "Microsoft's own settings"},
		"no consent": {is: func(a *registration.Actual) { a.Consent = found(graph.ConsentPolicy{}) },
			id: registration.ConsentPolicy, state: registration.OK, advice: true, says: "Nobody may"},
		"consent unknown": {is: func(a *registration.Actual) { a.Consent.Err = fault.New(fault.Offline, "x", nil) },
			id: registration.ConsentPolicy, state: registration.CouldNotCheck, advice: true},
		"consent not read": {id: registration.ConsentPolicy, state: "not listed"},
	} {
		w := small()
		if c.want != nil {
			c.want(&w)
		}
		a := good(w)
		if c.is != nil {
			if name == "switch missing" || name == "scope missing" {
				a = good(small())
			}
			c.is(&a)
		}
		list := registration.Compare(w, a, now)
		r := requirement(list, c.id)
		all := strings.Join(append([]string{r.Have, r.Want, r.Why}, itemNotes(r)...), " ")
		if r.State != c.state || r.Advice != c.advice || !strings.Contains(all, c.says) {
			t.Errorf("%s: %s, advice %v, %q", name, r.State, r.Advice, all)
		}
		if r.State == registration.CouldNotCheck && r.CanFix {
			t.Errorf("%s: offers to mend what it could not see", name)
		}
		if c.state == registration.Differs && !c.advice && registration.Verdict(list) != registration.Differs {
			t.Errorf("%s: verdict %s", name, registration.Verdict(list))
		}
		if c.advice && c.id != registration.ConsentPolicy && registration.Verdict(list) != registration.OK {
			t.Errorf("%s: verdict %s", name, registration.Verdict(list))
		}
		for _, r := range list {
			if r.Title == "" || r.Want == "" || r.Have == "" || r.Page == "" || r.Path == "" || len(r.Fixers) == 0 {
				t.Errorf("%s: %s leaves something unsaid: %+v", name, r.ID, r)
			}
		}
	}
}

func appOnly(w *registration.Wanted) {
	w.Permissions = []registration.Permission{{Name: "Mail.Read", Kind: guides.Application}}
}

func more(a *registration.Actual, p graph.AccessEntry) {
	r := &a.App.Value.RequiredResourceAccess[0]
	r.Access = append(r.Access, p)
}

func itemNotes(r registration.Requirement) (notes []string) {
	for _, i := range r.Items {
		notes = append(notes, i.Note)
	}
	return notes
}

// Nothing that was not looked up reads as well.
func TestNothingLookedUpIsNotOK(t *testing.T) {
	list := registration.Compare(small(), registration.Actual{}, now)
	for _, r := range list {
		if r.State != registration.CouldNotCheck {
			t.Errorf("%s is %s", r.ID, r.State)
		}
	}
	if registration.Verdict(list) != registration.CouldNotCheck ||
		registration.Verdict(nil) != registration.CouldNotCheck {
		t.Error("a verdict on nothing")
	}
}

func TestComparingAddresses(t *testing.T) {
	const want = "https://vendor.example/oauth/callback"
	for have, says := range map[string]string{
		"https://vendor.example/oauth/callback/":     "slash at the end is too much",
		"https://vendor.example/oauth/Callback":      "capital and small",
		"http://vendor.example/oauth/callback":       "http:// instead of https://",
		"https://vendor.example:8443/oauth/callback": "the port",
		"https://vendor.example/oauth/callback?x=1":  "question mark",
		"https://vendor.example/oauth/return":        "goes on with “return”",
		"https://vendors.example/oauth/callback":     "name of the server",
		"https://elsewhere.example/":                 "",
		"%zz":                                        "",
	} {
		d, ok := registration.CompareURI(want, have, "Web")
		if ok != (says != "") || !strings.Contains(d.Sentence, says) {
			t.Errorf("%s: %v, %q", have, ok, d.Sentence)
		}
		if ok && (want[:d.At] != have[:d.At] || d.At < len(want) && d.At < len(have) && want[d.At] == have[d.At]) {
			t.Errorf("%s: they differ elsewhere than at %d", have, d.At)
		}
	}
	if d, ok := registration.CompareURI(want+"/", want, "Web"); !ok ||
		d.Sentence != "The slash at the end is missing." {
		t.Errorf("%+v", d)
	}
	if d, ok := registration.CompareURI(want, want+"/", "Single-page application"); !ok ||
		!strings.Contains(d.Sentence, "also under Single-page") {
		t.Errorf("%+v", d)
	}
}

func TestWantedFromAGuide(t *testing.T) {
	w := wanted(t, "gathr", " My Gathr ")
	if w.AppName != "My Gathr" || w.Audience != guides.SingleTenant || len(w.Redirects) != 2 || !w.Redirects[1].Test ||
		w.Redirects[0].Test || len(w.Exposed) != 1 || w.AppOnly() {
		t.Errorf("%+v", w)
	}
	if cxt := wanted(t, "cxt", ""); !cxt.AppOnly() || len(cxt.Redirects) != 2 || cxt.Redirects[1].Test ||
		cxt.Switches == (registration.Switches{}) {
		t.Errorf("%+v", cxt)
	}
	g := guides.ByID("xkit")
	if _, err := registration.For(g,
		guides.Choices{Inputs: map[string]string{"callback-url": "http://vendor.example"}}, ""); !fault.Is(err,
		fault.InvalidInput) {
		t.Errorf("an address that Microsoft refuses: %v", err)
	}
	if _, err := registration.For(g, guides.Choices{}, strings.Repeat("x", 91)); !fault.Is(err, fault.InvalidInput) {
		t.Errorf("a name that is too long: %v", err)
	}
	if w, err := registration.For(g, guides.Choices{Features: []string{"mail-send", "mail-read"}}, ""); err != nil ||
		!slices.ContainsFunc(w.Permissions, func(p registration.Permission) bool { return p.Name == "Mail.Send" }) {
		t.Errorf("%+v, %v", w, err)
	}
}
