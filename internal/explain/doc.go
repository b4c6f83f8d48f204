// Package explain is the one place where an error becomes words for a person
// who has never heard of OAuth. Every explanation has four parts: what
// happened, why, who can fix it, and the one next click.
//
// There are two ways in. [Error] takes an error of this program, mostly a
// [fault.Error]. [Text] takes anything that somebody pasted: a sign-in error
// page, the address of one, a log line, JSON, a bare number, a screenshot read
// by a machine; it answers with ranked causes.
//
// # The words
//
// The words are data: codes.toml holds what Microsoft's services answer,
// kinds.toml what Entrada itself may meet, shared.toml the people, the next
// clicks and the sources that both refer to. They are embedded and loaded
// strictly, once, when the first explanation is asked for.
//
// Microsoft asks programs not to steer by its error numbers, which may change.
// Hence this package only helps people: a page may offer the next click of an
// Explanation, and nothing decides by its code or its words. The few decisions
// that do depend on a number stand in one table, [entra.TraitsOf].
//
// # What it must not know
//
// Windows, vendors, saved connections and the network. And it must not repeat
// what it is given: pasted text often holds a secret, a sign-in code or a
// token. What it takes over from a text are error codes, correlation IDs,
// times, and a few quoted names whose form is checked; see [Redact].
package explain
