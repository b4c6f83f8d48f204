// Package testdesktop is a desktop for tests: a virtual display with a window
// manager, a message bus, a Secret Service and a home, all of their own. Tour and
// benchmarks run the released programs on it.
//
// Only tests may import it. What is here stands behind the build tags "tour" and
// "bench", because it needs Xvfb, openbox, dbus-daemon and gnome-keyring; "make
// deps-test" installs them.
package testdesktop
