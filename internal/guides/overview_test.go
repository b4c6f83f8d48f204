package guides

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// evil is a guide file that keeps quiet about what it brings.
const evil = `format = 1
id = "acme"
vendor = "Acme"
summary = "Sends mail and keeps appointments."
app_name = "Acme Mail"
audiences = ["multitenant-and-personal"]
[secret]
description = "Acme"
months = 12
[switches]
implicit_access_tokens = true
implicit_id_tokens = true
public_client_flows = true
[[input]]
id = "callback"
label = "Callback URL**. Nothing else"
kind = "redirect-url"
default = "https://evil.example/cb"
[[input]]
id = "box"
label = "Mailbox"
kind = "mailbox"
default = "ceo@contoso.example"
[[redirect]]
input = "callback"
[[redirect]]
url = "https://also-evil.example/cb"
[[permission]]
name = "Mail.ReadWrite"
kind = "delegated"
[[permission]]
name = "Mail.Send"
kind = "application"
[[feature]]
id = "more"
label = "Nothing of note"
grants = ["Contacts.ReadWrite"]
[[expose]]
scope = "everything"
[[field]]
label = "Reference number"
from = "secret-value"
[[field]]
label = "Your mood"
from = "mailbox-password"
[[field]]
label = "Where"
from = "input"
input = "box"
`

func loaded(t *testing.T, text string) *Guide {
	t.Helper()
	g, err := Load("acme.toml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func written(sections []Section) string {
	var b strings.Builder
	for _, s := range sections {
		fmt.Fprintf(&b, "# %s (%s)\n", s.Heading, s.Why)
		for _, l := range s.Lines {
			fmt.Fprintf(&b, "- %s (%s)\n", l.Text, l.Detail)
		}
	}
	return b.String()
}

// TestTheOverviewLeavesNothingOut, whatever the guide keeps quiet about.
func TestTheOverviewLeavesNothingOut(t *testing.T) {
	text := written(loaded(t, evil).Overview())
	for what, words := range map[string]string{
		"a fixed address": "- **https://also-evil.example/cb** (Fixed",
		"an address that is filled in": "- **https://evil.example/cb** (Filled in by this guide as “Callback URL. " +
			"Nothing else”. You may change it.)",
		"implicit access tokens": "- **Access tokens (used for implicit flows)** (Keys to the mailbox",
		"implicit ID tokens":     "- **ID tokens (used for implicit and hybrid flows)** (The proof",
		"public clients":         "- **Allow public client flows** (Any program",
		"what the switches mean": "(They weaken what the client secret protects.",
		"private accounts":       "anybody with a private account such as outlook.com",
		"its name":               "**Acme Mail**", "an API": "**everything**",
		"every mailbox":               "# In every mailbox of the organisation it may (Nobody has to sign in",
		"sending as anybody":          "send mail as anybody in the organisation (Microsoft calls it Mail.Send.)",
		"what may be chosen":          "Microsoft calls it Contacts.ReadWrite. Only if you choose it",
		"what is asked":               "- Mailbox (Filled in by this guide: ceo@contoso.example)",
		"the secret behind a label":   "- Reference number (This is the client secret.)",
		"the password behind a label": "- Your mood (This is the password of a mailbox.)",
		"an answer":                   "- Where (This is your answer to “Mailbox”.)",
	} {
		if !strings.Contains(text, words) {
			t.Errorf("nothing of %s:\n%s", what, text)
		}
	}
	quiet := written(foreignOverview(t))
	for _, word := range []string{"It switches on", "every mailbox", "private account", "**https://"} {
		if strings.Contains(quiet, word) {
			t.Errorf("%q where there is none:\n%s", word, quiet)
		}
	}
}

func foreignOverview(t *testing.T) []Section {
	g := foreign(t)
	return g.Overview()
}

// TestTheRiskyComesFirst: who reads no further has seen it.
func TestTheRiskyComesFirst(t *testing.T) {
	list := loaded(t, evil).Overview()
	if !slices.IsSortedFunc(list, func(a, b Section) int {
		if a.Risky == b.Risky {
			return 0
		} else if a.Risky {
			return -1
		}
		return 1
	}) || !list[0].Risky || list[len(list)-1].Risky {
		t.Error(written(list))
	}
	for _, g := range BuiltIn() {
		for _, s := range g.Overview() {
			if s.Risky && s.Why == "" {
				t.Errorf("%s: “%s” does not say what the risk is", g.ID, s.Heading)
			}
			for _, l := range s.Lines {
				if strings.Contains(l.Detail, "is .") || l.Text == "" {
					t.Errorf("%s: %+v", g.ID, l)
				}
			}
		}
	}
}

// TestDifferencesNameWhatIsNewAndGone, and only that.
func TestDifferencesNameWhatIsNewAndGone(t *testing.T) {
	old, reworded := loaded(t, evil), loaded(t, strings.Replace(evil, "Sends mail and", "Does", 1))
	if d := reworded.Differences(old); len(d) != 0 {
		t.Errorf("%+v", d)
	}
	changed := loaded(t,
		strings.NewReplacer("https://evil.", "https://worse.", "public_client_flows = true", "", `"Mail.ReadWrite"`,
			`"Mail.Read"`).Replace(evil))
	var words []string
	for _, l := range changed.Differences(old) {
		words = append(words, l.Text)
	}
	want := []string{"New: read the person's mail", "New: **https://worse.example/cb**",
		"Gone: **Allow public client flows**"}
	for _, w := range want {
		if !slices.ContainsFunc(words, func(s string) bool { return strings.HasPrefix(s, w) }) {
			t.Errorf("%q is not in %q", w, words)
		}
	}
	if len(words) != 5 {
		t.Errorf("%q", words)
	}
}

// TestTheWarningAboutSwitchesIsOurs on the portal page of a guide from a file,
// whether the guide has one or not; a built-in guide keeps its own words.
func TestTheWarningAboutSwitchesIsOurs(t *testing.T) {
	soothing := "All of this is quite harmless."
	for _, text := range []string{evil,
		strings.Replace(evil, "[switches]", "[switches]\nwarning = \""+soothing+"\"", 1)} {
		step := stepOf(t, loaded(t, text), Choices{}, StepRedirect)
		at := slices.IndexFunc(step.Notes, func(n Note) bool {
			return n.Tone == ToneWarning && strings.Contains(n.Text, switchesTogether) &&
				strings.Contains(n.Text, "**Allow public client flows**") && !strings.Contains(n.Text, soothing)
		})
		if at < 0 {
			t.Errorf("%+v", step.Notes)
		}
	}
	cxt := ByID("cxt")
	notes := stepOf(t, cxt, Choices{}, StepRedirect).Notes
	if !slices.ContainsFunc(notes, func(n Note) bool { return n.Text == cxt.Switches.Warning }) ||
		slices.ContainsFunc(notes, func(n Note) bool { return strings.Contains(n.Text, switchesTogether) }) {
		t.Errorf("%+v", notes)
	}
}
