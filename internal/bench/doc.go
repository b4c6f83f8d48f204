// Package bench measures what the program promises to cost, and prints it as
// one table of ratios: "make bench". Each ratio is of two things measured in
// the same run on the same computer, such as the window against an empty Fyne
// window built with the same flags, or a connection test against the time that
// its longest chain of requests takes by itself; so the table says the same on
// a slow computer as on a fast one.
//
// A ratio over its budget does not fail the run: it is there to be read. What
// fails is a row that could not be measured.
//
// All of it is in tests behind the tag bench, for Linux, where a window can be
// had without a screen; emptywindow is the window to compare with.
package bench
