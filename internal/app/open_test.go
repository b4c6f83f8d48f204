package app

import (
	"os"
	"path/filepath"
	"testing"

	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/safefile"
)

// P05 and P08: the second program is told, and a program that keeps nothing
// leaves nothing, its lock and its folder included.
func TestOneAtATimeAndNothingLeft(t *testing.T) {
	home := filepath.Join(t.TempDir(), "home")
	t.Setenv(safefile.HomeVariable, home)
	w, release, err := Open(Options{Cloud: entra.Global(), SingleInstance: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := Open(Options{Cloud: entra.Global(), SingleInstance: true}); !fault.Is(err, fault.AlreadyRunning) {
		t.Errorf("a second one: %v", err)
	}
	_, shares, err := Open(Options{Cloud: entra.Global()})
	if err != nil {
		t.Errorf("the command line shares the home: %v", err)
	}
	shares()
	if len(w.Stored()) != 0 {
		t.Errorf("%+v", w.Stored())
	}
	release()
	if _, err := os.Stat(home); err == nil {
		t.Error("the folder is left")
	}

	_, release, err = Open(Options{Cloud: entra.Global(), SingleInstance: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(home, "mine.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	release()
	if _, err := os.Stat(filepath.Join(home, "mine.txt")); err != nil {
		t.Error("somebody's file is gone")
	}
	TidyUp(filepath.Join(home, "nowhere"))
}
