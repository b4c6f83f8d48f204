//go:build tour

package tour

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"entrada/internal/guides"
	"entrada/internal/handover"
	"entrada/internal/secret"
)

// export saves the settings without the secret and then the recommended pair:
// the encrypted file with it, and the sheet.
func (r *tour) export() {
	w := r.window
	toTheChoice := func() {
		for _, f := range r.guide.Fields {
			if f.From != guides.FromSecretValue && f.From != guides.FromMailboxPassword {
				w.keys("Tab") // its copy button
			}
			if f.From == guides.FromSecretValue && r.guide.EnterYourself {
				w.keys("Tab", "Tab") // to show it, to copy it
			}
		}
	}
	toTheChoice()
	if r.guide.EnterYourself {
		w.keys("Down") // past who needs no file
	}
	w.keys("Down", "space", "Tab")
	jsonFile := slices.IndexFunc(handover.Formats(),
		func(f handover.Format) bool { return f.ID == handover.FormatJSON })
	calendar := slices.IndexFunc(handover.Formats(),
		func(f handover.Format) bool { return f.ID == handover.FormatCalendar })
	for range jsonFile - calendar {
		w.keys("Down")
	}
	w.keys("space", "ctrl+Return")
	r.Wait("the settings file", func() bool { return len(r.files("*.settings.json")) == 1 })
	w.shot("export-settings-saved")
	if r.doIt {
		var settings struct {
			ClientID string `json:"client_id"`
		}
		data, err := os.ReadFile(r.files("*.settings.json")[0])
		r.Must(err)
		r.Must(json.Unmarshal(data, &settings))
		r.clientID = settings.ClientID
	}
	// Back and in again: the page starts from the top.
	w.keys("alt+Left")
	w.waitTitle("Save the connection")
	w.primary("Export for " + r.guide.Vendor)
	toTheChoice()
	w.keys("Tab", "Return")
	w.shot("export-pair")
	r.passphrase = w.copiedSecret(passphrase)
	w.keys("ctrl+Return")
	r.Wait("the pair of files", func() bool { return len(r.files("*.settings.age"))+len(r.files("*.sheet.pdf")) == 2 })
	w.shot("export-pair-saved")

	sealed := r.files("*.settings.age")[0]
	data, err := os.ReadFile(sealed)
	r.Must(err)
	pkg, err := handover.Open(data, secret.New(r.passphrase))
	r.Must(err)
	values := map[string]string{}
	for _, f := range pkg.Fields {
		values[f.Label] = f.Value
		if f.Secret {
			values[f.Label] = f.Hidden.Reveal()
		}
	}
	for _, f := range r.guide.Fields {
		want := map[guides.FieldValue]string{guides.FromClientID: r.clientID, guides.FromSecretValue: r.secret,
			guides.FromSecretID: r.secretID}[f.From]
		switch got, there := values[f.Label]; {
		case !there:
			r.t.Errorf("the encrypted file has no %q", f.Label)
		case want != "" && got != want, want == "" && got == "" && f.From != guides.FromMailboxPassword:
			r.t.Errorf("the encrypted file has another %q than expected", f.Label)
		}
	}
	for _, f := range append(append(r.files("*.settings.json"), r.files("*.sheet.pdf")...), sealed) {
		info, err := os.Stat(f)
		r.Must(err)
		if info.Mode().Perm() != 0o600 {
			r.t.Errorf("%s has mode %v", f, info.Mode())
		}
		r.Must(copyFile(f, filepath.Join(r.folder, filepath.Base(f))))
	}
}

// handOver says who has it, and goes on.
func (r *tour) handOver() {
	w := r.window
	// From the copied subject past mail, message, passphrase and phone.
	w.keys("Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "Tab")
	w.text("Sam")
	w.keys("Return")
	saved := r.Path("home/.entrada/practice/connections.json")
	r.Wait("the note of the hand-over", func() bool {
		data, err := os.ReadFile(saved)
		return err == nil && strings.Contains(string(data), `"to": "Sam"`)
	})
	w.shot("handed-over")
}

func (r *tour) files(pattern string) []string {
	list, err := filepath.Glob(filepath.Join(r.Path("home/Documents"), pattern))
	r.Must(err)
	return list
}

// prove looks at what really happened: at Microsoft's side, in the keychain,
// in the files.
func (r *tour) prove() {
	// The practice portal may have moved: ask the first page.
	r.window.keys("shift+Tab", "shift+Tab", "Return")
	r.portal = origin(r.t, r.opened())
	r.checkState()
	if r.savedSecret() != r.secret {
		r.t.Error("the keychain does not hold the secret")
	}
	r.readable()
	r.huntTheSecret()
}

// savedSecret is what another program finds in the keychain.
func (r *tour) savedSecret() string {
	found := r.Run("", "secret-tool", "search", "--all", "service", "Entrada")
	for _, line := range strings.Split(found, "\n") {
		if v, ok := strings.CutPrefix(line, "secret = v1:"); ok {
			plain, err := base64.RawURLEncoding.DecodeString(v)
			r.Must(err)
			return string(plain)
		}
	}
	return ""
}

// readable checks the file without the secret.
func (r *tour) readable() {
	data, err := os.ReadFile(r.files("*.settings.json")[0])
	r.Must(err)
	var settings struct {
		Fields   map[string]string `json:"fields"`
		Separate []string          `json:"secrets_sent_separately"`
		Tenant   string            `json:"tenant_id"`
	}
	r.Must(json.Unmarshal(data, &settings))
	if settings.Tenant == "" {
		r.t.Error("the settings file names no tenant")
	}
	for _, f := range r.guide.Fields {
		value, there := settings.Fields[f.Label]
		hidden, withheld := f.From == guides.FromSecretValue, f.From == guides.FromMailboxPassword
		switch {
		case withheld && (value != "" || !there || slices.Contains(settings.Separate, f.Label)):
			r.t.Errorf("the settings file promises %q, or holds it", f.Label)
		case withheld:
		case hidden && (there || !slices.Contains(settings.Separate, f.Label)):
			r.t.Errorf("the settings file does not keep %q back", f.Label)
		case !hidden && value == "":
			r.t.Errorf("the settings file has no %q", f.Label)
		case f.From == guides.FromClientID && value != r.clientID:
			r.t.Errorf("%q is %q", f.Label, value)
		}
	}
}

func origin(t *testing.T, address string) string {
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Scheme + "://" + u.Host
}

func (r *tour) fetch(path string) []byte {
	r.t.Helper()
	resp, err := http.Get(r.portal + path)
	r.Must(err)
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	r.Must(err)
	return data
}
