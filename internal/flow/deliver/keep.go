package deliver

import (
	"context"

	"entrada/internal/app"
	"entrada/internal/connections"
	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/flow"
	"entrada/internal/handover"
	"entrada/internal/safefile"
	"entrada/internal/secret"
)

// Place is where a secret goes. The zero value is where the record says: the
// keychain, unless somebody chose the file before.
type Place struct {
	File       bool         // the file behind a passphrase
	Passphrase secret.Value // of that file, or for a new one; empty if it is open
	Session    bool         // in memory, until the program ends
}

// Keep saves a connection with its secret in a place. A passphrase for a new
// file has to be a good one; that of a file that is there has to be its own.
func Keep(ctx context.Context, a app.App, r connections.Record, v secret.Value, to Place) (connections.Record, error) {
	_, exists, locked := a.Connections.PassphraseFile()
	switch {
	case to.Session:
		return a.Connections.KeepForSession(r, v), nil
	case !to.File:
		return a.Connections.Save(ctx, r, v)
	case exists && !locked:
		r.SecretIn = connections.InFile
		return a.Connections.Save(ctx, r, v)
	case !exists:
		if err := handover.CheckPassphrase(to.Passphrase); err != nil {
			return connections.Record{}, err
		}
	}
	return a.Connections.SaveBehindPassphrase(ctx, r, v, to.Passphrase)
}

// Keeping asks where the secret of a connection goes, and puts it there: into
// the keychain if there is one that takes it, and else where the person says.
type Keeping struct {
	App     app.App
	About   explain.Context
	Seen    bool // somebody sits in front, to whom a passphrase can be shown
	Session bool // the session is a place, too

	Save   func(context.Context, Place, flow.Reporter) (flow.Step, error)
	Saving flow.Screen // is shown meanwhile
	Begin  flow.Step   // leads to the screen before

	NotSaved string        // the title where it failed
	Lead     string        // what is to be said below that
	Ways     []flow.Choice // what else can be done then
	Failed   func(error)   // hears of it; may be nil

	made secret.Value // is offered for a new file
}

// To saves the secret in a place.
func (k *Keeping) To(p Place) *flow.Screen {
	s := k.Saving
	s.Work = func(ctx context.Context, report flow.Reporter) flow.Step {
		saved, err := k.Save(ctx, p, report)
		if err != nil {
			return func() *flow.Screen { return k.refused(p, err) }
		}
		return saved
	}
	return &s
}

// Again saves it where the record says. A file that is locked is opened before.
func (k *Keeping) Again(r connections.Record) *flow.Screen {
	if _, exists, locked := k.App.Connections.PassphraseFile(); r.SecretIn == connections.InFile && exists && locked {
		return k.passphrase("")
	}
	return k.To(Place{})
}

func (k *Keeping) refused(p Place, err error) *flow.Screen {
	if k.Failed != nil {
		k.Failed(err)
	}
	switch {
	case fault.Is(err, fault.WrongPassphrase, fault.WeakPassphrase, fault.PassphraseNeeded):
		return k.passphrase(explain.Sentence(err))
	case fault.Is(err, fault.KeychainUnavailable, fault.KeychainDeclined, fault.KeychainTimedOut):
		// Never tried again by itself: who said no has said no.
		return k.Elsewhere(err, k.Begin)
	}
	again := func() *flow.Screen { return k.To(p) }
	can := flow.Retry(again)
	can[explain.Unlock] = again
	s := &flow.Screen{
		ID: "not-saved", Title: k.NotSaved, Lead: k.Lead, Back: k.Begin, Blocks: []flow.Block{k.explained(err, can)},
		Choices: []flow.Choice{{ID: "again", Label: "Try again", Next: again}},
	}
	switch {
	case fault.Is(err, fault.Cancelled):
		s.Blocks = []flow.Block{flow.Callout{Title: "You stopped it.", Words: "Nothing more is changed now."}}
	case k.Session || fault.Is(err, fault.KeychainLocked, fault.KeychainTooLarge, fault.KeychainCorrupt):
		s.Choices = append(s.Choices, k.Another())
	}
	s.Choices = append(s.Choices, k.Ways...)
	return s
}

// Another leads to the places other than the keychain.
func (k *Keeping) Another() flow.Choice {
	return flow.Choice{ID: "another", Label: "Keep it another way",
		Text: "where there is no keychain, or you want none of it",
		Next: func() *flow.Screen { return k.Elsewhere(nil, k.Begin) }}
}

// Elsewhere asks where the secret goes if not into the keychain. because is what
// the keychain said, nil if it was not asked.
func (k *Keeping) Elsewhere(because error, back flow.Step) *flow.Screen {
	keychain := func() *flow.Screen { return k.To(Place{}) }
	session := func() *flow.Screen { return k.To(Place{Session: true}) }
	s := &flow.Screen{ID: "elsewhere", Title: "Where shall the secret go?", Lead: k.Lead,
		Ask: "Where shall the secret go", Weigh: true, Back: back}
	if because != nil {
		can := flow.Retry(keychain)
		can[explain.Unlock] = keychain
		if k.Session {
			can[explain.SessionOnly] = session
		}
		s.Blocks = []flow.Block{k.explained(because, can)}
	}
	if k.Session {
		s.Choices = []flow.Choice{{ID: "session", Label: "For this session only", Next: session,
			Text: "It stays in memory. When Entrada ends it is gone: export it before that."}}
	}
	file := flow.Choice{ID: "file", Label: "Into a file behind a passphrase", Next: k.file,
		Text: "Entrada asks for the passphrase once each time it runs. Without it nobody opens the file, you included."}
	if k.isOpen() {
		file.Text = "It goes to your other secrets. Their file is open until Entrada ends."
	}
	s.Choices = append(s.Choices, file, flow.Choice{ID: "keychain", Label: "Try the keychain again", Next: keychain,
		Text: "It belongs to your account on this computer, and may ask you to unlock it."})
	return s
}

func (k *Keeping) isOpen() bool {
	_, exists, locked := k.App.Connections.PassphraseFile()
	return exists && !locked
}

func (k *Keeping) file() *flow.Screen {
	if k.isOpen() {
		return k.To(Place{File: true})
	}
	return k.passphrase("")
}

// passphrase asks for that of the file, or for one for a new file. wrong is why
// the last one was refused.
func (k *Keeping) passphrase(wrong string) *flow.Screen {
	path, exists, _ := k.App.Connections.PassphraseFile()
	field := &flow.Field{ID: "passphrase", Label: SecretsPassphrase, Hidden: true, Wrong: wrong,
		Hint: "There is a file with secrets already. This one goes into it."}
	s := &flow.Screen{ID: "passphrase", Title: "Save it behind a passphrase", Lead: k.Lead,
		Back: func() *flow.Screen { return k.Elsewhere(nil, k.Begin) }}
	if !exists {
		s.ID = "new-passphrase"
		s.Blocks = k.newPassphrase(field)
	}
	s.Blocks = append(s.Blocks, flow.Form{Fields: []*flow.Field{field}})
	if words := FolderWarning(path, true); words != "" {
		s.Blocks = append(s.Blocks, flow.Callout{Tone: flow.Warning, Words: words})
	}
	s.Choices = []flow.Choice{{ID: "save", Label: "Save behind the passphrase", Next: func() *flow.Screen {
		p := Place{File: true, Passphrase: field.Secret}
		if p.Passphrase.IsEmpty() && !exists {
			p.Passphrase = k.made
		}
		return k.To(p)
	}}}
	return s
}

// newPassphrase offers one that is made up where it can be shown.
func (k *Keeping) newPassphrase(field *flow.Field) []flow.Block {
	const careful = "Put it into your password manager, or write it down. Entrada does not keep it, and there is " +
		"no other way to open the file."
	field.Label, field.Hint, field.Check = "Passphrase for the new file", leastWords, func(text string) error {
		return handover.CheckPassphrase(secret.New(text))
	}
	if !k.Seen {
		return []flow.Block{flow.Text{Words: careful}}
	}
	if k.made.IsEmpty() {
		k.made = handover.GeneratePassphrase()
	}
	field.Label, field.Optional, field.Hint, field.Good = OwnPassphrase, true, OwnHint, OwnGood
	return []flow.Block{flow.Value{Label: "Passphrase", Secret: k.made, Show: true, Note: careful}}
}

// What is said where the file with secrets is opened.
const (
	SecretsPassphrase = "Passphrase of your secrets"
	NotThisPassphrase = "The file did not open with this one. Check it letter by letter."
)

// What is said where somebody may type a passphrase in place of one that was
// made up.
const (
	leastWords    = "At least 12 characters."
	OwnPassphrase = "Your own passphrase"
	OwnHint       = leastWords + " Empty: the one above is used."
	OwnGood       = "This one is used instead of the one above."
)

func (k *Keeping) explained(err error, can map[explain.Action]flow.Step) flow.Fault {
	return flow.Fault{Explanation: explain.Error(err, k.About), Can: can}
}

// FolderWarning warns of the folder of a file, if there is reason to. sealed
// means that the file is encrypted.
func FolderWarning(path string, sealed bool) string {
	words := map[safefile.Risk]string{
		safefile.CloudSynced: "This folder is copied to an online storage. That is fine for a file without the secret.",
		safefile.Network:     "This folder is on another computer. Others may be able to read it.",
		safefile.Removable:   "This folder is on a memory stick or card. Take care who gets it.",
	}
	if sealed {
		const protection = " There, the encryption is all that protects the secret."
		words = map[safefile.Risk]string{
			safefile.CloudSynced: "This folder is copied to an online storage." + protection,
			safefile.Network:     "This folder is on another computer." + protection,
			safefile.Removable:   "This folder is on a memory stick or card." + protection,
		}
	}
	return words[safefile.FolderRisk(path)]
}
