//go:build tour

package tour

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// desk is a desktop of our own: display, window manager, message bus, keychain
// and a home. Everything ends with the test.
type desk struct {
	t    *testing.T
	dir  string // all that the programs on this desk can write to
	env  []string
	urls chan string // what programs asked the system browser to open
	logs map[string]string
}

func newDesk(t *testing.T, variant string) *desk {
	t.Helper()
	d := newBareDesk(t, variant)
	d.startKeychain()
	return d
}

// newBareDesk is a desktop without a keychain.
func newBareDesk(t *testing.T, variant string) *desk {
	t.Helper()
	d := &desk{t: t, dir: t.TempDir(), urls: make(chan string, 20), logs: map[string]string{}}
	for _, folder := range []string{"home/Documents", "config", "data/applications", "cache", "run", "log"} {
		d.must(os.MkdirAll(filepath.Join(d.dir, folder), 0o700))
	}
	d.env = []string{
		"PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8", "HOME=" + d.path("home"), "ENTRADA_HOME=" + d.path("home/.entrada"),
		"XDG_CONFIG_HOME=" + d.path("config"), "XDG_DATA_HOME=" + d.path("data"), "XDG_CACHE_HOME=" + d.path("cache"), "XDG_RUNTIME_DIR=" + d.path("run"),
		"FYNE_THEME=" + variant, "FYNE_PLATFORM=x11", "FYNE_SCALE=1", "GOTRACEBACK=single",
	}
	d.startDisplay()
	d.startBus()
	d.beTheBrowser()
	return d
}

func (d *desk) path(name string) string { return filepath.Join(d.dir, name) }

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// start runs a program until the test ends; its output goes to a log.
func (d *desk) start(name string, prepare func(*exec.Cmd), args ...string) *exec.Cmd {
	d.t.Helper()
	log := d.path("log/" + filepath.Base(name) + ".log")
	out, err := os.OpenFile(log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	d.must(err)
	d.logs[name] = log
	cmd := exec.Command(name, args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = d.env, out, out
	if prepare != nil {
		prepare(cmd)
	}
	if err := cmd.Start(); err != nil {
		d.t.Fatalf("%s cannot be started (make tour installs it): %v", name, err)
	}
	d.t.Cleanup(func() { stop(cmd); _ = out.Close() })
	return cmd
}

// stop ends a program that we started: politely, then by force.
func stop(cmd *exec.Cmd) {
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

// run runs a program to its end and returns what it printed.
func (d *desk) run(input string, name string, args ...string) string {
	d.t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env, cmd.Stdin = d.env, strings.NewReader(input)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		d.t.Fatalf("%s %s: %v: %s", name, strings.Join(args, " "), err, errs.String())
	}
	return out.String()
}

func (d *desk) startDisplay() {
	read, write, err := os.Pipe()
	d.must(err)
	// Xvfb looks for a free number itself and tells it.
	d.start("Xvfb", func(c *exec.Cmd) { c.ExtraFiles = []*os.File{write} },
		"-displayfd", "3", "-screen", "0", "1100x760x24", "-nolisten", "tcp", "-noreset")
	_ = write.Close()
	number, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		d.t.Fatalf("Xvfb gave no display: %v: %s", err, d.log("Xvfb"))
	}
	d.env = append(d.env, "DISPLAY=:"+strings.TrimSpace(number))
	d.start("openbox", nil)
}

func (d *desk) startBus() {
	read, write, err := os.Pipe()
	d.must(err)
	d.start("dbus-daemon", func(c *exec.Cmd) { c.Stdout = write }, "--session", "--nofork", "--print-address=1")
	_ = write.Close()
	address, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		d.t.Fatalf("the message bus did not start: %v", err)
	}
	d.env = append(d.env, "DBUS_SESSION_BUS_ADDRESS="+strings.TrimSpace(address))
}

func (d *desk) startKeychain() {
	d.start("gnome-keyring-daemon", func(c *exec.Cmd) { c.Stdin = strings.NewReader("tour") }, "--foreground", "--unlock", "--components=secrets")
	bus, err := dbus.Connect(d.getenv("DBUS_SESSION_BUS_ADDRESS"))
	d.must(err)
	defer func() { _ = bus.Close() }()
	d.wait("the keychain", func() bool {
		var collection dbus.ObjectPath
		err := bus.Object("org.freedesktop.secrets", "/org/freedesktop/secrets").
			// Without activation: the bus would start a second, locked keychain.
			Call("org.freedesktop.Secret.Service.ReadAlias", dbus.FlagNoAutoStart, "default").Store(&collection)
		return err == nil && collection != "/"
	})
}

// beTheBrowser makes us the desktop's default browser, the way a browser's
// package does; every address that is opened arrives in urls.
func (d *desk) beTheBrowser() {
	pipe := d.path("run/urls")
	d.must(syscall.Mkfifo(pipe, 0o600))
	// Open for writing too, so that reading never ends.
	f, err := os.OpenFile(pipe, os.O_RDWR, 0)
	d.must(err)
	d.t.Cleanup(func() { _ = f.Close() })
	go func() {
		for lines := bufio.NewScanner(f); lines.Scan(); {
			d.urls <- lines.Text()
		}
	}()
	script := d.path("data/browser")
	d.must(os.WriteFile(script, fmt.Appendf(nil, "#!/bin/sh\nprintf '%%s\\n' \"$1\" > '%s'\n", pipe), 0o700))
	d.must(os.WriteFile(d.path("data/applications/tour-browser.desktop"), fmt.Appendf(nil,
		"[Desktop Entry]\nType=Application\nName=Tour browser\nExec=%s %%u\nMimeType=x-scheme-handler/http;x-scheme-handler/https;text/html;\n", script), 0o600))
	d.must(os.WriteFile(d.path("config/mimeapps.list"), []byte(
		"[Default Applications]\nx-scheme-handler/http=tour-browser.desktop\nx-scheme-handler/https=tour-browser.desktop\ntext/html=tour-browser.desktop\n"), 0o600))
	d.env = append(d.env, "BROWSER="+script)
}

func (d *desk) getenv(name string) string {
	for _, e := range d.env {
		if v, ok := strings.CutPrefix(e, name+"="); ok {
			return v
		}
	}
	return ""
}

func (d *desk) log(name string) string {
	data, _ := os.ReadFile(d.logs[name])
	return string(data)
}

// wait asks until something is so, at most half a minute.
func (d *desk) wait(what string, so func() bool) {
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

// opened is the next address that was opened in the browser.
func (d *desk) opened() string {
	d.t.Helper()
	select {
	case u := <-d.urls:
		return u
	case <-time.After(20 * time.Second):
		d.t.Fatal("nothing was opened in the browser")
		return ""
	}
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		_ = out.Close()
		return err
	}
	return out.Close()
}

// allLogs is what the programs on the desk printed.
func (d *desk) allLogs() string {
	var b strings.Builder
	for name, file := range d.logs {
		if data, err := os.ReadFile(file); err == nil && len(data) > 0 {
			fmt.Fprintf(&b, "%s: %s\n", name, data)
		}
	}
	return b.String()
}
