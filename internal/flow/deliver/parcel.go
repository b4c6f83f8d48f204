package deliver

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"entrada/internal/app"
	"entrada/internal/connections"
	"entrada/internal/guides"
	"entrada/internal/handover"
	"entrada/internal/secret"
)

// Pair is what a vendor gets as a rule: the encrypted file at path, and the sheet
// beside it.
func Pair(path string) []Output {
	sealed, _ := handover.FormatByID(handover.FormatSealed)
	sheet, _ := handover.FormatByID(handover.FormatPDF)
	return []Output{{Format: sealed, Path: path}, {Format: sheet, Path: Renamed(path, sheet)}}
}

// Renamed is a path with the ending of another format.
func Renamed(path string, f handover.Format) string {
	for _, other := range handover.Formats() {
		if stem, ok := strings.CutSuffix(path, "."+other.Suffix); ok {
			return stem + "." + f.Suffix
		}
	}
	return strings.TrimSuffix(path, filepath.Ext(path)) + "." + f.Suffix
}

// Suggest is where a file of a connection goes, if nobody says otherwise: beside what
// lies there already, and never in its place.
func Suggest(a app.App, r connections.Record, g *guides.Guide, f handover.Format) string {
	stem := filepath.Join(a.Suggested(), handover.FileName(Package(a, r, g, Secrets{}), ""))
	for n := 1; ; n++ {
		path := stem + "." + f.Suffix
		if n > 1 {
			path = fmt.Sprintf("%s-%d.%s", stem, n, f.Suffix)
		}
		taken := there(path)
		for _, o := range Pair(path) {
			taken = taken || f.Sealed && there(o.Path)
		}
		if !taken || n == most {
			return path
		}
	}
}

// most is how many files of one day are counted.
const most = 99

// LockFor is what the encrypted file opens with: the vendor's key if there is
// one, else the person's own passphrase, else the one that was made up. The error
// is of kind InvalidInput for the key, and WeakPassphrase for the passphrase.
func LockFor(key string, own, made secret.Value) (handover.Lock, error) {
	switch key = strings.TrimSpace(key); {
	case key != "":
		return handover.Lock{PublicKey: key}, handover.CheckPublicKey(key)
	case own.IsEmpty():
		return handover.Lock{Passphrase: made}, nil
	}
	return handover.Lock{Passphrase: own}, handover.CheckPassphrase(own)
}

// Parcel is what was exported in this run of the program: the passphrase is still
// wanted for the phone, and is kept nowhere else.
type Parcel struct {
	connections.Exported
	Lock handover.Lock
	Own  bool   // the passphrase is the person's own
	of   string // fingerprint of the secret in it
}

// IsThere reports whether the encrypted file lies where it was written.
func (p Parcel) IsThere() bool { return p.File != "" && there(p.File) }

func there(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// Parcels are what was exported in this run, by connection.
type Parcels map[string]Parcel

// Of is what was exported of a connection, with the secret that it has now. One
// of an earlier run is not known whole: its passphrase was forgotten.
func (p Parcels) Of(r connections.Record) (parcel Parcel, known bool) {
	if parcel, known = p[r.ID]; known && parcel.of == r.SecretFingerprint {
		return parcel, true
	}
	if r.Exported != nil {
		return Parcel{Exported: *r.Exported, of: r.SecretFingerprint}, false
	}
	return Parcel{}, false
}

// Add remembers what was written: here until the program ends, and in the record
// where it lies, but not what opens it.
func (p Parcels) Add(a app.App, r connections.Record, files []Output, parcel Parcel) (connections.Record, error) {
	parcel.File, parcel.ForKey, parcel.of = files[0].Path, parcel.Lock.PublicKey != "", r.SecretFingerprint
	if len(files) > 1 {
		parcel.Sheet = files[1].Path
	}
	p[r.ID] = parcel
	r.Exported = &parcel.Exported
	return r, a.Connections.UpdateRecord(r)
}

// InTheWay says which files would be replaced, and whether a passphrase that may
// have been told does not open what takes their place. It is "" if none would.
func (p Parcels) InTheWay(r connections.Record, files []Output, l handover.Lock) string {
	var list []string
	for _, f := range files {
		if f.To == nil && there(f.Path) {
			list = append(list, f.Path)
		}
	}
	if len(list) == 0 {
		return ""
	}
	words := "There is a file of this name already: " + strings.Join(list, " and ") + "."
	made, known := p.Of(r)
	told := known && made.File == files[0].Path && (made.ForKey || made.Lock.Passphrase.Equal(l.Passphrase))
	if files[0].Format.Sealed && slices.Contains(list, files[0].Path) && !told {
		words += " The passphrase that you told them does not open the new file."
	}
	return words
}

// ExportLead goes before the values that a vendor gets.
func ExportLead(g *guides.Guide) string {
	return "The values carry " + g.Vendor + "'s own labels. Look at them first; nothing leaves this computer by itself."
}

// FieldWords say what stands in a file in place of a value that is not readable.
// They are "" for any other.
func FieldWords(p handover.Package, f handover.Field, from guides.FieldValue) string {
	switch {
	case from == guides.FromMailboxPassword:
		return "Left empty. " + f.Note
	case f.Secret:
		return "In the encrypted file only. Fingerprint, to compare by phone: **" + p.Fingerprint + "**"
	}
	return ""
}

// TellIt says what to do with a passphrase.
const TellIt = "Tell it by phone; never send it the same way as the file. Entrada does not keep it."

// AboutFile says what is in a file that was written.
func AboutFile(f handover.Format, r connections.Record) string {
	switch {
	case f.Sealed:
		return "It holds the secret. To compare by phone, its fingerprint: " + r.SecretFingerprint + ", said as: " +
			handover.Spell(r.SecretFingerprint) + "."
	case f.ID == handover.FormatCalendar:
		return "Open it with your calendar. The secret is not in it."
	}
	return "The secret is not in it. It travels in the encrypted file alone."
}

// MailboxPassword is the field of a vendor that asks for a mailbox's password,
// and what to say of it. ok is false if the vendor does not.
func MailboxPassword(g *guides.Guide) (f guides.Field, asks, answer string, ok bool) {
	i := slices.IndexFunc(g.Fields, func(f guides.Field) bool { return f.From == guides.FromMailboxPassword })
	if i < 0 {
		return f, "", "", false
	}
	f = g.Fields[i]
	return f, g.Vendor + " asks for “" + f.Label + "”.", "What you can answer:", true
}

// Sending is how the files get to the vendor, each by a way of its own.
type Sending struct {
	handover.Letters
	Lead                   string
	ByMail, Apart, ByPhone string // what goes which way
}

// Send is how a parcel gets to the vendor.
func Send(a app.App, r connections.Record, g *guides.Guide, p Parcel) (Sending, error) {
	sent := Sent{ForKey: p.ForKey, MailboxPassword: p.MailboxPassword}
	if p.File != "" {
		sent.File = filepath.Base(p.File)
	}
	letters, err := Letters(a, r, g, sent)
	spoken := "the passphrase and the fingerprint"
	if p.ForKey {
		spoken = "the fingerprint"
	}
	lead := "Three things go three ways. One of them alone is of no use to anybody."
	if p.File == "" && r.Exported == nil {
		lead = "The files are not saved yet: do that first, under Export. " + lead
	}
	return Sending{
		Letters: letters, Lead: lead,
		ByMail: "**By mail:** the sheet. The secret is not on it.",
		Apart: "**Another way:** the encrypted file. A chat, an upload page or a memory stick, but not the " +
			"same mail.",
		ByPhone: "**By phone:** " + spoken + ". Not in writing.",
	}, err
}
