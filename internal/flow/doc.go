// Package flow is what happens in Entrada, step by step, and what is said about
// it, once. A conversation is a chain of screens; the window draws a [Screen] as
// a page, the terminal as lines and a question.
//
// The rooms below it hold the conversations: administer, prove, deliver. Pages
// with a layout of their own take verbs and words from there, and from prepare.
//
// It must not know windows, terminals or command lines, and it must not know
// whether the cloud it is given is a real one.
package flow
