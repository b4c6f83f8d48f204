package app

import (
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"entrada/internal/entra"
	"entrada/internal/safefile"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// ear is what a program that is open hears.
type ear struct {
	mu    sync.Mutex
	heard []Launch
}

func (e *ear) hear(w Launch) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.heard = append(e.heard, w)
}

// shortHome is a home whose path leaves room for the name of a socket.
func shortHome(t *testing.T) string {
	t.Helper()
	home, err := os.MkdirTemp("", "e")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(home) })
	t.Setenv(safefile.HomeVariable, home)
	return home
}

// A second program hands over what it was started for, practised and real apart,
// and is told whether it was heard.
func TestASecondProgramIsHeard(t *testing.T) {
	home := shortHome(t)
	wish := Launch{Test: "OxfordIQ · contoso.example"}
	if SendToRunning(entra.Global(), wish) {
		t.Error("nobody is there, and it was heard")
	}
	// Of a program that was killed.
	left, err := net.Listen("unix", filepath.Join(home, safefile.InstanceSocket))
	if err != nil {
		t.Fatal(err)
	}
	left.(*net.UnixListener).SetUnlinkOnClose(false)
	_ = left.Close()
	if SendToRunning(entra.Global(), wish) {
		t.Error("a dead program heard it")
	}

	var e ear
	stop := Listen(home, e.hear)
	if info, err := os.Lstat(filepath.Join(home, safefile.InstanceSocket)); err != nil || runtime.GOOS == "linux" &&
		info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	if !SendToRunning(entra.Global(), wish) || !SendToRunning(entra.Global(), Launch{}) {
		t.Error("it was not heard")
	}
	if SendToRunning(entra.Cloud{ID: entra.PracticeCloudID}, wish) {
		t.Error("what is practised went to the real one")
	}
	stop()
	if len(e.heard) != 2 || e.heard[0] != wish || e.heard[1] != (Launch{}) {
		t.Errorf("%+v", e.heard)
	}
	if SendToRunning(entra.Global(), wish) {
		t.Error("it was heard after the end")
	}
	if _, err := os.Lstat(filepath.Join(home, safefile.InstanceSocket)); err == nil {
		t.Error("the socket is left")
	}
}

// What is no wish, or endless, is not heard, and the next one is.
func TestNonsenseIsNotHeard(t *testing.T) {
	home := shortHome(t)
	var e ear
	stop := Listen(home, e.hear)
	defer stop()
	for _, text := range []string{"", "hello\n", `{"test":1}` + "\n", `{"test":"` + strings.Repeat("x", 1<<20)} {
		conn, err := net.Dial("unix", filepath.Join(home, safefile.InstanceSocket))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = conn.Write([]byte(text))
		_ = conn.Close()
	}
	if !SendToRunning(entra.Global(), Launch{Vendor: "oxfordiq"}) || len(e.heard) != 1 {
		t.Errorf("%+v", e.heard)
	}
}

// Where no socket can be, nothing else goes wrong.
func TestWithoutASocket(t *testing.T) {
	long := filepath.Join(shortHome(t), strings.Repeat("long", 50))
	if err := os.Mkdir(long, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv(safefile.HomeVariable, long)
	Listen(long, func(Launch) { t.Error("it heard something") })()
	if SendToRunning(entra.Global(), Launch{}) {
		t.Error("nobody can have heard it")
	}
}

// A program that was killed leaves its socket; the folder goes all the same.
func TestTidyUpAfterAKill(t *testing.T) {
	home := shortHome(t)
	left, err := net.Listen("unix", filepath.Join(home, safefile.InstanceSocket))
	if err != nil {
		t.Fatal(err)
	}
	left.(*net.UnixListener).SetUnlinkOnClose(false)
	_ = left.Close()
	TidyUp(home)
	if _, err := os.Stat(home); err == nil {
		t.Error("the folder is left")
	}
}
