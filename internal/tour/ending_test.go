//go:build tour

package tour

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestEnding ends the window in each way that there is: the program ends with
// it, as one that has nothing to complain about.
func TestEnding(t *testing.T) {
	program, err := filepath.Abs(*program)
	if err != nil || !exists(program) {
		t.Fatalf("%s is not there; make build makes it", program)
	}
	t.Parallel()
	d := newBareDesk(t, light.variant)
	w := d.openWindow(program, t.TempDir(), light.width, light.height)
	for _, end := range []struct {
		name string
		do   func()
	}{
		{"closed", func() { w.keys("alt+F4") }},
		{"terminated", func() { d.Must(w.cmd.Process.Signal(syscall.SIGTERM)) }},
		{"interrupted", func() { d.Must(w.cmd.Process.Signal(os.Interrupt)) }},
	} {
		if w.cmd.ProcessState != nil {
			w.show()
		}
		end.do()
		_ = w.cmd.Wait()
		if code := w.cmd.ProcessState.ExitCode(); code != 0 {
			t.Errorf("%s: exit code %d", end.name, code)
		}
		if said := d.Log(program); strings.Contains(said, "goroutine") {
			t.Fatalf("%s: %s", end.name, said)
		}
	}
}
