package terminal

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/goleak"

	"entrada/internal/agefile/agefiletest"
	"entrada/internal/app"
	"entrada/internal/app/apptest"
	"entrada/internal/connections"
	"entrada/internal/entra"
	"entrada/internal/entra/entratest"
	"entrada/internal/fault"
	"entrada/internal/netclient"
	"entrada/internal/practice/practicetest"
	"entrada/internal/secret"
)

func TestMain(m *testing.M) {
	if told := os.Getenv(killVariable); told != "" {
		setUpToBeKilled(told)
	}
	goleak.VerifyTestMain(m)
}

// desk is one computer on which commands are run: a folder and a keychain.
type desk struct {
	home     string
	keychain connections.Keychain
	cloud    entra.Cloud
	browser  func(context.Context, string) error
	now      func() time.Time
	secrets  []string // what must not be shown
}

func newDesk(home string) *desk {
	return &desk{home: home, keychain: connections.MemoryKeychain(), cloud: practicetest.Nowhere(),
		secrets: []string{entratest.Secret},
		browser: func(context.Context, string) error { return nil }, now: apptest.Now}
}

func (d *desk) open(cloud entra.Cloud) (app.App, func(), error) {
	if err := os.MkdirAll(d.home, 0o700); err != nil {
		return app.App{}, nil, err
	}
	store, err := connections.Open(d.home, d.keychain)
	if fault.Is(err, fault.FileCorrupt) {
		store, err = connections.Open(d.home, d.keychain) // the damaged file was kept aside
	}
	if err != nil {
		return app.App{}, nil, err
	}
	client := netclient.New(netclient.Options{MaxBody: netclient.GraphBody})
	return app.App{Cloud: cloud, HTTP: client, Browser: d.browser, Connections: store, Home: d.home, Now: d.now,
			Version: "test"},
		client.CloseIdleConnections, nil
}

func (d *desk) options(in string, out, errOut *bytes.Buffer) Options {
	return Options{
		Version: "1.2.3", In: strings.NewReader(in), Out: out, Err: errOut, Cloud: d.cloud, Open: d.open,
		Practice: func(context.Context) (entra.Cloud, func(), error) { return d.cloud, func() {}, nil },
	}
}

// run is one command; it fails the test if a secret shows.
func (d *desk) run(t testing.TB, ctx context.Context, in string, args ...string) (code int, out, errOut string) {
	t.Helper()
	var o, e bytes.Buffer
	code = Run(ctx, args, d.options(in, &o, &e))
	d.keepsSecrets(func(f string, a ...any) { t.Helper(); t.Errorf(f, a...) }, o.String()+e.String())
	return code, o.String(), e.String()
}

func (d *desk) keepsSecrets(fail func(string, ...any), text string) {
	for _, s := range d.secrets {
		if strings.Contains(text, s) {
			fail("a secret is shown:\n%s", text)
		}
	}
	for _, r := range text {
		if r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 || r == '\u202e' || r == '\ufffd' {
			fail("the output has the character %U:\n%q", r, text)
			return
		}
	}
}

// save puts a connection on the desk: name, vendor, days until the secret
// expires, and name=value for more.
func (d *desk) save(name, vendor string, days int, more ...string) error {
	w, release, err := d.open(d.cloud)
	if err != nil {
		return err
	}
	defer release()
	r := connections.Record{
		Name: name, VendorID: vendor, VendorName: vendor, CloudID: d.cloud.ID, TenantID: entratest.TenantID,
		TenantDomain: "contoso.example",
		ClientID:     entratest.ClientID, SecretExpires: apptest.Now().AddDate(0, 0, days),
		SecretID: "0d8f0b55-6a56-4f24-8a2b-4d3c6c1f5a10",
	}
	v := secret.New(entratest.Secret)
	for _, m := range more {
		key, value, _ := strings.Cut(m, "=")
		switch key {
		case "client":
			r.ClientID = value
		case "tenant":
			r.TenantID = value
		case "secret":
			v = secret.New(value)
			d.secrets = append(d.secrets, value)
		case "mailbox":
			r.Inputs = map[string]string{"mailbox": value}
		case "result":
			r.LastResult, r.LastTested, r.LastHeadline = value, apptest.Now().AddDate(0, 0, -1),
				"One thing is wrong: the client secret"
		default:
			return fmt.Errorf("save knows no %q", key)
		}
	}
	_, err = w.Connections.Save(context.Background(), r, v)
	return err
}

type deskKey struct{}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(e *testscript.Env) error {
			e.Values[deskKey{}] = newDesk(filepath.Join(e.WorkDir, "home"))
			key, err := age.GenerateX25519Identity()
			if err != nil {
				return err
			}
			e.Setenv("KEY", key.Recipient().String())
			locked := agefiletest.Locked(key.String(), "horse")
			if err := os.WriteFile(filepath.Join(e.WorkDir, "locked-identity"), []byte(locked), 0o600); err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(e.WorkDir, "identity"), []byte(key.String()+"\n"), 0o600)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"cli":     func(ts *testscript.TestScript, neg bool, args []string) { cli(ts, neg, args, false) },
			"showing": func(ts *testscript.TestScript, neg bool, args []string) { cli(ts, neg, args, true) },
			"save": func(ts *testscript.TestScript, _ bool, args []string) {
				days, err := strconv.Atoi(args[2])
				ts.Check(err)
				name, err := strconv.Unquote(`"` + args[0] + `"`)
				ts.Check(err)
				ts.Check(deskOf(ts).save(name, args[1], days, args[3:]...))
			},
			"no-practice": func(ts *testscript.TestScript, _ bool, _ []string) {
				deskOf(ts).cloud.ID = "nowhere"
			},
			"lose-secrets": func(ts *testscript.TestScript, _ bool, _ []string) {
				deskOf(ts).keychain = connections.MemoryKeychain()
			},
		},
	})
}

func deskOf(ts *testscript.TestScript) *desk { return ts.Value(deskKey{}).(*desk) }

// cli runs a command in this process: "cli CODE [<FILE] command…". showing is the
// same where a secret may be seen.
func cli(ts *testscript.TestScript, neg bool, args []string, mayShow bool) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: cli CODE [<FILE] command…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	in := ""
	args = args[1:]
	if name, ok := strings.CutPrefix(args[0], "<"); ok {
		in, args = ts.ReadFile(name), args[1:]
	}
	d := deskOf(ts)
	var out, errOut bytes.Buffer
	code := Run(context.Background(), args, d.options(in, &out, &errOut))
	_, _ = ts.Stdout().Write(out.Bytes())
	_, _ = ts.Stderr().Write(errOut.Bytes())
	if code != want {
		ts.Fatalf("exit code %d, not %d\n%s%s", code, want, out.String(), errOut.String())
	}
	if !mayShow {
		d.keepsSecrets(ts.Fatalf, out.String()+errOut.String())
	}
}
