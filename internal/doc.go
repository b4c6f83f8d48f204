// Package internal is the plan of the house; it holds no code.
//
// A package may import those below it, never one beside or above it. The test in
// this folder reads the import graph and names who may import whom.
//
//	cmd/entrada           the window's program
//	cmd/entrada-cli       the same product in a terminal: no window, no cgo
//	cmd/practice-tenant   the practice organisation by itself
//
//	ui             theme, parts, sketch and pages; the only place that knows Fyne
//	terminal       the commands of entrada-cli
//	flow           what happens and what is said, once; window and terminal draw it
//	journey        the wizard's state machine
//	app            what a running Entrada has
//	registration   wanted against actual registration
//	checks         the connection test
//	handover       what leaves the program
//	connections    what is kept
//	signin         getting tokens
//	graph          Microsoft Graph
//	explain        errors in words
//	guides         what a vendor requires, and the portal steps that follow
//	entra          Microsoft's platform as data
//	netclient      the one HTTP client
//	safefile       the one file writer, and the one reader of our own documents
//	agefile        encrypted files, and what a passphrase costs
//	words          how numbers, dates and lists are written
//	markup         **bold** words
//	clipboard      secrets on the clipboard, for a while
//	fault          the one error type
//	secret         the type of every secret
//	assets         vendor guides, icons and the changes, built into the programs
//
// Beside them stand what only commands and tests know:
//
//	practice       the practice organisation: sign-in, Graph, portal, mailboxes, faults
//	tour           the proof in a real window
//	bench          the budgets
//	testdesktop    the desktop that both run on
//
// "go doc" with a package's path says what it is for, and what it must not know.
package internal
