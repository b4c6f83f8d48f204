package deliver

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"entrada/internal/app"
	"entrada/internal/connections"
	"entrada/internal/entra"
	"entrada/internal/flow"
	"entrada/internal/netclient"
	"entrada/internal/practice/visitor"
)

// renewing has the test's own program renew a secret and end at a moment, as if
// it was killed: the variable holds a doomed renewal as JSON.
const renewing = "ENTRADA_TEST_RENEWING"

// doomed is a renewal that ends in the middle.
type doomed struct {
	Cloud    entra.Cloud
	Home     string
	Keychain string // folder
	ID       string // of the connection
	At       int    // the moment
}

// moments counts what happens: a request that is about to leave, its answer, a
// secret about to be kept, and kept.
type moments struct {
	doomed
	seen atomic.Int64
	next http.RoundTripper
}

func (m *moments) passes(what string) {
	if m.seen.Add(1) == int64(m.At) {
		fmt.Println(what)
		os.Exit(killed)
	}
}

// killed is the exit code of a program that ended at its moment.
const killed = 9

func (m *moments) RoundTrip(r *http.Request) (*http.Response, error) {
	m.passes("before " + r.Method)
	resp, err := m.next.RoundTrip(r)
	m.passes("after " + r.Method)
	return resp, err
}

// renewUntilKilled is the program: it signs in, and goes as far as it lives.
func renewUntilKilled(told string) error {
	m := &moments{}
	if err := json.Unmarshal([]byte(told), &m.doomed); err != nil {
		return err
	}
	client := netclient.New(netclient.Options{MaxBody: netclient.GraphBody})
	m.next = client.Transport
	client.Transport = m
	store, err := connections.Open(m.Home, &keychain{dir: m.Keychain, at: m.passes})
	if err != nil {
		return err
	}
	a := app.App{Cloud: m.Cloud, HTTP: client, Home: m.Home, Now: time.Now, Version: "test", Connections: store,
		Browser: visitor.Visitor{Account: "alex@contoso.example"}.Open}
	r, there := store.Get(m.ID)
	if !there {
		return errors.New("the connection is not there")
	}
	c, err := Renew(a, r, true,
		func(connections.Record) flow.Choice { return flow.Choice{ID: "done", Next: flow.Over(flow.Done)} })
	if err != nil {
		return err
	}
	s := c.Screen().Choice("sign in").Next()
	for s.Work != nil {
		s = s.Work(context.Background(), &person{})()
	}
	if s.ID != "renewed" {
		return fmt.Errorf("it came to %q: %s", s.ID, words(s))
	}
	return nil
}

// TestARenewalThatIsKilledAnywhere: whatever the program was doing, afterwards
// the saved secret opens the app, and the next renewal leaves no secret behind
// that nobody has.
func TestARenewalThatIsKilledAnywhere(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	patient(t)
	for at := 1; ; at++ {
		d := newDesk(t)
		old := d.saved()
		told, err := json.Marshal(doomed{d.Cloud(), d.app.Home, d.keychain.dir, old.ID, at})
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), exe)
		cmd.Env = append(os.Environ(), renewing+"="+string(told))
		said, err := cmd.CombinedOutput()
		if err == nil {
			if at < 12 {
				t.Errorf("only %d moments were tried", at-1)
			}
			return
		}
		if cmd.ProcessState.ExitCode() != killed {
			t.Fatalf("%d: %v\n%s", at, err, said)
		}
		where := fmt.Sprintf("%d, %s", at, strings.TrimSpace(string(said)))

		// The next one may come to nothing, and what is saved still works.
		d.restart()
		p := d.person()
		p.working = func(id string) context.Context {
			if err := d.SetFault("secret-wrong", id == "renewing"); err != nil {
				t.Fatal(err)
			}
			return t.Context()
		}
		if p.opens(d.renewal(old).Screen()); p.screen.ID == "renew" {
			p.takes("sign in")
		}
		if err := d.SetFault("secret-wrong", false); err != nil {
			t.Fatal(err)
		}
		saved, _ := d.app.Connections.Get(old.ID)
		v, err := d.app.Connections.Secret(t.Context(), old.ID)
		if reg, regErr := d.app.SavedRegistration(saved); err != nil || regErr != nil ||
			proveSecret(t.Context(), d.app, reg, v) != nil {
			t.Errorf("%s: what is saved does not work any more: %v, %v", where, err, regErr)
		}
		if p = d.person().opens(d.renewal(saved).Screen()); p.screen.ID == "renew" {
			p.takes("sign in").is("renewed")
		}
		now, _ := d.app.Connections.Get(old.ID)
		if now.SecretID == old.SecretID {
			t.Errorf("%s: it was not renewed", where)
		}
		d.hasSecrets(old, old.SecretID, now.SecretID)
		d.person().opens(d.renewal(now).Screen()).takes("sign in").is("old-removed")
		d.hasSecrets(old, now.SecretID)
		d.noRenewals()
		if t.Failed() {
			t.Fatal(where)
		}
	}
}
