package pages

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"entrada/internal/connections"
	"entrada/internal/explain"
	"entrada/internal/flow/deliver"
	"entrada/internal/handover"
	"entrada/internal/journey"
	"entrada/internal/ui/parts"
	"entrada/internal/ui/theme"
)

// receivedPage shows what is in a file that was opened.
type receivedPage struct {
	*Window
	ctx      context.Context
	received deliver.Received
	name     string // of the file
	byKey    bool   // it opened with the reader's own key
	test     receivedTest
	outcome  *parts.Slot
}

func (p *receivedPage) frame(f parts.Page) parts.Page {
	f.Back, f.Wide = func() { p.showReceive("") }, true
	if f.Cancel == nil {
		f.Cancel = p.ShowHome
	}
	return f
}

func (p *receivedPage) open() {
	pkg := p.received.Package
	p.outcome = parts.NewSlot()
	elsewhere := p.received.Elsewhere()
	body := []fyne.CanvasObject{}
	if pkg.Fingerprint != "" && p.received.HasSecret() {
		proof := "That the file opened only proves that its maker knew the passphrase."
		if p.byKey {
			proof = "That the file opened only proves that its maker had your public key, which anybody may have."
		}
		body = append(body, parts.NewCallout(parts.ToneWarning, "Compare the fingerprint before you use it.",
			"Call whoever sent the file, on a number that you knew before. Read to them: **"+pkg.Fingerprint+"** ("+handover.Spell(pkg.Fingerprint)+"). Another fingerprint is another secret. "+proof))
	}
	content := []fyne.CanvasObject{parts.SubHeading("What is in it"), parts.Surface(p.fields())}
	if !p.test.begun() {
		body = append(body, content...)
	}
	switch {
	case elsewhere != nil:
		body = append(body, parts.NewCallout(parts.ToneInfo, "You can look at it here.", explain.Sentence(elsewhere)))
	case !p.received.HasSecret():
		body = append(body, parts.NewCallout(parts.ToneInfo, "The secret is not in this file.", "It was sent separately, in an encrypted file. Open that one to test and keep the connection."))
	default:
		body = append(body, p.test.part(p)...)
	}
	if p.test.begun() { // what came out stands where one looks first
		body = append(body, content...)
	}
	body = append(body, parts.NewFold("What else the file says", parts.Selectable(p.rest())), p.outcome)
	page := parts.Page{
		Title: "A hand-over for " + vendorName(pkg), Lead: p.name + ", made on " + pkg.Created.Local().Format(journey.DateLayout) + ". Nothing of it is kept yet.", Body: body, Gap: 16,
		Primary: parts.Action{Label: "Done", Do: p.ShowHome},
	}
	if elsewhere == nil && p.received.HasSecret() {
		page.Primary = parts.Action{Label: "Keep it on this computer", Do: p.askToKeep}
	}
	p.show(p.frame(page))
}

func vendorName(pkg handover.Package) string {
	if pkg.VendorName != "" {
		return pkg.VendorName
	}
	return "a vendor"
}

// fields are the vendor's labels with what to copy.
func (p *receivedPage) fields() fyne.CanvasObject {
	column := parts.Column(12)
	for _, f := range p.received.Package.Fields {
		label := parts.NewText(parts.Style{Size: theme.TextSize, Color: theme.ColorNameText, Bold: true}, parts.Piece{Text: f.Label})
		row := parts.Column(4, label)
		switch {
		case f.Secret && f.Hidden.IsEmpty():
			row.Objects = append(row.Objects, parts.Muted("Sent separately, or left empty."))
		case f.Secret:
			row.Objects = append(row.Objects, parts.NewSecretRow(f.Label, f.Hidden))
		case f.Value == "":
			row.Objects = append(row.Objects, parts.Muted("Empty."))
		default:
			row.Objects = append(row.Objects, parts.NewCopyRow(f.Value, ""))
		}
		column.Objects = append(column.Objects, row)
	}
	return column
}

// rest is everything else, as text: nothing in a file is taken for markup.
func (p *receivedPage) rest() string {
	var b strings.Builder
	pkg := p.received.Package
	pkg.Fields = nil
	for _, f := range handover.Preview(pkg) {
		b.WriteString(f.Label + ": " + f.Value + "\n")
		if f.Note != "" {
			b.WriteString("    " + f.Note + "\n")
		}
	}
	return strings.TrimRight(b.String(), "\n")
}

// askToKeep asks first if a saved connection would get another secret.
func (p *receivedPage) askToKeep() {
	old, another := p.received.Replaces()
	if !another {
		p.keep()
		return
	}
	parts.NewDialog(parts.DialogOptions{
		Title:  "Replace the secret of “" + old.Name + "”?",
		Body:   parts.Body("This connection is saved here already, with another secret: **" + old.SecretFingerprint + "**. The one in the file is **" + p.received.Package.Fingerprint + "**. Replace it only if you expect a new one."),
		Danger: true, Primary: parts.Action{Label: "Replace it", Do: p.keep},
	}).Open(p.window.Canvas())
}

// keep puts the secret into the keychain, and asks on a page of its own where
// else it shall go if that is refused.
func (p *receivedPage) keep() {
	p.ctx = p.enter()
	k := newKeeping(p.Window, p.ctx)
	received := p.received
	k.inKeychain, k.behind, k.forSession, k.kept = received.Keep, received.KeepBehindPassphrase, received.KeepForSession, p.kept
	f := p.frame(parts.Page{
		Title: "Keep “" + received.Record().Name + "”", Lead: "It becomes a connection of this computer.",
		Body: k.slots(), Gap: 16, Primary: parts.Action{Label: "Keep it on this computer", Do: k.start},
	})
	f.Back = p.open
	p.show(f)
	k.usual.Fill(parts.Muted("Your computer may ask you to unlock the keychain."))
	k.start()
}

func (p *receivedPage) kept(r connections.Record) {
	var noted error
	if t, ok := p.test.outcome(p.received, r, p.app.Now()); ok {
		noted = p.app.Connections.Remember(t)
	}
	p.ShowHome()
	if noted != nil {
		p.tell("The result of the test could not be remembered", noted)
		return
	}
	words := "“" + r.Name + "” is on the first page now. You can delete the file that you were sent."
	if r.SessionOnly {
		words = "“" + r.Name + "” is on the first page until you close Entrada. Do not delete the file that you were sent."
	}
	p.say("It is kept", words)
}
