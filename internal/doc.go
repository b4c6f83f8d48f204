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
//	console        lines of text, and what is typed
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
// # What happens when
//
// A person presses a button or types an answer. The page or the terminal takes a
// [entrada/internal/flow] choice; its step gives the next screen; the screen's work
// waits for Microsoft, the keychain or a file. Work changes nothing of its
// conversation: the step that it returns does. Window and terminal draw the same
// screen, each in its own way.
//
// # Where do I change …
//
//	a sentence of the plan, the test, the hand-over   flow/administer, flow/prove, flow/deliver
//	what an error says                                explain/*.toml
//	what a vendor needs                               assets/guides/VENDOR.toml
//	a step in the portal                              guides/portal_*.go
//	a check of the connection test                    checks
//	a requirement of the registration                 registration/compare*.go
//	a way on from a screen                            the screen's Choices in flow
//	how a screen looks                                block.go of ui/pages and terminal
//	a colour, a size                                  ui/theme
//	who may import whom                               architecture_test.go
//
// # Glossary
//
// One word, one meaning, here and in the code:
//
//	app            app.App                      what a running Entrada has
//	change         registration.Change          one thing that a plan changes in the tenant
//	check          checks.Check                 one question of a connection test
//	choice         flow.Choice                  one way on from a screen
//	cloud          entra.Cloud                  one of Microsoft's clouds, or the practice one
//	connection     connections.Record           app, tenant and secret of one vendor, saved here
//	culprit        explain.Culprit              who or what has to be mended
//	explanation    explain.Explanation          an error in words: what, why, who, next
//	fault          fault.Error                  an error with a kind
//	feature        guides.Feature               what a vendor may do, for the admin to choose
//	guide          guides.Guide                 what one vendor requires
//	hand-over      handover.Package             what goes to the vendor
//	journal        registration.Journal         what one run did, to go on or take it back
//	journey        journey.Journey              one way through the wizard
//	leftover       checks.Leftover              what a test could not take out of a mailbox again
//	page           journey.Page                 one page of the wizard
//	permission     guides.Permission            what an app may do, by Microsoft's name
//	plan           registration.Plan            what has to change, before anybody agreed
//	portal step    guides.Step                  what to do on one page of Microsoft's portal
//	renewal        registration.Renewal         a second secret, until the first one is gone
//	report         checks.Report                a test for a ticket, without a secret
//	requirement    registration.Requirement     one thing that the vendor needs, in three states
//	result         checks.Result                the answer to a check
//	screen         flow.Screen                  one moment of a conversation
//	secret         secret.Value                 what nobody may read by accident
//	session        signin.Session               a person who has signed in, and the tokens
//	step           flow.Step                    what leads to the next screen; it never waits
//	tenant         entra.Tenant                 an organisation at Microsoft
//	verdict        checks.Verdict               what all results of a test come to
//	work           flow.Work                    what waits while a screen is shown
//
// "go doc" with a package's path says what it is for, and what it must not know.
package internal
