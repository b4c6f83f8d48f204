package registration

import (
	"slices"
	"strings"
	"time"

	"entrada/internal/entra"
	"entrada/internal/graph"
	"entrada/internal/guides"
	"entrada/internal/words"
)

// askedFor lists the permissions of Microsoft Graph in a registration by ID.
func askedFor(a graph.Application) (delegated, roles []string) {
	for _, r := range a.RequiredResourceAccess {
		if !strings.EqualFold(r.ResourceAppID, entra.GraphAppID) {
			continue
		}
		for _, p := range r.Access {
			if p.Type == "Role" {
				roles = append(roles, strings.ToLower(p.ID))
			} else {
				delegated = append(delegated, strings.ToLower(p.ID))
			}
		}
	}
	return delegated, roles
}

func kindWord(k guides.Kind) string {
	if k == guides.Application {
		return "Application"
	}
	return "Delegated"
}

func (c comparison) wantedNames() string {
	names := make([]string, len(c.w.Permissions))
	for i, p := range c.w.Permissions {
		names[i] = p.Name
	}
	return strings.Join(names, ", ")
}

func (c comparison) asked() Requirement {
	r := Requirement{ID: Asked, Title: "Permissions that the app asks for", Want: c.wantedNames(), Fixers: appAdmins,
		CanFix: true, Page: entra.PagePermissions,
		Path: pathTo("API permissions"),
		Why:  "What is not on the list is not shown to whoever consents, and not granted with the rest."}
	return c.ofApp(r, func(r *Requirement, a graph.Application) {
		delegated, roles := askedFor(a)
		r.each(c.w.Permissions, func(p Permission) (bool, string) {
			if p.Kind == guides.Application {
				return slices.Contains(roles, p.ID()), kindNote(p, slices.Contains(delegated, other(p)))
			}
			return slices.Contains(delegated, p.ID()), kindNote(p, slices.Contains(roles, other(p)))
		})
	})
}

// other is the ID of the same name in the other kind, "" if there is none.
func other(p Permission) string {
	if p.Kind == guides.Application {
		return Permission{p.Name, guides.Delegated}.ID()
	}
	return Permission{p.Name, guides.Application}.ID()
}

func kindNote(p Permission, there bool) string {
	if !there || other(p) == "" {
		return ""
	}
	return "It is there in the other kind. It has to be of the kind " + kindWord(p.Kind) + "."
}

// each judges the wanted permissions one by one; note is shown where one is
// missing.
func (r *Requirement) each(list []Permission, has func(Permission) (ok bool, note string)) {
	var have []string
	all := true
	for _, p := range list {
		item := Item{Name: p.Name, State: OK}
		ok, note := has(p)
		if ok {
			have = append(have, p.Name)
		} else {
			all, item.State, item.Note = false, Differs, note
		}
		r.Items = append(r.Items, item)
	}
	if r.Have = "none of them"; len(have) > 0 {
		r.Have = strings.Join(have, ", ")
	}
	r.is(all)
}

// grantedNames sorts out who was granted what at Microsoft Graph.
func (c comparison) grantedNames() (everybody []string, people map[string]int) {
	people = map[string]int{}
	for _, g := range c.a.Grants.Value {
		if g.ResourceID != c.a.Resource.Value {
			continue // the same name at another API is another permission
		}
		for _, name := range strings.Fields(g.Scope) {
			if g.ConsentType == graph.ForEverybody {
				everybody = append(everybody, strings.ToLower(name))
			} else {
				people[strings.ToLower(name)]++
			}
		}
	}
	return everybody, people
}

func (c comparison) granted() Requirement {
	r := Requirement{ID: Granted, Title: "Permissions that are granted", Want: c.wantedNames() + ", for everybody",
		Fixers: consenters, CanFix: true, Page: entra.PagePermissions,
		Path: pathTo("API permissions"),
		Why:  "People see “Need admin approval” and cannot connect, or the vendor is refused (AADSTS65001)."}
	if c.w.AppOnly() {
		r.Fixers, r.Want = roleGivers, c.wantedNames()
	}
	// Both are needed as far as the vendor wants both kinds; the ID of Microsoft
	// Graph is needed to tell its consents from those of other services.
	if len(c.w.names(guides.Delegated)) > 0 {
		if c.a.Grants.Known && !c.a.Resource.Known {
			r.cannot(c.a.Resource.Err)
			return r
		}
		if !c.a.Grants.Known && !c.a.Grants.Missing {
			r.cannot(c.a.Grants.Err)
			return r
		}
	}
	if c.w.AppOnly() && !c.a.Roles.Known && !c.a.Roles.Missing {
		r.cannot(c.a.Roles.Err)
		return r
	}
	everybody, people := c.grantedNames()
	r.each(c.w.Permissions, func(p Permission) (bool, string) {
		if p.Kind == guides.Application {
			return slices.ContainsFunc(
				c.a.Roles.Value, func(a graph.RoleAssignment) bool { return strings.EqualFold(a.RoleID, p.ID()) }), ""
		}
		note := ""
		if n := people[strings.ToLower(p.Name)]; n > 0 {
			note = "Granted for " + words.Count(n, "single person", "single people") + ", not for everybody."
		}
		return slices.Contains(everybody, strings.ToLower(p.Name)), note
	})
	return r
}

// harmless permissions need no reason: the portal adds User.Read to every registration,
// and a sign-in adds the others.
var harmless = []string{"user.read", "openid", "profile", "email", "offline_access"}

func (c comparison) surplus() Requirement {
	r := Requirement{ID: Surplus, Title: "Nothing beyond that", Want: "no other permission", Have: "none",
		Advice: true, Fixers: appAdmins, Page: entra.PagePermissions,
		Path: pathTo("API permissions"), Why: "Each permission more is one more thing that a stolen secret opens."}
	return c.ofApp(r, func(r *Requirement, a graph.Application) {
		if !c.a.Grants.Known && !c.a.Grants.Missing {
			r.cannot(c.a.Grants.Err)
			return
		}
		if !c.a.Roles.Known && !c.a.Roles.Missing {
			r.cannot(c.a.Roles.Err)
			return
		}
		if c.a.Grants.Known && len(c.a.Grants.Value) > 0 && !c.a.Resource.Known {
			r.cannot(c.a.Resource.Err)
			return
		}
		r.Items = c.more(a)
		var names []string
		for _, i := range r.Items {
			names = append(names, i.Name)
		}
		if len(names) > 0 {
			r.Have = strings.Join(names, ", ")
		}
		r.is(len(r.Items) == 0)
	})
}

// more lists the permissions beyond the wanted that are asked for or granted.
func (c comparison) more(a graph.Application) []Item {
	var items []Item
	add := func(name, note string) {
		if i := slices.IndexFunc(items, func(o Item) bool { return strings.EqualFold(o.Name, name) }); i >= 0 {
			if items[i].Note != note {
				items[i].Note = "asked for and granted"
			}
			return
		}
		items = append(items, Item{Name: name, State: Differs, Note: note})
	}
	wanted := func(kind guides.Kind, id string) bool {
		return slices.ContainsFunc(
			c.w.Permissions, func(p Permission) bool { return p.Kind == kind && strings.EqualFold(p.ID(), id) })
	}
	for _, r := range a.RequiredResourceAccess {
		for _, p := range r.Access {
			kind, name := kindOf(p), nameOf(r.ResourceAppID, p)
			ofGraph := strings.EqualFold(r.ResourceAppID, entra.GraphAppID)
			if !(ofGraph &&
				(wanted(kind, p.ID) || kind == guides.Delegated && slices.Contains(harmless, strings.ToLower(name)))) {
				add(name, "asked for")
			}
		}
	}
	everybody, _ := c.grantedNames()
	for _, name := range everybody {
		if !slices.Contains(harmless, name) &&
			!slices.ContainsFunc(
				c.w.names(guides.Delegated), func(n string) bool { return strings.EqualFold(n, name) }) {
			add(properName(name), "granted")
		}
	}
	for _, g := range c.a.Grants.Value {
		if g.ConsentType == graph.ForEverybody && g.ResourceID != c.a.Resource.Value {
			for _, name := range strings.Fields(g.Scope) {
				add(name+" at another service", "granted")
			}
		}
	}
	for _, role := range c.a.Roles.Value {
		if !wanted(guides.Application, role.RoleID) {
			add(nameOf(entra.GraphAppID, graph.AccessEntry{ID: role.RoleID, Type: "Role"}), "granted")
		}
	}
	return items
}

func kindOf(p graph.AccessEntry) guides.Kind {
	if p.Type == "Role" {
		return guides.Application
	}
	return guides.Delegated
}

// nameOf is a permission's name, or its ID where Entrada does not know it.
func nameOf(resourceAppID string, entry graph.AccessEntry) string {
	if strings.EqualFold(resourceAppID, entra.GraphAppID) {
		for _, p := range entra.Permissions() {
			if entry.Type == "Role" && strings.EqualFold(p.RoleID, entry.ID) {
				return p.Name + " (Application)"
			}
			if entry.Type != "Role" && strings.EqualFold(p.DelegatedID, entry.ID) {
				return p.Name
			}
		}
		return "a permission that Entrada does not know (" + entry.ID + ")"
	}
	return "a permission of another service (" + resourceAppID + ")"
}

// properName spells a permission as Microsoft does.
func properName(name string) string {
	for _, p := range entra.Permissions() {
		if strings.EqualFold(p.Name, name) {
			return p.Name
		}
	}
	return name
}

func (c comparison) secret() Requirement {
	r := Requirement{ID: SecretLives, Title: "Client secret", Want: "one that is valid", Have: "There is none.",
		Fixers: appAdmins, CanFix: true, Page: entra.PageSecrets,
		Path: pathTo("Certificates & secrets"),
		Why:  "Without a valid secret nobody can connect, and no connection lasts (AADSTS7000222)."}
	return c.ofApp(r, func(r *Requirement, a graph.Application) {
		r.Secrets = a.Secrets
		if len(a.Secrets) == 0 {
			r.is(false)
			return
		}
		last := slices.MaxFunc(a.Secrets, func(x, y graph.Password) int { return x.End.Compare(y.End) })
		day := last.End.Format(words.Date)
		switch left := last.End.Sub(c.now); {
		case left <= 0:
			r.Have = "It expired on " + day + "."
			r.is(false)
		case left < entra.SoonDays*24*time.Hour:
			// It works today, so it does not fail the check.
			r.Have, r.Advice = "It ends in "+words.Count(int(left.Hours()/24), "day", "days")+", on "+day+".", true
			r.is(false)
		default:
			r.Have = "valid until " + day
			r.is(true)
		}
	})
}

const pathEnterprise = "Entra ID > Enterprise apps > your app > Properties"

func (c comparison) enabled() Requirement {
	r := Requirement{ID: Enabled, Title: "The app is switched on in your organisation",
		Want: "Enabled for users to sign in: Yes", Fixers: appAdmins, CanFix: true,
		Page: entra.PageEnterpriseApp, Path: pathEnterprise, principalID: c.a.Principal.Value.ID,
		Why: "Nobody can sign in to it (AADSTS7000112)."}
	if c.a.Principal.Missing {
		r.Have, r.Why = "Your organisation has no enterprise app for it.",
			"Permissions cannot be granted, and the sign-in is refused (AADSTS7000229)."
		r.is(false)
		return r
	}
	return judged(r, c.a.Principal, "", func(r *Requirement, p graph.ServicePrincipal) {
		if r.Have = "No"; p.Enabled {
			r.Have = "Yes"
		}
		r.is(p.Enabled)
	})
}

func (c comparison) assignment() Requirement {
	r := Requirement{ID: Assignment, Title: "Who may use it", Want: "Assignment required: No", Advice: true,
		Fixers: appAdmins, Page: entra.PageEnterpriseApp, Path: pathEnterprise, principalID: c.a.Principal.Value.ID}
	return judged(
		r, c.a.Principal, "Your organisation has no enterprise app for it.",
		func(r *Requirement, p graph.ServicePrincipal) {
			if r.Have = "Assignment required: No"; p.AssignmentRequired {
				// Somebody decided so, perhaps on purpose.
				r.Have, r.Why = "Assignment required: Yes",
					"Only people who are assigned to the app can connect; others see AADSTS50105. That is fine if "+
						"it is meant so."
			}
			r.is(!p.AssignmentRequired)
		})
}

// consentPolicy tells what people could allow by themselves
// (learn.microsoft.com/entra/identity/enterprise-apps/manage-app-consent-policies).
func (c comparison) consentPolicy() Requirement {
	r := Requirement{ID: ConsentPolicy, Title: "What people may allow by themselves",
		Want: "anything: an admin grants it for everybody", Advice: true, Fixers: []Role{GlobalAdministrator},
		Page: entra.PageUserConsent, Path: "Entra ID > Enterprise apps > Consent and permissions"}
	return judged(
		r, c.a.Consent, "Your organisation has no such settings.", func(r *Requirement, p graph.ConsentPolicy) {
			r.State = OK
			has := func(part string) bool {
				return slices.ContainsFunc(p.Assigned, func(s string) bool {
					return strings.HasPrefix(s, "ManagePermissionGrantsForSelf.") && strings.Contains(s, part)
				})
			}
			switch {
			case has("microsoft-user-default-recommended"):
				r.Have = "Microsoft's own settings: nobody can allow access to mail or calendars for themselves."
			case has("microsoft-user-default-legacy"):
				r.Have = "People may allow apps to access their data."
			case has("microsoft-user-default-low"):
				r.Have = "People may allow little, and only to apps of known publishers."
			case has(""):
				r.Have = "Your organisation has rules of its own."
			default:
				r.Have = "Nobody may allow anything for themselves."
			}
		})
}
