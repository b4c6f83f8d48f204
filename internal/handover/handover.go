// Package handover is what leaves the program: the settings that a vendor asked
// for, under the vendor's own labels, as a readable file without secrets, as a
// .env file, or encrypted with everything in it; and reading such files back.
//
// It makes and reads bytes. Where they go, who confirms and what a page looks
// like is not its business.
package handover

import (
	"maps"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/guides"
	"entrada/internal/safefile"
	"entrada/internal/secret"
)

// Field is one line of what the vendor asked for.
type Field struct {
	Label string // the vendor's own
	Value string // empty if Secret

	// Secret fields carry their text in Hidden, never in Value. Hidden may be
	// empty: the field is asked for, but its text is not handed over.
	Secret bool
	Hidden secret.Value

	// LeftEmpty: the vendor asks for it, and does not get it on purpose. A file that is
	// read back has an empty field instead, and the note.
	LeftEmpty bool

	Note string // for the reader, in the file as well
}

// Plain makes a field that anybody may read.
func Plain(label, value string) Field { return Field{Label: label, Value: value} }

// Hidden makes a field whose text only travels encrypted.
func Hidden(label string, v secret.Value) Field {
	return Field{Label: label, Secret: true, Hidden: v}
}

// Withheld makes a field that is left empty on purpose.
func Withheld(label string) Field { return Field{Label: label, LeftEmpty: true} }

// LeftEmptyWords say so in every format.
const LeftEmptyWords = "left empty on purpose"

// PracticeWords stand in everything that is made in the practice organisation.
const PracticeWords = "Practice: made in a pretend organisation. Nothing in it is real."

// practiceLabel is the name of that among what else is in a file.
const practiceLabel = "Practice"

// IsPractice reports whether all of it is pretend.
func (p Package) IsPractice() bool { return p.CloudID == entra.PracticeCloudID }

// Permission is one permission of the app and whether it was granted.
type Permission struct {
	Name    string // "Mail.Send"
	Kind    string // "delegated" or "application"
	Reason  string
	Granted bool // a test has proven it; false: not looked at, or not proven
}

// Package is all that goes to the vendor.
type Package struct {
	VendorID   string
	VendorName string
	Created    time.Time
	App        string // "Entrada 1.0.0"

	Fields []Field // in the vendor's order

	CloudID      string
	TenantID     string
	TenantDomain string
	ClientID     string
	AuthorityURL string // filled in for the built-in clouds if empty
	TokenURL     string // likewise

	ClientSecret  secret.Value
	SecretExpires time.Time
	// Fingerprint of ClientSecret, to compare by phone; filled in if empty.
	Fingerprint string

	Permissions []Permission
	Extra       map[string]string // whatever else, never a secret

	Test TestResult // for the sheet alone; no file is read back with it
}

// TestResult is how the last test of a connection went; the zero value is none.
type TestResult struct {
	When     time.Time
	OK       bool
	Headline string
}

const (
	maxText   = guides.MaxText // of one value
	maxFields = guides.MaxFields
)

// complete fills in the fingerprint, cuts times to seconds as they are written,
// and refuses a package that could not be written or read back.
func (p Package) complete() (Package, error) {
	const op = "prepare the settings"
	p = p.filled()
	p.Created = p.Created.UTC().Truncate(time.Second)
	if !p.SecretExpires.IsZero() {
		p.SecretExpires = p.SecretExpires.UTC().Truncate(time.Second)
	}
	misuse := func(detail string) (Package, error) {
		return Package{}, &fault.Error{Kind: fault.Misuse, Op: op, Detail: detail}
	}
	if len(p.Fields) > maxFields || len(p.Permissions) > maxFields || len(p.Extra) > maxFields {
		return misuse("too many fields")
	}
	seen := map[string]bool{}
	for _, f := range p.Fields {
		switch {
		case f.LeftEmpty && (f.Secret || f.Value != ""):
			return misuse("a value in a field that is left empty")
		case f.Label == "" || seen[f.Label]:
			return misuse("a field without a label of its own")
		case f.Secret && f.Value != "":
			return misuse("a secret field with a readable value")
		case !f.Secret && !f.Hidden.IsEmpty():
			return misuse("a readable field with a secret")
		}
		seen[f.Label] = true
		if err := checkText("field “"+f.Label+"”", f.Label, f.Value, f.Hidden.Reveal(), f.Note); err != nil {
			return Package{}, err
		}
	}
	for _, q := range p.Permissions {
		if err := checkText("permission", q.Name, q.Kind, q.Reason); err != nil {
			return Package{}, err
		}
	}
	for k, v := range p.Extra {
		if err := checkText("field “"+k+"”", k, v); err != nil {
			return Package{}, err
		}
	}
	if err := checkText("settings", p.VendorID, p.VendorName, p.App, p.CloudID, p.TenantID, p.TenantDomain,
		p.ClientID, p.AuthorityURL, p.TokenURL, p.ClientSecret.Reveal(), p.Fingerprint, p.Test.Headline); err != nil {
		return Package{}, err
	}
	if s := p.inconsistent(); s != "" {
		return misuse(s)
	}
	if p.leaks() {
		return misuse("a secret in a field that is written readable")
	}
	return p, nil
}

// filled adds what follows from the rest.
func (p Package) filled() Package {
	if p.Fingerprint == "" {
		p.Fingerprint = p.ClientSecret.Fingerprint()
	}
	if p.IsPractice() {
		extra := map[string]string{practiceLabel: PracticeWords}
		maps.Copy(extra, p.Extra)
		p.Extra = extra
	}
	if c, ok := cloudByID(p.CloudID); ok && p.TenantID != "" {
		if p.AuthorityURL == "" {
			p.AuthorityURL = c.Login + "/" + p.TenantID
		}
		if p.TokenURL == "" {
			p.TokenURL = c.TokenURL(p.TenantID)
		}
	}
	return p
}

func cloudByID(id string) (entra.Cloud, bool) {
	for _, c := range entra.Clouds() {
		if c.ID == id {
			return c, true
		}
	}
	return entra.Cloud{}, false
}

// inconsistent says what does not fit together. A file from outside is held
// against the same rules: its addresses would be shown as Microsoft's.
func (p Package) inconsistent() string {
	if p.TenantID != "" && !entra.IsGUID(p.TenantID) || p.ClientID != "" && !entra.IsGUID(p.ClientID) {
		return "a tenant ID or client ID of another form"
	}
	if !p.ClientSecret.IsEmpty() && p.Fingerprint != p.ClientSecret.Fingerprint() {
		return "a fingerprint that is not the secret's"
	}
	cloud, known := cloudByID(p.CloudID)
	practice := p.CloudID == entra.PracticeCloudID
	if p.CloudID != "" && !known && !practice {
		return "a cloud that is not known"
	}
	for _, address := range []string{p.AuthorityURL, p.TokenURL} {
		ours := known && strings.HasPrefix(address, cloud.Login+"/") || practice && isLoopback(address)
		if address != "" && !ours {
			return "an address that is not its cloud's"
		}
	}
	return ""
}

// leaks reports whether a readable place holds one of the secrets.
func (p Package) leaks() bool {
	for _, v := range p.secrets() {
		text := v.Reveal()
		if len(text) < 8 {
			continue // it may well be part of an innocent word
		}
		if strings.Contains(p.Test.Headline, text) {
			return true
		}
		for _, f := range Preview(p) {
			if strings.Contains(f.Value+"\n"+f.Label+"\n"+f.Note, text) {
				return true
			}
		}
	}
	return false
}

func (p Package) secrets() []secret.Value {
	list := []secret.Value{p.ClientSecret}
	for _, f := range p.Fields {
		list = append(list, f.Hidden)
	}
	return list
}

// checkText refuses text that a file or its reader could not take: too long,
// not UTF-8, or with characters that nobody sees.
func checkText(what string, texts ...string) error {
	for _, t := range texts {
		switch {
		case len(t) > maxText:
			return fault.Invalid(what, "This text is too long.")
		case !utf8.ValidString(t):
			return fault.Invalid(what, "This text is not readable.")
		case strings.ContainsFunc(t, isHiddenRune):
			return fault.Invalid(what, "There is a line break or an invisible character in this text.")
		}
	}
	return nil
}

// isHiddenRune covers control characters, and those that turn the direction of
// text around or have no width: they make one text look like another.
func isHiddenRune(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r)
}

// FileName suggests a name: vendor, organisation and date, then ext, such as
// "OxfordIQ-contoso.example-2026-11-20.settings.json".
func FileName(p Package, ext string) string {
	name := p.VendorName
	if name == "" {
		name = p.VendorID
	}
	parts := safefile.SafeName(name)
	if p.TenantDomain != "" {
		parts += " " + p.TenantDomain
	}
	base := safefile.SafeName(parts) + "-" + p.Created.UTC().Format(time.DateOnly)
	if ext = strings.TrimPrefix(ext, "."); ext == "" {
		return base
	}
	return base + "." + safefile.SafeName(ext)
}

// Preview lists exactly what the readable settings hold, in order, for the
// person to look at before anything is written. Secret fields are listed
// without their text: they are in the encrypted file alone.
func Preview(p Package) []Field {
	p = p.filled()
	var list []Field
	for _, f := range p.Fields {
		f.Hidden = secret.Value{}
		if f.LeftEmpty {
			f.Value = LeftEmptyWords
		}
		list = append(list, f)
	}
	add := func(label, value string) {
		if value != "" {
			list = append(list, Plain(label, value))
		}
	}
	add("Vendor", p.VendorName)
	add("Vendor ID", p.VendorID)
	add("Tenant ID", p.TenantID)
	add("Domain", p.TenantDomain)
	add("Client ID", p.ClientID)
	add("Cloud", p.CloudID)
	add("Authority URL", p.AuthorityURL)
	add("Token URL", p.TokenURL)
	for _, q := range p.Permissions {
		state := "not checked" // false says no more than that nobody has proven it
		if q.Granted {
			state = "granted"
		}
		list = append(list, Field{Label: "Permission " + q.Name, Value: q.Kind + ", " + state, Note: q.Reason})
	}
	if !p.SecretExpires.IsZero() {
		add("Secret expires", p.SecretExpires.UTC().Format(time.RFC3339))
	}
	add("Fingerprint of the secret", p.Fingerprint)
	for _, k := range sortedKeys(p.Extra) {
		add(k, p.Extra[k])
	}
	add("Created", p.Created.UTC().Format(time.RFC3339))
	add("Made by", p.App)
	return list
}
