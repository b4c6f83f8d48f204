package pages

import (
	"fyne.io/fyne/v2"

	"entrada/internal/handover"
	"entrada/internal/ui/parts"
)

// recallMade looks for what was saved before in this run. Its passphrase may have
// been told by now, so the page shows that one and no other.
func (p *exportPage) recallMade() {
	made, known := p.parcels.Of(p.record)
	if !known || p.reminder || !made.IsThere() {
		return // moved away: it is made again
	}
	p.made, p.already = made, true
}

// madePart shows what is there, and offers to make it anew.
func (p *exportPage) madePart() fyne.CanvasObject {
	files := []string{p.made.File}
	if p.made.Sheet != "" {
		files = append(files, p.made.Sheet)
	}
	anew := parts.Wrap(16, parts.NewLink("Make new files", p.makeAnew))
	if p.made.ForKey {
		return parts.NewCallout(parts.ToneGood, "Already saved for "+p.guide.Vendor+"'s public key.", where(files...),
			anew)
	}
	row := parts.NewPassphraseRow("the passphrase", p.made.Lock.Passphrase)
	if p.made.Own {
		row = parts.NewSecretRow("the passphrase", p.made.Lock.Passphrase)
	}
	return parts.Column(12,
		parts.NewCallout(parts.ToneGood, "Already saved with this passphrase.", where(files...), anew),
		row, parts.Caption(
			"Tell it by phone; never send it the same way as the file. Entrada forgets it when it closes."))
}

func (p *exportPage) makeAnew() {
	p.already, p.passphrase = false, handover.GeneratePassphrase()
	p.changed()
}
