package safefile

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/windows"

	"entrada/internal/fault"
)

// sharedFolder is one in the folder of all users, where every new file can be
// read by everybody. It is cleared up file by file: Wine does not know the call
// with which Go deletes whole folders.
func sharedFolder(t *testing.T) string {
	t.Helper()
	public := os.Getenv("PUBLIC")
	if public == "" {
		public = `C:\Users\Public`
	}
	dir, err := os.MkdirTemp(public, "entrada")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		entries, _ := os.ReadDir(dir)
		for _, e := range entries {
			_ = os.Remove(filepath.Join(dir, e.Name()))
		}
		_ = os.Remove(dir)
	})
	return dir
}

// E02: on Windows a mode means nothing; the access list is made with the file,
// and says that nobody else may read it, wherever it lies.
func TestTheAccessListKeepsOthersOut(t *testing.T) {
	path := filepath.Join(sharedFolder(t), "secrets.age")
	if err := os.WriteFile(path, []byte("old"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := Write(path, []byte("new"), Options{Overwrite: true}); err != nil {
		t.Fatal(err)
	}
	sd, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		t.Fatal(err)
	}
	list := sd.String()
	// everyone, users, signed in, anonymous, guests
	for _, others := range []string{";WD)", ";BU)", ";AU)", ";AN)", ";BG)"} {
		if strings.Contains(list, others) {
			t.Errorf("others may read it: %s", list)
		}
	}
	if !strings.Contains(list, "(A;") {
		t.Errorf("an empty list keeps the owner out as well: %s", list)
	}
	if got, err := Read(path, 100); err != nil || !bytes.Equal(got, []byte("new")) {
		t.Errorf("%q %v", got, err)
	}
}

// E05 and E13, on Windows: no silent replacement, and nothing left beside it.
func TestWriteAsksBeforeItReplacesOnWindows(t *testing.T) {
	dir := sharedFolder(t)
	path := filepath.Join(dir, "f")
	if err := Write(path, []byte("old"), Options{}); err != nil {
		t.Fatal(err)
	}
	if err := Write(path, []byte("new"), Options{}); fault.KindOf(err) != fault.FileExists {
		t.Fatal(err)
	}
	if got, _ := Read(path, 100); string(got) != "old" {
		t.Errorf("%q", got)
	}
	entries, _ := os.ReadDir(dir)
	if len(entries) != 1 {
		t.Errorf("left: %v", entries)
	}
}
