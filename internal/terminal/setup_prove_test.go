package terminal

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"entrada/internal/console"
	"entrada/internal/practice"
)

// TestASecretThatExpiredIsMadeAnew: the terminal leads to what mends a failure,
// and shows the report of it, to be copied.
func TestASecretThatExpiredIsMadeAnew(t *testing.T) {
	t.Parallel()
	n := startTenant(t, practice.Options{})
	n.Break("secret-expired*1")
	d := n.desk("alex")
	code, out, errOut := d.talk(t, t.Context(), doneForMe("cxt", map[string][]string{
		"What next": {"report", "new-secret"},
	}), "setup", "--practice", "--vendor", "cxt")
	if code != exitOK {
		t.Fatalf("exit code %d\n%s%s", code, out, errOut)
	}
	has(t, out, "\nOne thing is wrong: the client secret\n", "Entrada connection test, ", "AADSTS7000222",
		"“Check the registration”", "Make a client secret", "\nEverything works\n", "Done.")
}

// TestAFailureLeadsToItsPage, which is the one that goes on.
func TestAFailureLeadsToItsPage(t *testing.T) {
	t.Parallel()
	n := startTenant(t, practice.Options{})
	app := n.register(oxfordIQ...)
	d := n.desk("megan")
	n.Break("consent-missing")
	_, out, errOut := d.talk(t, t.Context(), guided(app, map[string][]string{"What next": {"page", "quit"}}),
		"setup", "--practice", "--vendor", "oxfordiq")
	if _, after, _ := strings.Cut(out, "\nThe sign-in did not work\n"); !strings.Contains(after,
		"\nGrant admin consent") {
		t.Errorf("it leads elsewhere:\n%s%s", out, errOut)
	}
}

// TestWhatIsNewIsAskedForAgain, with the same patience as in the window; Enter
// asks at once.
func TestWhatIsNewIsAskedForAgain(t *testing.T) {
	t.Parallel()
	n := startTenant(t, practice.Options{})
	app := n.register(oxfordIQ...)
	d := n.desk("megan")
	n.Break("secret-wrong*2")
	_, out, _ := d.talk(t, t.Context(), guided(app, map[string][]string{"Shall we begin": {"quit"}}),
		"setup", "--practice", "--vendor", "oxfordiq")
	has(t, out, "AADSTS7000215", "we ask again by ourselves.", "We ask again in 3 seconds.",
		"We ask again in 6 seconds.", "Microsoft accepted it")
	if strings.Count(out, "AADSTS7000215") != 1 {
		t.Errorf("the same is said again and again:\n%s", out)
	}
}

// TestNobodyHasToAnswer: what is new is asked for again by itself, and an answer
// that comes later is still one.
func TestNobodyHasToAnswer(t *testing.T) {
	reader, writer := io.Pipe()
	defer func() { _ = writer.Close() }()
	var out bytes.Buffer
	w := &wizard{p: &program{in: console.NewInput(reader)}, out: console.NewOutput(&out)}
	if change, err := w.askToChange(t.Context(), time.Millisecond, "Ask now"); change || err != nil {
		t.Errorf("%v, %v", change, err)
	}
	go func() { _, _ = writer.Write([]byte("change\n")) }()
	if change, err := w.askToChange(t.Context(), time.Minute, "Ask now"); !change || err != nil {
		t.Errorf("%v, %v", change, err)
	}
}
