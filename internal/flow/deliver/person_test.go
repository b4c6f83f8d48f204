package deliver

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"entrada/internal/app"
	"entrada/internal/connections"
	"entrada/internal/entra"
	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/flow"
	"entrada/internal/flow/administer"
	"entrada/internal/guides"
	"entrada/internal/journey"
	"entrada/internal/netclient"
	"entrada/internal/practice"
	"entrada/internal/practice/practicetest"
	"entrada/internal/practice/visitor"
	"entrada/internal/secret"
)

// person goes through a conversation: at each screen somebody takes the choice
// that was named.
type person struct {
	t       *testing.T
	screen  *flow.Screen
	working func(id string) context.Context // what work is given; nil for the test's own
	rows    []flow.Row                      // told by the last work
}

func (p *person) Row(i int, r flow.Row) {
	for len(p.rows) <= i {
		p.rows = append(p.rows, flow.Row{})
	}
	p.rows[i] = r
}
func (p *person) Now(string)          {}
func (p *person) Link(string)         {}
func (p *person) Code(string, string) {}
func (p *person) Note(string)         {}

// opens begins a conversation, and waits where there is nothing to choose.
func (p *person) opens(s *flow.Screen) *person {
	p.t.Helper()
	for p.screen = s; p.screen.Work != nil || p.screen.Preflight != nil; {
		ctx := p.t.Context()
		if p.working != nil {
			ctx = p.working(p.screen.ID)
		}
		if p.screen.Work == nil {
			step := p.screen.Preflight(ctx)
			if step == nil {
				break
			}
			p.screen = step()
			continue
		}
		p.rows = nil
		p.screen = p.screen.Work(ctx, p)()
	}
	return p
}

// takes one choice after the other, by their IDs.
func (p *person) takes(ids ...string) *person {
	p.t.Helper()
	for _, id := range ids {
		next := flow.Step(nil)
		if c := p.screen.Choice(id); c != nil {
			next = c.Next
		}
		for _, b := range p.screen.Blocks {
			if c, ok := b.(flow.Callout); ok {
				for _, choice := range c.Choices {
					if choice.ID == id {
						next = choice.Next
					}
				}
			}
		}
		if id == "back" && next == nil {
			next = p.screen.Back
		}
		if next == nil {
			p.t.Fatalf("the screen %q has no choice %q\n%s", p.screen.ID, id, words(p.screen))
		}
		p.opens(next())
	}
	return p
}

// types fills in a field of the screen.
func (p *person) types(id, text string) *person {
	p.t.Helper()
	f := p.field(id)
	if err := f.Judge(text); err != nil {
		p.t.Fatalf("%s: %s", id, explain.Sentence(err))
	}
	if f.Hidden {
		f.Secret = secret.New(text)
	} else {
		f.Value = text
	}
	return p
}

func (p *person) field(id string) *flow.Field {
	p.t.Helper()
	for _, b := range p.screen.Blocks {
		if form, ok := b.(flow.Form); ok {
			for _, f := range form.Fields {
				if f.ID == id {
					return f
				}
			}
		}
	}
	p.t.Fatalf("the screen %q has no field %q", p.screen.ID, id)
	return nil
}

// is checks where the conversation has come to.
func (p *person) is(id string) *person {
	p.t.Helper()
	if p.screen.ID != id {
		p.t.Fatalf("the screen is %q, not %q\n%s", p.screen.ID, id, words(p.screen))
	}
	return p
}

func (p *person) ends(e flow.Exit) {
	p.t.Helper()
	if p.screen.Exit != e {
		p.t.Fatalf("the end is %v, at %q\n%s", p.screen.Exit, p.screen.ID, words(p.screen))
	}
}

// words are what somebody reads on a screen, without what is hidden.
func words(s *flow.Screen) string {
	lines := []string{s.Title, s.Lead}
	var read func(list []flow.Block)
	read = func(list []flow.Block) {
		for _, b := range list {
			switch b := b.(type) {
			case flow.Text:
				lines = append(lines, b.Words)
			case flow.Callout:
				lines = append(lines, b.Title+" "+b.Words)
			case flow.Fault:
				lines = append(lines, b.What, b.Why)
			case flow.Value:
				lines = append(lines, b.Label+": "+b.Text, b.Note)
			case flow.Rows:
				for _, r := range b.List {
					lines = append(lines, r.Title+" "+r.Detail)
				}
			case flow.Steps:
				for _, i := range b.Items {
					lines = append(lines, i.Words)
				}
			case flow.Group:
				lines = append(lines, b.Heading)
				read(b.Blocks)
			}
		}
	}
	read(s.Blocks)
	for _, c := range s.Choices {
		lines = append(lines, c.Label+": "+c.Text)
	}
	return strings.Join(lines, "\n")
}

func (p *person) reads(parts ...string) *person {
	p.t.Helper()
	for _, part := range parts {
		if !strings.Contains(words(p.screen), part) {
			p.t.Errorf("%q does not say %q\n%s", p.screen.ID, part, words(p.screen))
		}
	}
	return p
}

// keychain is one that outlives the program, and breaks on request.
type keychain struct {
	dir  string
	mu   sync.Mutex
	kind fault.Kind   // what it answers with; "" if it is well
	sets int          // how often it was to keep something
	at   func(string) // is told of "set" and "kept"; nil for nobody
}

func (k *keychain) broken() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.kind != "" {
		return fault.New(k.kind, "use the keychain", nil)
	}
	return nil
}

func (k *keychain) breaks(kind fault.Kind) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.kind = kind
}

func (k *keychain) path(account string) string {
	return filepath.Join(k.dir, strings.ReplaceAll(account, "/", "_"))
}

func (k *keychain) Get(_ context.Context, account string) (secret.Value, error) {
	if err := k.broken(); err != nil {
		return secret.Value{}, err
	}
	data, err := os.ReadFile(k.path(account))
	if err != nil {
		return secret.Value{}, fault.New(fault.KeychainMissing, "use the keychain", nil)
	}
	return secret.New(string(data)), nil
}

func (k *keychain) Set(_ context.Context, account string, v secret.Value) error {
	k.mu.Lock()
	k.sets++
	k.mu.Unlock()
	if err := k.broken(); err != nil {
		return err
	}
	k.tell("set")
	defer k.tell("kept")
	return os.WriteFile(k.path(account), []byte(v.Reveal()), 0o600)
}

func (k *keychain) tell(moment string) {
	if k.at != nil {
		k.at(moment)
	}
}

func (k *keychain) Delete(_ context.Context, account string) error {
	if err := k.broken(); err != nil {
		return err
	}
	_ = os.Remove(k.path(account))
	return nil
}

func (k *keychain) Probe(context.Context) error { return k.broken() }

// desk is a computer in a practice organisation, with an administrator.
type desk struct {
	*practicetest.Organisation
	t        *testing.T
	app      app.App
	keychain *keychain
	account  string
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	o := practicetest.Start(t, practice.Options{})
	d := &desk{Organisation: o, t: t, account: o.Address("alex")}
	d.another()
	return d
}

// another is a computer with nothing on it.
func (d *desk) another() {
	d.t.Helper()
	d.keychain = &keychain{dir: d.t.TempDir()}
	client := netclient.New(netclient.Options{MaxBody: netclient.GraphBody})
	d.t.Cleanup(client.CloseIdleConnections)
	d.app = app.App{Cloud: d.Cloud(), HTTP: client, Home: d.t.TempDir(), Now: time.Now, Version: "test",
		Browser: func(ctx context.Context, link string) error {
			return visitor.Visitor{Account: d.account}.Open(ctx, link)
		}}
	d.restart()
}

// restart is the next start of the program.
func (d *desk) restart() {
	d.t.Helper()
	store, err := connections.Open(d.app.Home, d.keychain)
	if err != nil {
		d.t.Fatal(err)
	}
	d.app.Connections = store
}

func (d *desk) person() *person { return &person{t: d.t} }

// registered is a journey whose app Entrada has registered.
func (d *desk) registered() *journey.Journey {
	d.t.Helper()
	j := journey.New(d.app)
	j.ChooseVendor(guides.ByID("oxfordiq"))
	j.UseTenant(entra.Tenant{ID: d.Tenant, Domain: d.Domain, Cloud: d.app.Cloud})
	j.ChooseRoute(journey.DoForMe)
	s, err := administer.Register(d.app, j)
	if err != nil {
		d.t.Fatal(err)
	}
	d.person().opens(s).takes("sign in", "do it").is("as-it-should-be")
	j.TestPassed(d.account)
	return j
}

// saved is a connection whose app is registered.
func (d *desk) saved() connections.Record {
	d.t.Helper()
	j := d.registered()
	d.person().opens(Save(d.app, j, true)).takes("save").ends(flow.Done)
	r, there := d.app.Connections.Get(j.Answers().ConnectionID)
	if !there {
		d.t.Fatal("nothing was saved")
	}
	return r
}

// live are the Secret IDs that the app of a connection has.
func (d *desk) live(r connections.Record) (ids []string) {
	for _, a := range d.State().Applications {
		if a.AppID == r.ClientID {
			for _, s := range a.Secrets {
				ids = append(ids, s.KeyID)
			}
		}
	}
	slices.Sort(ids)
	return ids
}

// hasSecrets checks which secrets live, and that the saved one is among them and
// opens the app.
func (d *desk) hasSecrets(r connections.Record, ids ...string) {
	d.t.Helper()
	slices.Sort(ids)
	if live := d.live(r); !slices.Equal(live, ids) {
		d.t.Errorf("the secrets %q live, not %q", live, ids)
	}
	now, _ := d.app.Connections.Get(r.ID)
	v, err := d.app.Connections.Secret(d.t.Context(), r.ID)
	if err != nil || !slices.Contains(ids, now.SecretID) {
		d.t.Errorf("%s is saved: %v", now.SecretID, err)
	}
	reg, err := d.app.SavedRegistration(now)
	if err != nil {
		d.t.Fatal(err)
	}
	if err := proveSecret(d.t.Context(), d.app, reg, v); err != nil {
		d.t.Errorf("the saved secret does not open the app: %v", err)
	}
}
