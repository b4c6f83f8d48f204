package pages

import (
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"

	"entrada/internal/explain"
	"entrada/internal/flow/deliver"
	"entrada/internal/guides"
	"entrada/internal/handover"
	"entrada/internal/secret"
	"entrada/internal/ui/parts"
)

// sealing is how the encrypted file is locked: with a passphrase, or for a key.
type sealing struct {
	guide      *guides.Guide
	passphrase secret.Value // the one that we propose
	typed      *parts.Field // the person's own
	publicKey  *parts.Field // the vendor's
	password   *parts.Field // the mailbox's, where a vendor asks for it
	proposed   *parts.Slot  // shows the one that we propose
}

func newSealing(g *guides.Guide) *sealing {
	return &sealing{guide: g, passphrase: handover.GeneratePassphrase()}
}

// part offers a generated passphrase first.
func (s *sealing) part() fyne.CanvasObject {
	s.proposed = parts.NewSlot()
	s.propose()
	s.typed = parts.NewField(
		parts.FieldOptions{Label: deliver.OwnPassphrase, Secret: true, Hint: deliver.OwnHint,
			Changed: func(text string) {
				if text == "" {
					s.typed.SetStatus(parts.StatusNeutral, "")
					return
				}
				if err := handover.CheckPassphrase(secret.New(text)); err != nil {
					s.typed.SetStatus(parts.StatusBad, explain.Sentence(err))
					return
				}
				s.typed.SetStatus(parts.StatusGood, deliver.OwnGood)
			}})
	s.publicKey = parts.NewField(parts.FieldOptions{Label: s.guide.Vendor + "'s public key", Paste: true, Mono: true,
		Hint: "It begins with age1 and is no secret. Then no passphrase is needed: only " + s.guide.Vendor +
			" can open the file.", Changed: func(text string) {
			s.propose()
			switch text = strings.TrimSpace(text); {
			case text == "":
				s.publicKey.SetStatus(parts.StatusNeutral, "")
			case handover.CheckPublicKey(text) != nil:
				s.publicKey.SetStatus(parts.StatusBad, explain.Sentence(handover.CheckPublicKey(text)))
			default:
				s.publicKey.SetStatus(parts.StatusGood, "This key is used instead of a passphrase.")
				s.proposed.Put(parts.Muted("None is needed: only whoever has " + s.guide.Vendor +
					"'s private key can open the file."))
			}
		}})
	column := parts.Column(12,
		parts.Strong("Passphrase"), s.proposed,
		parts.NewFold("Choose your own", s.typed),
		parts.NewFold(s.guide.Vendor+" sent me a public key", s.publicKey))
	if f, asks, answer, ok := deliver.MailboxPassword(s.guide); ok {
		s.password = parts.NewField(
			parts.FieldOptions{Label: f.Label, Secret: true,
				Hint: "It goes into this encrypted file alone. Entrada does not keep it."})
		column.Objects = append(column.Objects,
			parts.NewCallout(parts.ToneWarning, asks, f.Why, parts.Body(answer), parts.Muted(f.Reply),
				parts.Wrap(0, parts.NewCopyButton("Copy the answer", func() string { return f.Reply }))),
			parts.NewFold("Give it all the same", s.password))
	}
	return column
}

// propose shows the generated passphrase.
func (s *sealing) propose() {
	s.proposed.Put(parts.Column(12, parts.NewPassphraseRow("the passphrase", s.passphrase),
		parts.Caption(deliver.TellIt)))
}

// made is what the encrypted file opens with; ok is false if that is not good
// enough, which its field says.
func (s *sealing) made() (lock handover.Lock, ok bool) {
	lock, err := deliver.LockFor(s.publicKey.Text(), secret.New(s.typed.Text()), s.passphrase)
	switch {
	case err == nil:
		return lock, true
	case lock.PublicKey != "":
		s.publicKey.SetStatus(parts.StatusBad, explain.Sentence(err))
	default:
		s.typed.SetStatus(parts.StatusBad, explain.Sentence(err))
	}
	return lock, false
}

// mailboxPassword is what was typed; empty where it is not asked for.
func (s *sealing) mailboxPassword() secret.Value {
	if s.password == nil {
		return secret.Value{}
	}
	return secret.New(s.password.Text())
}

// madePart shows what was saved before in this run, and offers to make it anew.
func madePart(vendor string, made deliver.Parcel, again func()) fyne.CanvasObject {
	files := []string{made.File}
	if made.Sheet != "" {
		files = append(files, made.Sheet)
	}
	anew := parts.Wrap(16, parts.NewLink("Make new files", again))
	if made.ForKey {
		return parts.NewCallout(parts.ToneGood, "Already saved for "+vendor+"'s public key.", where(files...),
			anew)
	}
	row := parts.NewPassphraseRow("the passphrase", made.Lock.Passphrase)
	if made.Own {
		row = parts.NewSecretRow("the passphrase", made.Lock.Passphrase)
	}
	return parts.Column(12,
		parts.NewCallout(parts.ToneGood, "Already saved with this passphrase.", where(files...), anew),
		row, parts.Caption(
			"Tell it by phone; never send it the same way as the file. Entrada forgets it when it closes."))
}

// where names files that stand beside each other.
func where(paths ...string) string {
	names := make([]string, len(paths))
	for i, path := range paths {
		names[i] = "**" + filepath.Base(path) + "**"
	}
	return "In " + filepath.Dir(paths[0]) + ": " + strings.Join(names, " and ") + "."
}
