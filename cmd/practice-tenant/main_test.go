package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"entrada/internal/practice"
)

// The first line is the contract with scripts.
func TestFirstLineIsJSON(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	out, in := io.Pipe()
	c := command(in, io.Discard)
	c.SetArgs([]string{"--tenants", "2", "--fault", "latency=1ms", "--fault", "throttle-seconds=2*3", "--tls-dir",
		filepath.Join(t.TempDir(), "ca"),
		"--host", "login.microsoftonline.com", "--host", "graph.microsoft.com"})
	done := make(chan error, 1)
	go func() { done <- c.ExecuteContext(ctx) }()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	var info practice.Info
	if err := json.Unmarshal([]byte(line), &info); err != nil {
		t.Fatalf("%v: %s", err, line)
	}
	if len(info.Tenants) != 2 || info.TLS == nil || len(info.TLS.Hosts) != 2 || info.AdminApp.ClientSecret == "" {
		t.Errorf("info: %s", line)
	}
	for _, name := range []string{`"login":`, `"graph":`, `"portal":`, `"tenants":`, `"accounts":`, `"address":`,
		`"role":`, `"adminApp":`, `"clientId":`, `"clientSecret":`, `"tenantId":`, `"caFile":`} {
		if !strings.Contains(line, name) {
			t.Errorf("the first line lacks %s", name)
		}
	}
	res, err := http.Get(info.Portal + "/_practice/state")
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestBadFlags(t *testing.T) {
	for _, args := range [][]string{{"--listen", "0.0.0.0:0"}, {"--fault", "magic"}, {"--tls-dir", t.TempDir()},
		{"extra"}, {"--tenants", "-1"}} {
		c := command(io.Discard, io.Discard)
		c.SetArgs(args)
		if err := c.ExecuteContext(t.Context()); err == nil {
			t.Errorf("%v is accepted", args)
		}
	}
}

// With a state file, the organisation is the same the next time; what is odd
// about the file is told to people, not to scripts.
func TestStateFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "tenant.json")
	run := func() (practice.Info, string) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		out, in := io.Pipe()
		var hints strings.Builder
		c := command(in, &hints)
		c.SetArgs([]string{"--state", file})
		done := make(chan error, 1)
		go func() { done <- c.ExecuteContext(ctx) }()
		line, err := bufio.NewReader(out).ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		var info practice.Info
		if err := json.Unmarshal([]byte(line), &info); err != nil {
			t.Fatal(err)
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		return info, hints.String()
	}
	first, _ := run()
	second, hints := run()
	if first.AdminApp.ClientSecret != second.AdminApp.ClientSecret {
		t.Error("the administrator app has another secret after a restart")
	}
	if kept, err := os.ReadFile(file); err != nil || strings.Contains(string(kept), first.AdminApp.ClientSecret) {
		t.Errorf("the secret is kept readable: %v", err)
	}
	if first.Tenants[0].ID != second.Tenants[0].ID || strings.Contains(hints, "Note:") {
		t.Errorf("%+v %s", second, hints)
	}
	if err := os.WriteFile(file, []byte(`{"version": 99}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if third, hints := run(); third.Tenants[0].ID == first.Tenants[0].ID || !strings.Contains(hints, "Note: ") ||
		!strings.Contains(hints, "newer version") {
		t.Errorf("%+v %s", third, hints)
	}
}
