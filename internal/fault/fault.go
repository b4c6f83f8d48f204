// Package fault is the vocabulary of what can go wrong in Entrada: one error
// type, with a kind that code can branch on and that package explain can put
// into words. It must not know those words, nor any toolkit, nor the network.
//
// Rules for whoever makes one: Detail, Subject and the wrapped error never
// hold a secret, a token, an authorization code or a request body.
package fault

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Kind says what went wrong.
type Kind string

// The kinds. The value is stable: reports and the command line print it.
const (
	Unknown   Kind = "unknown"
	Cancelled Kind = "cancelled"
	Misuse    Kind = "misuse" // a bug in Entrada itself

	// This computer and the network.
	Offline       Kind = "offline"        // no route, refused, unreachable
	HostNotFound  Kind = "host-not-found" // DNS
	TimedOut      Kind = "timed-out"      // connected, or tried to, and no answer came
	TLSUntrusted  Kind = "tls-untrusted"  // Subject: issuer of the certificate received
	ProxyRefused  Kind = "proxy-refused"  // the proxy wants a login or forbids the address
	CaptivePortal Kind = "captive-portal" // a web page came where data was due
	BadAnswer     Kind = "bad-answer"     // truncated, oversized, malformed, foreign redirect
	Unavailable   Kind = "unavailable"    // 5xx after retries
	Throttled     Kind = "throttled"      // 429 after retries
	ClockWrong    Kind = "clock-wrong"    // Detail: the difference

	// Sign-in.
	PortUnavailable  Kind = "port-unavailable"
	BrowserNotOpened Kind = "browser-not-opened"
	SignInTimedOut   Kind = "sign-in-timed-out"
	TokenInvalid     Kind = "token-invalid" // the ID token or token answer failed a check
	WrongAccount     Kind = "wrong-account" // other tenant than expected; Subject: account
	Refused          Kind = "refused"       // the identity platform said no; Code: AADSTS…
	TenantNotFound   Kind = "tenant-not-found"

	// Microsoft Graph.
	GraphRefused   Kind = "graph-refused"    // Code: Graph's error code
	TooManySecrets Kind = "too-many-secrets" // an app that lets personal accounts in has two at most
	MaybeSent      Kind = "maybe-sent"       // a mail may or may not have gone out
	LeftBehind     Kind = "left-behind"      // Subject: what stayed in the mailbox
	ScopeMissing   Kind = "scope-missing"    // Subject: the permissions that were not granted
	NoRefreshToken Kind = "no-refresh-token"
	MailboxClosed  Kind = "mailbox-closed" // the permission is there, a right to this mailbox is not; Subject: mailbox
	// the permission is there, a rule in Exchange keeps the app away; Subject: mailbox
	AppKeptOut Kind = "app-kept-out"

	// Keychain.
	KeychainMissing     Kind = "keychain-missing"     // no such item
	KeychainLocked      Kind = "keychain-locked"      //
	KeychainDeclined    Kind = "keychain-declined"    // the person said no
	KeychainUnavailable Kind = "keychain-unavailable" // no keychain on this computer or session
	KeychainTooLarge    Kind = "keychain-too-large"   //
	KeychainTimedOut    Kind = "keychain-timed-out"   //
	KeychainCorrupt     Kind = "keychain-corrupt"     // what is read back is not what was written

	// Files.
	FileReadOnly    Kind = "file-read-only"   // folder or file cannot be written; Subject: path
	FileExists      Kind = "file-exists"      // refused without confirmation
	FileNotRegular  Kind = "file-not-regular" // link, device, folder
	FileNotFound    Kind = "file-not-found"   //
	FolderNotFound  Kind = "folder-not-found" // where a file was to be written; Subject: the folder
	DiskFull        Kind = "disk-full"        //
	FileTooLarge    Kind = "file-too-large"   //
	FileCorrupt     Kind = "file-corrupt"     // checksum, truncation, syntax
	FileNewer       Kind = "file-newer"       // written by a newer Entrada
	WrongPassphrase Kind = "wrong-passphrase"
	WeakPassphrase  Kind = "weak-passphrase"
	// PassphraseNeeded: the file with secrets waits for its passphrase.
	PassphraseNeeded Kind = "passphrase-needed"
	AlreadyRunning   Kind = "already-running"

	// Input.
	InvalidInput Kind = "invalid-input" // Detail: one sentence for the field
)

// Error is an error with a kind. Only Kind and Op are always set.
type Error struct {
	Kind    Kind
	Op      string // what was being done, lower case: "find the organisation"
	Subject string // the host, path, account or permission concerned
	Code    string // "AADSTS7000215" or Graph's error code
	Claims  string // JSON: what the next sign-in has to ask for, so that this is not refused again
	Field   string // of a form: where the sentence belongs
	Detail  string // a cleaned sentence that is safe to show

	Status        int           // HTTP status, 0 if none
	CorrelationID string        // Entra's correlation ID
	RequestID     string        // Graph's request-id
	TraceID       string        // Entra's trace ID or our client-request-id
	RetryAfter    time.Duration // how long the server asked to wait, 0 if it did not
	When          time.Time     // UTC, zero if unknown

	Err error
}

// Error implements error: "op: kind code: detail: cause".
func (e *Error) Error() string {
	var b strings.Builder
	if e.Op != "" {
		b.WriteString(e.Op + ": ")
	}
	b.WriteString(string(e.Kind))
	if e.Code != "" {
		b.WriteString(" " + e.Code)
	}
	if e.Status != 0 {
		fmt.Fprintf(&b, " (HTTP %d)", e.Status)
	}
	if e.Subject != "" {
		fmt.Fprintf(&b, " %q", e.Subject)
	}
	if e.Detail != "" {
		b.WriteString(": " + e.Detail)
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// New makes an error of the given kind; cause may be nil.
func New(kind Kind, op string, cause error) *Error {
	return &Error{Kind: kind, Op: op, Err: cause}
}

// Invalid makes an [InvalidInput] error with one sentence for the field.
func Invalid(field, sentence string) *Error {
	return &Error{Kind: InvalidInput, Op: "check " + field, Field: field, Detail: sentence}
}

// KindOf returns the kind of the outermost [Error] in err's chain. A context's
// end reads as Cancelled or TimedOut, any other error as Unknown, nil as "".
func KindOf(err error) Kind {
	if err == nil {
		return ""
	}
	var f *Error
	switch {
	case errors.As(err, &f):
		return f.Kind
	case errors.Is(err, context.Canceled):
		return Cancelled
	case errors.Is(err, context.DeadlineExceeded):
		return TimedOut
	default:
		return Unknown
	}
}

// Is reports whether err is of one of the kinds.
func Is(err error, kinds ...Kind) bool {
	k := KindOf(err)
	for _, want := range kinds {
		if k == want {
			return true
		}
	}
	return false
}

// CodeOf returns the outermost [Error]'s code, or "".
func CodeOf(err error) string {
	var f *Error
	if errors.As(err, &f) {
		return f.Code
	}
	return ""
}

// Sentence is what an error about one entry says by itself, for the place where
// the entry stands; "" for any other error, which package explain puts into words.
func Sentence(err error) string {
	var e *Error
	if errors.As(err, &e) && (e.Kind == InvalidInput || e.Kind == WeakPassphrase) {
		return e.Detail
	}
	return ""
}
