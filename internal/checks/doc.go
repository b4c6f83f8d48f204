// Package checks is the connection test: a graph of small checks, the runner
// that works through it, and the verdict.
//
// It must not know windows or where connections are saved. Words for a failure
// come from package explain.
package checks
