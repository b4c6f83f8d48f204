//go:build bench && linux

package bench

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"entrada/internal/testdesktop"
)

const (
	starts     = 9 // of each window
	idleTime   = 10 * time.Second
	idleBudget = 0.005 // of one core
)

// measureWindow holds the shipped window against an empty one.
func measureWindow(t *testing.T, tb *table) {
	ours, err := filepath.Abs(repository + "/bin/entrada")
	if err != nil {
		t.Fatal(err)
	}
	empty := filepath.Join(t.TempDir(), "emptywindow")
	build(t, "./emptywindow", empty)
	measureSize(t, tb, ours, empty)
	d := newDesk(t)
	d.openDisplay()
	measureStart(d, tb, ours, empty)
	measureIdle(d, tb, ours, empty)
}

func measureSize(t *testing.T, tb *table, ours, empty string) {
	t.Helper()
	size := func(name string) int64 {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	a, b := size(ours), size(empty)
	tb.ratio("stripped program ÷ empty window", 1.35, float64(a)/float64(b), "%s ÷ %s", mb(a), mb(b))
}

// measureStart also takes the memory: right after the first picture, before
// anything was done, both windows stand alike.
func measureStart(d *desk, tb *table, ours, empty string) {
	d.t.Helper()
	// The first start of all fills the caches of the graphics driver and of the
	// disk; it would be counted to whichever window came first.
	d.firstFrame(ours)
	d.firstFrame(empty)
	var ourStarts, emptyStarts []time.Duration
	var our, blank []usage
	for range starts {
		took, used := d.firstFrame(ours)
		ourStarts, our = append(ourStarts, took), append(our, used)
		took, used = d.firstFrame(empty)
		emptyStarts, blank = append(emptyStarts, took), append(blank, used)
	}
	// Each start is held against the one right after it: how busy the computer
	// is with other things changes slowly.
	ratios := make([]float64, starts)
	for i := range ratios {
		ratios[i] = float64(ourStarts[i]) / float64(emptyStarts[i])
	}
	tb.ratio("start to first frame ÷ empty window", 1.25, median(ratios),
		"median of %d pairs, from %.2f to %.2f; %s ÷ %s, the quickest %s ÷ %s",
		starts, slices.Min(ratios), slices.Max(ratios), ms(median(ourStarts)), ms(median(emptyStarts)),
		ms(slices.Min(ourStarts)), ms(slices.Min(emptyStarts)))

	resident, emptyResident := medianOf(our, usage.residentBytes), medianOf(blank, usage.residentBytes)
	tb.ratio("memory on the home page ÷ empty window", 1.3, float64(resident)/float64(emptyResident),
		"resident %s ÷ %s; without what is mapped from files %s ÷ %s", mb(resident), mb(emptyResident),
		mb(medianOf(our, usage.privateBytes)), mb(medianOf(blank, usage.privateBytes)))
}

func (u usage) residentBytes() int64 { return u.resident }
func (u usage) privateBytes() int64  { return u.private }

func medianOf(list []usage, of func(usage) int64) int64 {
	figures := make([]int64, len(list))
	for i, u := range list {
		figures[i] = of(u)
	}
	return median(figures)
}

// firstFrame starts a window, and ends it a second after its first picture: so
// long a start may go on behind it.
func (d *desk) firstFrame(program string) (took time.Duration, used usage) {
	d.t.Helper()
	// The window before must be off the screen.
	d.untilScreen("an empty screen", true)
	began := time.Now()
	cmd := d.Start(program, d.asNew)
	d.untilScreen("the first frame", false)
	took = time.Since(began)
	<-time.After(time.Second)
	used, err := usageOf(cmd.Process.Pid)
	d.Must(err)
	testdesktop.Stop(cmd)
	return took, used
}

// asNew gives a program a home of its own, as on its first start.
func (d *desk) asNew(cmd *exec.Cmd) {
	home, err := os.MkdirTemp(d.Dir, "entrada-")
	d.Must(err)
	cmd.Env = append(cmd.Env[:len(cmd.Env):len(cmd.Env)], "ENTRADA_HOME="+home)
}

// untilScreen waits until the screen is black, as it is without a window, or is
// not. Both windows are light, and drawn at once.
func (d *desk) untilScreen(what string, black bool) {
	d.t.Helper()
	until(d.t, what, 30*time.Second, 2*time.Millisecond, func() bool {
		counts, err := d.screen.colours()
		d.Must(err)
		all := 0
		for _, n := range counts {
			all += n
		}
		return (counts[0] > all/2) == black
	})
}

// measureIdle leaves windows alone, all at the same time: on the home page, on a
// page with a field that has the focus, and the empty one.
func measureIdle(d *desk, tb *table, ours, empty string) {
	d.t.Helper()
	windows := []struct {
		name string
		args []string
		cmd  *exec.Cmd
		cpu  time.Duration
	}{
		{name: "home page", args: []string{ours}},
		{name: "page with a field", args: []string{ours, "--vendor", "oxfordiq"}},
		{name: "empty window", args: []string{empty}},
	}
	for i, w := range windows {
		windows[i].cmd = d.Start(w.args[0], d.asNew, w.args[1:]...)
	}
	d.untilScreen("the windows", false)
	// All of them have come to rest when none has done much for a second.
	measure := func() (most time.Duration) {
		for i, w := range windows {
			now, err := cpuOf(w.cmd.Process.Pid)
			d.Must(err)
			most = max(most, now-w.cpu)
			windows[i].cpu = now
		}
		return most
	}
	until(d.t, "windows at rest", 30*time.Second, time.Second, func() bool { return measure() < 50*time.Millisecond })
	before := make([]time.Duration, len(windows))
	for i, w := range windows {
		before[i] = w.cpu
	}
	<-time.After(idleTime)
	measure()
	share, alone, how := 0.0, 0.0, ""
	for i, w := range windows {
		s := float64(w.cpu-before[i]) / float64(idleTime)
		how += fmt.Sprintf("%s %.2f %%; ", w.name, 100*s)
		if w.args[0] == ours {
			share = max(share, s)
		} else {
			alone = s
		}
		testdesktop.Stop(w.cmd)
	}
	tb.add(row{"idle, share of one core", fmt.Sprintf("≤ %.1f %%", 100*idleBudget), fmt.Sprintf("%.2f %%", 100*share),
		share <= idleBudget,
		fmt.Sprintf("%sover %s; %.2f × the empty window", how, idleTime, share/alone)})
}
