//go:build tour

package tour

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"entrada/internal/connections"
	"entrada/internal/guides"
	"entrada/internal/secret"
)

// TestWithoutAKeychain saves a connection on a desktop that has no keychain,
// into a file behind a passphrase: the passphrase goes over the clipboard and
// leaves it with the window, and the next start asks for it.
func TestWithoutAKeychain(t *testing.T) {
	program, err := filepath.Abs(*program)
	if err != nil || !exists(program) {
		t.Fatalf("%s is not there; make build makes it", program)
	}
	t.Parallel()
	folder := t.TempDir()
	if *out != "" {
		folder = filepath.Join(*out, "without-a-keychain")
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	d := newBareDesk(t, light.variant)
	r := &tour{desk: d, browser: d.openBrowser(), folder: folder, guide: guides.ByID("oxfordiq"), doIt: true,
		window: d.openWindow(program, folder, light.width, light.height, "--practice")}
	w := r.window
	r.chooseVendor()
	w.primary("Which organisation is it for?")
	w.text(admin)
	w.keys("Return")
	w.primary("What you need")
	r.answer()
	r.letEntradaDoIt()
	w.primary("Sign in and test")
	r.test()

	w.keys("ctrl+Return")
	w.on("Where shall the secret go?")
	w.keys("Down", "space")
	w.primary("Save it behind a passphrase")
	w.keys("Return")
	passphrase := w.copiedSecret(passphrase)
	w.shot("counting-down")
	w.primary("Export for OxfordIQ")
	r.hunt(passphrase)

	w.keys("alt+F4")
	r.Wait("the end of the program", func() bool {
		cmd := exec.Command("xdotool", "getwindowname", w.id)
		cmd.Env = d.Env
		return cmd.Run() != nil
	})
	cmd := exec.Command("xclip", "-selection", "clipboard", "-o")
	cmd.Env = d.Env
	if left, _ := cmd.Output(); strings.Contains(string(left), passphrase) { // it fails where nobody owns the clipboard
		t.Error("the passphrase outlives the window on the clipboard")
	}

	w.args = append(w.args, "--test", "OxfordIQ")
	w.show()
	w.waitTitle("Testing")
	w.shot("the-question")
	w.text(passphrase)
	w.keys("Return")
	w.waitTitle("All is well so far")
	w.shot("all-is-well-so-far")
}

// hunt opens the file with secrets as nobody without the passphrase could, and
// looks for what is in it everywhere else.
func (r *tour) hunt(passphrase string) {
	home := r.Path("home/.entrada/practice")
	store, err := connections.Open(home, connections.MemoryKeychain())
	r.Must(err)
	r.Must(store.Unlock(secret.New(passphrase)))
	list := store.List()
	if len(list) != 1 {
		r.t.Fatalf("%d connections are saved", len(list))
	}
	v, err := store.Secret(r.t.Context(), list[0].ID)
	r.Must(err)
	r.secret = v.Reveal()
	r.huntTheSecret()
	for _, name := range []string{"connections.json", "journey.json", "secrets.age"} {
		data, err := os.ReadFile(filepath.Join(home, name))
		r.Must(err)
		if strings.Contains(string(data), passphrase) {
			r.t.Errorf("the passphrase stands in %s", name)
		}
	}
}
