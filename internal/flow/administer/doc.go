// Package administer is the conversation with an administrator: sign in, choose
// the app, plan, apply, verify, mend, undo, and ask a colleague for the rest.
//
// It must not know windows or terminals; each draws the screens in its own way.
package administer
