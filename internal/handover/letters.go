package handover

import (
	"cmp"
	"strings"

	"entrada/internal/fault"
	"entrada/internal/words"
)

// Letters are the words that go with a hand-over, ready to send: each way has
// its own, so that nobody who sees one of them has everything. None of them
// holds a secret or a passphrase.
type Letters struct {
	Subject string   // of the mail
	Mail    string   // goes with the sheet
	File    string   // goes with the encrypted file, another way
	Phone   []string // what to do when both sides are on the phone, step by step
}

// Parcel says how the secret travels.
type Parcel struct {
	File   string // the name of the encrypted file, "" if not known
	ForKey bool   // it opens with the vendor's own key: there is no passphrase
	// Answers are for what the vendor asked and does not get.
	Answers []string
}

// NewLetters writes the letters for a package, which need not hold its secrets.
func NewLetters(p Package, parcel Parcel) (Letters, error) {
	p, err := p.complete()
	if err != nil {
		return Letters{}, err
	}
	var readable, hidden []string
	for _, f := range p.Fields {
		if f.Secret {
			hidden = append(hidden, f.Label)
		} else {
			readable = append(readable, f.Label)
		}
	}
	l := Letters{
		Subject: "Microsoft 365 connection of " + organisation(p) + " for " + p.vendor(),
		Mail:    mailLetter(p, readable, hidden, parcel), File: fileLetter(p, hidden, parcel),
		Phone: phoneLetter(p, parcel),
	}
	for _, v := range p.secrets() {
		if text := v.Reveal(); len(text) >= 8 &&
			strings.Contains(l.Subject+l.Mail+l.File+strings.Join(l.Phone, ""), text) {
			return Letters{},
				&fault.Error{Kind: fault.Misuse, Op: "write the letters",
					Detail: "a secret in a text that is sent readable"}
		}
	}
	return l, nil
}

func mailLetter(p Package, readable, hidden []string, parcel Parcel) string {
	var b strings.Builder
	b.WriteString("Hello,\n\nour Microsoft 365 connection for " + p.vendor() + " is ready. ")
	b.WriteString(
		"The sheet with this mail has the values that go into your software, under the names you use: " +
			cmp.Or(words.List(readable), "nothing") + ".\n\n")
	if len(hidden) > 0 {
		b.WriteString(
			words.List(hidden) + isOrAre(hidden) + "not in this mail. You will receive an encrypted file separately. ")
		if !parcel.ForKey {
			b.WriteString("I will tell you its passphrase by phone.")
		} else {
			b.WriteString("It opens with your own key.")
		}
		b.WriteString("\n\n")
	}
	if p.Fingerprint != "" {
		b.WriteString(
			"Please call me when you have opened the file, so that we can compare the fingerprint: eight " +
				"characters, which are on the sheet as well.\n\n")
	}
	if !p.SecretExpires.IsZero() {
		b.WriteString(
			"The secret expires on " + p.SecretExpires.Format(words.Date) +
				". You will receive a new one before that day.\n\n")
	}
	for _, answer := range parcel.Answers {
		b.WriteString(answer + "\n\n")
	}
	b.WriteString("Kind regards\n")
	return b.String()
}

func fileLetter(p Package, hidden []string, parcel Parcel) string {
	var b strings.Builder
	b.WriteString("Hello,\n\nthis is the encrypted file for the Microsoft 365 connection of " + organisation(p))
	if parcel.File != "" {
		b.WriteString(": " + parcel.File)
	}
	b.WriteString(".\n\nIn it: " + cmp.Or(words.List(hidden), "nothing") + ", and all that is on the sheet.\n\n")
	if parcel.ForKey {
		b.WriteString(
			"It opens with the key whose public part you sent us: in Entrada (“Open a hand-over”), or with “age -d " +
				"-i YOUR-KEY-FILE FILE” from age-encryption.org.\n\n")
	} else {
		b.WriteString(
			"It opens in Entrada (“Open a hand-over”) or with “age -d FILE” from age-encryption.org. I will tell " +
				"you the passphrase by phone; please do not ask for it in writing.\n\n")
	}
	b.WriteString("Kind regards\n")
	return b.String()
}

func phoneLetter(p Package, parcel Parcel) []string {
	steps := []string{"Call a number of " + p.vendor() + " that you knew before, not one from a mail."}
	if !parcel.ForKey {
		steps = append(steps, "Say the passphrase, word by word. All letters are small, with a dash between the words.")
	}
	steps = append(steps, "Let them open the file.")
	if p.Fingerprint != "" {
		steps = append(
			steps, "Let them read you the fingerprint that they see. It must be **"+p.Fingerprint+"**, in words: "+
				Spell(p.Fingerprint)+".",
			"If it is another one, stop: they have another secret than you sent.")
	}
	return steps
}

func isOrAre(labels []string) string {
	if len(labels) == 1 {
		return " is "
	}
	return " are "
}

// aloud are the characters of a fingerprint as people say them on the phone.
var aloud = map[rune]string{
	'0': "zero", '1': "one", '2': "two", '3': "three", '4': "four", '5': "five", '6': "six", '7': "seven",
	'8': "eight", '9': "nine",
	'a': "A as in Alfa", 'b': "B as in Bravo", 'c': "C as in Charlie", 'd': "D as in Delta", 'e': "E as in Echo",
	'f': "F as in Foxtrot",
}

// Spell is how a fingerprint is read aloud.
func Spell(fingerprint string) string {
	var groups []string
	for _, group := range strings.Fields(fingerprint) {
		var said []string
		for _, r := range strings.ToLower(group) {
			if word, ok := aloud[r]; ok {
				said = append(said, word)
			}
		}
		groups = append(groups, strings.Join(said, ", "))
	}
	return strings.Join(groups, "; then ")
}
