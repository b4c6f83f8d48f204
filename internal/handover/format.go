package handover

import (
	"strings"

	"entrada/internal/fault"
	"entrada/internal/secret"
)

// Format is one kind of file that a package can be written as.
type Format struct {
	ID     string // what the terminal calls it: "json"
	Title  string // what people call it
	For    string // who it is for, in a few words
	Suffix string // of the file's name: "settings.json"

	// Sealed: it holds the secrets, and needs a [Lock].
	Sealed bool

	write   func(Package, Lock) ([]byte, error)
	preview func(Package) (string, error)
}

// IsBinary reports whether no terminal can show a file of the format.
func (f Format) IsBinary() bool { return f.Sealed || f.ID == FormatPDF }

// Lock is what closes an encrypted file: the vendor's public key if there is
// one, otherwise a passphrase.
type Lock struct {
	Passphrase secret.Value
	PublicKey  string
}

// The IDs of the formats.
const (
	FormatSealed      = "age"
	FormatPDF         = "pdf"
	FormatHTML        = "html"
	FormatJSON        = "json"
	FormatEnv         = "env"
	FormatAppSettings = "appsettings"
	FormatCalendar    = "ics"
)

// Formats lists every kind of file: first those that most people need. The
// window and the terminal offer them from this list alone.
func Formats() []Format {
	return []Format{
		{ID: FormatSealed, Title: "Encrypted file", Suffix: "settings.age", Sealed: true,
			For:   "For the vendor. Everything, the secret included; it opens with a passphrase only.",
			write: writeSealed, preview: previewSealed},
		{ID: FormatPDF, Title: "Hand-over sheet (PDF)", Suffix: "sheet.pdf",
			For:   "To send by mail, to print, and for your own files. No secret in it.",
			write: readable(SheetPDF), preview: previewSheet},
		{ID: FormatHTML, Title: "Hand-over sheet (web page)", Suffix: "sheet.html",
			For:   "The same sheet for a browser. No secret in it.",
			write: readable(SheetHTML), preview: previewSheet},
		{ID: FormatCalendar, Title: "Calendar reminder", Suffix: "reminder.ics",
			For:   "For your calendar: it reminds you 60, 30 and 7 days before the secret expires.",
			write: readable(Calendar), preview: previewCalendar},
		{ID: FormatJSON, Title: "Settings file (JSON)", Suffix: "settings.json",
			For:   "For programs, and to open in Entrada. No secret in it.",
			write: readable(JSON), preview: itself(JSON)},
		{ID: FormatEnv, Title: ".env file", Suffix: "env",
			For:   "For the vendor's developers. No secret in it.",
			write: readable(Env), preview: itself(Env)},
		{ID: FormatAppSettings, Title: "appsettings.json", Suffix: "appsettings.json",
			For:   "For developers who work with Microsoft .NET. No secret in it.",
			write: readable(AppSettings), preview: itself(AppSettings)},
	}
}

// readable is a format without a lock.
func readable(write func(Package) ([]byte, error)) func(Package, Lock) ([]byte, error) {
	return func(p Package, _ Lock) ([]byte, error) { return write(p) }
}

// itself is the preview of a format that people can read as it is.
func itself(write func(Package) ([]byte, error)) func(Package) (string, error) {
	return func(p Package) (string, error) {
		data, err := write(p)
		return string(data), err
	}
}

// FormatByID finds a format by its ID.
func FormatByID(id string) (Format, bool) {
	for _, f := range Formats() {
		if f.ID == id {
			return f, true
		}
	}
	return Format{}, false
}

// Write makes the file. Only a sealed one looks at the lock.
func (f Format) Write(p Package, l Lock) ([]byte, error) {
	if f.write == nil {
		return nil, &fault.Error{Kind: fault.Misuse, Op: "write the settings", Detail: "no format"}
	}
	return f.write(p, l)
}

// Preview is what the file will hold, for a person to read before it is
// written: the very text where the file is one, otherwise the same facts line
// by line. Secrets are named, never shown; the package need not hold them.
func (f Format) Preview(p Package) (string, error) {
	if f.preview == nil {
		return "", &fault.Error{Kind: fault.Misuse, Op: "preview the settings", Detail: "no format"}
	}
	return f.preview(p)
}

func writeSealed(p Package, l Lock) ([]byte, error) {
	if l.PublicKey != "" {
		return EncryptedTo(p, l.PublicKey)
	}
	return Encrypted(p, l.Passphrase)
}

// previewSealed lists what is inside. The preview is made before the keychain
// is asked, so the package need not hold the secrets.
func previewSealed(p Package) (string, error) {
	p, err := p.complete()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString("Locked. What is marked (hidden) stands in this file alone.\n\n")
	for i, f := range Preview(p) {
		if i == len(p.Fields) {
			b.WriteString("\n")
		}
		value := f.Value
		if f.Secret {
			value = "(hidden)"
		}
		b.WriteString(f.Label + ": " + value + "\n")
		if f.Note != "" {
			b.WriteString("    " + f.Note + "\n")
		}
	}
	b.WriteString("\nThe same once more for developers: as .env and as appsettings.json.\n")
	return b.String(), nil
}

func previewSheet(p Package) (string, error) {
	s, err := NewSheet(p)
	if err != nil {
		return "", err
	}
	return s.Text(), nil
}
