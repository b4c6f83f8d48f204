package practice_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"entrada/internal/practice"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func readAll(t *testing.T, res *http.Response) string {
	t.Helper()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func fileMode(t *testing.T, path string) os.FileMode {
	t.Helper()
	i, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return i.Mode().Perm()
}

func TestOnlyOnLoopback(t *testing.T) {
	for _, address := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.0.2.1:0", "example.com:0", "127.0.0.1",
		"127.0.0.1:http"} {
		if s, err := practice.Start(t.Context(), practice.Options{Listen: address}); err == nil {
			_ = s.Close()
			t.Errorf("listens on %q", address)
		}
	}
	for _, o := range []practice.Options{{Faults: []string{"no-such-fault"}}, {Faults: []string{"clock-skew=soon"}},
		{Faults: []string{"latency*0"}}, {Tenants: -1}} {
		if s, err := practice.Start(t.Context(), o); err == nil {
			_ = s.Close()
			t.Errorf("starts with %+v", o)
		}
	}
}

func TestFixedPorts(t *testing.T) {
	// A free place for three ports in a row, found by asking for one.
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	_ = l.Close()
	s, err := practice.Start(t.Context(), practice.Options{Listen: fmt.Sprintf("localhost:%d", port)})
	if err != nil {
		if strings.Contains(err.Error(), "address already in use") {
			return // somebody took the next port; the rule is tested elsewhere
		}
		t.Fatal(err)
	}
	defer s.Close()
	for i, address := range []string{s.Cloud().Login, s.Cloud().Graph, s.Cloud().Portal} {
		if want := fmt.Sprintf("http://127.0.0.1:%d", port+i); address != want {
			t.Errorf("address %s, want %s", address, want)
		}
	}
}

func TestCloseIsFinalAndMayBeRepeated(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s, err := practice.Start(ctx, practice.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !s.Cloud().IsPractice() {
		t.Error("the cloud is not marked as practice")
	}
	cancel() // as if the program ended
	for range 3 {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := http.Get(s.Cloud().Login + "/error?code=50011"); err == nil {
		t.Error("answers after its end")
	}
}

func TestManyTenants(t *testing.T) {
	s := start(t, practice.Options{Tenants: 3})
	seen := map[string]bool{}
	for _, tenant := range s.Info().Tenants {
		a := token(t, s, tenant.ID,
			url.Values{"grant_type": {"client_credentials"}, "client_id": {s.Info().AdminApp.ClientID},
				"client_secret": {s.Info().AdminApp.ClientSecret}, "scope": {"https://graph.microsoft.com/.default"}})
		org := send(t, "GET", s.Cloud().Graph+"/v1.0/organization", a.text("access_token"), nil)
		if org.status != http.StatusOK || !strings.Contains(org.raw, `"displayName":"`+tenant.Name+`"`) {
			t.Errorf("%s: %s", tenant.Domain, org.raw)
		}
		seen[tenant.ID+tenant.Domain] = true
	}
	if len(seen) != 3 || s.Info().Tenants[1].Domain != "contoso2.example" {
		t.Errorf("tenants: %+v", s.Info().Tenants)
	}
}

// Everything at once: registrations, secrets, sign-ins, mail, state, faults.
func TestConcurrentUse(t *testing.T) {
	s := start(t, practice.Options{Tenants: 2})
	bearer, g := admin(t, s), s.Cloud().Graph+"/v1.0"
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			made := send(t, "POST", g+"/applications", bearer,
				map[string]any{"displayName": fmt.Sprint("app ", i), "signInAudience": "AzureADMyOrg"})
			for range 3 {
				send(t, "POST", g+"/applications/"+made.text("id")+"/addPassword", bearer, map[string]any{})
				send(t, "GET", g+"/applications?$top=2", bearer, nil)
				s.State()
				_ = s.SetFault("latency=1ms", i%2 == 0)
			}
			if a := send(t, "DELETE", g+"/applications/"+made.text("id"), bearer,
				nil); a.status != http.StatusNoContent {
				t.Errorf("delete: %d %s", a.status, a.raw)
			}
		})
	}
	all.Wait()
	if n := len(s.State().Applications); n != 1 { // the administrator app
		t.Errorf("%d applications are left", n)
	}
}
