//go:build tour

package tour

import (
	"encoding/base64"
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"entrada/internal/handover"
	"entrada/internal/secret"
)

var (
	out     = flag.String("out", "", "folder for the pictures and the exported files; a temporary one if empty")
	vendor  = flag.String("vendor", "oxfordiq", "the vendor to connect")
	variant = flag.String("variant", "", "light or dark; both if empty")
	program = flag.String("program", "../../bin/entrada", "the program")
)

// TestTour connects a vendor from the first page to the exported file, once in
// a large light window and once in a small dark one.
func TestTour(t *testing.T) {
	path, err := filepath.Abs(*program)
	if err != nil || !exists(path) {
		t.Fatalf("%s is not there; make build makes it", path)
	}
	for _, look := range []struct {
		variant       string
		width, height int
	}{{"light", 1080, 720}, {"dark", 900, 620}} {
		if *variant != "" && *variant != look.variant {
			continue
		}
		t.Run(look.variant, func(t *testing.T) {
			folder := t.TempDir()
			if *out != "" {
				folder = filepath.Join(*out, look.variant)
			}
			if err := os.MkdirAll(folder, 0o755); err != nil {
				t.Fatal(err)
			}
			d := newDesk(t, look.variant)
			tour := &tour{desk: d, browser: d.openBrowser(), window: d.openWindow(path, folder, look.width, look.height, "--practice"), folder: folder}
			tour.oxfordIQ()
		})
	}
}

type tour struct {
	*desk
	browser *browser
	window  *window
	folder  string

	clientID, secretID string
	secret             string // the marker that must not be found anywhere
	portal             string // address of the practice portal
}

// vendors are the built-in ones in the order of the page.
var vendors = []string{"aurinko", "cxt", "gathr", "oxfordiq", "xkit"}

func (r *tour) oxfordIQ() {
	w, b := r.window, r.browser
	w.on("Connect an app to Outlook")
	w.keys("Return")
	w.on("Which vendor asked you?")
	for range position("oxfordiq") {
		w.keys("Down")
	}
	w.keys("space")
	w.primary("Which organisation is it for?")
	w.text("alex@contoso.example")
	w.keys("Return")
	w.primary("What you need")
	w.primary("Register the app")

	// The portal, step by step, each opened from the wizard.
	w.keys("Return")
	address := b.follow()
	r.portal = origin(r.t, address)
	b.pick("alex@contoso.example")
	b.fill("name", "OxfordIQ Outlook Integration")
	b.click("register")
	r.clientID = b.read("application-client-id")
	w.keys("Tab", "Tab")
	w.text(r.clientID)
	w.shot("register-client-id-pasted")
	w.primary("Add the sign-in address")

	w.keys("Return")
	if address := b.follow(); !strings.Contains(address, r.clientID) {
		r.t.Errorf("%s does not lead to the app", address)
	}
	b.click("add-redirect-uri", "platform-web")
	w.keys("Tab", "Return") // the copy button
	copied := w.clipboard()
	if copied != "http://localhost" {
		r.t.Errorf("the copy button copied %q", copied)
	}
	b.fill("redirectUri", copied)
	b.click("configure")
	b.sees("http://localhost")

	// Stop here and come back.
	w.keys("Escape")
	w.shot("stop-here-for-now")
	w.keys("ctrl+Return")
	w.on("Connect an app to Outlook")
	w.keys("shift+Tab", "shift+Tab", "Return") // Go on
	w.waitTitle("Add the sign-in address")
	w.primary("Give the app its permissions")

	w.keys("Return")
	b.follow()
	b.click("add-permission", "api-microsoft-graph", "type-delegated")
	for _, name := range []string{"Mail.Send", "Calendars.ReadWrite", "offline_access", "openid", "profile"} {
		b.click("permission-" + name)
	}
	b.click("add-permissions")
	b.sees("Calendars.ReadWrite")
	w.primary("Grant admin consent")

	w.keys("Return")
	b.follow()
	b.click("grant-admin-consent", "consent-yes")
	b.sees("Granted for")
	w.primary("Make a client secret")

	w.keys("Return")
	b.follow()
	b.click("new-client-secret")
	b.fill("description", "OxfordIQ")
	b.click("add")
	r.secret, r.secretID = b.read("secret-value"), b.read("secret-id")
	w.primary("Paste the values")

	// First the mistake that nearly everybody makes.
	w.text(r.secretID)
	w.shot("paste-the-secret-id-by-mistake")
	w.keys("ctrl+a")
	w.text(r.secret)
	w.primary("Sign in and test")

	w.primary("Waiting for your sign-in")
	b.follow()
	b.pick("alex@contoso.example")
	b.sees("Entrada")
	w.on("Is this you?")
	w.keys("ctrl+Return")
	w.waitTitle("Everything works")
	w.shot("everything-works")
	w.primary("Save the connection")
	w.primary("Export for OxfordIQ")
	r.export()
	w.primary("What comes next")
	w.primary("Connect an app to Outlook")
	r.prove()
}

// export saves the settings without the secret and then, encrypted, with it.
func (r *tour) export() {
	w := r.window
	w.keys("ctrl+Return")
	r.wait("the settings file", func() bool { return len(r.files("*.settings.json")) == 1 })
	w.shot("export-settings-saved")
	// Back and in again: the page starts from the top.
	w.keys("alt+Left")
	w.waitTitle("Save the connection")
	w.primary("Export for OxfordIQ")
	w.keys("Tab", "Tab", "Down", "Down", "space")
	w.shot("export-encrypted")
	w.keys("Tab", "Return")
	passphrase := w.clipboard()
	w.keys("ctrl+Return")
	r.wait("the encrypted file", func() bool { return len(r.files("*.settings.age")) == 1 })
	w.shot("export-encrypted-saved")

	sealed := r.files("*.settings.age")[0]
	data, err := os.ReadFile(sealed)
	r.must(err)
	pkg, err := handover.Open(data, secret.New(passphrase))
	r.must(err)
	values := map[string]string{}
	for _, f := range pkg.Fields {
		values[f.Label] = f.Value
		if f.Secret {
			values[f.Label] = f.Hidden.Reveal()
		}
	}
	if values["Client ID"] != r.clientID || values["Client Secret"] != r.secret || values["Tenant ID"] == "" {
		r.t.Error("the encrypted file does not hold what OxfordIQ asked for")
	}
	for _, f := range append(r.files("*.settings.json"), sealed) {
		info, err := os.Stat(f)
		r.must(err)
		if info.Mode().Perm() != 0o600 {
			r.t.Errorf("%s has mode %v", f, info.Mode())
		}
		r.must(copyFile(f, filepath.Join(r.folder, filepath.Base(f))))
	}
}

func (r *tour) files(pattern string) []string {
	list, err := filepath.Glob(filepath.Join(r.path("home/Documents"), pattern))
	r.must(err)
	return list
}

// prove looks at what really happened: at Microsoft's side, in the keychain,
// in the files.
func (r *tour) prove() {
	r.checkState()
	found := r.run("", "secret-tool", "search", "--all", "service", "Entrada")
	kept := ""
	for _, line := range strings.Split(found, "\n") {
		if v, ok := strings.CutPrefix(line, "secret = v1:"); ok {
			plain, err := base64.RawURLEncoding.DecodeString(v)
			r.must(err)
			kept = string(plain)
		}
	}
	if kept != r.secret {
		r.t.Errorf("the keychain does not hold the secret:\n%s", strings.ReplaceAll(found, r.secret, "(the secret)"))
	}
	r.readable()
	r.huntTheSecret()
}

// readable checks the file without the secret.
func (r *tour) readable() {
	data, err := os.ReadFile(r.files("*.settings.json")[0])
	r.must(err)
	var settings struct {
		Fields   map[string]string `json:"fields"`
		Separate []string          `json:"secrets_sent_separately"`
		Tenant   string            `json:"tenant_id"`
	}
	r.must(json.Unmarshal(data, &settings))
	if settings.Fields["Client ID"] != r.clientID || settings.Tenant == "" || len(settings.Separate) != 1 || settings.Separate[0] != "Client Secret" {
		r.t.Errorf("the settings file says %+v", settings)
	}
	if _, there := settings.Fields["Client Secret"]; there {
		r.t.Error("the settings file has a value for the secret")
	}
}

func position(vendor string) int {
	for i, v := range vendors {
		if v == vendor {
			return i
		}
	}
	return 0
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
	r.must(err)
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	r.must(err)
	return data
}
