package app

import "golang.org/x/sys/unix"

// closeMemory keeps other programs of the same user from attaching and from
// reading /proc/PID/mem (man 2 PR_SET_DUMPABLE). It is not inherited.
func closeMemory() { _ = unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0) }
