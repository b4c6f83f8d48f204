package handover

import (
	"testing"

	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/secret"
)

// A key file is somebody else's text: it opens as a key, or is refused with a sentence.
func FuzzKeyFile(f *testing.F) {
	f.Add([]byte("# created: x\nAGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQS\n"))
	f.Add([]byte("age-encryption.org/v1\n-> scrypt AAAA 18\n"))
	f.Add([]byte("-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n-----END AGE ENCRYPTED FILE-----\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		k, err := NewKeyFile(data)
		if err != nil && (!fault.Is(err, fault.InvalidInput) || fault.Sentence(err) == "") {
			t.Fatalf("%v", err)
		}
		if err == nil && k.IsZero() {
			t.Error("a key file that holds nothing")
		}
	})
}

// What comes out of other people's .env files has the form of what it is called.
func FuzzOpenEnv(f *testing.F) {
	f.Add([]byte("AZURE_CLIENT_ID=3f6b1c9e-52a7-4c1d-9b0e-7d2f4a8c6e10\nAZURE_CLIENT_SECRET='a b'\n"))
	f.Add([]byte("export CLIENT_ID=\"3f6b1c9e-52a7-4c1d-9b0e-7d2f4a8c6e10\"\r\nTENANT_ID=x # y\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := OpenEnv(data)
		switch {
		case err != nil && !fault.Is(err, fault.FileCorrupt, fault.FileTooLarge):
			t.Fatalf("%v", err)
		case err == nil && !entra.IsGUID(p.ClientID):
			t.Errorf("the app is %q", p.ClientID)
		case err == nil && p.TenantID != "" && !entra.IsGUID(p.TenantID):
			t.Errorf("the organisation is %q", p.TenantID)
		}
		_, _ = Open(data, secret.Value{}) // whichever way it is opened
	})
}
