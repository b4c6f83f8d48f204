// Package graph is a small Microsoft Graph client: typed errors, waiting when
// throttled, and retries only where repeating a request is safe. It covers the
// calls that Entrada makes and no more.
//
// It must not know vendors, windows or how a token was obtained.
package graph
