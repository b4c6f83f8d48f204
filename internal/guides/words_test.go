package guides

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"entrada/internal/markup"
)

var (
	quoted     = regexp.MustCompile(`“[^”]*”|\([^)]*\)`)
	oldNames   = regexp.MustCompile(`(?i)Azure Active Directory|Azure AD\b|\bAAD\b|windowsazure`)
	sentenceAt = regexp.MustCompile(`[.!?](\s|$)`)
)

// everyText visits every text that a person may read, for every way a guide can
// be walked through.
func everyText(t *testing.T, visit func(guide, text string)) {
	t.Helper()
	for _, g := range BuiltIn() {
		see := func(s string) { visit(g.ID, s) }
		walkStrings(g, see)
		for _, c := range everyChoice(g) {
			for _, s := range g.PortalSteps(c) {
				walkStrings(&s, see)
			}
			for _, s := range g.NextSteps(c) {
				walkStrings(&s, see)
			}
		}
		for _, o := range g.AudienceOptions("Contoso") {
			walkStrings(&o, see)
		}
		if r, ok := g.OneMailboxRecipe(RecipeValues{}); ok {
			for _, s := range append(append([]string{r.Title, r.Why, r.Who}, r.Before...), r.After...) {
				see(s)
			}
		}
	}
}

// everyChoice gives, for each audience, nothing chosen, the proposal, and all.
func everyChoice(g *Guide) []Choices {
	inputs := map[string]string{}
	for _, in := range g.Inputs {
		inputs[in.ID] = in.Default
		if in.Kind == InputRedirectURL && in.Default == "" {
			inputs[in.ID] = "https://vendor.example/callback"
		}
	}
	var all []string
	for _, f := range g.Features {
		all = append(all, f.ID)
	}
	var choices []Choices
	for _, a := range g.Audiences {
		for _, features := range [][]string{nil, g.DefaultFeatures(), all} {
			choices = append(choices, Choices{Organisation: "Contoso", Audience: a, Inputs: inputs, Features: features})
		}
	}
	return choices
}

// TestOldNamesStandInQuotes: the portal's old names are the documents' words and
// are shown as such.
func TestOldNamesStandInQuotes(t *testing.T) {
	everyText(t, func(guide, text string) {
		if name := oldNames.FindString(quoted.ReplaceAllString(text, "")); name != "" {
			t.Errorf("%s: %q stands outside quotes in %q", guide, name, text)
		}
	})
}

func TestSentencesAreShort(t *testing.T) {
	everyText(t, func(guide, text string) {
		for _, sentence := range sentenceAt.Split(strings.ReplaceAll(text, "**", ""), -1) {
			if n := utf8.RuneCountInString(sentence); n > 240 {
				t.Errorf("%s: %d characters: %q", guide, n, sentence)
			}
		}
	})
}

// TestEveryBoldIsClosed: an odd pair of asterisks would show as asterisks.
func TestEveryBoldIsClosed(t *testing.T) {
	everyText(t, func(guide, text string) {
		for _, span := range markup.Spans(text) {
			if strings.Contains(span.Text, "**") {
				t.Errorf("%s: %q", guide, text)
			}
		}
	})
}

func TestNoPageIsCluttered(t *testing.T) {
	for _, g := range BuiltIn() {
		for _, c := range everyChoice(g) {
			for _, s := range g.PortalSteps(c) {
				if len(s.Instructions) > 6 || len(s.Notes) > 3 {
					t.Errorf("%s, %s: %d instructions, %d notes", g.ID, s.ID, len(s.Instructions), len(s.Notes))
				}
				if utf8.RuneCountInString(s.Title) > 40 || utf8.RuneCountInString(s.Rail) > 20 {
					t.Errorf("%s, %s: the title %q or %q is long", g.ID, s.ID, s.Title, s.Rail)
				}
				if utf8.RuneCountInString(s.Why) > 200 {
					t.Errorf("%s, %s: a long reason: %q", g.ID, s.ID, s.Why)
				}
				for _, n := range s.Notes {
					if n.Title == "" || n.Text == "" || utf8.RuneCountInString(n.Title) > 80 ||
						utf8.RuneCountInString(n.Text) > 300 {
						t.Errorf("%s, %s: the note %q", g.ID, s.ID, n.Title)
					}
					if strings.Contains(n.Title, "**") {
						t.Errorf("%s, %s: a title is bold by itself: %q", g.ID, s.ID, n.Title)
					}
					if n.Tone == ToneDiffers && !n.Ours {
						t.Errorf("%s, %s: a difference is our remark: %q", g.ID, s.ID, n.Title)
					}
				}
			}
		}
		for _, page := range []StepID{"needs", "paste", "handover", "test"} {
			if n := len(g.NotesFor(page)); n > 3 {
				t.Errorf("%s, %s: %d notes", g.ID, page, n)
			}
		}
	}
}

// TestReasonsAreThere: every step of every guide has the vendor's own reason,
// every field that is ours a reason why.
func TestReasonsAreThere(t *testing.T) {
	for _, g := range BuiltIn() {
		if g.Summary == "" || g.AudienceWhy == "" || g.SendTo == "" || len(g.After) == 0 {
			t.Errorf("%s: summary, audience_why, send_to or after is missing", g.ID)
		}
		for _, p := range g.Permissions {
			if p.Why == "" {
				t.Errorf("%s: why %s?", g.ID, p.Name)
			}
		}
		for _, f := range g.Fields {
			if (f.Ours || f.From == FromMailboxPassword) && f.Why == "" {
				t.Errorf("%s: why %s?", g.ID, f.Label)
			}
			if f.From == FromMailboxPassword && f.Reply == "" {
				t.Errorf("%s: what to answer about %s?", g.ID, f.Label)
			}
		}
		for _, s := range g.PortalSteps(Choices{}) {
			found := s.ID == StepExpose // its reason stands at the scope
			for _, w := range g.Steps {
				found = found || w.ID == s.ID
			}
			if !found {
				t.Errorf("%s: no reason for %s in the vendor's terms", g.ID, s.ID)
			}
		}
	}
}
