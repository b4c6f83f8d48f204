package deliver

import (
	"strings"
	"unicode/utf8"

	"entrada/internal/app"
	"entrada/internal/connections"
	"entrada/internal/fault"
	"entrada/internal/guides"
	"entrada/internal/handover"
)

// Sent says what travels, as far as this run of the program knows.
type Sent struct {
	File            string // the name of the encrypted file
	ForKey          bool   // it opens with the vendor's own key
	MailboxPassword bool   // an admin insisted on giving it
}

// Letters are the words that go with a hand-over. What the vendor asked for
// and does not get is answered instead of promised.
func Letters(a app.App, r connections.Record, g *guides.Guide, s Sent) (handover.Letters, error) {
	p := Package(a, r, g, Secrets{PasswordGiven: s.MailboxPassword})
	parcel := handover.Parcel{File: s.File, ForKey: s.ForKey}
	fields := p.Fields
	p.Fields = nil
	for i, f := range g.Fields {
		if f.From == guides.FromMailboxPassword && !s.MailboxPassword {
			parcel.Answers = append(parcel.Answers, "About “"+f.Label+"”: "+f.Reply)
			continue
		}
		p.Fields = append(p.Fields, fields[i])
	}
	return handover.NewLetters(p, parcel)
}

const maxRecipient = 200 // characters

// MarkHandedOver notes that the vendor has the settings, and to whom they went.
func MarkHandedOver(a app.App, r connections.Record, to string) (connections.Record, error) {
	to = strings.Join(strings.Fields(to), " ")
	switch {
	case to == "":
		return r, fault.Invalid("recipient", "Type who has it now: a name, or an address.")
	case utf8.RuneCountInString(to) > maxRecipient:
		return r, fault.Invalid("recipient", "A name or an address is enough.")
	}
	r.HandedOver = &connections.HandedOver{When: a.Now().UTC(), To: to}
	return r, a.Connections.UpdateRecord(r)
}
