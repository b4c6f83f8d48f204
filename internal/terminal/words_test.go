package terminal

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"entrada/internal/console"
	"entrada/internal/entra/entratest"
	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/flow"
	"entrada/internal/practice"
)

// Over ssh, what to do first is said first, with the address of this computer.
func TestRemoteWordsNameThisComputer(t *testing.T) {
	t.Setenv("SSH_CONNECTION", "192.0.2.7 50022 198.51.100.4 2222")
	var out bytes.Buffer
	sayLink(console.NewOutput(&out), "https://login.example/authorize?redirect_uri=http%3A%2F%2Flocalhost%3A40123")
	has(t, out.String(), "\nssh -N -p 2222 -L 40123:localhost:40123 198.51.100.4\n")
	if first, then := strings.Index(out.String(), "ssh -N"),
		strings.Index(out.String(), "https://login"); first > then {
		t.Errorf("the address comes first\n%s", out.String())
	}
	t.Setenv("SSH_CONNECTION", "nonsense")
	out.Reset()
	sayLink(console.NewOutput(&out), "https://login.example/authorize?redirect_uri=http%3A%2F%2Flocalhost%3A40123")
	has(t, out.String(), "ssh -N -L 40123:localhost:40123 this-computer")
}

// help says what an empty answer says: where the value is found.
func TestHelpIsAboutTheQuestion(t *testing.T) {
	t.Parallel()
	n := startTenant(t, practice.Options{})
	d := n.desk("megan")
	_, out, _ := d.talk(t, t.Context(), map[string][]string{
		"e-mail address": {"alex@contoso.example"},
		"client) ID":     {"", "help", entratest.ClientID},
		"secret value":   {"help", "quit"},
	}, "setup", "--practice", "--vendor", "oxfordiq")
	has(t, out, "It is on the app's “Overview” page, the line “Application (client) ID”.",
		"in the column “Value”. It is shown only once.")
	if strings.Count(out, "It is on the app's “Overview” page, the line") != 1 {
		t.Errorf("help does not say it\n%s", out)
	}
}

// Choices are not explained with their own name, and names are taken as well.
func TestChoicesSayWhatIsTaken(t *testing.T) {
	t.Parallel()
	n := startTenant(t, practice.Options{})
	d := n.desk("")
	_, out, _ := d.talk(t, t.Context(), map[string][]string{
		"Which vendor": {"nobody at all", "Xkit"}, "e-mail address": {"alex@contoso.example"},
		"What may the software do": {"quit"},
	}, "setup", "--practice")
	has(t, out, "or a name from the list.")
	if strings.Contains(out, "(Mail.Read): Microsoft calls it Mail.Read.") {
		t.Errorf("a name is explained with itself\n%s", out)
	}
}

// On a narrow terminal every line is wrapped, those of checks and explanations too.
func TestChecksAndExplanationsAreWrapped(t *testing.T) {
	var out bytes.Buffer
	s := console.NewOutput(&out)
	s.Terminal, s.Width = true, 40
	p := &program{}
	writeRow(s, flow.Row{
		Title: "Calendar event created, read and deleted again", Detail: "it took three tries until it was there",
		State: flow.Well,
	})
	p.explain(s, &fault.Error{Kind: fault.Offline, Op: "test"}, explain.Context{})
	for _, line := range strings.Split(out.String(), "\n") {
		if utf8.RuneCountInString(line) > 40 {
			t.Errorf("%q is longer than the terminal is wide", line)
		}
	}
}
