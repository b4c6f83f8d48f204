package terminal

import (
	"path/filepath"
	"testing"
	"time"

	"entrada/internal/practice"
	"entrada/internal/practice/practicetest"
)

// tenant is a practice organisation whose people have desks.
type tenant struct {
	*practicetest.Organisation
	secrets []string // of what is registered here: no desk may show them
}

func startTenant(t *testing.T, o practice.Options) *tenant {
	t.Helper()
	return &tenant{Organisation: practicetest.Start(t, o)}
}

// oxfordIQ is what that vendor asks for.
var oxfordIQ = []string{"Mail.Send", "Calendars.ReadWrite", "User.Read", "offline_access", "openid", "profile"}

// register does what the portal pages ask for, with consent for everybody.
func (n *tenant) register(scopes ...string) practicetest.App {
	n.T.Helper()
	app := n.RegisterWithConsent("OxfordIQ", practicetest.Delegated, scopes...)
	n.secrets = append(n.secrets, app.Secret)
	return app
}

// desk is that of somebody, or of nobody who signs in.
func (n *tenant) desk(name string) *desk {
	d := newDesk(filepath.Join(n.T.TempDir(), "home"))
	d.cloud, d.browser, d.now = n.Cloud(), n.Browser(name).Open, time.Now
	d.secrets = append(d.secrets, n.secrets...)
	return d
}
