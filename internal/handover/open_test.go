package handover

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"entrada/internal/entra"
	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/secret"
)

// I01, I06, I08, I14 and I15: exact names, each once, nothing unknown, nothing
// hidden, only so deep and so long, one version.
func TestStrictReading(t *testing.T) {
	good := string(must[[]byte](t)(JSON(sample())))
	swap := func(old, new string) string {
		if !strings.Contains(good, old) {
			t.Fatalf("no %s in the sample", old)
		}
		return strings.Replace(good, old, new, 1)
	}
	for name, c := range map[string]struct {
		text string
		want fault.Kind
	}{
		"as it is":         {good, ""},
		"white space":      {"\n\t " + strings.ReplaceAll(good, "\n", "\r\n") + "  ", ""},
		"name in capitals": {swap(`"cloud"`, `"Cloud"`), fault.FileCorrupt},
		"name twice":       {swap(`"cloud": "global"`, `"cloud": "global", "cloud": "global"`), fault.FileCorrupt},
		"name twice, escaped": {swap(`"cloud": "global"`, `"cloud": "global", "cl\u006fud": "china"`),
			fault.FileCorrupt},
		"label twice":         {swap(`"Client ID":`, `"Client ID": "x", "Client ID":`), fault.FileCorrupt},
		"unknown name":        {swap(`"format"`, `"more": 1, "format"`), fault.FileCorrupt},
		"unknown inside":      {swap(`"vendor": {`, `"vendor": {"url": "x",`), fault.FileCorrupt},
		"unknown in the list": {swap(`"kind": "application"`, `"kind": "application", "x": 1`), fault.FileCorrupt},
		"missing name":        {swap(`"app": "Entrada 1.0.0",`, ``), fault.FileCorrupt},
		"null":                {swap(`"app": "Entrada 1.0.0"`, `"app": null`), fault.FileCorrupt},
		"other type":          {swap(`"granted": true`, `"granted": "true"`), fault.FileCorrupt},
		"list for object":     {swap(`"extra": {`, `"extra": [], "x": {`), fault.FileCorrupt},
		"number not a number": {swap(`"version": 1`, `"version": NaN`), fault.FileCorrupt},
		"trailing value":      {good + "{}", fault.FileCorrupt},
		"trailing text":       {good + "x", fault.FileCorrupt},
		"trailing comma":      {swap("\"Web\",", "\"Web\",,"), fault.FileCorrupt},
		"comment":             {"// hello\n" + good, fault.FileCorrupt},
		"byte order mark":     {"\ufeff" + good, fault.FileCorrupt},
		"not UTF-8":           {swap("CXT Software", "CXT \xff"), fault.FileCorrupt},
		"lone surrogate":      {swap("CXT Software", `CXT \ud800`), ""}, // becomes U+FFFD, which shows
		"hidden rune":         {swap("CXT Software", `CXT \u202e`), fault.FileCorrupt},
		"control":             {swap("CXT Software", `CXT \u001b[2J`), fault.FileCorrupt},
		"long text":           {swap("CXT Software", strings.Repeat("x", maxText+1)), fault.FileCorrupt},
		"long name":           {swap(`"Client ID":`, `"`+strings.Repeat("x", maxText+1)+`":`), fault.FileCorrupt},
		"deep": {swap(`"extra": {`,
			`"deep": `+strings.Repeat("[", 40)+strings.Repeat("]", 40)+`, "extra": {`), fault.FileCorrupt},
		"very deep": {strings.Repeat(`{"a":`, 100_000), fault.FileCorrupt},
		"many values": {swap(`"contents": [`, `"contents": [`+strings.Repeat(`"",`, maxValues)),
			fault.FileCorrupt},
		"other format":         {swap("entrada-settings", "other-settings"), fault.FileCorrupt},
		"other contents":       {swap(`"settings"`, `"settings", "secrets"`), fault.FileCorrupt},
		"version 0":            {swap(`"version": 1`, `"version": 0`), fault.FileCorrupt},
		"version 2":            {swap(`"version": 1`, `"version": 2`), fault.FileNewer},
		"version 2 and more":   {swap(`"version": 1`, `"version": 2, "new": {}`), fault.FileNewer},
		"version huge":         {swap(`"version": 1`, `"version": 99999999999999999999`), fault.FileNewer},
		"version as text":      {swap(`"version": 1`, `"version": "1"`), fault.FileCorrupt},
		"version 1.0":          {swap(`"version": 1`, `"version": 1.0`), fault.FileCorrupt},
		"version 1e0":          {swap(`"version": 1`, `"version": 1e0`), fault.FileCorrupt},
		"version -1":           {swap(`"version": 1`, `"version": -1`), fault.FileCorrupt},
		"version absent":       {swap(`"version": 1,`, ``), fault.FileCorrupt},
		"time with a zone":     {swap(`2026-11-20T09:30:00Z`, `2026-11-20T09:30:00+02:00`), fault.FileCorrupt},
		"tenant is a name":     {swap(tenantID, "contoso"), fault.FileCorrupt},
		"cloud of one's own":   {swap(`"cloud": "global"`, `"cloud": "https://evil.example"`), fault.FileCorrupt},
		"another cloud":        {swap(`"cloud": "global"`, `"cloud": "china"`), fault.FileCorrupt},
		"note without a field": {swap(`"notes": {`, `"notes": {"x": "y",`), fault.FileCorrupt},
		"secret in clear":      {swap(`"extra": {`, `"client_secret": "x", "extra": {`), fault.FileCorrupt},
		"sent twice": {swap(`"secrets_sent_separately": [`, `"secrets_sent_separately": ["Client ID",`),
			fault.FileCorrupt},
	} {
		if _, err := Open([]byte(c.text), secret.Value{}); fault.KindOf(err) != c.want {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// I04 and I06: an address is its cloud's own, letter by letter.
func TestHostileAddresses(t *testing.T) {
	good := string(must[[]byte](t)(JSON(sample())))
	host := "https://login.microsoftonline.com/"
	for _, bad := range []string{
		"https://login.microsoftonline.com@evil.example/", "https://login.microsoftonline.com.evil.example/",
		"https://login.microsoftonline.com:444/", "http://login.microsoftonline.com/", "https://20.190.128.1/",
		"https://login.microsoftonline.com./", "https://LOGIN.microsoftonline.com/",
		"https://login.mіcrosoftonline.com/",
		"javascript:x/", "file:///", `\\\\evil\\x/`, "https://login.microsoftonline.us/",
	} {
		if _, err := Open([]byte(strings.ReplaceAll(good, host, bad)),
			secret.Value{}); fault.KindOf(err) != fault.FileCorrupt {
			t.Errorf("%s: %v", bad, err)
		}
	}
	practice := sample()
	practice.CloudID, practice.AuthorityURL, practice.TokenURL = entra.PracticeCloudID, "http://127.0.0.1:4711/t",
		"http://localhost:4711/t/token"
	file := must[[]byte](t)(JSON(practice))
	must[Package](t)(Open(file, secret.Value{}))
	for _, bad := range []string{"127.0.0.1.evil.example", "evil.example", "user@127.0.0.1", "192.0.2.1"} {
		changed := bytes.ReplaceAll(file, []byte("127.0.0.1:4711"), []byte(bad))
		if _, err := Open(changed, secret.Value{}); fault.KindOf(err) != fault.FileCorrupt {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

// The secret of the file is what its fingerprint says.
func TestFingerprintIsHeldAgainstTheSecret(t *testing.T) {
	p, err := filledSample().complete()
	if err != nil {
		t.Fatal(err)
	}
	inside := string(encode(p, true))
	must[Package](t)(parse([]byte(inside)))
	for name, changed := range map[string]string{
		"fingerprint":  strings.Replace(inside, p.Fingerprint, "0000 0000", 1),
		"secret":       strings.Replace(inside, `"client_secret": "abc`, `"client_secret": "xbc`, 1),
		"secret field": strings.Replace(inside, `"secret_fields": [`, `"secret_fields": ["Nobody",`, 1),
	} {
		if changed == inside {
			t.Fatal("not changed:", name)
		}
		_, err := parse([]byte(changed))
		if fault.KindOf(err) != fault.FileCorrupt || strings.Contains(fmt.Sprint(err), "canary") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzOpen(f *testing.F) {
	good, err := JSON(sample())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	p, _ := filledSample().complete()
	f.Add(encode(p, true))
	f.Add([]byte(`{"format":"entrada-settings","version":1}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Open(data, secret.Value{})
		if err != nil {
			if !fault.Is(err, fault.FileCorrupt, fault.FileNewer, fault.FileTooLarge, fault.WrongPassphrase) {
				t.Fatalf("%v", err)
			}
			return
		}
		out := encode(p, true)
		again, err := parse(out)
		if err != nil {
			t.Fatalf("what was read cannot be read again: %v\n%s", err, out)
		}
		if diff := cmp.Diff(p, again); diff != "" {
			t.Fatal(diff)
		}
	})
}

// Who has made or changed a settings file by hand learns which member does not fit; what
// comes from the file itself is never repeated.
func TestWhatDoesNotFitIsNamed(t *testing.T) {
	good := string(must[[]byte](t)(JSON(sample())))
	for sentence, change := range map[string][2]string{
		"\"tenant_id\" is missing in the file.":         {`"tenant_id"`, `"tenant-id"`},
		"\"client_id\" in the file is of another type.": {`"client_id": "`, `"client_id": 1, "x": "`},
		"\"created\" is no time in UTC.":                {`"created": "`, `"created": "x`},
		"\"name\" is missing in \"vendor\".":            {`"name"`, `"Name"`},
		"the file has a member that is not known.":      {`"format"`, `"evil\u001b[31m": "", "format"`},
		"it is cut off, or is no JSON.":                 {`"format"`, `format`},
		"\"version\" is no version.":                    {`"version": 1`, `"version": 0`},
		"a member in \"fields\" is of another type.":    {`"fields": {`, `"fields": {"evil": 1, `},
	} {
		text := strings.Replace(good, change[0], change[1], 1)
		_, err := Open([]byte(text), secret.Value{})
		said := explain.Error(err, explain.Context{}).Report()
		if !fault.Is(err, fault.FileCorrupt) || !strings.Contains(said, sentence) || strings.Contains(said, "evil") {
			t.Errorf("want “%s”, got\n%s", sentence, said)
		}
	}
}
