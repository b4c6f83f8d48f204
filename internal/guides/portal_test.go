package guides

import (
	"slices"
	"strings"
	"testing"

	"entrada/internal/entra/entratest"
)

func stepOf(t *testing.T, g *Guide, c Choices, id StepID) Step {
	t.Helper()
	for _, s := range g.PortalSteps(c) {
		if s.ID == id {
			return s
		}
	}
	t.Fatalf("%s has no step %s", g.ID, id)
	return Step{}
}

func copied(s Step) []string {
	var texts []string
	for _, i := range s.Instructions {
		for _, v := range i.Values {
			texts = append(texts, v.Text)
		}
	}
	return texts
}

func TestSwitchesAreSketchedOnTheirTab(t *testing.T) {
	s := stepOf(t, ByID("cxt"), Choices{}, StepRedirect)
	if got := copied(s); !slices.Equal(got, []string{"https://localhost", "http://localhost"}) {
		t.Errorf("addresses %q", got)
	}
	var ringed []string
	for _, b := range s.Sketch.Blocks {
		if b.Ringed {
			ringed = append(ringed, b.Label)
		}
		for _, i := range b.Items {
			if i.Ringed {
				ringed = append(ringed, i.Text)
			}
		}
	}
	want := []string{"Settings", "+ Add Redirect URI", "Access tokens (used for implicit flows)",
		"ID tokens (used for implicit and hybrid flows)", "Enabled", "Save"}
	if !slices.Equal(ringed, want) {
		t.Errorf("ringed %q", ringed)
	}
}

func TestASwitchAloneIsSaid(t *testing.T) {
	g := *ByID("cxt")
	g.Switches = Switches{PublicClient: true}
	s := stepOf(t, &g, Choices{}, StepRedirect)
	last := s.Instructions[len(s.Instructions)-1]
	if !strings.Contains(last.Text, "**Allow public client flows** to **Enabled**") || len(s.Notes) != 1 {
		t.Errorf("%+v", last)
	}
}

// TestAnAppNobodySignsInToNeedsNoAddress: the test address is for a sign-in, so
// an app with application permissions alone does not get it.
func TestAnAppNobodySignsInToNeedsNoAddress(t *testing.T) {
	g := *ByID("cxt")
	g.Redirects, g.Switches = nil, Switches{}
	for _, s := range g.PortalSteps(Choices{}) {
		if s.ID == StepRedirect || slices.Contains(copied(s), TestRedirect) {
			t.Errorf("step %s", s.ID)
		}
	}
}

func TestPermissionsShowTheirKind(t *testing.T) {
	for id, want := range map[string]string{"cxt": "Application", "gathr": "Delegated"} {
		s := stepOf(t, ByID(id), Choices{}, StepPermissions)
		if !strings.Contains(s.Instructions[1].Text, "**"+want+" permissions**") {
			t.Errorf("%s: %s", id, s.Instructions[1].Text)
		}
		for _, row := range s.Sketch.Blocks[1].Items {
			if row.Detail != want {
				t.Errorf("%s: %+v", id, row)
			}
		}
	}
	if s := stepOf(t, ByID("cxt"), Choices{},
		StepPermissions); s.Instructions[2].Values[0].Meaning != "read everybody's mail" {
		t.Error("an application permission must say whom it reaches")
	}
}

// TestALongListStandsUnderThePortalsHeadings and a short one in the order of
// what matters.
func TestALongListStandsUnderThePortalsHeadings(t *testing.T) {
	g := ByID("aurinko")
	var all []string
	for _, f := range g.Features {
		all = append(all, f.ID)
	}
	var groups []string
	for _, v := range stepOf(t, g, Choices{Features: all}, StepPermissions).Instructions[2].Values {
		if len(groups) == 0 || groups[len(groups)-1] != v.Group {
			groups = append(groups, v.Group)
		}
	}
	if want := []string{"OpenId permissions", "Calendars", "Contacts", "Mail", "MailboxSettings", "Tasks",
		"User"}; !slices.Equal(groups, want) {
		t.Errorf("%q", groups)
	}
	short := stepOf(t, ByID("oxfordiq"), Choices{}, StepPermissions).Instructions[2].Values
	if short[0].Text != "Mail.Send" || short[0].Group != "" {
		t.Errorf("%+v", short)
	}
}

func TestTheChosenAudienceIsShown(t *testing.T) {
	g := ByID("aurinko")
	s := stepOf(t, g, Choices{Organisation: "Contoso", Audience: SingleTenant}, StepRegister)
	if !strings.Contains(s.Instructions[2].Text, "Single tenant only - Contoso") {
		t.Error(s.Instructions[2].Text)
	}
	if !slices.ContainsFunc(s.Notes, func(n Note) bool { return strings.Contains(n.Text, "AADSTS50194") }) {
		t.Error("a vendor without the tenant ID cannot find a single-tenant app: nothing says so")
	}
	if s := stepOf(t, ByID("oxfordiq"), Choices{}, StepRegister); len(s.Notes) != 1 {
		t.Error("OxfordIQ is handed the tenant ID")
	}
	options := g.AudienceOptions("Contoso")
	if len(options) != 2 || options[0].Audience != MultiTenantPersonal ||
		options[1].Portal != "Single tenant only - Contoso" {
		t.Errorf("%+v", options)
	}
}

func TestTheSecretIDIsCopiedWhereItIsAskedFor(t *testing.T) {
	for id, want := range map[string]bool{"cxt": true, "xkit": false} {
		s := stepOf(t, ByID(id), Choices{}, StepSecret)
		if got := strings.Contains(s.Instructions[3].Text, "Secret ID"); got != want ||
			s.Sketch.Blocks[1].Items[2].Ringed != want {
			t.Errorf("%s: %s", id, s.Instructions[3].Text)
		}
	}
	if !ByID("cxt").NeedsMailboxPassword() || ByID("xkit").NeedsMailboxPassword() {
		t.Error("who asks for a mailbox password?")
	}
}

func TestSeveralExposedScopesAreAllSaid(t *testing.T) {
	g := *ByID("gathr")
	g.Expose = []ExposedAPI{{Scope: "one", Why: "First."}, {Scope: "two"}}
	s := stepOf(t, &g, Choices{}, StepExpose)
	if !slices.Equal(copied(s), []string{"one", "two"}) || s.Why != "First." ||
		!strings.Contains(s.Instructions[3].Text, "the other") {
		t.Errorf("%+v", s)
	}
}

func TestNextStepsListThePermissionsToTickAgain(t *testing.T) {
	g := ByID("xkit")
	steps := g.NextSteps(Choices{Features: []string{"mail-readwrite"}})
	var got []string
	for _, v := range steps[2].Values {
		got = append(got, v.Text)
	}
	if len(steps) != len(g.After) || !slices.Equal(got, []string{"offline_access", "Mail.ReadWrite"}) ||
		strings.Contains(steps[2].Text, "{") {
		t.Errorf("%+v", steps[2])
	}
}

func TestOneMailboxRecipe(t *testing.T) {
	const id, object = entratest.ClientID, entratest.TenantID
	g := ByID("cxt")
	r, ok := g.OneMailboxRecipe(RecipeValues{ClientID: id, ObjectID: object, Mailbox: "orders@contoso.example"})
	want := []string{
		"Connect-ExchangeOnline",
		"New-ServicePrincipal -AppId " + id + " -ObjectId " + object + " -DisplayName 'CXT Software Mail'",
		`New-ManagementScope -Name 'CXT Software mailbox' -RecipientRestrictionFilter "PrimarySmtpAddress -eq 'orders@contoso.example'"`,
		"New-ManagementRoleAssignment -App " + object +
			` -Role "Application Mail.Read" -CustomResourceScope 'CXT Software mailbox'`,
		"New-ManagementRoleAssignment -App " + object +
			` -Role "Application Mail.Send" -CustomResourceScope 'CXT Software mailbox'`,
		"Test-ServicePrincipalAuthorization -Identity " + id + " -Resource orders@contoso.example",
		"Test-ServicePrincipalAuthorization -Identity " + id + " -Resource <another mailbox>",
	}
	if !ok || !slices.Equal(r.Lines, want) {
		t.Errorf("%s", strings.Join(r.Lines, "\n"))
	}
	if text := strings.Join(r.Before, " "); !strings.Contains(text, "rights add up") {
		t.Error("nothing says that the consent would undo the limit")
	}
	for _, other := range []string{"oxfordiq", "xkit", "aurinko", "gathr"} {
		if _, ok := ByID(other).OneMailboxRecipe(RecipeValues{}); ok {
			t.Errorf("%s has delegated permissions", other)
		}
	}
}

// TestNothingTypedBecomesACommand: the recipe is pasted into a shell that may
// change every mailbox.
func TestNothingTypedBecomesACommand(t *testing.T) {
	g := *ByID("cxt")
	g.Vendor, g.AppName = "O'Neil’; Remove-Mailbox x #", "$(Remove-Mailbox x) ` \" '"
	evil := "a@b.example'; Remove-Mailbox x #"
	r, _ := g.OneMailboxRecipe(RecipeValues{ClientID: evil, ObjectID: evil, Mailbox: evil})
	for _, line := range r.Lines {
		if rest := outsideStrings(line); strings.Contains(rest, "Remove-Mailbox") || strings.ContainsAny(rest, ";`#(") {
			t.Errorf("%s\nleaves outside strings: %s", line, rest)
		}
	}
	if !strings.Contains(r.Lines[1], "Read-Host") || !strings.Contains(r.Lines[len(r.Lines)-2], "<client ID>") {
		t.Errorf("gaps are not marked: %q", r.Lines)
	}
}

// outsideStrings takes the PowerShell strings out of a line; a doubled mark
// stays inside.
func outsideStrings(line string) string {
	const single = "'‘’‚‛"
	var out strings.Builder
	runes := []rune(line)
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		if !strings.ContainsRune(single, r) && r != '"' {
			out.WriteRune(r)
			continue
		}
		same := func(c rune) bool {
			return (r == '"' && c == '"') || (r != '"' && strings.ContainsRune(single, c))
		}
		for i++; i < len(runes); i++ {
			if same(runes[i]) {
				if i+1 < len(runes) && same(runes[i+1]) {
					i++
					continue
				}
				break
			}
		}
	}
	return out.String()
}

// The portal's button carries the organisation's name. A domain is none, and who
// looks for it on the button does not find it.
func TestTheConsentButtonIsNotNamedByADomain(t *testing.T) {
	g := ByID("oxfordiq")
	for organisation, want := range map[string]string{
		"contoso.example": "(your organisation's name)", "": "(your organisation's name)",
		"Contoso Ltd.": "Contoso Ltd.",
	} {
		s := stepOf(t, g, Choices{Organisation: organisation}, StepConsent)
		if text := s.Instructions[1].Text; text != "Click **Grant admin consent for "+want+"**, above the list." {
			t.Errorf("%q: %s", organisation, text)
		}
	}
}
