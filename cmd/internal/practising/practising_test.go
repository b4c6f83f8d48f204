package practising

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"entrada/internal/entra"
	"entrada/internal/fault"
)

// What is asked in a terminal while the window practises is asked of the same
// organisation, not of a fresh one that knows no app.
func TestASecondProgramJoinsTheOrganisation(t *testing.T) {
	home := t.TempDir()
	t.Setenv("ENTRADA_HOME", home)
	at := filepath.Join(home, "practice", "organisation.json.at")
	first, end, err := Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	second, leave, err := Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if second != first {
		t.Errorf("another organisation: %+v, not %+v", second, first)
	}
	leave()
	if tenant, err := entra.FindTenant(t.Context(), http.DefaultClient, first, "contoso.example"); err != nil {
		t.Errorf("the organisation ended with its guest: %+v %v", tenant, err)
	}
	http.DefaultClient.CloseIdleConnections()

	// Where it cannot be joined, nothing is asked of a stranger.
	if err := os.WriteFile(at,
		[]byte(`{"login":"https://evil.example","graph":"http://127.0.0.1:1","portal":"http://127.0.0.1:1"}`),
		0o600); err != nil {
		t.Fatal(err)
	}
	if c, _, err := Start(t.Context()); !fault.Is(err, fault.AlreadyRunning) {
		t.Errorf("%+v %v", c, err)
	}
	end()
	if _, err := os.Stat(at); err == nil {
		t.Error("the addresses of an organisation that has ended are still there")
	}
}
