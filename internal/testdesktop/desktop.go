//go:build linux && (tour || bench)

package testdesktop

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// Desktop is one desktop. What runs on it ends with the test.
type Desktop struct {
	Dir string   // all that the programs on it can write to
	Env []string // of the programs

	t    testing.TB
	logs map[string]string // by program
}

// New makes a desktop with a home in dir, a message bus and nothing else. variant
// is that of the theme: "light" or "dark".
func New(t testing.TB, dir, variant string) *Desktop {
	t.Helper()
	d := &Desktop{Dir: dir, t: t, logs: map[string]string{}}
	for _, folder := range []string{"home/Documents", "config", "data/applications", "cache", "run", "log"} {
		d.Must(os.MkdirAll(d.Path(folder), 0o700))
	}
	d.Env = []string{
		"PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8", "HOME=" + d.Path("home"), "XDG_CONFIG_HOME=" + d.Path("config"),
		"XDG_DATA_HOME=" + d.Path("data"), "XDG_CACHE_HOME=" + d.Path("cache"), "XDG_RUNTIME_DIR=" + d.Path("run"),
		"FYNE_THEME=" + variant, "FYNE_SCALE=1",
	}
	d.Setenv("DBUS_SESSION_BUS_ADDRESS", d.tells("dbus-daemon", 1, "--session", "--nofork", "--print-address=1"))
	return d
}

// Path is a file on the desktop.
func (d *Desktop) Path(name string) string { return filepath.Join(d.Dir, name) }

// Must ends the test if there is an error.
func (d *Desktop) Must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// Setenv sets a variable for programs that are started from now on.
func (d *Desktop) Setenv(name, value string) { d.Env = append(d.Env, name+"="+value) }

// Getenv is a variable of the programs, "" if it is not set.
func (d *Desktop) Getenv(name string) string {
	for _, e := range d.Env {
		if v, ok := strings.CutPrefix(e, name+"="); ok {
			return v
		}
	}
	return ""
}

// Start runs a program until the test ends, or until Stop; its output goes to a
// log unless prepare, which may be nil, says otherwise.
func (d *Desktop) Start(name string, prepare func(*exec.Cmd), args ...string) *exec.Cmd {
	d.t.Helper()
	log := d.Path("log/" + filepath.Base(name) + ".log")
	out, err := os.OpenFile(log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	d.Must(err)
	d.logs[name] = log
	cmd := exec.Command(name, args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = d.Env, out, out
	if prepare != nil {
		prepare(cmd)
	}
	if err := cmd.Start(); err != nil {
		d.t.Fatalf("%s cannot be started (make deps-test installs what is needed): %v", name, err)
	}
	d.t.Cleanup(func() { Stop(cmd); _ = out.Close() })
	return cmd
}

// Stop ends a program that was started here: politely, then by force.
func Stop(cmd *exec.Cmd) {
	if cmd.ProcessState != nil {
		return
	}
	_ = cmd.Process.Signal(syscall.SIGTERM)
	done := make(chan struct{})
	go func() { _ = cmd.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(5 * time.Second):
		_ = cmd.Process.Kill()
		<-done
	}
}

// Run runs a program to its end and returns what it printed.
func (d *Desktop) Run(input string, name string, args ...string) string {
	d.t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env, cmd.Stdin = d.Env, strings.NewReader(input)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		d.t.Fatalf("%s %s: %v: %s", name, strings.Join(args, " "), err, errs.String())
	}
	return out.String()
}

// tells starts a program and returns the first line that it writes to a file
// descriptor, which is 1 or 3.
func (d *Desktop) tells(name string, fd int, args ...string) string {
	d.t.Helper()
	read, write, err := os.Pipe()
	d.Must(err)
	defer func() { _ = read.Close() }()
	d.Start(name, func(c *exec.Cmd) {
		if fd == 1 {
			c.Stdout = write
		} else {
			c.ExtraFiles = []*os.File{write}
		}
	}, args...)
	_ = write.Close()
	line, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		d.t.Fatalf("%s did not start: %v: %s", name, err, d.Log(name))
	}
	return strings.TrimSpace(line)
}

// OpenDisplay adds a screen with a window manager; more goes to Xvfb.
func (d *Desktop) OpenDisplay(more ...string) {
	d.t.Helper()
	// Xvfb looks for a free number itself and tells it.
	number := d.tells(
		"Xvfb", 3, append(
			[]string{"-displayfd", "3", "-screen", "0", "1100x760x24", "-nolisten", "tcp", "-noreset"}, more...)...)
	d.Setenv("DISPLAY", ":"+number)
	d.Start("openbox", nil)
}

// OpenKeychain adds a real Secret Service.
func (d *Desktop) OpenKeychain() {
	d.t.Helper()
	d.Start("gnome-keyring-daemon", func(c *exec.Cmd) { c.Stdin = strings.NewReader("test") }, "--foreground",
		"--unlock", "--components=secrets")
	bus, err := dbus.Connect(d.Getenv("DBUS_SESSION_BUS_ADDRESS"))
	d.Must(err)
	defer func() { _ = bus.Close() }()
	d.Wait("the keychain", func() bool {
		var collection dbus.ObjectPath
		err := bus.Object("org.freedesktop.secrets", "/org/freedesktop/secrets").
			// Without activation: the bus would start a second, locked keychain.
			Call("org.freedesktop.Secret.Service.ReadAlias", dbus.FlagNoAutoStart, "default").Store(&collection)
		return err == nil && collection != "/"
	})
}

// Wait asks until something is so, at most half a minute.
func (d *Desktop) Wait(what string, so func() bool) {
	d.t.Helper()
	limit, tick := time.After(30*time.Second), time.NewTicker(50*time.Millisecond)
	defer tick.Stop()
	for !so() {
		select {
		case <-tick.C:
		case <-limit:
			d.t.Fatalf("%s: waited half a minute in vain; logs:\n%s", what, d.allLogs())
		}
	}
}

// Log is what a program printed.
func (d *Desktop) Log(name string) string {
	data, _ := os.ReadFile(d.logs[name])
	return string(data)
}

func (d *Desktop) allLogs() string {
	var b strings.Builder
	for name := range d.logs {
		if text := d.Log(name); text != "" {
			fmt.Fprintf(&b, "%s: %s\n", name, text)
		}
	}
	return b.String()
}
