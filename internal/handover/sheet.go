package handover

import (
	"slices"
	"strings"
	"time"

	"entrada/internal/words"
)

// Sheet is the hand-over sheet: what a person on the vendor's side needs to
// know, without the secret. It is the one model behind the web page, the PDF
// and the preview of both.
type Sheet struct {
	Practice string // stands above everything, and large; "" for what is real

	Title string
	Lead  string
	Parts []SheetPart
	Foot  string
	Made  time.Time
}

// SheetPart is a heading with the facts below it.
type SheetPart struct {
	Title string
	Text  string // may be empty
	Rows  []SheetRow
}

// SheetRow is one fact.
type SheetRow struct {
	Label, Value string
	Note         string
}

// NewSheet collects the facts of a package.
func NewSheet(p Package) (Sheet, error) {
	p, err := p.complete()
	if err != nil {
		return Sheet{}, err
	}
	s := Sheet{
		Title: "Connection for " + p.vendor(),
		Lead: "What is needed to connect " + p.vendor() + " to the Microsoft 365 mailboxes of " + organisation(p) +
			". The secret is not on this sheet.",
		Parts: []SheetPart{asked(p), permissions(p), secretFacts(p), tested(p), belongs(p)},
		Foot:  strings.TrimSpace("Made on " + p.Created.Format(words.Date) + " by " + p.App),
		Made:  p.Created,
	}
	if p.IsPractice() {
		s.Practice = PracticeWords
	}
	return s, nil
}

func organisation(p Package) string {
	if p.TenantDomain != "" {
		return p.TenantDomain
	}
	return "tenant " + p.TenantID
}

// asked are the vendor's own labels.
func asked(p Package) SheetPart {
	part := SheetPart{Title: "What to enter", Text: "Under the names that " + p.vendor() + " uses."}
	for _, f := range p.Fields {
		value := f.Value
		switch {
		case f.LeftEmpty:
			value = LeftEmptyWords
		case f.Secret:
			value = "not on this sheet"
		}
		part.Rows = append(part.Rows, SheetRow{f.Label, value, f.Note})
	}
	return part
}

func permissions(p Package) SheetPart {
	part := SheetPart{Title: "What it may do"}
	all := len(p.Permissions) > 0
	for _, q := range p.Permissions {
		kind := "In the mailbox of whoever signs in"
		switch {
		case q.Kind == "application":
			kind = "By itself, with nobody signed in"
		case slices.Contains([]string{"openid", "profile", "email", "offline_access", "User.Read"}, q.Name):
			kind = "For the sign-in itself"
		}
		part.Rows = append(part.Rows, SheetRow{q.Name, kind, q.Reason})
		all = all && q.Granted
	}
	state := "Not proven yet: no test has passed so far."
	if all {
		state = "Given. A test has used these permissions."
	}
	part.Rows = append(part.Rows, SheetRow{Label: "Consent", Value: state})
	return part
}

func secretFacts(p Package) SheetPart {
	part := SheetPart{Title: "The secret"}
	expires := "Not known. Microsoft Entra shows it under Certificates & secrets."
	if !p.SecretExpires.IsZero() {
		expires = p.SecretExpires.Format(words.Date)
	}
	part.Rows = append(part.Rows, SheetRow{"Expires on", expires, "A new one must be in place before that day."})
	if p.Fingerprint != "" {
		part.Rows = append(part.Rows, SheetRow{"Fingerprint", p.Fingerprint,
			"To compare by phone: whoever opens the encrypted file sees the same eight characters. They do not " +
				"give the secret away."})
	}
	return part
}

func tested(p Package) SheetPart {
	value := "Not tested yet."
	if !p.Test.When.IsZero() {
		value = "Did not work on " + p.Test.When.UTC().Format(words.Date) + ". " + p.Test.Headline
		if p.Test.OK {
			value = "Worked on " + p.Test.When.UTC().Format(words.Date) + ". " + p.Test.Headline
		}
	}
	return SheetPart{Title: "The last test", Rows: []SheetRow{{Label: "Result", Value: strings.TrimSpace(value)}}}
}

// belongs is where the connection belongs, for whoever supports it.
func belongs(p Package) SheetPart {
	part := SheetPart{Title: "For support"}
	add := func(label, value string) {
		if value != "" {
			part.Rows = append(part.Rows, SheetRow{Label: label, Value: value})
		}
	}
	add("Organisation", p.TenantDomain)
	add("Tenant ID", p.TenantID)
	add("Client ID", p.ClientID)
	add("Sign-in address", p.AuthorityURL)
	add("Token address", p.TokenURL)
	for _, k := range sortedKeys(p.Extra) {
		if k != practiceLabel { // it stands above everything
			add(k, p.Extra[k])
		}
	}
	return part
}

// Text is the sheet as plain text.
func (s Sheet) Text() string {
	var b strings.Builder
	if s.Practice != "" {
		b.WriteString(s.Practice + "\n\n")
	}
	b.WriteString(s.Title + "\n" + s.Lead + "\n")
	for _, part := range s.Parts {
		b.WriteString("\n" + part.Title + "\n")
		if part.Text != "" {
			b.WriteString(part.Text + "\n")
		}
		for _, r := range part.Rows {
			b.WriteString("  " + r.Label + ": " + r.Value + "\n")
			if r.Note != "" {
				b.WriteString("    " + r.Note + "\n")
			}
		}
	}
	b.WriteString("\n" + s.Foot + "\n")
	return b.String()
}
