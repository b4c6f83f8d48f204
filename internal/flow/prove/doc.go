// Package prove is the conversation that proves a connection: sign in, try out
// what the vendor will do, judge, report and remember.
//
// It must not know windows or terminals; each draws the screens in its own way.
package prove
