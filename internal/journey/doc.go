// Package journey is the wizard's state machine: its pages, the answers given,
// what is done, and coming back after closing. The window and the terminal both
// drive it, so it knows neither.
//
// A Journey is not safe for concurrent use: it belongs to one goroutine, the
// window's. What takes time is handed out as a value (a request, a list of
// checks) that may run elsewhere; its outcome is given back by a method.
package journey
