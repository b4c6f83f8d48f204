package terminal

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"entrada/internal/connections"
	"entrada/internal/fault"
	"entrada/internal/practice"
	"entrada/internal/practice/practicetest"
)

// watched is what the monitoring reads of one connection.
type watched struct {
	State       string
	Attention   bool
	LastResult  string `json:"last_result"`
	LastTested  string `json:"last_tested"`
	LastCulprit string `json:"last_headline"`
}

// look tests all connections without a sign-in and lists them.
func (d *desk) look(t *testing.T) (tested, list int, first watched) {
	t.Helper()
	tested, _, _ = d.run(t, t.Context(), "", "test", "--all", "--practice")
	list, out, _ := d.run(t, t.Context(), "", "list", "--json", "--practice")
	var all []watched
	if err := json.Unmarshal([]byte(out), &all); err != nil || len(all) == 0 {
		t.Fatalf("%v\n%s", err, out)
	}
	return tested, list, all[0]
}

// Whatever a test without a sign-in raises, such a test clears, and what was known
// before holds again: that it worked, that it did not, or nothing.
func TestAnAlarmIsClearedByWhatRaisedIt(t *testing.T) {
	t.Parallel()
	n := startTenant(t, practice.Options{})
	app := n.register(oxfordIQ...)
	for _, fault := range []string{"app-disabled", "secret-wrong", "secret-expired", "secret-wrong+app-disabled"} {
		for _, before := range []string{"", "ok"} {
			d := n.desk("")
			more := []string{"tenant=" + n.Tenant, "client=" + app.ClientID, "secret=" + app.Secret}
			if before != "" {
				more = append(more, "result="+before)
			}
			if err := d.save("One", "oxfordiq", 200, more...); err != nil {
				t.Fatal(err)
			}
			_, _, was := d.look(t)
			names := strings.Split(fault, "+")
			n.Break(names...)
			for range 2 { // a second alarm does not hide what was before the first
				tested, list, one := d.look(t)
				if tested != exitFailed || list != exitFailed || one.State != "test-failed" {
					t.Errorf("%s: test %d, list %d, %+v", fault, tested, list, one)
				}
			}
			n.Mend(names...)
			tested, list, one := d.look(t)
			if tested != exitOK || list != exitOK || one.Attention || one.LastResult != before ||
				one.LastTested != was.LastTested {
				t.Errorf("%s, before %q: test %d, list %d, %+v, not %+v", fault, before, tested, list, one, was)
			}
		}
	}
}

// What only a sign-in can tell is not cleared by a test without one.
func TestAnAlarmOfASignInStays(t *testing.T) {
	t.Parallel()
	n := startTenant(t, practice.Options{})
	app := n.register(oxfordIQ...)
	d := n.desk("alex")
	if err := d.save("One", "oxfordiq", 200, "tenant="+n.Tenant, "client="+app.ClientID, "secret="+app.Secret,
		"result=failed"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		n.Break("app-disabled") // raised by a light test on top of it
		_, _, _ = d.look(t)
		n.Mend("app-disabled")
		if tested, list, one := d.look(t); tested != exitOK || list != exitFailed || one.State != "test-failed" {
			t.Errorf("test %d, list %d, %+v", tested, list, one)
		}
	}
}

// An app that acts on its own is well only with its consent. That is told without a
// sign-in and without a mail.
func TestAnAppOnItsOwnNeedsItsConsent(t *testing.T) {
	t.Parallel()
	n := startTenant(t, practice.Options{})
	permissions := []string{"Mail.Read", "Mail.Send"}
	app := n.Register("CXT", practicetest.Application, permissions...)
	d := n.desk("")
	d.secrets = append(d.secrets, app.Secret)
	if err := d.save("One", "cxt", 200, "tenant="+n.Tenant, "client="+app.ClientID, "secret="+app.Secret); err != nil {
		t.Fatal(err)
	}
	tested, list, one := d.look(t)
	if tested != exitFailed || list != exitFailed || one.State != "test-failed" {
		t.Errorf("without consent: test %d, list %d, %+v", tested, list, one)
	}
	n.Consent(app.ClientID, practicetest.Application, permissions...)
	if tested, list, one = d.look(t); tested != exitOK || list != exitOK || one.Attention {
		t.Errorf("with consent: test %d, list %d, %+v", tested, list, one)
	}
	n.Revoke(app.ClientID)
	if tested, list, one = d.look(t); tested != exitFailed || list != exitFailed {
		t.Errorf("taken back: test %d, list %d, %+v", tested, list, one)
	}
	if mails := n.State().Mails; len(mails) != 0 {
		t.Errorf("%d mails were sent unasked", len(mails))
	}
}

// One that has worked may be allowed by Exchange, which Entra does not know of.
func TestAnAppThatExchangeAllowsIsNoAlarm(t *testing.T) {
	t.Parallel()
	n := startTenant(t, practice.Options{})
	app := n.Register("CXT", practicetest.Application, "Mail.Read", "Mail.Send")
	d := n.desk("")
	d.secrets = append(d.secrets, app.Secret)
	if err := d.save("One", "cxt", 200, "tenant="+n.Tenant, "client="+app.ClientID, "secret="+app.Secret,
		"result=ok"); err != nil {
		t.Fatal(err)
	}
	if tested, list, one := d.look(t); tested != exitOK || list != exitOK || one.LastResult != "ok" {
		t.Errorf("test %d, list %d, %+v", tested, list, one)
	}
}

// silentKeychain answers nobody.
type silentKeychain struct{ connections.Keychain }

func (silentKeychain) Probe(context.Context) error {
	return fault.New(fault.KeychainUnavailable, "look into the keychain", nil)
}

// A list is not green while nobody can look into the keychain, nor is it an alarm.
func TestAListThatCannotLookIsNotGreen(t *testing.T) {
	d := newDesk(t.TempDir())
	if err := d.save("One", "oxfordiq", 200, "result=ok"); err != nil {
		t.Fatal(err)
	}
	if code, out, errOut := d.run(t, t.Context(), "", "list"); code != exitOK {
		t.Errorf("exit code %d\n%s%s", code, out, errOut)
	}
	d.keychain = silentKeychain{d.keychain}
	code, out, errOut := d.run(t, t.Context(), "", "list")
	if code != exitUsage {
		t.Errorf("exit code %d\n%s%s", code, out, errOut)
	}
	has(t, errOut, "it could not be read (keychain-unavailable)", "exit code 2")
	has(t, out, "One")
}
