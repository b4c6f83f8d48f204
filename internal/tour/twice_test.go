//go:build tour

package tour

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestStartedTwice starts the program while it is open behind another window: it
// comes to the front, and goes where the second start wanted to.
func TestStartedTwice(t *testing.T) {
	program, err := filepath.Abs(*program)
	if err != nil || !exists(program) {
		t.Fatalf("%s is not there; make build makes it", program)
	}
	t.Parallel()
	d := newBareDesk(t, light.variant)
	w := d.openWindow(program, t.TempDir(), light.width, light.height, "--practice")
	active := func() string {
		cmd := exec.Command("xdotool", "getactivewindow")
		cmd.Env = d.Env
		id, _ := cmd.Output() // there may be none for a moment
		return strings.TrimSpace(string(id))
	}
	d.Start(program, nil) // the real one, which covers it
	d.Wait("the other window in front", func() bool { return active() != "" && active() != w.id })
	d.Run("", program, "--practice", "--test", "nothing of the kind")
	d.Wait("the first window in front", func() bool { return active() == w.id })
	w.waitTitle("Test values that you type in")
}
