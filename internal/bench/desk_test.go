//go:build bench && linux

package bench

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"golang.org/x/sys/unix"
)

// desk is a desktop of our own, with all that a program on it can write to. What
// runs on it ends with the test.
type desk struct {
	t      *testing.T
	dir    string
	env    []string
	screen *glass
}

// newDesk makes a desktop with a message bus and nothing else.
func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, dir: scratch(t)}
	for _, folder := range []string{"home", "config", "data", "cache", "run", "screen"} {
		d.must(os.MkdirAll(d.path(folder), 0o700))
	}
	d.env = []string{
		"PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8", "HOME=" + d.path("home"), "XDG_CONFIG_HOME=" + d.path("config"),
		"XDG_DATA_HOME=" + d.path("data"), "XDG_CACHE_HOME=" + d.path("cache"), "XDG_RUNTIME_DIR=" + d.path("run"),
		"FYNE_THEME=light", "FYNE_SCALE=1",
	}
	d.setenv("DBUS_SESSION_BUS_ADDRESS", d.tells("dbus-daemon", 1, "--session", "--nofork", "--print-address=1"))
	return d
}

// scratch is a folder in memory where that is possible: the disk, which other
// programs use too, is not what is measured.
func scratch(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("/dev/shm", "entrada-bench-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	return folder
}

func (d *desk) path(name string) string { return filepath.Join(d.dir, name) }

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) setenv(name, value string) { d.env = append(d.env, name+"="+value) }

func (d *desk) getenv(name string) string {
	for _, e := range d.env {
		if v, ok := strings.CutPrefix(e, name+"="); ok {
			return v
		}
	}
	return ""
}

// start runs a program until the test ends, or until stop is called.
func (d *desk) start(name string, prepare func(*exec.Cmd), args ...string) *exec.Cmd {
	d.t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = d.env
	if prepare != nil {
		prepare(cmd)
	}
	if err := cmd.Start(); err != nil {
		d.t.Fatalf("%s cannot be started (make deps-test installs what is needed): %v", name, err)
	}
	d.t.Cleanup(func() { stop(cmd) })
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

// tells starts a program and returns the first line that it writes to a file
// descriptor, which is 1 or 3.
func (d *desk) tells(name string, fd int, args ...string) string {
	d.t.Helper()
	read, write, err := os.Pipe()
	d.must(err)
	defer func() { _ = read.Close() }()
	d.start(name, func(c *exec.Cmd) {
		if fd == 1 {
			c.Stdout = write
		} else {
			c.ExtraFiles = []*os.File{write}
		}
	}, args...)
	_ = write.Close()
	line, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		d.t.Fatalf("%s did not start: %v", name, err)
	}
	return strings.TrimSpace(line)
}

// openDisplay adds a screen with a window manager.
func (d *desk) openDisplay() {
	d.t.Helper()
	number := d.tells("Xvfb", 3, "-displayfd", "3", "-screen", "0", "1100x760x24", "-nolisten", "tcp", "-noreset", "-fbdir", d.path("screen"))
	d.setenv("DISPLAY", ":"+number)
	d.start("openbox", nil)
	d.screen = openGlass(d.t, d.path("screen/Xvfb_screen0"))
}

// openKeychain adds a real Secret Service.
func (d *desk) openKeychain() {
	d.t.Helper()
	d.start("gnome-keyring-daemon", func(c *exec.Cmd) { c.Stdin = strings.NewReader("bench") }, "--foreground", "--unlock", "--components=secrets")
	bus, err := dbus.Connect(d.getenv("DBUS_SESSION_BUS_ADDRESS"))
	d.must(err)
	defer func() { _ = bus.Close() }()
	until(d.t, "the keychain", 30*time.Second, 50*time.Millisecond, func() bool {
		var collection dbus.ObjectPath
		err := bus.Object("org.freedesktop.secrets", "/org/freedesktop/secrets").
			// Without activation: the bus would start a second, locked keychain.
			Call("org.freedesktop.Secret.Service.ReadAlias", dbus.FlagNoAutoStart, "default").Store(&collection)
		return err == nil && collection != "/"
	})
}

// glass looks at the screen without asking the X server, which would keep it
// from its work: the server's own memory of the picture, in the format of xwd.
type glass struct {
	file          *os.File
	start, stride int64
	width, height int
}

func openGlass(t *testing.T, name string) *glass {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	header := make([]byte, 100)
	if _, err := io.ReadFull(file, header); err != nil {
		t.Fatal(err)
	}
	// XWDFile.h: 25 numbers, big-endian.
	number := func(i int) int { return int(binary.BigEndian.Uint32(header[4*i:])) }
	if number(11) != 32 {
		t.Fatalf("the screen has %d bits per pixel", number(11))
	}
	return &glass{file: file, start: int64(number(0) + 12*number(19)), stride: int64(number(12)), width: number(4), height: number(5)}
}

// colours counts the pixels of each colour in the middle of the screen, on every
// eighth line.
func (g *glass) colours() (map[uint32]int, error) {
	const left, top = 60, 60
	counts := map[uint32]int{}
	line := make([]byte, 4*(g.width-2*left))
	for y := top; y < g.height-top; y += 8 {
		if _, err := g.file.ReadAt(line, g.start+int64(y)*g.stride+4*left); err != nil {
			return nil, err
		}
		for i := 0; i < len(line); i += 4 {
			counts[binary.LittleEndian.Uint32(line[i:])&0xffffff]++
		}
	}
	return counts, nil
}

// usage is what the kernel says of a process.
type usage struct {
	resident, private int64 // bytes; private is what is not mapped from files
	peak              int64
}

func usageOf(pid int) (u usage, err error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return u, err
	}
	for line := range strings.Lines(string(text)) {
		name, rest, _ := strings.Cut(line, ":")
		fields := strings.Fields(rest)
		if len(fields) != 2 || fields[1] != "kB" {
			continue
		}
		n, _ := strconv.ParseInt(fields[0], 10, 64)
		switch name {
		case "VmRSS":
			u.resident = n << 10
		case "RssAnon":
			u.private = n << 10
		case "VmHWM":
			u.peak = n << 10
		}
	}
	if u.resident == 0 {
		return u, fmt.Errorf("process %d has ended", pid)
	}
	return u, nil
}

// cpuOf is the time that a process had the processor, all threads together.
func cpuOf(pid int) (total time.Duration, err error) {
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	if err != nil || len(tasks) == 0 {
		return 0, fmt.Errorf("process %d has ended, %v", pid, err)
	}
	for _, task := range tasks {
		text, err := os.ReadFile(task)
		if err != nil {
			continue // this thread has ended
		}
		first, _, _ := strings.Cut(string(text), " ")
		n, err := strconv.ParseInt(first, 10, 64)
		if err != nil {
			return 0, err
		}
		total += time.Duration(n)
	}
	return total, nil
}

// threadTime is the time that the calling thread had the processor.
func threadTime() time.Duration {
	var ts unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &ts); err != nil {
		panic(err) // every Linux has this clock
	}
	return time.Duration(ts.Nano())
}

func mb(bytes int64) string { return fmt.Sprintf("%.0f MB", float64(bytes)/1e6) }
