//go:build !windows && !darwin

package clipboard

import (
	"context"
	"time"
)

// patience is how long Concealed waits for the X server. A window has just been
// drawn by it: it answers within milliseconds, or never.
const patience = 2 * time.Second

// Concealed puts a text on the clipboard with the hint that it is a password,
// which KDE's and other programs that keep a history look for, and says whether
// it could.
//
// The toolkit offers text alone, and X has no clipboard that keeps things: who
// owns the selection answers each program that asks. So this is an owner of its
// own, until somebody else copies something or the program ends.
func Concealed(text string) bool {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	owned := make(chan bool, 1)
	go func() {
		s, err := own(text)
		owned <- err == nil
		if err == nil {
			s.serve()
		}
	}()
	select {
	case ok := <-owned:
		return ok
	case <-ctx.Done():
		return false
	}
}
