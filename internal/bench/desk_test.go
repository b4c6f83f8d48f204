//go:build bench && linux

package bench

import (
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"entrada/internal/testdesktop"
)

// desk is a desktop of our own, and its screen.
type desk struct {
	*testdesktop.Desktop
	t      *testing.T
	screen *glass
}

// newDesk makes a desktop with a message bus and nothing else.
func newDesk(t *testing.T) *desk {
	t.Helper()
	return &desk{Desktop: testdesktop.New(t, scratch(t), "light"), t: t}
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

// openDisplay adds a screen that we can look at.
func (d *desk) openDisplay() {
	d.t.Helper()
	d.Must(os.Mkdir(d.Path("screen"), 0o700))
	d.OpenDisplay("-fbdir", d.Path("screen"))
	d.screen = openGlass(d.t, d.Path("screen/Xvfb_screen0"))
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
	return &glass{file: file, start: int64(number(0) + 12*number(19)), stride: int64(number(12)), width: number(4),
		height: number(5)}
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
