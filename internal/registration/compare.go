package registration

import (
	"slices"
	"strings"
	"time"

	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/graph"
)

// State is the outcome of one comparison.
type State string

// The states. A look-up that failed is CouldNotCheck and never OK.
const (
	OK            State = "ok"
	Differs       State = "differs"
	CouldNotCheck State = "could-not-check"
)

// RequirementID names a requirement; it is stable and stands in reports.
type RequirementID string

// The requirements, in the order in which they are shown.
const (
	Registered    RequirementID = "registered"
	Audience      RequirementID = "audience"
	Redirects     RequirementID = "redirects"
	SwitchesOn    RequirementID = "switches"
	Asked         RequirementID = "permissions-asked"
	Granted       RequirementID = "permissions-granted"
	Surplus       RequirementID = "permissions-surplus"
	Exposed       RequirementID = "exposed-scopes"
	SecretLives   RequirementID = "secret"
	Others        RequirementID = "others"
	Enabled       RequirementID = "enabled"
	Assignment    RequirementID = "assignment"
	ConsentPolicy RequirementID = "consent-policy"
)

// mendable are the requirements that a plan can mend.
var mendable = []RequirementID{Audience, Redirects, SwitchesOn, Asked, Granted, Exposed, SecretLives, Enabled}

// Requirement is one thing that is wanted, compared with what is there.
type Requirement struct {
	ID    RequirementID `json:"id"`
	Title string        `json:"title"`
	State State         `json:"state"`

	// Advice is worth knowing, but the connection works without it: it decides
	// no verdict.
	Advice bool `json:"advice,omitempty"`

	Want  string    `json:"want"`
	Have  string    `json:"have"`
	Items []Item    `json:"items,omitempty"` // one by one, where there are several
	Diffs []URIDiff `json:"diffs,omitempty"` // addresses that are nearly right
	Why   string    `json:"why,omitempty"`   // what happens if it stays so

	Fixers []Role           `json:"-"` // who can change it; any one of these
	CanFix bool             `json:"canFix"`
	Page   entra.PortalPage `json:"page"`
	Path   string           `json:"path"` // the way there in words
	Err    error            `json:"-"`    // why it could not be checked

	// Secrets are those of the app, without their values; for SecretLives alone.
	Secrets []graph.Password `json:"-"`

	principalID string // of the enterprise app, for the link there
}

// Link is the address of the portal page where the requirement is met.
func (r Requirement) Link(cloud entra.Cloud, tenantID, clientID string) string {
	return cloud.EnterpriseLink(r.Page, tenantID, clientID, r.principalID)
}

// Item is one permission, address or the like of a requirement.
type Item struct {
	Name  string `json:"name"`
	State State  `json:"state"`
	Note  string `json:"note,omitempty"`
}

// Verdict sums up: Differs if something needed differs, else CouldNotCheck if
// something needed could not be checked, else OK. An empty list is not OK.
func Verdict(list []Requirement) State {
	verdict, judged := OK, false
	for _, r := range list {
		switch {
		case r.Advice:
			continue
		case r.State == Differs:
			return Differs
		case r.State != OK:
			verdict = CouldNotCheck
		}
		judged = true
	}
	if !judged {
		return CouldNotCheck
	}
	return verdict
}

// Compare compares what is wanted with what is there.
func Compare(w Wanted, a Actual, now time.Time) []Requirement {
	c := comparison{w: w, a: a, now: now}
	list := []Requirement{
		c.registered(), c.audience(), c.redirects(), c.switches(), c.asked(), c.granted(), c.surplus(), c.secret(),
		c.others(), c.enabled(), c.assignment(),
	}
	if len(w.Exposed) > 0 {
		list = slices.Insert(list, 7, c.exposed())
	}
	if a.Consent.Known || a.Consent.Missing || a.Consent.Err != nil {
		list = append(list, c.consentPolicy())
	}
	return list
}

type comparison struct {
	w   Wanted
	a   Actual
	now time.Time

	trustNothing bool // no unknown secret counts as the one in use
}

// pathTo is the way to a page of the app.
func pathTo(menu string) string { return "Entra ID > App registrations > your app > " + menu }

// ofApp judges what the registration itself says.
func (c comparison) ofApp(r Requirement, judge func(*Requirement, graph.Application)) Requirement {
	return judged(r, c.a.App, "There is no such app registration.", judge)
}

// judged calls judge only for what was looked up.
func judged[T any](r Requirement, f Found[T], missing string, judge func(*Requirement, T)) Requirement {
	switch {
	case f.Known:
		judge(&r, f.Value)
	case f.Missing:
		r.State, r.Have, r.CanFix = CouldNotCheck, missing, false
	default:
		r.cannot(f.Err)
	}
	return r
}

func (r *Requirement) cannot(err error) {
	r.State, r.Err, r.CanFix, r.Items, r.Diffs = CouldNotCheck, err, false, nil, nil
	switch {
	case err == nil:
		r.Have = "It was not looked up."
	case isStatus(err, 403):
		r.Have = "The account that is signed in may not see it."
	case fault.Is(err, fault.Cancelled):
		r.Have = "It was cancelled before it could be looked up."
	default:
		r.Have = "It could not be looked up."
	}
}

// is sets OK or Differs.
func (r *Requirement) is(ok bool) {
	if r.State = Differs; ok {
		r.State, r.CanFix = OK, false
	}
}

func (c comparison) registered() Requirement {
	r := Requirement{ID: Registered, Title: "The app is registered", Want: c.w.AppName, Fixers: registrars,
		Page: entra.PageAppRegistrations, Path: "Entra ID > App registrations",
		Why: "Without a registration nobody can sign in to " + c.w.Vendor + "."}
	if c.a.App.Missing {
		r.State, r.Have, r.CanFix = Differs,
			"There is no app with this client ID. It may have been deleted, or belong to another organisation.", false
		return r
	}
	return c.ofApp(r, func(r *Requirement, a graph.Application) { r.State, r.Have = OK, cleanName(a.DisplayName) })
}

func (c comparison) audience() Requirement {
	r := Requirement{ID: Audience, Title: "Whose accounts can connect",
		Want: audienceWords(graphAudience(c.w.Audience)), Fixers: appAdmins, CanFix: true,
		Page: entra.PageAuthentication, Path: pathTo("Authentication") + " > Supported accounts",
		Why: "Accounts that are not meant here cannot sign in, or more can than should."}
	return c.ofApp(r, func(r *Requirement, a graph.Application) {
		r.Have = audienceWords(a.SignInAudience)
		r.is(a.SignInAudience == graphAudience(c.w.Audience))
	})
}

func (c comparison) redirects() Requirement {
	r := Requirement{ID: Redirects, Title: "Sign-in addresses", Want: "none", Have: "none", Fixers: appAdmins,
		CanFix: true, Page: entra.PageAuthentication,
		Path: pathTo("Authentication"),
		Why:  "Microsoft sends people back only to an address on this list, letter by letter (AADSTS50011)."}
	var want []string
	for _, u := range c.w.Redirects {
		want = append(want, u.URI)
	}
	if len(want) > 0 {
		r.Want = strings.Join(want, ", ") + " (" + platformWeb + ")"
	}
	return c.ofApp(r, func(r *Requirement, a graph.Application) {
		list := registeredURIs(a)
		var have []string
		for _, l := range list {
			have = append(have, l.uri+" ("+l.platform+")")
		}
		if len(have) > 0 {
			r.Have = strings.Join(have, ", ")
		}
		needed, test := true, true
		for _, u := range c.w.Redirects {
			item := Item{Name: u.URI, State: OK}
			if !slices.ContainsFunc(
				list, func(l registered) bool { return l.platform == platformWeb && acceptsURI(l.uri, u.URI) }) {
				item.State = Differs
				if u.Test {
					item.Note, test = "Only Entrada's own test needs it.", false
				} else {
					needed = false
				}
				if d, ok := nearest(u.URI, list); ok {
					item.Note = strings.TrimSpace(item.Note + " " + d.Sentence)
					r.Diffs = append(r.Diffs, d)
				}
				// To remove an address from another platform could break its users there.
				if slices.ContainsFunc(list, func(l registered) bool { return l.uri == u.URI }) {
					r.CanFix = false
				}
			}
			r.Items = append(r.Items, item)
		}
		r.Advice = needed && !test
		r.is(needed && test)
	})
}

func (c comparison) switches() Requirement {
	r := Requirement{ID: SwitchesOn, Title: "Switches on the page Authentication", Want: switchWords(c.w.Switches),
		Fixers: appAdmins, CanFix: true,
		Page: entra.PageAuthentication, Path: pathTo("Authentication") + " > Settings"}
	return c.ofApp(r, func(r *Requirement, a graph.Application) {
		have, want := switchesOf(a), c.w.Switches
		r.Have = switchWords(have)
		if off := want.without(have); off != (Switches{}) {
			r.Why = "The vendor's document asks for them: " + switchWords(off) + "."
			r.is(false)
			return
		}
		if more := have.without(want); more != (Switches{}) {
			// Somebody may need them, so Entrada does not turn a switch off unasked.
			r.Advice, r.CanFix, r.Why = true, false,
				c.w.Vendor+" does not need these: "+switchWords(more)+". They widen what can go wrong."
			r.is(false)
			return
		}
		r.is(true)
	})
}

func switchesOf(a graph.Application) Switches {
	return Switches{a.Web.Implicit.AccessTokens, a.Web.Implicit.IDTokens, a.FallbackPublicClient}
}

// without leaves what is on in s and off in o.
func (s Switches) without(o Switches) Switches {
	return Switches{s.AccessTokens && !o.AccessTokens, s.IDTokens && !o.IDTokens, s.PublicClient && !o.PublicClient}
}

func (s Switches) or(o Switches) Switches {
	return Switches{s.AccessTokens || o.AccessTokens, s.IDTokens || o.IDTokens, s.PublicClient || o.PublicClient}
}

func switchWords(s Switches) string {
	var on []string
	if s.AccessTokens {
		on = append(on, "Access tokens")
	}
	if s.IDTokens {
		on = append(on, "ID tokens")
	}
	if s.PublicClient {
		on = append(on, "Allow public client flows")
	}
	if len(on) == 0 {
		return "all off"
	}
	return strings.Join(on, ", ")
}

func (c comparison) exposed() Requirement {
	r := Requirement{ID: Exposed, Title: "Scopes under Expose an API", Want: strings.Join(c.w.Exposed, ", "),
		Have: "none", Fixers: appAdmins, CanFix: true,
		Page: entra.PageExposeAPI, Path: pathTo("Expose an API"),
		Why: "The vendor's document asks for it. It grants nothing and keeps no connection alive."}
	return c.ofApp(r, func(r *Requirement, a graph.Application) {
		var have []string
		for _, s := range a.API.Scopes {
			if s.Enabled {
				have = append(have, s.Value)
			}
		}
		if len(have) > 0 {
			r.Have = strings.Join(have, ", ")
		}
		ok := len(a.IdentifierURIs) > 0
		for _, want := range c.w.Exposed {
			item := Item{Name: want, State: OK}
			if !slices.Contains(have, want) {
				item.State, ok = Differs, false
			}
			r.Items = append(r.Items, item)
		}
		r.is(ok)
	})
}
