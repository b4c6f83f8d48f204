package journey

import (
	"maps"
	"slices"
	"time"

	"entrada/internal/app"
	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/guides"
	"entrada/internal/registration"
	"entrada/internal/secret"
)

// Answers are what the person has said so far. They are written to disk, so
// nothing in them is secret.
type Answers struct {
	VendorID     string            `json:"vendor,omitempty"`
	Organisation string            `json:"organisation,omitempty"` // as typed
	CloudID      string            `json:"cloud,omitempty"`
	TenantID     string            `json:"tenant,omitempty"`
	TenantDomain string            `json:"domain,omitempty"`
	TenantName   string            `json:"tenantName,omitempty"` // known after a sign-in
	Audience     guides.Audience   `json:"audience,omitempty"`
	Inputs       map[string]string `json:"inputs,omitempty"`
	Features     []string          `json:"features,omitempty"`
	Route        Route             `json:"route,omitempty"`

	ClientID      string    `json:"client,omitempty"`
	SecretID      string    `json:"secretID,omitempty"`
	SecretExpires time.Time `json:"secretExpires,omitzero"`
	ExpiryTyped   bool      `json:"expiryTyped,omitempty"` // and not what the registration says

	TestedAt time.Time `json:"testedAt,omitzero"`
	TestedAs string    `json:"testedAs,omitempty"`
	// FailedAt, Failed and FailedCulprit are a test that did not pass, its headline, and
	// what alone was wrong. Unproven says that the person goes on without one that did.
	FailedAt      time.Time `json:"failedAt,omitzero"`
	Failed        string    `json:"failed,omitempty"`
	FailedCulprit string    `json:"failedCulprit,omitempty"`
	Unproven      bool      `json:"unproven,omitempty"`

	// Check is how the registration compared with what the vendor needs, "" while
	// nobody has looked.
	Check registration.State `json:"check,omitempty"`

	// Attention are pages that were done, and turned out not to be.
	Attention []PageID `json:"attention,omitempty"`

	ConnectionID string `json:"connection,omitempty"` // once saved
	Sending      bool   `json:"sending,omitempty"`    // somebody else is to enter the values; see [Journey.Sends]
}

// Journey is one way through the wizard.
type Journey struct {
	app     app.App
	guide   *guides.Guide
	answers Answers
	page    PageID
	done    map[PageID]bool

	// Memory only.
	clientSecret secret.Value
	probed       bool // the pasted values were accepted by Microsoft
	replacing    bool // the secret before was let go of
}

// New starts a journey on its first page.
func New(a app.App) *Journey {
	return &Journey{app: a, page: PageVendor, done: map[PageID]bool{}, answers: Answers{Inputs: map[string]string{}}}
}

// Guide is the chosen vendor's guide, nil before one is chosen.
func (j *Journey) Guide() *guides.Guide { return j.guide }

// Answers returns a copy of what was answered.
func (j *Journey) Answers() Answers {
	a := j.answers
	a.Inputs = maps.Clone(a.Inputs)
	a.Features, a.Attention = slices.Clone(a.Features), slices.Clone(a.Attention)
	return a
}

// Cloud is where the chosen organisation lives.
func (j *Journey) Cloud() entra.Cloud {
	return j.app.CloudOf(j.answers.CloudID)
}

// Choices are the answers that the portal steps depend on.
func (j *Journey) Choices() guides.Choices {
	name := j.answers.TenantName
	if name == "" {
		name = j.answers.TenantDomain
	}
	return guides.Choices{Organisation: name, Audience: j.answers.Audience, Inputs: j.answers.Inputs,
		Features: j.answers.Features}
}

// ChooseVendor takes a guide. Another vendor than before clears what was said
// for the portal, because another app is needed.
func (j *Journey) ChooseVendor(g *guides.Guide) {
	if j.guide != nil && j.guide.ID == g.ID {
		j.guide = g // perhaps opened anew from a changed file
		return
	}
	j.guide = g
	j.answers.VendorID = g.ID
	j.answers.Audience = g.Audiences[0]
	j.answers.Features = g.DefaultFeatures()
	j.answers.Inputs = map[string]string{}
	for _, in := range g.Inputs {
		j.answers.Inputs[in.ID] = in.Default
	}
	j.forgetApp()
}

// TypeOrganisation remembers what was typed, before it is looked up.
func (j *Journey) TypeOrganisation(text string) {
	if text == j.answers.Organisation {
		return
	}
	j.answers.Organisation = text
	j.answers.TenantID, j.answers.TenantDomain, j.answers.TenantName, j.answers.CloudID = "", "", "", ""
}

// UseTenant takes the tenant that was found for what was typed.
func (j *Journey) UseTenant(t entra.Tenant) {
	if j.answers.TenantID != t.ID {
		j.probed = false
	}
	j.answers.TenantID, j.answers.TenantDomain, j.answers.CloudID = t.ID, t.Domain, t.Cloud.ID
}

// SetInput remembers an input of the guide.
func (j *Journey) SetInput(id, text string) {
	clean, _ := entra.CleanPaste(text)
	j.answers.Inputs[id] = clean
}

// SetAudience remembers whose accounts the app is to accept.
func (j *Journey) SetAudience(a guides.Audience) { j.answers.Audience = a }

// SetFeatures remembers what the vendor is to be able to do.
func (j *Journey) SetFeatures(ids []string) { j.answers.Features = slices.Clone(ids) }

// Known is what pasted values are compared with.
func (j *Journey) Known() entra.Known {
	return entra.Known{TenantID: j.answers.TenantID, ClientID: j.answers.ClientID, SecretID: j.answers.SecretID}
}

// PasteClientID judges and remembers the client ID.
func (j *Journey) PasteClientID(text string) entra.Verdict {
	known := j.Known()
	known.ClientID = ""
	v := entra.CheckClientID(text, known)
	j.keepIfUsable(&j.answers.ClientID, v)
	return v
}

// PasteSecret judges the secret's Value and keeps it in memory.
func (j *Journey) PasteSecret(text string) entra.Verdict {
	v := entra.CheckSecretValue(text, j.Known())
	kept := secret.Value{}
	if v.State == entra.Good || v.State == entra.Doubtful {
		kept = secret.New(v.Clean)
	}
	if !kept.Equal(j.clientSecret) {
		j.clientSecret, j.probed = kept, false
		j.forgetTest()
	}
	return v
}

// PasteSecretID judges and remembers the Secret ID, which is optional.
func (j *Journey) PasteSecretID(text string) entra.Verdict {
	v := entra.CheckSecretID(text, j.Known())
	if v.State == entra.Good {
		j.answers.SecretID = v.Clean
	} else {
		j.answers.SecretID = ""
	}
	return v
}

func (j *Journey) keepIfUsable(field *string, v entra.Verdict) {
	value := ""
	if v.State == entra.Good {
		value = v.Clean
	}
	if *field != value {
		*field, j.probed = value, false
		j.forgetTest()
	}
}

// SetSecretExpiry remembers until when the secret works, as somebody typed it.
func (j *Journey) SetSecretExpiry(t time.Time) {
	if j.answers.SecretExpires.IsZero() || !registration.SameDay(j.answers.SecretExpires, t) {
		j.answers.SecretExpires, j.answers.ExpiryTyped = t, true
	}
}

// ProposedExpiry is when a secret made today ends, if the guide's months were
// chosen.
func (j *Journey) ProposedExpiry() time.Time {
	now := j.app.Now()
	return time.Date(now.Year(), now.Month()+time.Month(j.guide.Secret.Months), now.Day(), 0, 0, 0, 0, time.UTC)
}

// Sends reports whether the values are sent to somebody: always, unless the
// admin enters them into the vendor's software.
func (j *Journey) Sends() bool {
	return j.guide == nil || !j.guide.EnterYourself || j.answers.Sending
}

// ChooseSending remembers that somebody else enters the values.
func (j *Journey) ChooseSending(on bool) { j.answers.Sending = on }

// HasSecret reports whether the secret is in memory. It is never on disk, so
// after closing it has to be pasted again unless the connection was saved.
func (j *Journey) HasSecret() bool { return !j.clientSecret.IsEmpty() }

// LostByStopping says what becomes of a secret that is not saved when somebody
// stops here, as a sentence; "" where nothing is lost.
func (j *Journey) LostByStopping() string {
	switch {
	case !j.HasSecret() || j.answers.ConnectionID != "":
		return ""
	case j.answers.Route == DoForMe:
		return "The client secret is not kept: Entrada makes a new secret when you come back."
	default:
		return "The client secret is not kept: you will have to paste it again."
	}
}

// Secret returns the pasted secret.
func (j *Journey) Secret() secret.Value { return j.clientSecret }

// ForgetSecret lets go of a secret that Microsoft does not take any more, so that
// another one gets made.
func (j *Journey) ForgetSecret() {
	j.PasteSecret("")
	j.replacing = true
}

// Replacing reports whether a secret was let go of, and no other one has come.
func (j *Journey) Replacing() bool { return j.replacing && j.clientSecret.IsEmpty() }

// RecallSecret takes back a secret that was saved in the keychain before the
// program was closed.
func (j *Journey) RecallSecret(v secret.Value) { j.clientSecret, j.probed = v, true }

// Probed reports whether Microsoft accepted the pasted values; SetProbed
// remembers that it did.
func (j *Journey) Probed() bool { return j.probed }

// SetProbed remembers what Microsoft said of the pasted values.
func (j *Journey) SetProbed(ok bool) { j.probed = ok }

func (j *Journey) forgetApp() {
	j.answers.ClientID, j.answers.SecretID, j.answers.SecretExpires, j.answers.ExpiryTyped = "", "", time.Time{}, false
	j.clientSecret, j.probed = secret.Value{}, false
	j.answers.ConnectionID, j.answers.Attention = "", nil
	j.forgetTest()
	for id := range j.done {
		if id != PageVendor && id != PageOrganisation {
			delete(j.done, id)
		}
	}
}

// forgetTest: another secret or app was never tested, nor compared.
func (j *Journey) forgetTest() {
	j.answers.TestedAt, j.answers.TestedAs, j.answers.Check = time.Time{}, "", ""
	j.answers.FailedAt, j.answers.Failed, j.answers.FailedCulprit, j.answers.Unproven = time.Time{}, "", "", false
}

// The fields of the page where the values are pasted, as [Journey.Missing] names them.
const (
	FieldClientID = "client-id"
	FieldSecret   = "secret"
	FieldSecretID = "secret-id"
	FieldExpires  = "expires"
)

// Missing says what a page still needs before it is done, as an error of kind
// InvalidInput with one sentence, or nil.
func (j *Journey) Missing(id PageID) error {
	missing := func(s string) error { return fault.Invalid(string(id), s) }
	switch id {
	case PageVendor:
		if j.guide == nil {
			return missing("Choose the vendor who asked you for a Client ID and a Client Secret.")
		}
	case PageOrganisation:
		if j.answers.TenantID == "" {
			return missing("Type your work e-mail address, so that we find your organisation.")
		}
	case PageNeeds:
		for _, in := range j.guide.Inputs {
			if err := in.Check(j.answers.Inputs[in.ID], j.answers.Audience); err != nil {
				return err
			}
		}
		if len(j.guide.Wanted(j.answers.Features)) == 0 {
			return missing("Choose at least one thing that the vendor is to do.")
		}
	case PageDoIt:
		if j.answers.ClientID == "" || j.clientSecret.IsEmpty() && j.answers.ConnectionID == "" {
			return missing("The app is not registered yet.")
		}
	case PagePaste:
		switch {
		case j.answers.ClientID == "":
			return fault.Invalid(FieldClientID, "The Application (client) ID is missing.")
		case j.clientSecret.IsEmpty() && j.answers.ConnectionID == "":
			return fault.Invalid(FieldSecret,
				"The client secret's Value is missing. It is never kept on disk, so after a break it has to be "+
					"pasted again.")
		case j.guide.NeedsSecretID() && j.answers.SecretID == "":
			return fault.Invalid(FieldSecretID,
				j.guide.Vendor+" also asks for the Secret ID. It stands to the right of the Value.")
		case j.answers.SecretExpires.IsZero():
			return fault.Invalid(FieldExpires, "Say when the secret expires, so that we can remind you.")
		case !j.probed && j.answers.ConnectionID == "":
			return missing("Microsoft has not accepted these values yet.")
		}
	case PageTest:
		if j.answers.TestedAt.IsZero() && !j.answers.Unproven {
			return missing("The test has not passed yet.")
		}
	case PageSave:
		if j.answers.ConnectionID == "" {
			return missing("The connection is not saved yet.")
		}
	}
	return nil
}
