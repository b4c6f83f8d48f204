package connections

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"entrada/internal/fault"
	"entrada/internal/secret"
)

// onOwnBus runs the calling test again in a process of its own, on a message
// bus of its own, with folders of its own; it returns true in that process.
func onOwnBus(t *testing.T) bool {
	t.Helper()
	if os.Getenv(onBusVariable) != "" {
		return true
	}
	home := folder(t)
	for _, dir := range []string{"data", "config", "cache", "run"} {
		must(t, os.Mkdir(filepath.Join(home, dir), 0o700))
	}
	exe, err := os.Executable()
	must(t, err)
	cmd := exec.Command("dbus-run-session", "--", exe, "-test.run=^"+t.Name()+"$", "-test.v", "-test.timeout=100s")
	cmd.Env = append(os.Environ(), onBusVariable+"=1", "HOME="+home,
		"XDG_DATA_HOME="+home+"/data", "XDG_CONFIG_HOME="+home+"/config", "XDG_CACHE_HOME="+home+"/cache",
		"XDG_RUNTIME_DIR="+home+"/run",
		"DISPLAY=", "WAYLAND_DISPLAY=")
	out, err := cmd.CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("--- PASS: "+t.Name()+" ")) {
		t.Errorf("on a bus of its own: %v\n%s", err, out)
	}
	if bytes.Contains(out, []byte(firstSecret.Reveal())) {
		t.Error("the secret was printed")
	}
	return false
}

func privateBus(t *testing.T) *dbus.Conn {
	t.Helper()
	conn, err := dbus.ConnectSessionBus()
	must(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// startKeyring starts gnome-keyring, with an unlocked login keyring, and waits
// until it serves.
func startKeyring(t *testing.T, conn *dbus.Conn) {
	t.Helper()
	must(t, conn.AddMatchSignal(dbus.WithMatchInterface("org.freedesktop.DBus"),
		dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, secretsName)))
	signals := make(chan *dbus.Signal, 10)
	conn.Signal(signals)
	cmd := exec.Command("gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets")
	cmd.Stdin = strings.NewReader("a password for the keyring")
	must(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for {
		select {
		case s := <-signals:
			if s.Name == "org.freedesktop.DBus.NameOwnerChanged" && s.Body[2] != "" {
				return
			}
		case <-ctx.Done():
			t.Fatal("gnome-keyring did not start")
		}
	}
}

func secretTool(t *testing.T, stdin string, args ...string) string {
	t.Helper()
	cmd := exec.Command("secret-tool", args...)
	cmd.Stdin = strings.NewReader(stdin)
	out, _ := cmd.CombinedOutput() // it exits 1 when it finds nothing
	return string(out)
}

// The keyring of GNOME itself.
func TestRealKeyring(t *testing.T) {
	if !onOwnBus(t) {
		return
	}
	conn, ctx := privateBus(t), t.Context()
	startKeyring(t, conn)
	kc := SystemKeychain()
	keychainSuite(t, kc)
	neighboursSurvive(t, kc)

	// K14: what others see of it: no address, no organisation, no ID.
	dir := folder(t)
	s := open(t, dir, kc)
	r, err := s.Save(ctx, sample(0), firstSecret)
	must(t, err)
	listed := secretTool(t, "", "search", "--all", "service", service)
	for _, tell := range []string{r.TenantID, r.TenantDomain, r.ClientID, r.VendorName, firstSecret.Reveal()} {
		if strings.Contains(listed, tell) {
			t.Errorf("the keychain shows %q:\n%s", tell, listed)
		}
	}
	if strings.Count(listed, "attribute.username = v1/secret/") != 1 {
		t.Errorf("not listed as expected:\n%s", listed)
	}
	noSecretIn(t, dir, firstSecret)

	must(t, s.RemoveEverything(ctx))
	if listed := secretTool(t, "", "search", "--all", "service", service); strings.Contains(listed, "v1/") {
		t.Errorf("left in the keychain:\n%s", listed)
	}

	// K09: deleted and changed by another program.
	r, err = s.Save(ctx, sample(0), firstSecret)
	must(t, err)
	secretTool(t, "v1:b3RoZXI", "store", "--label=x", "service", service, "username", r.account())
	_, err = s.Secret(ctx, r.ID)
	wantKind(t, err, fault.KeychainCorrupt)
	secretTool(t, "", "clear", "service", service, "username", r.account())
	_, err = s.Secret(ctx, r.ID)
	wantKind(t, err, fault.KeychainMissing)

	severalAtOnce(t, s, r)

	// K05: locked, and nobody there to unlock it.
	r, err = s.Save(ctx, sample(0), firstSecret)
	must(t, err)
	must(t, conn.Object(secretsName, secretsPath).Call(serviceIface+".Lock", 0, []dbus.ObjectPath{loginPath}).Err)
	fresh := SystemKeychain() // without a good probe in mind
	wantKind(t, fresh.Probe(ctx), fault.KeychainLocked)
	_, err = fresh.Get(WithoutPrompt(ctx), r.account())
	wantKind(t, err, fault.KeychainLocked)
	_, err = open(t, dir, fresh).SecretsAtHand(WithoutPrompt(ctx), []string{r.ID, r.ID})
	wantKind(t, err, fault.KeychainLocked)
	_, err = open(t, dir, fresh).Reconcile(ctx)
	wantKind(t, err, fault.KeychainLocked)
}

// severalAtOnce: what is well comes, and nothing else does. gone has lost its
// secret.
func severalAtOnce(t *testing.T, s *Store, gone Record) {
	t.Helper()
	ctx := t.Context()
	ids, want := []string{gone.ID, "of none"}, map[string]secret.Value{}
	for i := 1; i < 20; i++ {
		r, v := sample(i), secret.New(fmt.Sprintf("%s-%d", firstSecret.Reveal(), i))
		switch i {
		case 17:
			v = secret.New(strings.Repeat("x", maxValue)) // lies in an envelope
		case 18:
			r = s.KeepForSession(r, v)
			ids = append(ids, r.ID)
			continue
		}
		r, err := s.Save(ctx, r, v)
		must(t, err)
		ids = append(ids, r.ID)
		switch i {
		case 17:
		case 19:
			secretTool(t, "v1:b3RoZXI", "store", "--label=x", "service", service, "username", r.account())
		default:
			want[r.ID] = v
		}
	}
	got, err := s.SecretsAtHand(WithoutPrompt(ctx), ids)
	must(t, err)
	if !maps.EqualFunc(got, want, secret.Value.Equal) {
		t.Errorf("%d secrets came, not %d", len(got), len(want))
	}
	must(t, s.RemoveEverything(ctx))
}

// K07: a keyring that the bus can start, but that has never been set up: it must
// read as "no keychain", and soon.
func TestKeyringThatWasNeverSetUp(t *testing.T) {
	if !onOwnBus(t) {
		return
	}
	kc := newGuarded(library{}, probeSystem, 3*time.Second, 6*time.Second)
	began := time.Now()
	dir := folder(t)
	_, err := open(t, dir, kc).Save(t.Context(), sample(0), firstSecret)
	wantKind(t, err, fault.KeychainUnavailable)
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
	noSecretIn(t, dir, firstSecret)
}

// K07: a session without a bus, as over SSH: nothing is started, nothing waits.
func TestNoBus(t *testing.T) {
	for _, address := range []string{"unix:path=/nonexistent/bus", "nonsense", "unix:path=" + deafSocket(t)} {
		t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
		kc := newGuarded(library{}, probeSystem, 200*time.Millisecond, time.Minute)
		err := kc.Probe(t.Context())
		if !fault.Is(err, fault.KeychainUnavailable, fault.KeychainTimedOut) {
			t.Errorf("%s: %v", address, err)
		}
		dir := folder(t)
		s := open(t, dir, kc)
		_, err = s.Save(t.Context(), sample(0), firstSecret)
		if !fault.Is(err, fault.KeychainUnavailable, fault.KeychainTimedOut) {
			t.Errorf("%s: %v", address, err)
		}
		if r := s.KeepForSession(sample(0), firstSecret); len(s.List()) != 1 || !r.SessionOnly {
			t.Error("the wizard cannot go on")
		}
		noSecretIn(t, dir, firstSecret)
	}
}

// K13: a secret crosses the message bus readable. That is accepted on the bus of
// this computer, where who reads along could ask for the secret as well; over a
// network nothing is sent, and nobody is called.
func TestABusOverTheNetwork(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	called := make(chan struct{}, 10)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				close(called)
				return
			}
			called <- struct{}{}
			_ = conn.Close()
		}
	}()
	address := strings.Replace(listener.Addr().String(), "127.0.0.1:", "host=127.0.0.1,port=", 1)
	for _, bus := range []string{"tcp:" + address, "nonce-tcp:" + address + ",noncefile=/dev/null",
		"unix:path=/nonexistent;tcp:" + address} {
		t.Setenv("DBUS_SESSION_BUS_ADDRESS", bus)
		err := SystemKeychain().Set(t.Context(), "v1/test/network", firstSecret)
		wantKind(t, err, fault.KeychainUnavailable)
		if !strings.Contains(err.Error(), "over a network") {
			t.Errorf("%s: %v", bus, err)
		}
	}
	must(t, listener.Close())
	if _, was := <-called; was {
		t.Error("somebody was called over the network")
	}
}

// K05: a locked keyring is known by the name of the error, whatever its words are, and in
// whatever language.
func TestABusErrorIsKnownByItsName(t *testing.T) {
	for name, want := range busKinds {
		for _, words := range [][]any{nil, {"ist verschlossen"}, {"is locked"}} {
			for _, err := range []error{dbus.Error{Name: name, Body: words}, &dbus.Error{Name: name, Body: words},
				fmt.Errorf("wrapped: %w", dbus.Error{Name: name, Body: words})} {
				if got := keychainKind(err); got != want {
					t.Errorf("%s, %v: %q, not %q", name, words, got, want)
				}
			}
		}
	}
	if got := keychainKind(dbus.Error{Name: "org.freedesktop.Secret.Error.IsLocked"}); got != fault.KeychainLocked {
		t.Errorf("a locked keyring reads as %q", got)
	}
}
