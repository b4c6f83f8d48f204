package terminal

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"entrada/internal/connections"
	"entrada/internal/fault"
	"entrada/internal/secret"
)

// renewing runs the command at a terminal and answers its questions with the
// IDs of choices.
func (p *typist) renewing(d *desk, want int, answers ...string) (out string) {
	p.t.Helper()
	before := len(p.shown())
	ended := p.start(d, "renew", "OxfordIQ", "--practice", "--json")
	for _, a := range answers {
		p.answer("How do you want to go on", a)
	}
	p.ends(ended, want)
	p.sees("\n}")
	text := p.shown()[before:]
	i := strings.Index(text, "\n{")
	return text[i : i+strings.Index(text[i:], "\n}")+2]
}

// TestRenewAtATerminal goes from the old secret to the new one, with the overlap
// in between.
func TestRenewAtATerminal(t *testing.T) {
	t.Parallel()
	n, d, app := verifiable(t)
	secrets := func() int { return len(n.Apps("OxfordIQ")[0].Secrets) }
	before, _ := d.record(t)
	if before.SecretID != "" {
		t.Fatal("the Secret ID is known, and need not be found out")
	}
	before.SecretID = app.SecretID
	var r renewed
	read := func(out string) {
		t.Helper()
		r = renewed{}
		if err := json.Unmarshal([]byte(out), &r); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	p := newTypist(t)
	read(p.renewing(d, exitOK, "sign in", "done"))
	after, value := d.record(t)
	d.secrets = append(d.secrets, value)
	if r.Outcome != "renewed" || r.OldRemoved || r.SecretID != after.SecretID || r.OldSecretID != before.SecretID ||
		r.SecretExpires != day(after.SecretExpires) ||
		after.SecretID == before.SecretID || secrets() != 2 || r.Code+r.Cause != "" {
		t.Errorf("%+v, %d secrets", r, secrets())
	}
	has(t, strings.Join(strings.Fields(p.shown()), " "), "A second secret is made", "Microsoft accepts it",
		"It is saved", "entrada-cli renew")

	// Not yet: nothing is tried, and nothing is lost.
	read(p.renewing(d, exitUsage, "not yet"))
	if r.Outcome != "unchanged" || secrets() != 2 {
		t.Errorf("%+v, %d secrets", r, secrets())
	}
	read(p.renewing(d, exitOK, "sign in", "done"))
	if r.Outcome != "old-removed" || !r.OldRemoved || r.OldSecretID != before.SecretID ||
		r.SecretID != after.SecretID || secrets() != 1 {
		t.Errorf("%+v, %d secrets", r, secrets())
	}
	if code, out, errOut := d.run(t, t.Context(), "", "test", "OxfordIQ", "--practice"); code != exitOK {
		t.Errorf("%d\n%s%s", code, out, errOut)
	}

	// The keychain does not take the next one.
	kept := d.keychain
	d.keychain = lockedKeychain{kept}
	read(p.renewing(d, exitFailed, "sign in", "quit"))
	if r.Outcome != "failed" || r.Cause == "" || r.SecretID != after.SecretID || secrets() != 1 {
		t.Errorf("%+v, %d secrets", r, secrets())
	}
	d.keepsSecrets(t.Errorf, strings.NewReplacer("\r", "", "\x1b", "").Replace(p.shown()))
}

// lockedKeychain waits to be unlocked, and nobody does.
type lockedKeychain struct{ connections.Keychain }

func (lockedKeychain) Set(context.Context, string, secret.Value) error {
	return fault.New(fault.KeychainLocked, "save in the keychain", nil)
}

// record is what is saved on a desk, and its secret.
func (d *desk) record(t *testing.T) (connections.Record, string) {
	t.Helper()
	a, release, err := d.open(d.cloud)
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	r := a.Connections.List()[0]
	v, err := a.Connections.Secret(t.Context(), r.ID)
	if err != nil {
		t.Fatal(err)
	}
	return r, v.Reveal()
}
