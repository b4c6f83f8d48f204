//go:build tour

package tour

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
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
	// The desktop finds icon and name by the class (StartupWMClass in entrada.desktop).
	if class := w.Run("", "xprop", "-id", w.id, "WM_CLASS"); !strings.Contains(class, `= "Entrada", "Entrada"`) {
		t.Errorf("the class is %s", class)
	}
	for _, end := range []struct {
		name  string
		tries int // the desktop may lose a key on a busy machine
		do    func()
	}{
		{"closed", 10, func() { w.keys("alt+F4") }},
		{"terminated", 1, func() { d.Must(w.cmd.Process.Signal(syscall.SIGTERM)) }},
		{"interrupted", 1, func() { d.Must(w.cmd.Process.Signal(os.Interrupt)) }},
	} {
		if w.cmd.ProcessState != nil {
			w.show()
		}
		ended := make(chan struct{})
		go func() { defer close(ended); _ = w.cmd.Wait() }()
		if !tried(end.tries, end.do, ended) {
			t.Fatalf("%s: the program goes on", end.name)
		}
		if code := w.cmd.ProcessState.ExitCode(); code != 0 {
			t.Errorf("%s: exit code %d", end.name, code)
		}
		if said := d.Log(program); strings.Contains(said, "goroutine") {
			t.Fatalf("%s: %s", end.name, said)
		}
	}
}

// tried does something, again if it has led to nothing for a while.
func tried(times int, do func(), ended <-chan struct{}) bool {
	for range times {
		do()
		select {
		case <-ended:
			return true
		case <-time.After(20 * time.Second):
		}
	}
	return false
}
