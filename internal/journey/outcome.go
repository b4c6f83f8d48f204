package journey

import (
	"time"

	"entrada/internal/connections"
	"entrada/internal/registration"
)

// Record is the connection as it is saved; nothing in it is secret.
func (j *Journey) Record() connections.Record {
	a := j.answers
	r := connections.Record{
		ID: a.ConnectionID, Name: j.guide.Vendor + " · " + a.TenantDomain,
		VendorID: j.guide.ID, VendorName: j.guide.Vendor,
		CloudID: j.Cloud().ID, TenantID: a.TenantID, TenantDomain: a.TenantDomain, TenantName: a.TenantName,
		ClientID: a.ClientID, SecretID: a.SecretID, SecretExpires: a.SecretExpires, ExpiryTyped: a.ExpiryTyped,
		RedirectURIs: j.guide.RedirectURLs(a.Inputs), Inputs: j.Answers().Inputs,
		Audience: string(a.Audience), Features: j.Answers().Features,
		LastTested: a.TestedAt,
	}
	switch {
	case !a.TestedAt.IsZero():
		r.LastResult, r.LastHeadline = connections.ResultOK, "Everything works"
		if j.ProvesOneOnly() {
			r.LastHeadline = "It works for the person who tested it"
		}
	case !a.FailedAt.IsZero():
		r.LastTested, r.LastResult = a.FailedAt, connections.ResultFailed
		r.LastHeadline, r.LastCulprit = a.Failed, a.FailedCulprit
	}
	return r
}

// Kept remembers that the connection is saved under an ID.
func (j *Journey) Kept(id string) { j.answers.ConnectionID = id }

// HandedOver reports whether it is noted that the vendor has the connection.
func (j *Journey) HandedOver() bool {
	r, saved := j.app.Connections.Get(j.answers.ConnectionID)
	return saved && r.HandedOver != nil
}

// ExpiryWords is the day on which the secret expires, marked where it is only
// what somebody typed.
func (j *Journey) ExpiryWords() string {
	words := j.answers.SecretExpires.Format(DateLayout)
	if j.answers.ExpiryTyped {
		words += " (as typed; the registration was not asked)"
	}
	return words
}

// TestPassed remembers that the test passed, and with which mailbox.
func (j *Journey) TestPassed(mailbox string) {
	j.answers.Attention = nil
	j.answers.TestedAt, j.answers.TestedAs = j.app.Now().UTC(), mailbox
	j.answers.FailedAt, j.answers.Failed, j.answers.FailedCulprit, j.answers.Unproven = time.Time{}, "", "", false
}

// ProvesOneOnly reports whether a test that passed tells nothing of anybody but
// the person who signed in: the token does not say whether an administrator has
// agreed for all, and nobody has looked at the registration yet.
func (j *Journey) ProvesOneOnly() bool {
	return !j.guide.AppOnly() && j.answers.Check != registration.OK
}

// TestFailed remembers a test that did not pass.
func (j *Journey) TestFailed(t connections.Tested) {
	j.answers.FailedAt, j.answers.Failed, j.answers.FailedCulprit = t.When.UTC(), t.Headline, t.OnlyCulprit
}

// GoOnUnproven leaves the test as it is, so that a connection can be saved whose
// secret the portal shows once, while somebody else mends what is wrong.
func (j *Journey) GoOnUnproven() { j.answers.Unproven = true }

// SetTenantName remembers the organisation's own name, known after a sign-in.
func (j *Journey) SetTenantName(name string) { j.answers.TenantName = name }

// OthersUnknown says what such a test leaves open.
const OthersUnknown = "whether it works for your colleagues. Where no administrator has agreed for all of them, " +
	"Microsoft tells them “Need admin approval”."
