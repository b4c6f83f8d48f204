package guides

import (
	"slices"
)

// TestRedirect is the address that Entrada adds for its own test sign-in. The
// port is left out because Microsoft ignores it for localhost
// (learn.microsoft.com/entra/identity-platform/reply-url#localhost-exceptions).
const TestRedirect = "http://localhost"

// Choices are the answers that the portal steps depend on.
type Choices struct {
	Organisation string            // the organisation's name or domain, as the portal shows it
	Audience     Audience          // "" means the guide's first
	Inputs       map[string]string // by input ID
	Features     []string          // chosen feature IDs
}

func (c Choices) audience(g *Guide) Audience {
	if c.Audience == "" {
		return g.Audiences[0]
	}
	return c.Audience
}

// PortalSteps derives the portal steps from the guide and the answers so far.
// Labels are those of the Entra admin center in autumn 2026
// (learn.microsoft.com/entra/identity-platform/quickstart-register-app,
// how-to-add-redirect-uri, how-to-add-credentials).
func (g *Guide) PortalSteps(c Choices) []Step {
	steps := []Step{g.registerStep(c)}
	if len(g.portalRedirects(c)) > 0 || g.Switches.Any() {
		steps = append(steps, g.redirectStep(c))
	}
	steps = append(steps, g.permissionsStep(c), g.consentStep(c))
	if len(g.Expose) > 0 {
		steps = append(steps, g.exposeStep())
	}
	steps = append(steps, g.secretStep())
	for i := range steps {
		s := &steps[i]
		for _, w := range g.Steps {
			if w.ID == s.ID && w.Why != "" {
				s.Why = w.Why
			}
		}
		s.Notes = append(g.NotesFor(s.ID), s.Notes...)
	}
	return steps
}

// NotesFor lists the guide's notes for a step or another page.
func (g *Guide) NotesFor(id StepID) []Note {
	var notes []Note
	for _, n := range g.StepNotes {
		if n.Step == id {
			notes = append(notes, Note{Tone: n.Tone, Title: n.Title, Text: n.Text, Ours: n.Ours})
		}
	}
	return notes
}

var appMenu = []string{"Overview", "Quickstart", "Authentication", "Certificates & secrets", "API permissions",
	"Expose an API", "Owners", "Manifest"}

// appPage begins a step on one of the app's own pages: the menu entry is ringed,
// and "I don't see this page" tells the way through the lists.
func (g *Guide) appPage(id StepID, menu string) Step {
	return Step{
		ID:   id,
		Path: "Entra ID > App registrations > your app > " + menu,
		Sketch: Sketch{
			Breadcrumb: []string{"App registrations", g.AppName},
			Menu:       slices.Clone(appMenu), MenuRinged: menu,
			Heading: menu,
		},
		NotSeen: []string{"In **App registrations**, open the tab **All applications**, click **" + g.AppName +
			"**, then **" + menu + "** in the app's own menu."},
	}
}
