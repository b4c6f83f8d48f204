package explain

import (
	"cmp"
	"strings"
	"time"

	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/words"
)

// Culprit is the link of the chain that is broken.
type Culprit string

// The culprits.
const (
	ThisComputer       Culprit = "this-computer"
	Network            Culprit = "network"
	Organisation       Culprit = "organisation" // which one was named
	OrganisationPolicy Culprit = "organisation-policy"
	AppRegistration    Culprit = "app-registration"
	Consent            Culprit = "consent"
	Secret             Culprit = "secret"
	Account            Culprit = "account"
	Mailbox            Culprit = "mailbox"
	Vendor             Culprit = "vendor"
	Microsoft          Culprit = "microsoft"
	Nobody             Culprit = "nobody" // nothing is broken, or nobody knows yet
)

var culpritNames = map[Culprit]string{
	ThisComputer:       "This computer",
	Network:            "The network",
	Organisation:       "The organisation or tenant ID",
	OrganisationPolicy: "A rule of the organisation",
	AppRegistration:    "The app registration",
	Consent:            "The consent",
	Secret:             "The client secret",
	Account:            "The account",
	Mailbox:            "The mailbox",
	Vendor:             "The vendor's software",
	Microsoft:          "Microsoft's service",
	Nobody:             "Nothing, or not clear yet",
}

// Name is the culprit for people: "The client secret".
func (c Culprit) Name() string { return culpritNames[c] }

// Action is what the one next click does. A page that cannot do it shows the
// label as advice.
type Action string

// The actions.
const (
	TryAgain          Action = "try-again"
	Wait              Action = "wait" // then try again
	OpenPortal        Action = "open-portal"
	OpenLink          Action = "open-link"
	SignInAgain       Action = "sign-in-again"
	ChooseAccount     Action = "choose-account"
	OtherProgram      Action = "other-program" // for the sign-in of an administrator
	PasteAgain        Action = "paste-again"
	NewSecret         Action = "new-secret"
	UseAnotherMailbox Action = "use-another-mailbox"
	SendToAdmin       Action = "send-to-admin"
	SendToVendor      Action = "send-to-vendor"
	SaveElsewhere     Action = "save-elsewhere"
	SessionOnly       Action = "session-only" // keep the secret in memory alone
	Unlock            Action = "unlock"       // the keychain
	ChooseFile        Action = "choose-file"
	Edit              Action = "edit" // correct the entry
	CopyLink          Action = "copy-link"
	NetworkSettings   Action = "network-settings"
	CopyDetails       Action = "copy-details"
	Cancel            Action = "cancel"
)

var actions = []Action{
	TryAgain, Wait, OpenPortal, OpenLink, SignInAgain, ChooseAccount, OtherProgram, PasteAgain, NewSecret,
	UseAnotherMailbox,
	SendToAdmin, SendToVendor, SaveElsewhere, SessionOnly, Unlock, ChooseFile, Edit, CopyLink, NetworkSettings,
	CopyDetails, Cancel,
}

// Next is the one next click.
type Next struct {
	Label  string
	Typed  string // the same for who has a command line and no buttons
	Action Action
	Page   entra.PortalPage // for OpenPortal and NewSecret
	URL    string           // ready to open: for Page, and for OpenLink
}

// Explanation is an error in words. Its texts are plain, without markup.
type Explanation struct {
	What string // what happened
	Why  string
	Who  string // who can fix it
	Next Next

	Culprit Culprit

	// For the folded details.
	Code          string // "AADSTS7000215", Graph's error code, or a fault.Kind
	CorrelationID string // Entra's
	RequestID     string // Graph's and Exchange's
	TraceID       string
	When          time.Time // UTC, zero if unknown
	Message       string    // from Error alone: what was reported, cleaned and redacted

	Known      bool // false: we have no words for this code and say so
	Documented bool // true: Microsoft's own pages say so; false: seen in practice
	Sources    []string
}

// Details is the one line for the folded details: "AADSTS7000215 · correlation
// ID … · trace ID … · 2026-11-20 09:12 UTC".
func (e Explanation) Details() string {
	var parts []string
	if e.Code != "" {
		parts = append(parts, e.Code)
	}
	if e.CorrelationID != "" {
		parts = append(parts, "correlation ID "+e.CorrelationID)
	}
	if e.RequestID != "" {
		parts = append(parts, "request ID "+e.RequestID)
	}
	if e.TraceID != "" {
		parts = append(parts, "trace ID "+e.TraceID)
	}
	if !e.When.IsZero() {
		parts = append(parts, words.Timestamp(e.When))
	}
	return strings.Join(parts, " · ")
}

// Typed is the explanation for who has a command line and no buttons.
func (e Explanation) Typed() Explanation {
	e.Next.Label = cmp.Or(e.Next.Typed, e.Next.Label)
	return e
}

// Report is the whole explanation as plain text, for the clipboard, a ticket
// or the command line.
func (e Explanation) Report() string {
	var b strings.Builder
	line := func(label, text string) {
		if text != "" {
			b.WriteString(label + words.OneLine(text) + "\n")
		}
	}
	line("What happened: ", e.What)
	line("Why: ", e.Why)
	line("Who can fix it: ", e.Who)
	next := e.Next.Label
	if e.Next.URL != "" {
		next += " (" + e.Next.URL + ")"
	}
	line("Next: ", next)
	line("Where: ", e.Culprit.Name())
	line("Details: ", e.Details())
	line("Message: ", e.Message)
	return b.String()
}

// Sentence is an error in one sentence, for the line below a field.
func Sentence(err error) string {
	if s := fault.Sentence(err); s != "" {
		return s
	}
	return Error(err, Context{}).What
}
