// Package tour is the proof that the whole product works: the released program
// in a real window on a virtual display, driven by keyboard, with a real
// browser and a real Secret Service, against the practice organisation. It
// leaves numbered screenshots and what was exported.
//
// It holds tests only, behind the build tag "tour", because they need Xvfb,
// openbox, xdotool, Chromium and gnome-keyring; "make tour" installs and runs
// them. It must not reach into the program: it sees what a person sees.
package tour
