package handover

import (
	"strings"
	"testing"

	"entrada/internal/fault"
)

func TestLettersTellOneThingEach(t *testing.T) {
	p := sample()
	l := must[Letters](t)(NewLetters(p, Parcel{File: "cxt.settings.age"}))
	all := l.Subject + l.Mail + l.File + strings.Join(l.Phone, "\n")
	for _, marker := range []string{clientSecret.Reveal(), mailboxPassword.Reveal(), "canary", passphrase.Reveal()} {
		if strings.Contains(all, marker) {
			t.Errorf("a letter holds %q", marker)
		}
	}
	has := func(text string, words ...string) {
		t.Helper()
		for _, w := range words {
			if !strings.Contains(text, w) {
				t.Errorf("%q is missing in:\n%s", w, text)
			}
		}
	}
	has(l.Mail, "CXT Software", "Client ID, Client Secret ID and Mailbox username",
		"Client Secret Value and Mailbox password", "separately", "by phone", "20 November 2027")
	has(l.File, "cxt.settings.age", "contoso.example", "Client Secret Value", "age -d FILE")
	has(strings.Join(l.Phone, "\n"), "number of CXT Software that you knew before",
		"two, zero, eight, nine; then three, zero, four, eight", "dash")
	// The mail must not tell what is compared by phone.
	if strings.Contains(l.Mail, "2089") || strings.Contains(l.File, "2089") {
		t.Error("the fingerprint is in a letter that goes with the file")
	}
	golden(t, "letters.txt",
		[]byte(l.Subject+"\n\n"+l.Mail+"\n---\n"+l.File+"\n---\n"+strings.Join(l.Phone, "\n")+"\n"))

	key := must[Letters](t)(
		NewLetters(p, Parcel{ForKey: true, Answers: []string{"About the password: none is needed."}}))
	has(key.Mail, "own key", "none is needed")
	if strings.Contains(key.Mail+key.File+strings.Join(key.Phone, ""), "passphrase") {
		t.Error("a passphrase is spoken of, and there is none")
	}
	p.VendorName = "x"
	p.Fields[0].Label = clientSecret.Reveal()
	_, err := NewLetters(p, Parcel{})
	wantKind(t, err, fault.Misuse)
}

func TestSpell(t *testing.T) {
	if got := Spell(
		"3f9a 02bc"); got != "three, F as in Foxtrot, nine, A as in Alfa; then zero, two, B as in Bravo, C as "+
		"in Charlie" {
		t.Error(got)
	}
	if Spell("") != "" {
		t.Error("words for nothing")
	}
}
