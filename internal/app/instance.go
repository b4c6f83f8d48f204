package app

import (
	"encoding/json"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"entrada/internal/entra"
	"entrada/internal/safefile"
)

// Launch is what the program was started for; nothing of it is secret.
type Launch struct {
	Vendor string `json:"vendor,omitempty"` // begin with the vendor of this ID
	Guide  string `json:"guide,omitempty"`  // show what this guide file asks for; the whole path
	Test   string `json:"test,omitempty"`   // test the saved connection of this name
}

const (
	maxLaunch     = 8 << 10         // bytes
	launchTimeout = 2 * time.Second // for the whole exchange
	understood    = "shown\n"
)

// Listen waits for programs that are started while this one is open, and hands
// over what they were started for. Whoever calls it holds the instance lock of
// the home. The socket stands in the home, and only its owner may write to it.
//
// It is a comfort: where there can be no socket, such as in a home with a very
// long path, the second program says itself that this one is open.
func Listen(home string, onLaunch func(Launch)) (stop func()) {
	path := filepath.Join(home, safefile.InstanceSocket)
	_ = os.Remove(path) // of a program that was killed
	listener, err := net.Listen("unix", path)
	if err != nil {
		return func() {}
	}
	_ = os.Chmod(path, 0o600)
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			answer(conn, onLaunch)
		}
	})
	return func() {
		_ = listener.Close() // takes the socket away
		serving.Wait()
	}
}

func answer(conn net.Conn, onLaunch func(Launch)) {
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(launchTimeout))
	var w Launch
	if json.NewDecoder(io.LimitReader(conn, maxLaunch)).Decode(&w) != nil {
		return
	}
	onLaunch(w)
	_, _ = io.WriteString(conn, understood)
}

// SendToRunning gives what this program was started for to the one that is open on a
// cloud; false if that did not answer.
func SendToRunning(cloud entra.Cloud, w Launch) bool {
	home, err := Home(cloud)
	if err != nil {
		return false
	}
	conn, err := net.DialTimeout("unix", filepath.Join(home, safefile.InstanceSocket), launchTimeout)
	if err != nil {
		return false
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(launchTimeout))
	letOthersComeForward()
	if json.NewEncoder(conn).Encode(w) != nil {
		return false
	}
	said, err := io.ReadAll(io.LimitReader(conn, int64(len(understood))))
	return err == nil && string(said) == understood
}
