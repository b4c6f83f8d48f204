package handover

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/joho/godotenv"

	"entrada/internal/fault"
	"entrada/internal/secret"
)

func TestReadableFilesAreAsAgreed(t *testing.T) {
	golden(t, "cxt.settings.json", must[[]byte](t)(JSON(sample())))
	golden(t, "cxt.env", must[[]byte](t)(Env(sample())))
}

func TestReadableSettingsComeBackWithoutSecrets(t *testing.T) {
	got := must[Package](t)(Open(must[[]byte](t)(JSON(sample())), secret.Value{}))
	want := filledSample()
	want.ClientSecret = secret.Value{}
	// Fields that were sent separately stand at the end.
	f := want.Fields
	want.Fields = []Field{f[0], f[2], f[3], Hidden(f[1].Label, secret.Value{}), Hidden(f[4].Label, secret.Value{})}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// E15: the preview is what the file holds, no more and no less.
func TestPreviewIsWhatIsWritten(t *testing.T) {
	var file any
	if err := json.Unmarshal(must[[]byte](t)(JSON(sample())), &file); err != nil {
		t.Fatal(err)
	}
	var leaves []string
	var walk func(name string, v any)
	walk = func(name string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for k, e := range v {
				if name == "fields" || name == "notes" || name == "extra" {
					leaves = append(leaves, k)
				}
				walk(k, e)
			}
		case []any:
			for _, e := range v {
				walk(name, e)
			}
		case string:
			if name != "format" && name != "contents" {
				leaves = append(leaves, v)
			}
		}
	}
	walk("", file)
	var shown strings.Builder
	for _, f := range Preview(sample()) {
		fmt.Fprintln(&shown, f.Label, "|", f.Value, "|", f.Note)
		if f.Secret && (f.Value != "" || !f.Hidden.IsEmpty()) {
			t.Errorf("the preview of %q carries the secret", f.Label)
		}
	}
	for _, leaf := range leaves {
		if !strings.Contains(shown.String(), leaf) {
			t.Errorf("%q is written and not shown", leaf)
		}
	}
	written := string(must[[]byte](t)(JSON(sample())))
	for _, f := range Preview(sample()) {
		for _, text := range strings.Split(
			strings.TrimSuffix(strings.TrimPrefix(f.Value, "application, "), "not checked"), "granted") {
			if text = strings.TrimSpace(text); text != "" && !strings.Contains(written, text) {
				t.Errorf("%q is shown and not written", text)
			}
		}
	}
}

func TestNoSecretInWhatIsReadable(t *testing.T) {
	p := sample()
	var out strings.Builder
	out.Write(must[[]byte](t)(JSON(p)))
	out.Write(must[[]byte](t)(Env(p)))
	fmt.Fprintf(&out, "%+v %#v %v %s", p, p, Preview(p), FileName(p, "json"))
	raw, _ := json.Marshal(p)
	out.Write(raw)
	sealed := must[[]byte](t)(Encrypted(p, passphrase))
	out.Write(sealed)
	for _, bad := range []func(*Package){
		func(p *Package) { p.Fields[0].Value = clientSecret.Reveal() },
		func(p *Package) { p.Fields[0].Note = "is " + mailboxPassword.Reveal() },
		func(p *Package) { p.Extra["x"] = clientSecret.Reveal() },
		func(p *Package) { p.VendorName = clientSecret.Reveal() },
		func(p *Package) { p.Permissions[0].Reason = clientSecret.Reveal() },
		func(p *Package) { p.Fields[1].Value = clientSecret.Reveal() },
		func(p *Package) { p.Fields[0].Hidden = clientSecret },
	} {
		p := sample()
		bad(&p)
		for _, write := range []func(Package) ([]byte, error){JSON, Env,
			func(p Package) ([]byte, error) { return Encrypted(p, passphrase) }} {
			got, err := write(p)
			wantKind(t, err, fault.Misuse)
			fmt.Fprintf(&out, "%s %v %+v", got, err, err)
		}
	}
	_, err := Open(sealed[:len(sealed)-1], passphrase)
	fmt.Fprintf(&out, "%+v", err)
	_, err = Encrypted(p, secret.New("canary123"))
	fmt.Fprintf(&out, "%+v", err)
	if i := strings.Index(out.String(), "canary"); i >= 0 {
		t.Errorf("a secret shows: …%s…", out.String()[max(0, i-60):i])
	}
}

func TestEnvReadsBack(t *testing.T) {
	values := []string{
		"plain", "", " spaces ", "a#b", "a # b", "!bang!", "~tilde", "$HOME", "${HOME}", "$(id)", "`id`", `"double"`,
		`mid"dle`,
		"it's", "'", "''", `back\slash`, `\n`, "a=b", "a:b", "export x", "ü€𝄞", "%PATH%", "a;b|c&d", "<>", "abc8Q~.-_~",
	}
	p := sample()
	p.Fields = nil
	for i, v := range values {
		p.Fields = append(p.Fields, Plain(fmt.Sprintf("Value %d", i), v))
	}
	got, err := godotenv.Unmarshal(string(must[[]byte](t)(Env(p))))
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range values {
		if back, ok := got[fmt.Sprintf("VALUE_%d", i)]; !ok || back != v {
			t.Errorf("%q came back as %q", v, back)
		}
	}
	if got["AZURE_TENANT_ID"] != tenantID || got["AZURE_CLIENT_ID"] != clientID {
		t.Error(got)
	}
	// The few that parsers read differently are left out, and said so.
	p.Fields = []Field{Plain("A", `it's "$5"`), Plain("B", `ends with \`), Plain("C", "c")}
	text := string(must[[]byte](t)(Env(p)))
	got, err = godotenv.Unmarshal(text)
	if err != nil || got["A"] != "" || got["B"] != "" || got["C"] != "c" || strings.Count(text, "cannot hold") != 2 {
		t.Error(text, err)
	}
}

func FuzzEnv(f *testing.F) {
	for _, s := range []string{"it's", `\`, "$X", "#", `"'`, "a\\'b"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, label, value string) {
		p := Package{Fields: []Field{Plain(label, value), Plain(label+"x", "after")}}
		out, err := Env(p)
		if err != nil {
			return
		}
		got, err := godotenv.Unmarshal(string(out))
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		key := uniqueKey(envKey(label),
			map[string]bool{"AZURE_TENANT_ID": true, "AZURE_CLIENT_ID": true, "AZURE_CLIENT_SECRET": true})
		if back, ok := got[key]; ok && back != value || !ok && !strings.Contains(string(out), "# "+key+" ") {
			t.Fatalf("%q came back as %q\n%s", value, back, out)
		}
		if len(got) < 3 {
			t.Fatalf("lines were swallowed:\n%s", out)
		}
	})
}

func TestEnvKeys(t *testing.T) {
	for label, want := range map[string]string{
		"Client ID": "CLIENT_ID", "Domain for Callback Authentication": "DOMAIN_FOR_CALLBACK_AUTHENTICATION",
		"client-secret (value)": "CLIENT_SECRET_VALUE", "2nd key": "FIELD_2ND_KEY", "日本": "FIELD", "": "FIELD",
		"export": "FIELD_EXPORT",
	} {
		if got := envKey(label); got != want {
			t.Errorf("%q: %q", label, got)
		}
	}
	// A label cannot take the place of another, nor of Microsoft's names.
	p := sample()
	p.Fields = []Field{Plain("Azure client ID", "x"), Plain("App key", "1"), Plain("App-Key", "2")}
	got, _ := godotenv.Unmarshal(string(must[[]byte](t)(Env(p))))
	if got["AZURE_CLIENT_ID"] != clientID || got["AZURE_CLIENT_ID_2"] != "x" || got["APP_KEY"] != "1" ||
		got["APP_KEY_2"] != "2" {
		t.Error(got)
	}
}

func TestPackageThatCannotBeWritten(t *testing.T) {
	long := strings.Repeat("x", maxText+1)
	for name, c := range map[string]struct {
		spoil func(*Package)
		want  fault.Kind
	}{
		"no label":          {func(p *Package) { p.Fields[0].Label = "" }, fault.Misuse},
		"label twice":       {func(p *Package) { p.Fields[0].Label = p.Fields[2].Label }, fault.Misuse},
		"long value":        {func(p *Package) { p.Fields[0].Value = long }, fault.InvalidInput},
		"long extra":        {func(p *Package) { p.Extra["x"] = long }, fault.InvalidInput},
		"line break":        {func(p *Package) { p.Fields[0].Value = "a\nB=c" }, fault.InvalidInput},
		"turned text":       {func(p *Package) { p.VendorName = "a\u202eb" }, fault.InvalidInput},
		"no width":          {func(p *Package) { p.Extra["a\u200bb"] = "" }, fault.InvalidInput},
		"escape sequence":   {func(p *Package) { p.Fields[0].Note = "\x1b]52;c;x\a" }, fault.InvalidInput},
		"8-bit escape":      {func(p *Package) { p.App = "\u009b2J" }, fault.InvalidInput},
		"not UTF-8":         {func(p *Package) { p.TenantDomain = "\xff" }, fault.InvalidInput},
		"too many":          {func(p *Package) { p.Permissions = make([]Permission, maxFields+1) }, fault.Misuse},
		"tenant ID":         {func(p *Package) { p.TenantID = "contoso" }, fault.Misuse},
		"client ID":         {func(p *Package) { p.ClientID = "1" }, fault.Misuse},
		"cloud":             {func(p *Package) { p.CloudID = "mine" }, fault.Misuse},
		"wrong fingerprint": {func(p *Package) { p.Fingerprint = "0000 0000" }, fault.Misuse},
	} {
		p := sample()
		c.spoil(&p)
		for _, write := range []func(Package) ([]byte, error){JSON, Env,
			func(p Package) ([]byte, error) { return Encrypted(p, passphrase) }} {
			if _, err := write(p); fault.KindOf(err) != c.want {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// E14 and I03: whatever a name says, the file is called by letters and a date.
func TestFileName(t *testing.T) {
	if got := FileName(sample(), "settings.json"); got != "CXT-Software-contoso.example-2026-11-20.settings.json" {
		t.Error(got)
	}
	if got := FileName(sample(), ".age"); got != "CXT-Software-contoso.example-2026-11-20.age" {
		t.Error(got)
	}
	ok := regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,119}$`)
	for _, vendor := range []string{"", "CON", "../../x", "a\u202eb", strings.Repeat("é", 300), `C:\x`, "NUL.txt",
		"a/b", `\\evil\x`, "file:///etc/passwd"} {
		p := sample()
		p.VendorName, p.VendorID, p.TenantDomain = vendor, "", vendor
		got := FileName(p, "../x")
		if !ok.MatchString(got) || !fs.ValidPath(got) || strings.Contains(got, "..") ||
			strings.HasPrefix(strings.ToUpper(got), "CON-2") {
			t.Errorf("%q: %q", vendor, got)
		}
	}
}

// I12 and I13: an age plugin's name is a program's name, and nothing here runs programs or
// touches files.
func TestNothingHereRunsPrograms(t *testing.T) {
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), e.Name(), nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range f.Imports {
			path, _ := strconv.Unquote(i.Path.Value)
			switch path {
			case "os", "os/exec", "net", "net/http", "filippo.io/age/plugin", "filippo.io/age/agessh":
				t.Errorf("%s imports %s", e.Name(), path)
			}
		}
	}
}

func TestOrderOfFieldsIsTheVendors(t *testing.T) {
	p := sample()
	p.Fields = []Field{Plain("Z", "1"), Plain("A", "2"), Plain("M", "3")}
	out := must[[]byte](t)(JSON(p))
	z, a, m := bytes.Index(out, []byte(`"Z"`)), bytes.Index(out, []byte(`"A"`)), bytes.Index(out, []byte(`"M"`))
	if z < 0 || z > a || a > m {
		t.Errorf("%s", out)
	}
}
