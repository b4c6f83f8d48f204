package deliver

import (
	"context"
	"path/filepath"
	"strings"
	"time"

	"entrada/internal/app"
	"entrada/internal/connections"
	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/flow"
	"entrada/internal/flow/prove"
	"entrada/internal/handover"
	"entrada/internal/journey"
)

// Receiving is the conversation at the other end of a hand-over: open the file,
// look at what is in it, test it and keep it. Microsoft is asked nothing and
// nothing is kept before the person says so.
type Receiving struct {
	App  app.App
	Seen bool // as in [Keeping]

	path     string
	data     []byte
	key      HandOverKey
	received Received
	quick    prove.Outcome  // without a sign-in
	outcome  *prove.Outcome // of all that was tried; nil before
}

// The labels of what opens a hand-over.
const (
	PassphraseLabel    = "Passphrase"
	KeyFileLabel       = "Your key file"
	KeyPassphraseLabel = "Passphrase of your key file"
)

// Screen asks for the file. path is where it lies, "" if that is not known.
func (c *Receiving) Screen(path string) *flow.Screen {
	c.path = path
	return c.askFile("")
}

func (c *Receiving) askFile(wrong string) *flow.Screen {
	field := &flow.Field{ID: "file", Label: "File", Value: c.path, Files: []string{".age", ".json"}, Wrong: wrong,
		Hint: "It usually ends in .settings.age, or in .settings.json."}
	return &flow.Screen{
		ID: "hand-over", Title: "Open a hand-over",
		Lead:   "For a file that somebody made with Entrada. Opening it contacts nobody and keeps nothing.",
		Blocks: []flow.Block{flow.Form{Fields: []*flow.Field{field}}},
		Choices: []flow.Choice{{ID: "open", Label: "Open", Next: func() *flow.Screen {
			c.path, c.key = strings.TrimSpace(field.Value), HandOverKey{}
			return c.read()
		}}},
	}
}

// opening waits for what work gives.
func opening(work func() flow.Step) *flow.Screen {
	return &flow.Screen{ID: "opening", Title: "Opening the file",
		Choices: []flow.Choice{{ID: "stop", Label: "Stop here"}},
		Work:    func(context.Context, flow.Reporter) flow.Step { return work() }}
}

// read looks what the file asks for.
func (c *Receiving) read() *flow.Screen {
	return opening(func() flow.Step {
		data, key, err := ReadHandOver(c.path)
		return func() *flow.Screen {
			switch c.data = data; {
			case err != nil:
				return c.refused(err)
			case key == handover.KeyPassphrase:
				return c.askPassphrase("")
			case key == handover.KeyIdentity:
				return c.askKeyFile("")
			}
			return c.open()
		}
	})
}

// askPassphrase asks for that of the file, or of the key file that was named.
func (c *Receiving) askPassphrase(wrong string) *flow.Screen {
	field := &flow.Field{ID: "passphrase", Label: PassphraseLabel, Hidden: true, Wrong: wrong,
		Hint: "Whoever made the file tells it to you by phone."}
	s := c.asking("passphrase", "This file opens with a passphrase", field)
	if c.key.KeyFile != "" {
		field.Label, field.Hint = KeyPassphraseLabel, "Your own. It is not kept."
		s.ID, s.Title, s.Lead = "key-passphrase", "Your key file has a passphrase of its own",
			filepath.Base(c.key.KeyFile)
		s.Back = func() *flow.Screen { return c.askKeyFile("") }
	}
	if wrong != "" {
		s.Title = "The file did not open"
	}
	s.Choices[0].Next = func() *flow.Screen {
		c.key.Passphrase = field.Secret
		return c.open()
	}
	return s
}

func (c *Receiving) asking(id, title string, field *flow.Field) *flow.Screen {
	return &flow.Screen{
		ID: id, Title: title, Lead: filepath.Base(c.path),
		Blocks:  []flow.Block{flow.Form{Fields: []*flow.Field{field}}},
		Choices: []flow.Choice{{ID: "open", Label: "Open"}}, Back: func() *flow.Screen { return c.askFile("") },
	}
}

func (c *Receiving) askKeyFile(wrong string) *flow.Screen {
	field := &flow.Field{ID: "key", Label: KeyFileLabel, Value: c.key.KeyFile, Files: []string{}, Wrong: wrong,
		Good: "This is a key file.",
		Hint: "The file with the private key that belongs to the public key you gave. It is only read."}
	field.Check = func(text string) error {
		_, err := ReadKeyFile(strings.TrimSpace(text))
		if fault.Is(err, fault.FileNotFound) {
			return nil // somebody types
		}
		return err
	}
	s := c.asking("key", "This file opens with a key", field)
	s.Blocks = append(
		[]flow.Block{flow.Text{Words: "It was locked with your public key, so nobody tells you a passphrase."}},
		s.Blocks...)
	s.Choices[0].Next = func() *flow.Screen {
		c.key = HandOverKey{KeyFile: strings.TrimSpace(field.Value)}
		if k, err := ReadKeyFile(c.key.KeyFile); err == nil && k.Locked() {
			return c.askPassphrase("")
		}
		return c.open()
	}
	return s
}

func (c *Receiving) open() *flow.Screen {
	return opening(func() flow.Step {
		pkg, err := OpenHandOver(c.data, c.key)
		return func() *flow.Screen {
			if err != nil {
				return c.refused(err)
			}
			// What a test said of a file before says nothing of this one.
			c.received, c.quick, c.outcome = Receive(c.App, pkg), prove.Outcome{}, nil
			return c.Opened()
		}
	})
}

// refused says why the file does not open, where that can be put right.
func (c *Receiving) refused(err error) *flow.Screen {
	keyFile := c.key.KeyFile != ""
	switch {
	case fault.Is(err, fault.WrongPassphrase) && keyFile:
		return c.askPassphrase("Your key file does not open with this passphrase. Check it letter by letter.")
	case fault.Is(err, fault.WrongPassphrase):
		return c.askPassphrase(
			"The file does not open with this passphrase. Small letters, with a dash between the words.")
	case keyFile && fault.Is(err, fault.InvalidInput, fault.FileNotFound):
		return c.askKeyFile(explain.Sentence(err))
	case fault.Is(err, fault.InvalidInput):
		return c.askFile(explain.Sentence(err))
	}
	another := func() *flow.Screen { return c.askFile("") }
	return &flow.Screen{
		ID: "not-opened", Title: "The file cannot be opened", Lead: filepath.Base(c.path), Back: another,
		Blocks: []flow.Block{flow.Fault{Explanation: explain.Error(err, explain.Context{}),
			Can: map[explain.Action]flow.Step{explain.ChooseFile: another, explain.Edit: another,
				explain.TryAgain: c.read}}},
		Choices: []flow.Choice{{ID: "another", Label: "Choose another file", Next: another}},
	}
}

// Opened shows what is in the file.
func (c *Receiving) Opened() *flow.Screen {
	r := c.received
	pkg, elsewhere := r.Package, r.Elsewhere()
	s := &flow.Screen{
		ID: "opened", Title: "A hand-over for " + r.Vendor(), Back: func() *flow.Screen { return c.askFile("") },
		Lead: filepath.Base(c.path) + ", made on " + pkg.Created.Local().Format(journey.DateLayout) +
			". Nothing of it is kept yet.",
		Choices: []flow.Choice{{ID: "done", Label: "Done", Next: flow.Over(flow.Done)}},
	}
	if pkg.Fingerprint != "" && r.HasSecret() {
		s.Blocks = append(s.Blocks, r.compare(c.key.KeyFile != ""))
	}
	content := flow.Group{Heading: r.Asked(), Blocks: r.values()}
	var rest []string
	for _, f := range r.Rest() {
		rest = append(rest, f.Label+": "+f.Value)
		if f.Note != "" {
			rest = append(rest, "    "+f.Note)
		}
	}
	switch {
	case elsewhere != nil:
		s.Blocks = append(s.Blocks, content,
			flow.Callout{Title: "You can look at it here.", Words: explain.Sentence(elsewhere)})
	case !r.HasSecret():
		s.Blocks = append(s.Blocks, content, flow.Callout{Title: "The secret is not in this file.",
			Words: "It was sent separately, in an encrypted file. Open that one to test and keep the connection."})
	case c.outcome == nil:
		s.Blocks = append(append(s.Blocks, content), c.tested()...)
		s.Choices = append([]flow.Choice{c.keepIt()}, s.Choices...)
	default: // what came out stands where one looks first
		s.Blocks = append(append(s.Blocks, c.tested()...), content)
		s.Choices = append([]flow.Choice{c.keepIt()}, s.Choices...)
	}
	s.Blocks = append(s.Blocks, flow.Group{Heading: RestHeading, Folded: true,
		Blocks: []flow.Block{flow.Text{Words: strings.Join(rest, "\n"), Plain: true}}})
	return s
}

// compare says how to know that the file is not somebody else's.
func (r Received) compare(byKey bool) flow.Callout {
	proof := "That the file opened only proves that its maker knew the passphrase."
	if byKey {
		proof = "That the file opened only proves that its maker had your public key, which anybody may have."
	}
	return flow.Callout{Tone: flow.Warning, Title: "Compare the fingerprint before you use it.",
		Words: "Call whoever sent the file, on a number that you knew before. Read to them: **" +
			r.Package.Fingerprint + "** (" +
			handover.Spell(r.Package.Fingerprint) + "). Another fingerprint is another secret. " + proof}
}

// Vendor is whose settings they are.
func (r Received) Vendor() string {
	if r.Package.VendorName == "" {
		return "a vendor"
	}
	return r.Package.VendorName
}

// Asked is the heading of the vendor's fields.
func (r Received) Asked() string { return "What " + r.Vendor() + " asked for" }

// RestHeading is that of what [Received.Rest] lists.
const RestHeading = "What else the file holds"

// Rest is what is in the file beside the vendor's fields.
func (r Received) Rest() []handover.Field {
	pkg := r.Package
	pkg.Fields, pkg.SecretExpires = nil, time.Time{}
	list := handover.Preview(pkg)
	if end := r.Package.SecretExpires; !end.IsZero() {
		list = append(list, handover.Plain("Secret expires", end.UTC().Format(journey.DateLayout)))
	}
	return list
}

// values are the vendor's labels with what to copy.
func (r Received) values() (list []flow.Block) {
	for _, f := range r.Package.Fields {
		v := flow.Value{Label: f.Label, Text: f.Value, Secret: f.Hidden}
		switch {
		case f.Secret && f.Hidden.IsEmpty():
			v.Note = "Sent separately, or left empty."
		case !f.Secret && f.Value == "":
			v.Note = "Empty."
		}
		list = append(list, v)
	}
	return list
}

// tested is what a test said, and what can be tried next.
func (c *Receiving) tested() []flow.Block {
	box := flow.Callout{Title: "Does it work?",
		Words:   "Microsoft can be asked at once whether organisation, app and secret fit.",
		Choices: []flow.Choice{{ID: "test", Label: "Test it", Next: c.ask}}}
	if c.outcome == nil {
		return []flow.Block{box}
	}
	again := flow.Choice{ID: "test", Label: "Test again", Next: c.ask}
	further := flow.Choice{ID: "try", Label: "Sign in and test the mailbox", External: true, Next: c.try}
	box = flow.Callout{Tone: flow.Good, Title: "All is well so far.", Choices: []flow.Choice{further},
		Words: "Organisation, app and secret fit. Whether a mailbox can be used is known once somebody signs in."}
	first := flow.Block(box)
	switch o := c.outcome; {
	case !o.OK && o.First != nil:
		first = flow.Fault{Explanation: o.Explanation, Can: flow.Retry(c.ask)}
	case !o.OK:
		first = flow.Callout{Title: "The test was stopped.", Choices: []flow.Choice{again}}
	case o.Whole || !o.Subject.Tries():
		first = flow.Callout{Tone: flow.Good, Title: "It works.", Words: "You can keep it.",
			Choices: []flow.Choice{again}}
	case o.Subject.Guide.AppOnly():
		box.Words, box.Choices[0].Label,
			box.Choices[0].External = "Organisation, app and secret fit. The mailbox has not been tried.",
			"Test the mailbox", false
		first = box
	}
	return []flow.Block{first,
		flow.Group{Heading: "What was tested", Folded: true, Blocks: []flow.Block{flow.Rows{List: c.outcome.Rows()}}}}
}

// ask asks what can be asked without anybody.
func (c *Receiving) ask() *flow.Screen {
	subject := c.received.Subject()
	return &flow.Screen{
		ID: "testing", Title: "Testing the connection", Back: c.Opened,
		Choices: []flow.Choice{{ID: "cancel", Label: "Cancel", Next: c.Opened}},
		Work: func(ctx context.Context, _ flow.Reporter) flow.Step {
			o := subject.Ask(ctx, c.App)
			return func() *flow.Screen {
				c.quick, c.outcome = o, &o
				return c.Opened()
			}
		},
	}
}

// try is the part of the test that somebody signs in for.
func (c *Receiving) try() *flow.Screen {
	t := prove.Try{
		App: c.App, Subject: c.received.Subject(), Before: c.quick.Results, Took: c.quick.Took, Start: c.Opened,
		Done: func(o prove.Outcome) *flow.Screen {
			c.outcome = &o
			return c.Opened()
		},
	}
	return t.Begin()
}

func (c *Receiving) keepIt() flow.Choice {
	return flow.Choice{ID: "keep", Label: "Keep it on this computer", Next: func() *flow.Screen {
		return c.received.KeepBy(&Keeping{App: c.App, Seen: c.Seen, Session: true, Begin: c.Opened}, false, c.kept)
	}}
}

// kept remembers what the test said of it.
func (c *Receiving) kept(r connections.Record) *flow.Screen {
	s := &flow.Screen{ID: "kept", Title: "It is kept",
		Blocks:  []flow.Block{Saved(r), flow.Text{Words: "You can delete the file that you were sent."}},
		Choices: []flow.Choice{{ID: "done", Label: "Done", Next: flow.Over(flow.Done)}}}
	if r.SessionOnly {
		s.Blocks[1] = flow.Text{Words: "Do not delete the file that you were sent."}
	}
	if c.outcome == nil {
		return s
	}
	if t, ok := c.outcome.Tested(r, c.App.Now()); ok {
		if err := c.App.Connections.Remember(t); err != nil {
			s.Blocks = append(s.Blocks, flow.Fault{Explanation: explain.Error(err, explain.Context{})})
		}
	}
	return s
}

// Replacing asks whether a saved secret may be replaced.
func (r Received) Replacing(old connections.Record) (title, why string) {
	return "Replace the secret of “" + old.Name + "”?",
		"This connection is saved here already, with another secret: **" + old.SecretFingerprint +
			"**. The one in the file is **" + r.Package.Fingerprint + "**. Replace it only if you expect a new one."
}

// KeepBy keeps what was handed over. Unless somebody is sure, it asks before that
// if a saved connection would get another secret. k says where this began.
func (r Received) KeepBy(k *Keeping, sure bool, kept func(connections.Record) *flow.Screen) *flow.Screen {
	k.NotSaved, k.About = "It is not kept", r.Subject().Context("")
	k.Saving = flow.Screen{ID: "keeping", Title: "Keep “" + r.Record().Name + "”",
		Lead: "It becomes a connection of this computer. " + mayAsk}
	k.Save = func(ctx context.Context, to Place, _ flow.Reporter) (flow.Step, error) {
		saved, err := r.Keep(ctx, to)
		return func() *flow.Screen { return kept(saved) }, err
	}
	keychain := func() *flow.Screen { return k.To(Place{}) }
	old, another := r.Replaces()
	if !another || sure {
		return keychain()
	}
	title, why := r.Replacing(old)
	return &flow.Screen{
		ID: "replace", Title: title, Blocks: []flow.Block{flow.Callout{Tone: flow.Warning, Words: why}}, Back: k.Begin,
		Ask: "Replace it",
		Choices: []flow.Choice{{ID: "leave", Label: "Leave it as it is", Next: k.Begin},
			{ID: "replace", Label: "Replace it", Danger: true, Next: keychain}},
	}
}
