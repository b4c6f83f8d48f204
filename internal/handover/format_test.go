package handover

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"filippo.io/age"

	"entrada/internal/fault"
	"entrada/internal/secret"
)

// testLock closes the sealed format cheaply.
func write(f Format, p Package) ([]byte, error) {
	if f.Sealed {
		return Encrypted(p, passphrase)
	}
	return f.Write(p, Lock{})
}

// E15: what is written is shown before, and holds nothing of this computer or
// of who works at it.
func TestEveryFormatIsPreviewedAsAgreed(t *testing.T) {
	p := sample()
	p.Test = TestResult{When: p.Created, OK: true, Headline: "Everything works"}
	for _, f := range Formats() {
		golden(t, "preview."+f.ID+".txt", []byte(must[string](t)(f.Preview(p))))
		without := p
		without.Fields = append([]Field{}, p.Fields...)
		for i := range without.Fields {
			without.Fields[i].Hidden = secret.Value{}
		}
		without.ClientSecret, without.Fingerprint = secret.Value{}, clientSecret.Fingerprint()
		if a, b := must[string](t)(f.Preview(p)), must[string](t)(f.Preview(without)); a != b {
			t.Errorf("%s: the preview made before the keychain is asked is another one:\n%s", f.ID, b)
		}
	}
}

// E07: only the encrypted file holds secrets.
func TestOnlyTheSealedFormatHoldsSecrets(t *testing.T) {
	host, _ := os.Hostname()
	home, _ := os.UserHomeDir()
	for _, f := range Formats() {
		data := must[[]byte](t)(write(f, sample()))
		for _, marker := range []string{clientSecret.Reveal(), mailboxPassword.Reveal(), "canary"} {
			if bytes.Contains(data, []byte(marker)) {
				t.Errorf("%s holds %q", f.ID, marker)
			}
		}
		if shown := must[string](t)(f.Preview(sample())); strings.Contains(shown, "canary") {
			t.Errorf("the preview of %s shows a secret", f.ID)
		}
		for _, ours := range []string{host, home} {
			if len(ours) > 4 && bytes.Contains(data, []byte(ours)) {
				t.Errorf("%s names this computer: %q", f.ID, ours)
			}
		}
		// A secret in a place that is written readable stops every format.
		p := sample()
		p.Test.Headline = "the secret is " + clientSecret.Reveal()
		_, err := write(f, p)
		wantKind(t, err, fault.Misuse)
	}
}

func TestFormatsHaveNamesOfTheirOwn(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range Formats() {
		for _, name := range []string{f.ID, f.Title, f.Suffix} {
			if name == "" || seen[name+"|"] && name != f.ID && name != f.Suffix {
				t.Errorf("%q is taken", name)
			}
			seen[name+"|"] = true
		}
		if got, ok := FormatByID(f.ID); !ok || got.Suffix != f.Suffix {
			t.Error(f.ID)
		}
	}
	if _, ok := FormatByID("docx"); ok {
		t.Error("a format that is none")
	}
	_, err := Format{}.Write(sample(), Lock{})
	wantKind(t, err, fault.Misuse)
}

// The vendor need not have Entrada: the age command opens both kinds.
func TestTheAgeCommandOpensIt(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the commands come with the Makefile's Debian packages")
	}
	dir := t.TempDir()
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	keyFile, forKey, forPass := filepath.Join(dir, "key.txt"), filepath.Join(dir, "key.age"),
		filepath.Join(dir, "pass.age")
	sealed, _ := FormatByID(FormatSealed)
	for path, data := range map[string][]byte{
		keyFile: []byte(key.String() + "\n"),
		forKey:  must[[]byte](t)(sealed.Write(sample(), Lock{PublicKey: key.Recipient().String()})),
		forPass: must[[]byte](t)(sealed.Write(sample(), Lock{Passphrase: passphrase})),
	} {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	plain, err := exec.CommandContext(t.Context(), "age", "-d", "-i", keyFile, forKey).Output()
	if err != nil {
		t.Fatalf("age -d -i: %v", err)
	}
	checkInside(t, plain)

	// age asks for a passphrase on a terminal only, so it gets one.
	out := filepath.Join(dir, "plain.json")
	c := exec.CommandContext(t.Context(), "script", "-qec", "age -d -o "+out+" "+forPass, "/dev/null")
	c.Stdin = strings.NewReader(passphrase.Reveal() + "\n")
	if said, err := c.CombinedOutput(); err != nil {
		t.Fatalf("age -d: %v\n%s", err, said)
	}
	if plain, err = os.ReadFile(out); err != nil {
		t.Fatal(err)
	}
	checkInside(t, plain)
}

func checkInside(t *testing.T, plain []byte) {
	t.Helper()
	var inside struct {
		Secret string `json:"client_secret"`
		Env    string `json:"env"`
		App    string `json:"appsettings"`
	}
	if err := json.Unmarshal(plain, &inside); err != nil {
		t.Fatal(err)
	}
	if inside.Secret != clientSecret.Reveal() ||
		!strings.Contains(inside.Env, "AZURE_CLIENT_SECRET='"+clientSecret.Reveal()) {
		t.Error("the secret is not inside")
	}
	var app appSettingsFile
	if err := json.Unmarshal([]byte(inside.App), &app); err != nil ||
		app.AzureAd.ClientCredentials[0].ClientSecret != clientSecret.Reveal() {
		t.Error("the appsettings.json inside does not hold the secret", err)
	}
}

// appSettingsFile is how Microsoft.Identity.Web names what it reads.
type appSettingsFile struct {
	AzureAd struct {
		Instance, TenantId, ClientId string
		ClientCredentials            []struct{ SourceType, ClientSecret string }
	}
}

func TestAppSettingsAreWhatMicrosoftsLibraryReads(t *testing.T) {
	data := must[[]byte](t)(AppSettings(sample()))
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	var f appSettingsFile
	if err := d.Decode(&f); err != nil {
		t.Fatal(err)
	}
	a := f.AzureAd
	if a.Instance != "https://login.microsoftonline.com/" || a.TenantId != tenantID || a.ClientId != clientID ||
		len(a.ClientCredentials) != 1 || a.ClientCredentials[0].SourceType != "ClientSecret" ||
		a.ClientCredentials[0].ClientSecret != "" {
		t.Errorf("%s", data)
	}
}

// I12: opening asks nobody anything, and runs nothing: the package imports
// neither the network nor processes, and neither does what it reads with.
func TestReadingIsPure(t *testing.T) {
	for _, file := range []string{"open.go", "strict.go", "sealed.go", "keyfile.go"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if m := regexp.MustCompile(`"(net|net/http|os|os/exec)"`).Find(text); m != nil {
			t.Errorf("%s imports %s", file, m)
		}
	}
}
