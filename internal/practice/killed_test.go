package practice_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"entrada/internal/practice"
)

// toBeKilled names the state file to a copy of the test program that will be
// killed.
const toBeKilled = "ENTRADA_PRACTICE_TO_BE_KILLED"

// TestTheOneThatIsKilled is that copy; by itself it tests nothing.
func TestTheOneThatIsKilled(t *testing.T) {
	file := os.Getenv(toBeKilled)
	if file == "" {
		return
	}
	s := start(t, practice.Options{StateFile: file})
	v := register(t, s, nil, "User.Read")
	data, err := json.Marshal(map[string]string{"clientId": v.clientID, "secret": v.secret, "tenant": v.tenant})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println("\n" + string(data))
	// Busy when it dies, so that it may die while writing; not for ever, should
	// nobody come to kill it.
	for i, end := 0, time.Now().Add(time.Minute); time.Now().Before(end); i++ {
		register(t, s, map[string]any{"displayName": fmt.Sprint("later ", i)}, "")
	}
}

func TestKilledWithoutAWord(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "tenant.json")
	for range 3 { // each time on top of the last
		c := exec.Command(exe, "-test.run=^TestTheOneThatIsKilled$")
		c.Env = append(os.Environ(), toBeKilled+"="+file)
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		var v vendor
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			var told map[string]string
			if json.Unmarshal(lines.Bytes(), &told) == nil {
				v = vendor{clientID: told["clientId"], secret: told["secret"], tenant: told["tenant"]}
				break
			}
		}
		// What it told of is written soon, while it goes on with others.
		waitFor(t, "the registration to be written",
			func() bool { return strings.Contains(content(t, file), v.clientID) })
		_ = c.Process.Kill()
		_ = c.Wait()
		s := again(t, file)
		if v.clientID == "" || len(s.Notes()) > 0 {
			t.Fatalf("%+v %v", v, s.Notes())
		}
		probe(t, s, v)
		closed(t, s)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(file), ".*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// waitFor looks again and again until something is so.
func waitFor(t *testing.T, what string, so func() bool) {
	t.Helper()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	limit := time.NewTimer(10 * time.Second)
	defer limit.Stop()
	for !so() {
		select {
		case <-look.C:
		case <-limit.C:
			t.Fatalf("waited in vain for %s", what)
		}
	}
}
