package terminal

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"

	"entrada/internal/app"
	"entrada/internal/connections"
	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/secret"
)

// generousKeychain gives out many secrets at once, as some systems do.
type generousKeychain struct {
	connections.Keychain
	mu       sync.Mutex
	together int // secrets that it gave out with others
	alone    int
	fails    error
}

func (g *generousKeychain) GetMany(ctx context.Context, accounts []string) (map[string]secret.Value, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.fails != nil {
		return nil, g.fails
	}
	found := map[string]secret.Value{}
	for _, account := range accounts {
		if v, err := g.Keychain.Get(ctx, account); err == nil {
			found[account] = v
			g.together++
		}
	}
	return found, nil
}

func (g *generousKeychain) Get(ctx context.Context, account string) (secret.Value, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.alone++
	if g.fails != nil {
		return secret.Value{}, g.fails
	}
	return g.Keychain.Get(ctx, account)
}

// closedGate is a network on which nothing is answered before it opens.
type closedGate chan struct{}

func (g closedGate) RoundTrip(r *http.Request) (*http.Response, error) {
	select {
	case <-g:
		return nil, &fault.Error{Kind: fault.Offline, Op: "connect"}
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

// deskWithMany has as many connections, and a
// keychain that gives out many at once.
func deskWithMany(t *testing.T, many int) (*desk, *generousKeychain) {
	t.Helper()
	d := newDesk(t.TempDir())
	kc := &generousKeychain{Keychain: connections.MemoryKeychain()}
	d.keychain = kc
	for i := range many {
		if err := d.save(fmt.Sprintf("Vendor %03d", i), "oxfordiq", 200,
			fmt.Sprintf("client=%08d-52a7-4c1d-9b0e-7d2f4a8c6e10", i)); err != nil {
			t.Fatal(err)
		}
	}
	return d, kc
}

// TestSecretsAreReadAhead: the next secrets are read while the network is slow,
// but only so many.
func TestSecretsAreReadAhead(t *testing.T) {
	const many, parallel = 60, 4
	d, kc := deskWithMany(t, many)
	synctest.Test(t, func(t *testing.T) {
		gate := make(closedGate)
		var out, errOut bytes.Buffer
		o := d.options("", &out, &errOut)
		o.Open = func(c entra.Cloud) (app.App, func(), error) {
			w, release, err := d.open(c)
			w.HTTP = &http.Client{Transport: gate}
			return w, release, err
		}
		done := make(chan int)
		go func() {
			done <- Run(t.Context(),
				[]string{"test", "--all", "--json", "--practice", "--parallel", fmt.Sprint(parallel)}, o)
		}()
		synctest.Wait()
		// Those that are tested, those that wait, and the next ones.
		if kc.together < 2*parallel || kc.together > 3*parallel+1 {
			t.Errorf("%d secrets were read before the first test was over", kc.together)
		}
		close(gate)
		if code := <-done; code != exitFailed {
			t.Errorf("exit code %d\n%s", code, errOut.String())
		}
		var results []json.RawMessage
		if err := json.Unmarshal(out.Bytes(), &results); err != nil || len(results) != many {
			t.Errorf("%d results, %v", len(results), err)
		}
		if kc.together != many || kc.alone != 0 {
			t.Errorf("%d were read together and %d alone", kc.together, kc.alone)
		}
		d.keepsSecrets(t.Errorf, out.String()+errOut.String())
	})
}

// TestASilentKeychainIsAskedOnce: what it says of many, it says of each.
func TestASilentKeychainIsAskedOnce(t *testing.T) {
	const many = 12
	d, kc := deskWithMany(t, many)
	kc.fails = &fault.Error{Kind: fault.KeychainLocked, Op: "read from the keychain"}
	code, out, errOut := d.run(t, t.Context(), "", "test", "--all", "--json", "--practice", "--parallel", "3")
	var results []struct{ Checks []struct{ ID, Code string } }
	if err := json.Unmarshal([]byte(out), &results); err != nil || len(results) != many || code != exitFailed {
		t.Fatalf("exit code %d, %d results, %v\n%s", code, len(results), err, errOut)
	}
	for _, r := range results {
		if r.Checks[0].ID != "keychain" || r.Checks[0].Code != string(fault.KeychainLocked) {
			t.Errorf("%+v", r.Checks[0])
		}
	}
	if kc.alone != 0 {
		t.Errorf("it was asked %d times more", kc.alone)
	}
}
