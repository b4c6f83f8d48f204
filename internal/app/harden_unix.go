//go:build unix

package app

import "golang.org/x/sys/unix"

// harden keeps what is in memory out of core dumps, where the system writes
// them at all, and away from other programs of the same user. It does what it
// can: a program that is not hardened works as well.
func harden() {
	var cores unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_CORE, &cores) == nil {
		cores.Cur = 0 // the browser, which inherits it, may raise its own again
		_ = unix.Setrlimit(unix.RLIMIT_CORE, &cores)
	}
	closeMemory()
}
