// Package directory is the state of the pretend organisations: tenants, their
// users and roles, app registrations, service principals, consent, app role
// assignments, secrets (as hashes) and the sign-in log. It also holds the rules
// that belong to the data itself: what a registration may look like and which
// redirect URI matches which.
//
// It must not know HTTP, tokens, pages or mailboxes.
//
// What it hands out is never changed afterwards: a change replaces the object.
// So callers may keep and read what they got, and must not write to it.
package directory
