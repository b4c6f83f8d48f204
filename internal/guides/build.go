package guides

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/words"
)

// Wish is what an admin says of a vendor that is not listed.
type Wish struct {
	Vendor      string
	Abilities   []string // IDs of [Abilities]
	ByItself    bool     // the software works with nobody signed in
	RedirectURL string   // may be empty
	Mailbox     string   // for software that works by itself: the mailbox to test with
}

// Ability is something that software may do, in plain words.
type Ability struct {
	ID          string
	Label       string
	Delegated   string // the permission in somebody's name
	Application string // the permission for software that works by itself; "" if there is none
}

// Abilities are what can be wished for.
func Abilities() []Ability {
	return []Ability{
		{"mail-send", "Send mail", "Mail.Send", "Mail.Send"},
		{"mail-read", "Read mail", "Mail.Read", "Mail.Read"},
		{"mail-write", "Draft, move and delete mail", "Mail.ReadWrite", "Mail.ReadWrite"},
		{"calendar-read", "Read the calendar", "Calendars.Read", "Calendars.Read"},
		{"calendar-write", "Put appointments into the calendar and change them", "Calendars.ReadWrite",
			"Calendars.ReadWrite"},
		{"contacts-read", "Read contacts", "Contacts.Read", "Contacts.Read"},
		{"contacts-write", "Add and change contacts", "Contacts.ReadWrite", "Contacts.ReadWrite"},
		{"tasks-read", "Read tasks", "Tasks.Read", "Tasks.Read.All"},
		{"tasks-write", "Add and change tasks", "Tasks.ReadWrite", "Tasks.ReadWrite.All"},
		{"settings-read", "Read the mailbox settings, such as the time zone", "MailboxSettings.Read",
			"MailboxSettings.Read"},
	}
}

// CheckVendor judges the name that a guide made here would have. Its error is of
// kind [fault.InvalidInput], with a sentence for the field.
func CheckVendor(name string) error {
	name = words.OneLine(name)
	id := slug(name)
	switch {
	case name == "":
		return fault.Invalid("vendor", "Type the name of the vendor.")
	case id == "":
		return fault.Invalid("vendor", "Type the name with at least one plain letter.")
	case utf8.RuneCountInString(name) > MaxVendor:
		return fault.Invalid("vendor", fmt.Sprintf("Use at most %d characters. A short name is fine.", MaxVendor))
	}
	return CheckForeign(&Guide{ID: id, Vendor: name, AppName: appName(name)})
}

func appName(vendor string) string { return vendor + " Outlook" }

// Build makes a guide from a wish. The error is of kind [fault.InvalidInput],
// that of [CheckVendor] included, or one of Load's.
func Build(w Wish) (*Guide, error) {
	w.Vendor = words.OneLine(w.Vendor)
	if err := CheckVendor(w.Vendor); err != nil {
		return nil, err
	}
	if len(w.Abilities) == 0 {
		return nil, fault.Invalid("abilities", "Choose at least one thing that the vendor is to do.")
	}
	g := &Guide{
		Format: 1, ID: slug(w.Vendor), Vendor: w.Vendor, AppName: appName(w.Vendor),
		Summary:   "Made here, from your own answers.",
		Audiences: []Audience{SingleTenant},
		Secret:    SecretWish{Description: w.Vendor, Months: 12},
		Fields: []Field{
			{Label: "Client ID", From: FromClientID}, {Label: "Client Secret", From: FromSecretValue},
			{Label: "Tenant ID", From: FromTenantID, Ours: true,
				Why: "Your app accepts your organisation only, so the vendor needs its ID."},
		},
	}
	g.Document.Title, g.Document.Revised = "Your own answers", "today"
	for _, a := range Abilities() {
		if !slices.Contains(w.Abilities, a.ID) {
			continue
		}
		p := Permission{Name: a.Delegated, Kind: Delegated, Why: a.Label + "."}
		if w.ByItself {
			p.Name, p.Kind = a.Application, Application
		}
		g.Permissions = append(g.Permissions, p)
	}
	if w.ByItself {
		g.Inputs = []Input{{ID: "mailbox", Label: "Mailbox to test with", Kind: InputMailbox, Default: w.Mailbox,
			Help: "The test uses this mailbox alone."}}
	} else {
		for _, name := range []string{"User.Read", "offline_access", "openid", "profile"} {
			known, _ := entra.PermissionByName(name)
			g.Permissions = append(
				g.Permissions,
				Permission{Name: name, Kind: Delegated, Why: strings.ToUpper(known.Does[:1]) + known.Does[1:] + ".",
					Ours: true})
		}
		g.Inputs = []Input{{ID: "redirect-url", Label: "Redirect URL", Kind: InputRedirectURL, Default: w.RedirectURL,
			Optional: true,
			Help:     "Some vendors call it callback URL. Leave it empty if yours has not named one yet."}}
		g.Redirects = []Redirect{{Input: "redirect-url"}}
	}
	data, err := Encode(g)
	if err != nil {
		return nil, err
	}
	if g, err = Load("guide", data); err != nil {
		return nil, err
	}
	g.Origin = OriginAnswers
	return g, nil
}

// slug makes an ID out of a name.
func slug(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r) && b.Len() > 0):
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String()[:min(b.Len(), 40)], "-")
}
