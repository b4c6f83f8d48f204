package safefile

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

func TestDocuments(t *testing.T) {
	if runtime.GOOS == "windows" {
		// Windows knows where they are, however the folder is called there.
		if got := Documents(); got != documentsOfSystem() || !filepath.IsAbs(got) {
			t.Errorf("documents are in %q, Windows says %q", got, documentsOfSystem())
		}
		return
	}
	home := t.TempDir()
	t.Setenv("HOME", home)
	if got := Documents(); got != home {
		t.Errorf("without such a folder: %q", got)
	}
	folder := filepath.Join(home, "Documents")
	if err := os.WriteFile(folder, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := Documents(); got != home {
		t.Errorf("where a file has the name: %q", got)
	}
	if err := os.Remove(folder); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if got := Documents(); got != folder {
		t.Errorf("%q", got)
	}
	t.Setenv("HOME", "")
	if got := Documents(); got != "." {
		t.Errorf("without a home: %q", got)
	}
}
