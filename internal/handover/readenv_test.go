package handover

import (
	"strings"
	"testing"

	"entrada/internal/fault"
)

func TestEnvIsReadBack(t *testing.T) {
	p := sample()
	data, err := Env(p)
	if err != nil {
		t.Fatal(err)
	}
	if !LooksLikeEnv(data) {
		t.Fatalf("not recognised:\n%s", data)
	}
	got, err := OpenEnv(data)
	if err != nil || got.ClientID != p.ClientID || got.TenantID != p.TenantID || !got.ClientSecret.IsEmpty() {
		t.Errorf("%+v, %v", got, err)
	}
	got, err = OpenEnv(env(p, true))
	if err != nil || !got.ClientSecret.Equal(p.ClientSecret) {
		t.Errorf("the secret was not read: %v", err)
	}
}

func TestEnvOfOthers(t *testing.T) {
	const id = "3f6b1c9e-52a7-4c1d-9b0e-7d2f4a8c6e10"
	got, err := OpenEnv(
		[]byte("\xef\xbb\xbf# x\r\nexport CLIENT_ID = \"" + id +
			"\"\r\nCLIENT_SECRET=a~b#c # mine\r\nCLIENT_SECRET=later\r\nOTHER\r\n"))
	if err != nil || got.ClientID != id || got.ClientSecret.Reveal() != "a~b#c" {
		t.Errorf("%+v, %q, %v", got, got.ClientSecret.Reveal(), err)
	}
	for text, kind := range map[string]fault.Kind{
		"":                                  fault.FileCorrupt,
		"CLIENT_SECRET=x":                   fault.FileCorrupt,
		"CLIENT_ID=not-one":                 fault.FileCorrupt,
		"CLIENT_ID=" + id + "\nTENANT_ID=x": fault.FileCorrupt,
		"A=" + strings.Repeat("x", MaxFile): fault.FileTooLarge,
		"#CLIENT_ID=" + id + "\n=\n==\n'CLIENT_ID'": fault.FileCorrupt,
	} {
		if _, err := OpenEnv([]byte(text)); !fault.Is(err, kind) {
			t.Errorf("%.40q: %v", text, err)
		}
	}
}
