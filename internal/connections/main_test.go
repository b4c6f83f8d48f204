package connections

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	_ "entrada/internal/agefile/agefiletest" // what a passphrase costs is no matter here
	"entrada/internal/fault"
)

const (
	onBusVariable = "ENTRADA_TEST_ON_BUS" // set in the test binary that runs on a bus of its own
	killVariable  = "ENTRADA_TEST_KILL"   // set in the one that dies half-way
)

func TestMain(m *testing.M) {
	if job := os.Getenv(killVariable); job != "" {
		dieHalfWay(strings.Fields(job))
		return
	}
	if os.Getenv(onBusVariable) != "" {
		// The keychain library keeps one shared connection for good.
		os.Exit(m.Run())
	}
	goleak.VerifyTestMain(m)
}

func wantKind(t testing.TB, err error, want fault.Kind) {
	t.Helper()
	if fault.KindOf(err) != want {
		t.Fatalf("got %v, want a fault of kind %q", err, want)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// folder is t.TempDir, cleared up name by name: Wine, on which the tests also
// run, does not know the call with which Go deletes whole folders.
func folder(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "entrada")
	must(t, err)
	t.Cleanup(func() {
		var all []string
		_ = filepath.WalkDir(dir, func(path string, _ os.DirEntry, _ error) error {
			all = append(all, path)
			return nil
		})
		for _, path := range slices.Backward(all) {
			_ = os.Remove(path)
		}
	})
	return dir
}
