//go:build bench && linux

package bench

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"entrada/internal/guides"
	"entrada/internal/practice"
	"entrada/internal/practice/practicetest"
)

// m365Version is the release of CLI for Microsoft 365 that we are held against.
const m365Version = "11.11.0"

// m365Times is how often each is measured.
const m365Times = 5

// toPractice is loaded into node before the program: it leads Microsoft's hosts
// to the practice organisation, and all others nowhere.
const toPractice = `'use strict';
const net = require('net'), connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...args) {
  const o = Array.isArray(args[0]) ? args[0][0] : args[0];
  if (o && typeof o === 'object' && o.host) {
    const ours = ['login.microsoftonline.com', 'graph.microsoft.com'].includes(o.host);
    o.host = '127.0.0.1';
    o.port = ours ? Number(process.env.PRACTICE_PORT) : 9;
  }
  return connect.apply(this, args);
};
`

// measureAgainstM365 registers the app of a vendor with CLI for Microsoft 365,
// the usual tool for it, and with ours. Both stand at Microsoft's distance; the
// sign-in counts for neither. It is measured only where that program is: it is
// too large, and its registry too far, to be fetched for one line of a table.
func measureAgainstM365(t *testing.T, tb *table) {
	const what, again = "registering for OxfordIQ ÷ CLI for Microsoft 365",
		"the same ÷ it, if it looks at what it made as we do"
	program, err := exec.LookPath("m365")
	if err != nil {
		tb.add(row{what: what, budget: "≤ 0.33 ×", measured: "–",
			how: "not measured here: needs node and npm install -g @pnp/cli-microsoft365@" + m365Version +
				"; it was 0.18 × (342 ms ÷ 1903 ms) on 2 processors with other work on them"})
		return
	}
	m := newM365(t, program)
	var made, started, looked []time.Duration
	for i := range m365Times {
		started = append(started, m.run("version"))
		made = append(made,
			m.run("entra", "app", "add", "--name", fmt.Sprint("OxfordIQ ", i), "--redirectUris", guides.TestRedirect,
				"--platform", "web",
				"--withSecret", "--apisDelegated", m.scopes(guides.ByID("oxfordiq")), "--grantAdminConsent",
				"--output", "none"))
		looked = append(looked, m.run("entra", "app", "get", "--name", fmt.Sprint("OxfordIQ ", i), "--output", "none"))
	}
	var ours []time.Duration
	for range m365Times {
		ours = append(ours, newOrganisation(t).register(guides.ByID("oxfordiq")).took)
	}
	us, them, look := median(ours), median(made), median(looked)
	how := fmt.Sprintf("of which %s to start; median of %d", ms(median(started)), m365Times)
	tb.ratio(what, 1.0/3, float64(us)/float64(them), "%s ÷ %s, %s", ms(us), ms(them), how)
	tb.ratio(again, 1.0/3, float64(us)/float64(them+look), "%s ÷ (%s + %s for entra app get)", ms(us), ms(them),
		ms(look))
}

// m365 is that program, signed in to a practice organisation far away.
type m365 struct {
	t       *testing.T
	program string
	env     []string
}

func newM365(t *testing.T, program string) *m365 {
	t.Helper()
	folder := scratch(t)
	far := practicetest.Start(t, practice.Options{Latency: latency, TLSDir: folder,
		Hosts: []string{"login.microsoftonline.com", "graph.microsoft.com"}})
	script := filepath.Join(folder, "to-practice.js")
	if err := os.WriteFile(script, []byte(toPractice), 0o600); err != nil {
		t.Fatal(err)
	}
	info := far.Info()
	_, port, err := net.SplitHostPort(info.TLS.Address)
	if err != nil {
		t.Fatal(err)
	}
	m := &m365{t, program, []string{"PATH=" + os.Getenv("PATH"), "HOME=" + folder, "NODE_OPTIONS=--require=" + script,
		"NODE_EXTRA_CA_CERTS=" + info.TLS.CAFile, "PRACTICE_PORT=" + port}}
	var about string
	if out, err := m.command("version").Output(); err == nil && json.Unmarshal(out, &about) == nil &&
		about != "v"+m365Version {
		t.Logf("CLI for Microsoft 365 is %s, not %s", about, m365Version)
	}
	m.run("cli", "config", "set", "--key", "disableTelemetry", "--value", "true") // it would wait for it
	m.run("login", "--authType", "secret", "--appId", info.AdminApp.ClientID, "--tenant", info.AdminApp.TenantID,
		"--secret", info.AdminApp.ClientSecret)
	return m
}

func (m *m365) command(args ...string) *exec.Cmd {
	c := exec.CommandContext(m.t.Context(), m.program, args...)
	c.Env = m.env
	return c
}

// run runs a command of it and returns how long it took.
func (m *m365) run(args ...string) time.Duration {
	m.t.Helper()
	began := time.Now()
	if out, err := m.command(args...).CombinedOutput(); err != nil {
		m.t.Fatalf("m365 %s: %v\n%s", args[0], err, out)
	}
	return time.Since(began)
}

// scopes are a vendor's permissions as that program wants them.
func (m *m365) scopes(g *guides.Guide) string {
	var list []string
	for _, p := range g.Wanted(g.DefaultFeatures()) {
		list = append(list, "https://graph.microsoft.com/"+p.Name)
	}
	return strings.Join(list, ",")
}
