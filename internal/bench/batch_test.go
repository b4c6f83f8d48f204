//go:build bench && linux

package bench

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"entrada/internal/app"
	"entrada/internal/checks"
	"entrada/internal/connections"
	"entrada/internal/entra"
	"entrada/internal/explain"
	"entrada/internal/netclient"
	"entrada/internal/practice"
	"entrada/internal/practice/practicetest"
	"entrada/internal/secret"
	"entrada/internal/terminal"
)

const (
	many         = 1000 // connections, each in an organisation of its own
	parallel     = 50
	batchBudget  = 1.2
	memoryBudget = 120e6
)

// measureBatch runs the shipped entrada-cli as a process of its own, with a real
// keychain. It asks for Microsoft by name; as in many companies, its way out is
// a proxy that it finds in its environment, which here leads to the practice
// organisations.
func measureBatch(t *testing.T, tb *table) {
	program, err := filepath.Abs(repository + "/bin/entrada-cli")
	if err != nil {
		t.Fatal(err)
	}
	hosts := []string{"login.microsoftonline.com", "graph.microsoft.com"}
	organisations := practicetest.Start(t, practice.Options{Tenants: many, Latency: latency, TLSDir: t.TempDir(),
		Hosts: hosts})
	info := organisations.Info()

	d := newDesk(t)
	d.OpenKeychain()
	home := scratch(t)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", d.Getenv("DBUS_SESSION_BUS_ADDRESS"))
	manyConnections(t, home, connections.SystemKeychain(), entra.Global(), info,
		func(s *connections.Store, r connections.Record, v secret.Value) error {
			_, err := s.Save(connections.WithoutPrompt(t.Context()), r, v)
			return err
		})
	d.Setenv("ENTRADA_HOME", home)
	d.Setenv("SSL_CERT_FILE", info.TLS.CAFile)
	d.Setenv("HTTPS_PROXY", startProxy(t, hosts, info.TLS.Address))

	chain := probeChain(t, organisations.Server)
	ideal := time.Duration(many*chain) * latency / parallel
	what := fmt.Sprintf("entrada-cli test --all, %d connections", many)
	how := fmt.Sprintf("÷ %.1f s, which is %d × %d requests of %s, %d at once; ", ideal.Seconds(), many, chain,
		latency, parallel)
	took, peak, waited := d.testAll(program)
	tb.ratio(what+" ÷ the ideal", batchBudget, float64(took)/float64(ideal),
		"%.1f s %sreal keychain, TLS and a proxy; on average a secret came from the keychain in %s, with others",
		took.Seconds(), how, ms(waited))
	tb.add(row{what + ": memory", "≤ " + mb(memoryBudget), mb(peak), peak <= memoryBudget, "resident, at its highest"})

	took = testAllInside(t, organisations.Cloud(), info)
	tb.ratio(what+" ÷ the ideal, in this process", batchBudget, float64(took)/float64(ideal),
		"%.1f s %sthe same without a keychain of the system, TLS and a proxy", took.Seconds(), how)
}

// batchArgs are the command that is measured.
var batchArgs = []string{"test", "--all", "--json", "--parallel", strconv.Itoa(parallel)}

// broken reports whether the connection of an organisation has a wrong secret:
// two in a hundred have.
func broken(organisation int) bool { return organisation%50 == 7 }

// manyConnections are one with each organisation. The administrators' app is in
// all of them.
func manyConnections(t *testing.T, home string, keychain connections.Keychain, cloud entra.Cloud, info practice.Info,
	save func(*connections.Store, connections.Record, secret.Value) error) *connections.Store {
	t.Helper()
	store, err := connections.Open(home, keychain)
	if err != nil {
		t.Fatal(err)
	}
	for i, tenant := range info.Tenants {
		r := connections.Record{
			Name: fmt.Sprintf("Vendor %04d", i), VendorID: "oxfordiq", VendorName: "OxfordIQ", CloudID: cloud.ID,
			TenantID:     tenant.ID,
			TenantDomain: tenant.Domain, ClientID: info.AdminApp.ClientID, SecretExpires: time.Now().AddDate(0, 6, 0),
		}
		key := secret.New(info.AdminApp.ClientSecret)
		if broken(i) {
			key = secret.New("a secret that was replaced since")
		}
		if err := save(store, r, key); err != nil {
			t.Fatal(err)
		}
	}
	return store
}

// probeChain is how many requests one test makes: each depends on the one
// before.
func probeChain(t *testing.T, server *practice.Server) int {
	t.Helper()
	info, client := server.Info(), netclient.New(netclient.Options{})
	defer client.CloseIdleConnections()
	count := func() (n int) {
		for _, requests := range server.State().Requests {
			n += requests
		}
		return n
	}
	before := count()
	probe := checks.Probe{Cloud: server.Cloud(), TenantID: info.AdminApp.TenantID, ClientID: info.AdminApp.ClientID,
		Secret: secret.New(info.AdminApp.ClientSecret), HTTP: client}
	for _, r := range checks.Run(t.Context(), probe.Checks(), nil) {
		if r.State != checks.Passed {
			t.Fatalf("%s: %s, %v", r.Title, r.State, r.Err)
		}
	}
	return count() - before
}

// testAll runs the program to its end. It watches how much memory it takes, and
// reads how long a connection's secret took to come from the keychain on average.
func (d *desk) testAll(program string) (took time.Duration, peak int64, waited time.Duration) {
	d.t.Helper()
	var out, errs bytes.Buffer
	began := time.Now()
	cmd := d.Start(program, func(c *exec.Cmd) { c.Stdout, c.Stderr = &out, &errs }, batchArgs...)
	var err error
	done := make(chan struct{})
	go func() { err = cmd.Wait(); close(done) }()
	// What the kernel says at the end would hold our own size, too: a process
	// begins as a copy of the one that starts it.
	tick, limit := time.NewTicker(20*time.Millisecond), time.After(2*time.Minute)
	defer tick.Stop()
	for running := true; running; {
		select {
		case <-done:
			running = false
		case <-tick.C:
			if u, err := usageOf(cmd.Process.Pid); err == nil {
				peak = max(peak, u.peak)
			}
		case <-limit:
			_ = cmd.Process.Kill()
			<-done
			d.t.Fatal("the test of all connections has no end")
		}
	}
	took = time.Since(began)
	if cmd.ProcessState.ExitCode() != 1 { // something failed, as it should
		d.t.Fatalf("%v\n%s\n%.2000s", err, errs.String(), out.String())
	}
	if peak == 0 {
		d.t.Fatal("the memory was never seen")
	}
	return took, peak, keychainWait(d.t, out.Bytes())
}

// testAllInside runs the same command in this process, with connections kept for
// this session alone and the organisations in plain HTTP: what is left of the
// time when the keychain, TLS and the proxy are taken away.
func testAllInside(t *testing.T, cloud entra.Cloud, info practice.Info) time.Duration {
	t.Helper()
	home := scratch(t)
	store := manyConnections(t, home, connections.MemoryKeychain(), cloud, info,
		func(s *connections.Store, r connections.Record, v secret.Value) error {
			s.KeepForSession(r, v)
			return nil
		})
	client := netclient.New(netclient.Options{MaxBody: netclient.GraphBody})
	var out, errs bytes.Buffer
	began := time.Now()
	code := terminal.Run(t.Context(), batchArgs, terminal.Options{
		Version: "bench", In: strings.NewReader(""), Out: &out, Err: &errs, Cloud: cloud,
		Open: func(c entra.Cloud) (app.App, func(), error) {
			return app.App{Cloud: c, HTTP: client, Connections: store, Home: home, Version: "bench", Now: time.Now},
				client.CloseIdleConnections, nil
		},
	})
	took := time.Since(began)
	if code != 1 {
		t.Fatalf("exit code %d\n%s\n%.2000s", code, errs.String(), out.String())
	}
	keychainWait(t, out.Bytes())
	return took
}

// keychainWait reads the results, of which all must be there and only the
// broken ones bad.
func keychainWait(t *testing.T, out []byte) time.Duration {
	t.Helper()
	var results []struct {
		OK      bool
		Culprit explain.Culprit
		Checks  []struct {
			ID   string
			Took int64 `json:"took_ms"`
		}
	}
	if err := json.Unmarshal(out, &results); err != nil || len(results) != many {
		t.Fatalf("%d results, %v", len(results), err)
	}
	total := int64(0)
	for i, r := range results {
		if r.OK == broken(i) || !r.OK && r.Culprit != explain.Secret {
			t.Errorf("connection %d: ok %v, culprit %q", i, r.OK, r.Culprit)
		}
		for _, c := range r.Checks {
			if c.ID == "keychain" {
				total += c.Took
			}
		}
	}
	return time.Duration(total) * time.Millisecond / many
}

// startProxy starts a proxy that leads some hosts to one address, and nothing
// anywhere else.
func startProxy(t *testing.T, hosts []string, address string) string {
	t.Helper()
	var tunnels sync.WaitGroup
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, _ := net.SplitHostPort(r.Host)
		if r.Method != http.MethodConnect || !slices.Contains(hosts, host) {
			http.Error(w, "not through this proxy", http.StatusForbidden)
			return
		}
		there, err := net.Dial("tcp", address)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		here, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			_ = there.Close()
			return
		}
		_, _ = io.WriteString(here, "HTTP/1.1 200 Connection established\r\n\r\n")
		tunnels.Go(func() { _, _ = io.Copy(there, here); _ = there.Close() })
		tunnels.Go(func() { _, _ = io.Copy(here, there); _ = here.Close() })
	}))
	t.Cleanup(func() { proxy.Close(); tunnels.Wait() })
	return proxy.URL
}
