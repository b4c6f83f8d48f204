//go:build bench && linux

package bench

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"
)

// latency is how long each answer of the practice organisation takes, about
// what Microsoft takes in Europe.
const latency = 80 * time.Millisecond

// row is one budget, as measured.
type row struct {
	what     string
	budget   string
	measured string
	within   bool
	how      string // what the figures are of
}

// table collects the rows in the order in which they are measured.
type table struct{ rows []row }

func (tb *table) add(r row) { tb.rows = append(tb.rows, r) }

// ratio adds a row whose budget is a ratio.
func (tb *table) ratio(what string, budget, measured float64, how string, a ...any) {
	tb.add(row{what, fmt.Sprintf("≤ %.2f ×", budget), fmt.Sprintf("%.2f ×", measured), measured <= budget,
		fmt.Sprintf(how, a...)})
}

func (tb *table) String() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "what\tbudget\tmeasured\t\thow it came about")
	for _, r := range tb.rows {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", r.what, r.budget, r.measured, r.verdict(), r.how)
	}
	_ = w.Flush()
	return b.String()
}

func (r row) verdict() string {
	switch {
	case r.measured == "–":
		return ""
	case r.within:
		return "within"
	}
	return "OVER"
}

// TestBudgets measures every budget. The groups come one after the other: two
// measurements at once would measure each other.
func TestBudgets(t *testing.T) {
	began, tb := time.Now(), &table{}
	for _, group := range []struct {
		name    string
		measure func(*testing.T, *table)
	}{
		{"window", measureWindow},
		{"pages", measurePages},
		{"pasted", measurePasted},
		{"connection", measureConnection},
		{"registration", measureRegistration},
		{"against m365", measureAgainstM365},
		{"batch", measureBatch},
	} {
		if !t.Run(group.name, func(t *testing.T) { group.measure(t, tb) }) {
			tb.add(row{what: group.name + ": could not be measured", budget: "–", measured: "–"})
		}
	}
	fmt.Printf("\n%s\nMeasured in %d seconds, on %d processors with a load of %s.\n\n", tb,
		int(time.Since(began).Seconds()), runtime.NumCPU(), load())
}

// load is how many programs wanted a processor in the last minutes, ours among
// them: with more than there are, times are longer than they need be.
func load() string {
	text, _ := os.ReadFile("/proc/loadavg")
	fields := strings.Fields(string(text))
	if len(fields) < 2 {
		return "unknown size"
	}
	return fields[1]
}

// repository is where the Makefile and bin/ are, seen from here.
const repository = "../.."

// makefile reads how the shipped window is built, so that the comparison is
// always with a window built like ours.
func makefile(t *testing.T, variable string) string {
	t.Helper()
	text, err := os.ReadFile(repository + "/Makefile")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`(?m)^` + variable + `\s*:=\s*(\S+)$`).FindSubmatch(text)
	if m == nil {
		t.Fatalf("the Makefile has no line %s := …", variable)
	}
	return string(m[1])
}

// build builds a command of this module the way the Makefile builds the window.
func build(t *testing.T, pkg, out string) {
	t.Helper()
	tags := strings.ReplaceAll(makefile(t, "RELEASE_TAGS"), "$(TAGS)", makefile(t, "TAGS"))
	cmd := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-tags", tags, "-gcflags",
		makefile(t, "GCFLAGS"), "-ldflags", "-s -w", "-o", out, pkg)
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
}

// median of measurements; of an even number, the upper one of the middle.
func median[T int64 | float64 | time.Duration](list []T) T {
	list = slices.Clone(list)
	slices.Sort(list)
	return list[len(list)/2]
}

// until asks every so often whether something is so.
func until(t *testing.T, what string, limit, every time.Duration, so func() bool) {
	t.Helper()
	end, tick := time.After(limit), time.NewTicker(every)
	defer tick.Stop()
	for !so() {
		select {
		case <-tick.C:
		case <-end:
			t.Fatalf("%s: waited %s in vain", what, limit)
		}
	}
}

// ms prints a duration in milliseconds, with two digits at least.
func ms(d time.Duration) string {
	digits := 1
	if d < time.Millisecond {
		digits = 3
	}
	return fmt.Sprintf("%.*f ms", digits, float64(d)/float64(time.Millisecond))
}
