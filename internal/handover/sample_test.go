package handover

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"entrada/internal/fault"
	"entrada/internal/secret"
)

const (
	tenantID = "5c1f0a7e-8d2b-4f6a-9c3e-1b2d3f4a5c6e"
	clientID = "3f6b1c9e-52a7-4c1d-9b0e-7d2f4a8c6e10"
)

var (
	clientSecret    = secret.New("abc8Q~#$!~canary-client-secret-0123456789")
	mailboxPassword = secret.New("canary mailbox 'password' $HOME")
	passphrase      = secret.New("lomu-tiga-bere-suna-kopi")
)

// sample is like what CXT Software asks for, with everything in it.
func sample() Package {
	username := Plain("Mailbox username", "sales@contoso.example")
	username.Note = "The mailbox that the vendor reads."
	return Package{
		VendorID: "cxt-software", VendorName: "CXT Software", App: "Entrada 1.0.0",
		Created: time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC),
		Fields: []Field{
			Plain("Client ID", clientID),
			Hidden("Client Secret Value", clientSecret),
			Plain("Client Secret ID", "9d2e4c1a-7b3f-4e5d-8a6c-0f1e2d3c4b5a"),
			username,
			Hidden("Mailbox password", mailboxPassword),
		},
		CloudID: "global", TenantID: tenantID, TenantDomain: "contoso.example", ClientID: clientID,
		ClientSecret: clientSecret, SecretExpires: time.Date(2027, 11, 20, 0, 0, 0, 0, time.UTC),
		Permissions: []Permission{
			{"Mail.Read", "application", "read everybody's mail", true},
			{"Mail.Send", "application", "send mail as anybody <in> the organisation & more", false},
		},
		Extra: map[string]string{"Redirect URL": "https://localhost", "Authentication": "Web"},
	}
}

// filledSample is sample as it is read back.
func filledSample() Package {
	p := sample()
	p.AuthorityURL = "https://login.microsoftonline.com/" + tenantID
	p.TokenURL = p.AuthorityURL + "/oauth2/v2.0/token"
	p.Fingerprint = clientSecret.Fingerprint()
	return p
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func wantKind(t testing.TB, err error, want fault.Kind) {
	t.Helper()
	if fault.KindOf(err) != want {
		t.Fatalf("got %v, want a fault of kind %q", err, want)
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	want, err := os.ReadFile(path)
	if err != nil || string(want) != string(got) {
		t.Errorf("%s is not as agreed (%v). If the change is meant, the file must be:\n%s", path, err, got)
	}
}
