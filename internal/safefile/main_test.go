//go:build unix

package safefile

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

// childVariable makes the test binary a program of its own: the part that is
// killed, or that holds a lock.
const childVariable = "ENTRADA_SAFEFILE_TEST"

func TestMain(m *testing.M) {
	if job := os.Getenv(childVariable); job != "" {
		name, rest, _ := strings.Cut(job, " ")
		children[name](strings.Fields(rest))
		return
	}
	goleak.VerifyTestMain(m)
}

var children = map[string]func(args []string){
	"write": dieWhileWriting,
	"lock":  holdLock,
	"own":   ownUntilTold,
}

// child is the test binary, about to do a job.
func child(t *testing.T, job string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), childVariable+"="+job)
	return cmd
}

// holdLock tries to take a lock, says how it went and keeps it until its
// standard input ends.
func holdLock(args []string) {
	release, err := Lock(args[0])
	if err != nil {
		fmt.Println(err)
		return
	}
	defer release()
	fmt.Println("held")
	_, _ = bufio.NewReader(os.Stdin).ReadString('\n')
}

func kill() {
	self, _ := os.FindProcess(os.Getpid())
	_ = self.Kill()
	select {}
}

func dieWhileWriting(args []string) {
	path, overwrite, when, count := args[0], args[1] == "overwrite", step(args[2]), 0
	nth := int(args[3][0] - '0')
	err := writer{before: func(s step) error {
		if s == when {
			if count++; count == nth {
				kill()
			}
		}
		return nil
	}}.write(path, newContent, Options{Overwrite: overwrite})
	fmt.Println("survived:", err)
}
