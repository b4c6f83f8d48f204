package registration

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"

	"entrada/internal/graph"
	"entrada/internal/guides"
	"entrada/internal/words"
)

// ChangeKind says what a change does; it is stable and stands in files.
type ChangeKind string

// The kinds of change, in the order in which they are made. The secret comes last. The
// secret of a new app is made in parallel with the changes right before it. If one of
// them fails, the secret is removed again.
const (
	CreateApp       ChangeKind = "create-app"
	UpdateApp       ChangeKind = "update-app"
	CreatePrincipal ChangeKind = "create-enterprise-app"
	EnablePrincipal ChangeKind = "enable-enterprise-app"
	ExposeScopes    ChangeKind = "expose-scopes"
	GrantDelegated  ChangeKind = "grant-delegated"
	AssignRole      ChangeKind = "grant-application"
	AddSecret       ChangeKind = "add-secret"
)

// Change is one change to the tenant: one request to Graph, as a rule.
type Change struct {
	Kind    ChangeKind `json:"kind"`
	Names   []string   `json:"names,omitempty"`   // permissions or scopes that it is about
	Words   string     `json:"words"`             // one sentence for people
	Details []string   `json:"details,omitempty"` // what exactly
	ofNew   bool       // of an app that the same plan creates
}

// Plan is what has to change, in order. It holds nothing secret. See
// [Engine.Prepare].
type Plan struct {
	Format   int       `json:"format"`
	RunID    string    `json:"run"` // marks what this plan creates
	CloudID  string    `json:"cloud"`
	TenantID string    `json:"tenant"`
	Made     time.Time `json:"made"`
	Wanted   Wanted    `json:"wanted"`
	ClientID string    `json:"clientId,omitempty"` // the app to complete; empty for a new one

	// Only, if it is not empty, is the one requirement that the plan mends.
	Only    RequirementID `json:"only,omitempty"`
	Changes []Change      `json:"changes"`

	// Choice is a question to put first: [Engine.Apply] refuses a plan that has
	// one. Prepare again with the answer.
	Choice    *Choice      `json:"-"`
	Existing  *ExistingApp `json:"-"` // the app, where it exists and was looked up
	Held      Held         `json:"-"` // the roles of who prepared it
	Mailboxes int          `json:"-"` // about how many the organisation has; 0 if not known, or not of interest

	resourceID string // object ID of Microsoft Graph; empty in a plan from a file
}

// Choice asks where apps of the same name exist: one of them, or another one?
type Choice struct{ Same []SameName }

// SameName is an app with the name that was wanted.
type SameName struct {
	ClientID string
	Created  time.Time
	Audience string // in the portal's words
	Secrets  int
	Ours     bool // a run of Entrada on this computer has made it
}

// Reach says in plain words what a plan lets the vendor do.
type Reach struct {
	Heading string   // "In the mailbox of each person who connects, and in no other, OxfordIQ can"
	Does    []string // "send mail as the person"
}

// Reach tells how far the permissions go. mailboxes is the number of mailboxes
// in the organisation, 0 if it is not known.
func (w Wanted) Reach(mailboxes int) []Reach {
	var list []Reach
	for _, kind := range []guides.Kind{guides.Delegated, guides.Application} {
		r := Reach{Heading: "With the account of each person who connects, and with no other, " + w.Vendor + " can"}
		if kind == guides.Application {
			r.Heading = "In all mailboxes of this organisation, with nobody signed in, " + w.Vendor + " can"
			if mailboxes > 0 {
				r.Heading = fmt.Sprintf(
					"In all mailboxes of this organisation, about %d of them, with nobody signed in, %s can",
					mailboxes, w.Vendor)
			}
		}
		for _, p := range w.Permissions {
			if p.Kind == kind {
				r.Does = append(r.Does, p.Does())
			}
		}
		if len(r.Does) > 0 {
			list = append(list, r)
		}
	}
	return list
}

// Roles are the roles of which one is needed for a change. owners: people
// without a role may do it too, because they own the app or because the
// organisation lets everybody register apps.
func (c Change) Roles() (roles []Role, owners bool) {
	switch c.Kind {
	case GrantDelegated:
		return consenters, false
	case AssignRole:
		return roleGivers, false
	}
	if c.Kind == CreateApp || c.ofNew {
		return registrars, true // who registers an app without a role owns it
	}
	return appAdmins, c.Kind != EnablePrincipal
}

// May says whether the account that prepared the plan may make a change.
func (p Plan) May(c Change) Permit {
	roles, owners := c.Roles()
	return p.Held.may(roles, owners)
}

// Split parts a plan into what the account may do and what takes somebody else.
// The second has no client ID yet if the app is new: set it after the first was
// applied.
func (p Plan) Split() (mine, others Plan) {
	mine, others = p, p
	mine.Changes, others.Changes, others.RunID = nil, nil, newRunID()
	for _, c := range p.Changes {
		if p.May(c) == No {
			others.Changes = append(others.Changes, c)
		} else {
			mine.Changes = append(mine.Changes, c)
		}
	}
	return mine, others
}

// makesSecret reports whether the plan makes a secret, which the caller has to store.
func (p Plan) makesSecret() bool {
	return slices.ContainsFunc(p.Changes, func(c Change) bool { return c.Kind == AddSecret })
}

// markNew sets ofNew in changes that came from a file.
func (p Plan) markNew() {
	isNew := slices.ContainsFunc(p.Changes, func(c Change) bool { return c.Kind == CreateApp })
	for i := range p.Changes {
		p.Changes[i].ofNew = isNew && p.Changes[i].Kind != CreateApp
	}
}

// newRunID makes the ID of one run, such as "7F3A02BC".
func newRunID() string {
	var b [4]byte
	_, _ = rand.Read(b[:])
	return fmt.Sprintf("%X", b[:])
}

// uniqueName is the alternate key under which a run creates its app.
func uniqueName(runID string) string { return uniquePrefix + strings.ToLower(runID) }

const uniquePrefix = "entrada-"

// changes lists what turns the actual app into the wanted one, or what mends one
// requirement. Everything in a was looked up.
func changes(w Wanted, a Actual, on App) []Change {
	var list []Change
	isNew, name := !a.App.Known, w.AppName
	if !isNew {
		name = cleanName(a.App.Value.DisplayName)
	}
	add := func(kind ChangeKind, names, details []string) {
		list = append(
			list, Change{Kind: kind, Names: names, Words: sentenceFor(kind, name, w, names), Details: details,
				ofNew: isNew && kind != CreateApp})
	}
	only := func(ids ...RequirementID) bool { return on.Only == "" || slices.Contains(ids, on.Only) }
	if isNew {
		add(CreateApp, nil, createDetails(w))
	} else if u := updateFor(w, a.App.Value, on.Only); len(u.details) > 0 {
		add(UpdateApp, nil, u.details)
	}
	// Nothing can be granted to an app that the organisation does not know.
	if !a.Principal.Known && only(Enabled, Granted) {
		add(CreatePrincipal, nil, nil)
	} else if a.Principal.Known && !a.Principal.Value.Enabled && only(Enabled) {
		add(EnablePrincipal, nil, nil)
	}
	if missing := missingScopes(w, a.App.Value); len(missing) > 0 && only(Exposed) {
		add(ExposeScopes, missing, nil)
	}
	everybody, _ := comparison{w: w, a: a}.grantedNames()
	if missing := missingNames(w.names(guides.Delegated), everybody); len(missing) > 0 && only(Granted) {
		add(GrantDelegated, missing, does(guides.Delegated, missing))
	}
	for _, name := range w.names(guides.Application) {
		id := Permission{name, guides.Application}.ID()
		if only(Granted) &&
			!slices.ContainsFunc(
				a.Roles.Value, func(r graph.RoleAssignment) bool { return strings.EqualFold(r.RoleID, id) }) {
			add(AssignRole, []string{name}, does(guides.Application, []string{name}))
		}
	}
	if (on.NewSecret || len(a.App.Value.Secrets) == 0) && only(SecretLives) {
		add(AddSecret, nil, nil)
	}
	return list
}

// missingNames returns the names that the lower-case list lacks.
func missingNames(want, have []string) []string {
	return slices.DeleteFunc(
		slices.Clone(want), func(n string) bool { return slices.Contains(have, strings.ToLower(n)) })
}

func missingScopes(w Wanted, a graph.Application) []string {
	missing := slices.DeleteFunc(slices.Clone(w.Exposed), func(n string) bool {
		return slices.ContainsFunc(a.API.Scopes, func(s graph.Scope) bool { return s.Enabled && s.Value == n })
	})
	if len(missing) == 0 && len(w.Exposed) > 0 && len(a.IdentifierURIs) == 0 {
		return w.Exposed // only the Application ID URI is missing
	}
	return missing
}

func does(kind guides.Kind, names []string) []string {
	var list []string
	for _, n := range names {
		list = append(list, n+": "+Permission{n, kind}.Does())
	}
	return list
}

// sentenceFor is the sentence for a change of an app. It uses nothing from a file but
// what was checked.
func sentenceFor(kind ChangeKind, name string, w Wanted, names []string) string {
	meanings := func(kind guides.Kind) string {
		var list []string
		for _, n := range names {
			list = append(list, Permission{n, kind}.Does())
		}
		return strings.Join(list, ", ")
	}
	switch kind {
	case CreateApp:
		return "Create the app " + name + "."
	case UpdateApp:
		return "Change the app " + name + "."
	case CreatePrincipal:
		return "Make it known in your organisation, as an enterprise app."
	case EnablePrincipal:
		return "Let people sign in to it again."
	case ExposeScopes:
		return "Add under Expose an API: " + strings.Join(names, ", ") + "."
	case GrantDelegated:
		return "Allow, for everybody who connects: " + meanings(guides.Delegated) + "."
	case AssignRole:
		return "Allow, in all mailboxes and with nobody signed in: " + meanings(guides.Application) + "."
	case AddSecret:
		return "Make a client secret that lasts " + words.Count(w.Secret.Months, "month", "months") + "."
	}
	return ""
}

func createDetails(w Wanted) []string {
	list := []string{"Accounts: " + audienceWords(graphAudience(w.Audience))}
	for _, r := range w.Redirects {
		line := "Sign-in address (" + platformWeb + "): " + r.URI
		if r.Test {
			line += ", for the test; it can go afterwards"
		}
		list = append(list, line)
	}
	if w.Switches != (Switches{}) {
		list = append(list, "Switched on: "+switchWords(w.Switches))
	}
	for _, p := range w.Permissions {
		list = append(list, "Asks for: "+p.Name+" ("+kindWord(p.Kind)+")")
	}
	return list
}

// WithoutSecret leaves the making of a secret to whoever keeps it: at the desk of
// somebody who only helps out it would be lost.
func (p Plan) WithoutSecret() Plan {
	p.Changes = slices.DeleteFunc(slices.Clone(p.Changes), func(c Change) bool { return c.Kind == AddSecret })
	return p
}

// Lacking are the roles of which somebody else has to have one, because the
// account that prepared the plan may not make all of its changes; nil if it may.
func (p Plan) Lacking() []Role {
	var lacking []Role
	for _, c := range p.Changes {
		if p.May(c) == No {
			lacking, _ = c.Roles()
		}
	}
	return lacking
}
