package deliver

import (
	"context"
	"strings"
	"testing"
	"time"

	"entrada/internal/connections"
	"entrada/internal/fault"
	"entrada/internal/flow"
	"entrada/internal/graph"
	"entrada/internal/secret"
	"entrada/internal/signin"
)

// renewal is the conversation, with an end in place of the export.
func (d *desk) renewal(r connections.Record) *Renewal {
	d.t.Helper()
	c, err := Renew(d.app, r, true, func(connections.Record) flow.Choice {
		return flow.Choice{ID: "export", Label: "Export", Next: flow.Over(flow.Done)}
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return c
}

// The old secret goes on working until somebody says that the vendor has the new
// one.
func TestASecretIsRenewedWithAnOverlap(t *testing.T) {
	d := newDesk(t)
	old := d.saved()
	c := d.renewal(old)
	p := d.person().opens(c.Screen()).is("renew").reads("its secret works until")
	p.takes("sign in").is("renewed").reads("works until", "Hand the new secret to OxfordIQ")
	for _, row := range p.rows {
		if row.State != flow.Well {
			t.Errorf("%+v", p.rows)
		}
	}
	p.takes("export").ends(flow.Done)
	now, _ := d.app.Connections.Get(old.ID)
	if c.Outcome != Renewed || c.Err != nil || c.Old != old.SecretID || c.Record.SecretID != now.SecretID ||
		now.SecretID == old.SecretID {
		t.Errorf("%+v", c)
	}
	d.hasSecrets(old, old.SecretID, now.SecretID)

	d.restart()
	c = d.renewal(now)
	p = d.person().opens(c.Screen()).is("finish-renewal").reads("Only when OxfordIQ uses the new one.")
	p.takes("not yet").ends(flow.Forgone)
	d.hasSecrets(old, old.SecretID, now.SecretID)
	if c.Outcome != Unchanged {
		t.Error(c.Outcome)
	}
	d.person().opens(c.Screen()).takes("sign in").is("old-removed").takes("done").ends(flow.Done)
	if c.Outcome != OldRemoved || c.Old != old.SecretID {
		t.Errorf("%+v", c)
	}
	d.hasSecrets(old, now.SecretID)
	d.person().opens(d.renewal(now).Screen()).is("renew")
}

// A new secret that is refused at first is asked about again.
func TestANewSecretIsGivenTime(t *testing.T) {
	d := newDesk(t)
	old := d.saved()
	patient(t, time.Millisecond, time.Millisecond)
	if err := d.SetFault("secret-wrong*2", true); err != nil {
		t.Fatal(err)
	}
	d.person().opens(d.renewal(old).Screen()).takes("sign in").is("renewed")
}

// One that Microsoft does not accept is taken back.
func TestARefusedSecretIsTakenBack(t *testing.T) {
	d := newDesk(t)
	old := d.saved()
	patient(t, time.Millisecond)
	for _, kind := range []string{"secret-wrong", "html-answer=token", "app-disabled"} {
		c := d.renewal(old)
		p := d.person()
		p.working = func(id string) context.Context {
			if err := d.SetFault(kind, id == "renewing"); err != nil {
				t.Fatal(err)
			}
			return t.Context()
		}
		p.opens(c.Screen()).takes("sign in").is("not-saved").reads("The secret was not renewed",
			"What was saved before is unchanged.")
		if err := d.SetFault(kind, false); err != nil {
			t.Fatal(err)
		}
		if c.Outcome != Failed || c.Err == nil || p.screen.Choice("another") != nil {
			t.Errorf("%s: %+v", kind, c)
		}
		d.hasSecrets(old, old.SecretID)
		d.noRenewals()
		if kind != "secret-wrong" {
			continue
		}
		p.working = nil
		p.takes("again").is("renewed")
		if c.Outcome != Renewed || c.Err != nil {
			t.Errorf("%+v", c)
		}
		old, _ = d.app.Connections.Get(old.ID)
		d.person().opens(d.renewal(old).Screen()).takes("sign in").is("old-removed")
	}
}

// patient sets how long a new secret is given, for a test.
func patient(t *testing.T, pauses ...time.Duration) {
	before := patience
	patience = pauses
	t.Cleanup(func() { patience = before })
}

// noRenewals: no renewal is noted as one that did not come to its end.
func (d *desk) noRenewals() {
	d.t.Helper()
	for _, r := range d.app.Connections.List() {
		if kept, lost := d.app.Renewals(r); kept != nil || len(lost) > 0 {
			d.t.Errorf("%v, %d lost", kept, len(lost))
		}
	}
}

// One that cannot be saved is taken back, and nothing is made where there is no
// place for it.
func TestASecretThatCannotBeSavedIsTakenBack(t *testing.T) {
	for kind, screen := range map[fault.Kind]string{
		fault.KeychainLocked: "not-saved", fault.KeychainTooLarge: "not-saved",
		fault.KeychainDeclined: "elsewhere", fault.KeychainTimedOut: "elsewhere",
		fault.KeychainUnavailable: "elsewhere",
	} {
		t.Run(string(kind), func(t *testing.T) {
			d := newDesk(t)
			old := d.saved()
			before, sets := d.secretsMade(), d.keychain.sets
			d.keychain.breaks(kind)
			c := d.renewal(old)
			p := d.person().opens(c.Screen()).takes("sign in").is(screen).reads("What was saved before is unchanged.")
			made := d.secretsMade() - before
			if none := kind == fault.KeychainUnavailable; c.Outcome != Failed || (made == 0) != none ||
				(d.keychain.sets == sets) != none {
				t.Errorf("%s, %d made, %d times saved", c.Outcome, made, d.keychain.sets-sets)
			}
			if p.screen.Choice("session") != nil {
				t.Error("a renewed secret would be lost with the session")
			}
			d.keychain.breaks("")
			d.hasSecrets(old, old.SecretID)
			d.noRenewals()
		})
	}
}

// Without a keychain the new secret goes where the person says.
func TestARenewedSecretGoesBehindAPassphrase(t *testing.T) {
	d := newDesk(t)
	old := d.saved()
	d.keychain.breaks(fault.KeychainUnavailable)
	p := d.person().opens(d.renewal(old).Screen()).takes("sign in", "file").is("new-passphrase")
	p.types("passphrase", "vuno-hadi-lemo-tagu").takes("save").is("renewed")
	now, _ := d.app.Connections.Get(old.ID)
	if now.SecretIn != connections.InFile {
		t.Errorf("%+v", now)
	}
	d.hasSecrets(old, old.SecretID, now.SecretID)

	// The next one goes there, too: the file is opened before anything is made.
	d.person().opens(d.renewal(now).Screen()).takes("sign in").is("old-removed")
	d.restart()
	p = d.person().opens(d.renewal(now).Screen()).takes("sign in").is("passphrase")
	p.types("passphrase", "not the right one").takes("save").is("passphrase")
	if p.field("passphrase").Wrong == "" || !p.field("passphrase").Secret.IsEmpty() {
		t.Errorf("%+v", p.field("passphrase"))
	}
	d.hasNoMore(now)
	p.types("passphrase", "vuno-hadi-lemo-tagu").takes("save").is("renewed")
	last, _ := d.app.Connections.Get(old.ID)
	d.hasSecrets(old, now.SecretID, last.SecretID)
}

// hasNoMore secrets than the saved one.
func (d *desk) hasNoMore(r connections.Record) {
	d.t.Helper()
	if live := d.live(r); len(live) != 1 || live[0] != r.SecretID {
		d.t.Errorf("the secrets %q live", live)
	}
}

// Whoever stops has what was there before.
func TestARenewalThatIsStopped(t *testing.T) {
	d := newDesk(t)
	old := d.saved()
	patient(t, time.Hour)
	ctx, stop := context.WithCancel(t.Context())
	p := d.person()
	p.working = func(id string) context.Context {
		if id != "renewing" {
			return t.Context()
		}
		if err := d.SetFault("secret-wrong", true); err != nil {
			t.Fatal(err)
		}
		go func() { // until the new secret is there
			for len(d.live(old)) < 2 && t.Context().Err() == nil {
				time.Sleep(time.Millisecond)
			}
			stop()
		}()
		return ctx
	}
	p.opens(d.renewal(old).Screen()).takes("sign in").is("not-saved").reads("You stopped it.")
	if err := d.SetFault("secret-wrong", false); err != nil {
		t.Fatal(err)
	}
	d.hasSecrets(old, old.SecretID)
	d.noRenewals()
	p.working = nil
	p.takes("back").is("renew")
}

// The old secret stays where somebody has removed the new one.
func TestTheOldSecretStaysIfTheNewOneIsGone(t *testing.T) {
	d := newDesk(t)
	old := d.saved()
	d.person().opens(d.renewal(old).Screen()).takes("sign in").is("renewed")
	now, _ := d.app.Connections.Get(old.ID)
	d.removeSecret(now)
	c := d.renewal(now)
	p := d.person().opens(c.Screen()).takes("sign in").is("new-is-gone")
	if live := d.live(old); c.Outcome != Failed || len(live) != 1 || live[0] != old.SecretID {
		t.Errorf("%s: %q", c.Outcome, live)
	}
	p.takes("again").is("renewed")
	last, _ := d.app.Connections.Get(old.ID)
	d.hasSecrets(old, old.SecretID, last.SecretID)
	d.person().opens(d.renewal(last).Screen()).takes("sign in").is("old-removed")
	d.hasSecrets(old, last.SecretID)
}

// secretsMade is how often a secret was to be made.
func (d *desk) secretsMade() (n int) {
	for name, times := range d.State().Requests {
		if strings.HasSuffix(name, "/addPassword") {
			n += times
		}
	}
	return n
}

// removeSecret is somebody in the portal.
func (d *desk) removeSecret(r connections.Record) {
	d.t.Helper()
	admin := d.Info().AdminApp
	session, err := signin.AppOnly(d.t.Context(),
		signin.Request{Cloud: d.app.Cloud, Tenant: admin.TenantID, ClientID: admin.ClientID,
			ClientSecret: secret.New(admin.ClientSecret)})
	if err != nil {
		d.t.Fatal(err)
	}
	g := graph.New(d.app.Cloud, session.AccessToken, d.app.HTTP)
	a, err := g.ApplicationByClientID(d.t.Context(), r.ClientID)
	if err == nil {
		err = g.RemovePassword(d.t.Context(), a.ID, r.SecretID)
	}
	if err != nil {
		d.t.Fatal(err)
	}
}

// Who lacks the role is told so, and can sign in with another account.
func TestARenewalByWhoMayNot(t *testing.T) {
	d := newDesk(t)
	old := d.saved()
	d.account = "megan@contoso.example"
	p := d.person().opens(d.renewal(old).Screen()).takes("sign in")
	if p.screen.ID != "not-saved" && p.screen.ID != "sign-in-refused" {
		t.Fatal(p.screen.ID)
	}
	d.account = "alex@contoso.example"
	if p.screen.Choice("account") != nil {
		p.takes("account")
	} else {
		p.takes("again")
	}
	p.is("renewed")
}

// Of a connection that was made by hand the Secret ID may not be known: it is
// found out, and nothing is removed in doubt.
func TestTheOldSecretIsFoundOut(t *testing.T) {
	for name, known := range map[string]bool{"by what it begins with": true, "it is another one": false} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			old := d.saved()
			v, err := d.app.Connections.Secret(t.Context(), old.ID)
			if err != nil {
				t.Fatal(err)
			}
			if !known {
				v = secret.New("~~~" + v.Reveal()[3:])
			}
			unknown := old
			unknown.SecretID = ""
			if _, err := d.app.Connections.Save(t.Context(), unknown, v); err != nil {
				t.Fatal(err)
			}
			d.person().opens(d.renewal(unknown).Screen()).takes("sign in").is("renewed")
			now, _ := d.app.Connections.Get(old.ID)
			c := d.renewal(now)
			p := d.person().opens(c.Screen()).takes("sign in")
			if known {
				p.is("old-removed")
				d.hasSecrets(old, now.SecretID)
				return
			}
			p.is("old-left").reads(now.SecretID).takes("done").ends(flow.Done)
			d.hasSecrets(old, old.SecretID, now.SecretID)
			d.noRenewals()
			if c.Outcome != OldLeft {
				t.Error(c.Outcome)
			}
		})
	}
}
