package terminal

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"entrada/internal/entra/entratest"
)

// watcher notes every name that comes up in some folders, however briefly.
type watcher struct {
	t       *testing.T
	fd      int
	folders map[int32]string
}

func watch(t *testing.T, folders ...string) *watcher {
	t.Helper()
	fd, err := unix.InotifyInit1(unix.IN_NONBLOCK | unix.IN_CLOEXEC)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Close(fd) })
	w := &watcher{t, fd, map[int32]string{}}
	for _, folder := range folders {
		n, err := unix.InotifyAddWatch(fd, folder, unix.IN_CREATE|unix.IN_MOVED_TO|unix.IN_MODIFY)
		if err != nil {
			t.Fatal(err)
		}
		w.folders[int32(n)] = folder
	}
	return w
}

// seen are the files that came up since the last time, as folder and name.
func (w *watcher) seen() map[string]bool {
	w.t.Helper()
	all := map[string]bool{}
	buffer := make([]byte, 64<<10)
	for {
		n, err := unix.Read(w.fd, buffer)
		if err != nil || n <= 0 {
			return all // nothing more is waiting
		}
		for at := 0; at < n; {
			folder := w.folders[int32(binary.NativeEndian.Uint32(buffer[at:]))]
			size := int(binary.NativeEndian.Uint32(buffer[at+12:]))
			name := strings.TrimRight(string(buffer[at+unix.SizeofInotifyEvent:at+unix.SizeofInotifyEvent+size]),
				"\x00")
			all[filepath.Join(folder, name)] = true
			at += unix.SizeofInotifyEvent + size
		}
	}
}

// E13 and E07: an export writes the file and its own temporary one beside it,
// which becomes the file; nothing comes up anywhere else, not for a moment, and
// what is not encrypted holds no secret.
func TestAnExportLeavesNoTraces(t *testing.T) {
	home, temp, target := t.TempDir(), t.TempDir(), t.TempDir()
	t.Setenv("TMPDIR", temp)
	t.Setenv("HOME", home)
	d := newDesk(filepath.Join(home, "entrada"))
	if err := d.save("OxfordIQ", "oxfordiq", 200); err != nil {
		t.Fatal(err)
	}
	w := watch(t, home, d.home, temp, target)
	ours := regexp.MustCompile(`^\.entrada-[0-9a-f]{24}\.tmp$`)
	for format, more := range map[string][]string{"json": nil, "env": nil, "age": {"--passphrase-fd", "0"}} {
		out := filepath.Join(target, "settings."+format)
		args := append([]string{"export", "OxfordIQ", "--practice", "--format", format, "--out", out}, more...)
		if code, _, errOut := d.run(t, t.Context(), "lomu-tiga-nevo-hapi\n", args...); code != exitOK {
			t.Fatalf("%s: %d\n%s", format, code, errOut)
		}
		files := w.seen()
		if !files[out] {
			t.Errorf("%s: the watcher saw nothing of the file itself", format)
		}
		for path := range files {
			if path != out && (filepath.Dir(path) != target || !ours.MatchString(filepath.Base(path))) {
				t.Errorf("%s: %s came up", format, path)
			}
		}
		data, err := os.ReadFile(out)
		if err != nil || strings.Contains(string(data), entratest.Secret) {
			t.Errorf("%s: the secret can be read, or: %v", format, err)
		}
	}
	if left, _ := os.ReadDir(target); len(left) != 3 {
		t.Errorf("left: %v", left)
	}
}

// E06: the terminal warns of a folder that others see, and says what that means
// for what is in the file.
func TestAnExportIntoASyncedFolderWarns(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	synced := filepath.Join(home, "Dropbox")
	if err := os.Mkdir(synced, 0o700); err != nil {
		t.Fatal(err)
	}
	d := newDesk(filepath.Join(home, "entrada"))
	if err := d.save("OxfordIQ", "oxfordiq", 200); err != nil {
		t.Fatal(err)
	}
	for format, want := range map[string]string{"json": "fine for a file without the secret",
		"age": "all that protects the secret"} {
		args := []string{"export", "OxfordIQ", "--practice", "--format", format, "--out",
			filepath.Join(synced, "f."+format)}
		if format == "age" {
			args = append(args, "--passphrase-fd", "0")
		}
		code, out, errOut := d.run(t, t.Context(), "lomu-tiga-nevo-hapi\n", args...)
		if code != exitOK || out != "" || !strings.Contains(strings.Join(strings.Fields(errOut), " "), want) {
			t.Errorf("%s: %d\n%s%s", format, code, out, errOut)
		}
	}
}
