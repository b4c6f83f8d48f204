package terminal

import (
	"context"
	"strings"
	"testing"
	"time"

	"entrada/internal/practice"
	"entrada/internal/practice/practicetest"
)

// A sign-in that nobody ends is left at once by a word, and what was pasted before is
// still there: it can be saved untested, or the wait begun again. What is typed beside
// is not kept for a later question.
func TestAWaitIsLeftAtOnce(t *testing.T) {
	n := startTenant(t, practice.Options{})
	app := n.register(oxfordIQ...)
	d := n.desk("megan")
	d.browser = func(context.Context, string) error { return nil } // nobody signs in there
	p := newTypist(t)
	began := time.Now()
	ended := p.start(d, "setup", "--practice", "--vendor", "oxfordiq")
	p.answer("e-mail address", "alex@contoso.example")
	p.answer("How is the app to be registered", "")
	p.answer("Application (client) ID:", app.ClientID)
	for range 4 {
		p.answer("Press Enter when you have done this", "")
	}
	p.answer("Application (client) ID [", "")
	p.answer("Client secret value (it is not shown)", app.Secret)
	p.answer("The secret expires on", "")
	p.answer("Secret ID", "")
	for _, word := range []string{"back", "skip", "Cancel sign-in"} {
		p.answer("[1]: ", "test") // the test's own question, whatever its words are
		p.answer("Waiting for you to sign in", "what is this")
		p.answer("Still waiting. "+leaveWait, word)
	}
	p.answer("[1]: ", "save")
	p.sees("Save the connection")
	p.answer("[1]: ", "quit")
	p.ends(ended, exitOK)
	if time.Since(began) > 2*time.Minute {
		t.Error("it was waited for the sign-in's own end")
	}
	if strings.Contains(p.shown(), "What now: what is this") {
		t.Error("what was typed meanwhile became an answer")
	}

	ended = p.start(d, "setup", "--practice")
	p.answer("[1]: ", "quit")
	p.ends(ended, exitOK)
}

// Quit ends the wizard out of a wait, and says what is lost by that.
func TestAWaitIsQuit(t *testing.T) {
	n := startTenant(t, practice.Options{})
	d := n.desk("alex")
	d.browser = func(context.Context, string) error { return nil }
	p := newTypist(t)
	ended := p.start(d, "setup", "--practice", "--vendor", "oxfordiq")
	p.answer("e-mail address", "alex@contoso.example")
	p.answer("How is the app to be registered", "do")
	p.answer("[1]: ", "")
	p.answer("Waiting for you to sign in", "quit")
	p.sees("Your place is remembered.")
	p.ends(ended, exitOK)
}

// An app that signs in by itself sends a mail only when somebody at the terminal agrees:
// no sign-in stands in between.
func TestAnAppOnItsOwnSendsNothingUnasked(t *testing.T) {
	n := startTenant(t, practice.Options{})
	permissions := []string{"Mail.Read", "Mail.Send"}
	app := n.Register("CXT", practicetest.Application, permissions...)
	n.Consent(app.ClientID, practicetest.Application, permissions...)
	d := n.desk("")
	if err := d.save("One", "cxt", 200, "tenant="+n.Tenant, "client="+app.ClientID, "secret="+app.Secret,
		"mailbox=megan@contoso.example"); err != nil {
		t.Fatal(err)
	}
	p := newTypist(t)
	for _, answer := range []string{"stop", "quit", "test"} {
		if sent := len(n.State().Mails); sent != 0 {
			t.Fatalf("%d mails were sent unasked", sent)
		}
		ended := p.start(d, "test", "One", "--sign-in", "--practice")
		p.sees("What stays behind: one short")
		p.answer("Shall we begin [1]", answer)
		p.sees("One")
		<-ended
	}
	if sent := len(n.State().Mails); sent != 1 {
		t.Errorf("%d mails were sent", sent)
	}
}
