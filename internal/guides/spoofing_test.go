package guides

import (
	"strings"
	"testing"

	"entrada/internal/fault"
)

// foreign is a guide of no built-in vendor, to be renamed.
func foreign(t *testing.T) Guide {
	t.Helper()
	g, err := Build(Wish{Vendor: "Acme", Abilities: []string{"mail-send"}})
	if err != nil {
		t.Fatal(err)
	}
	return *g
}

// TestANameThatReadsLikeABuiltInOne is refused with a sentence that says whose
// guide is built in, or what is odd about the letters.
func TestANameThatReadsLikeABuiltInOne(t *testing.T) {
	for name, sentence := range map[string]string{
		"OxfordIQ": "OxfordIQ, whose guide is built in", "oxford iq": "OxfordIQ, whose",
		" Oxford-IQ. ": "OxfordIQ, whose", "OxfordlQ": "OxfordIQ, whose",
		"0xf0rdIQ": "OxfordIQ, whose", "Ｏｘｆｏｒｄ ＩＱ": "OxfordIQ, whose", "𝐎𝐱𝐟𝐨𝐫𝐝𝐈𝐐": "OxfordIQ, whose",
		"Öxfördıq": "OxfordIQ, whose", "OxfoʀdIQ": "OxfordIQ, whose",
		"Oxford\u034fIQ": "OxfordIQ, whose",
		"ОxfordIQ":       "two alphabets", "Oxfοrd IQ": "two alphabets",
		"СХТ Software": "CXT Software, whose", "cxt": "CXT Software, whose", "ХКІТ": "Xkit, whose",
		"ΧΚΙΤ": "Xkit, whose", "Xkit Outlook Email": "Xkit, whose",
		"Klera Outlook Application": "Gathr, whose", "Aurınko": "Aurinko, whose", "Aunnko": "",
		"ꓫꓗꓲꓔ": "no everyday use", "Xk\u2800it": "no everyday use",
	} {
		byVendor, byApp := foreign(t), foreign(t)
		byVendor.Vendor, byApp.AppName = name, name
		for what, g := range map[string]*Guide{"vendor": &byVendor, "app name": &byApp} {
			err := CheckForeign(g)
			if sentence == "" {
				if err != nil {
					t.Errorf("%s %q: %v", what, name, err)
				}
				continue
			}
			if !fault.Is(err, fault.InvalidInput) || !strings.Contains(detail(err), sentence) {
				t.Errorf("%s %q: %v", what, name, err)
			}
		}
	}
	g := foreign(t)
	g.ID = "oxford-iq"
	if err := CheckForeign(&g); err == nil {
		t.Error("the ID oxford-iq is taken")
	}
	if _, err := Build(Wish{Vendor: "Oxford IQ", Abilities: []string{"mail-send"}}); !fault.Is(err,
		fault.InvalidInput) {
		t.Errorf("one made here: %v", err)
	}
}

// TestNamesOfOthersAreTaken, whatever alphabet they are written in.
func TestNamesOfOthersAreTaken(t *testing.T) {
	for _, name := range []string{"Fabrikam", "Müller & Söhne", "Яндекс", "Яндекс Outlook", "日本Software", "カタカナ メール",
		"µConnect", "Ελληνικά", "Łódź CRM", "L'Oréal", "Straße", "한국 CRM", "דואר"} {
		g := foreign(t)
		g.Vendor, g.AppName = name, name+" Outlook"
		if err := CheckForeign(&g); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	for to, list := range confusables {
		for _, from := range list {
			if from < 0x80 || latinOf[from] != to {
				t.Errorf("%q stands for %q and for %q", from, to, latinOf[from])
			}
		}
	}
}

// TestBuiltInVendorsDoNotReadAlike: otherwise the refusal would name the wrong one.
func TestBuiltInVendorsDoNotReadAlike(t *testing.T) {
	seen := map[string]string{}
	for _, g := range BuiltIn() {
		for _, name := range []string{g.Vendor, g.AppName, g.ID} {
			if s := skeleton(name); s == "" || seen[s] != "" && seen[s] != g.ID {
				t.Errorf("%q reads like %s", name, seen[s])
			} else {
				seen[s] = g.ID
			}
		}
	}
}

// TestNoFileSaysWhereItComesFrom: the mark is ours alone.
func TestNoFileSaysWhereItComesFrom(t *testing.T) {
	made := foreign(t)
	data, err := Encode(&made)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(strings.ToLower(string(data)), "origin") {
		t.Errorf("it is written into the file:\n%s", data)
	}
	opened, err := Load("acme.toml", data)
	if err != nil {
		t.Fatal(err)
	}
	for g, label := range map[*Guide]string{&made: "Acme · made here, from your own answers",
		opened: "Acme · from a file, not by Entrada", ByID("xkit"): "Xkit"} {
		if got := g.Label(); got != label {
			t.Errorf("%q", got)
		}
	}
	for _, key := range []string{"origin", "Origin"} {
		if _, err := Load("x", append([]byte(key+" = 2\n"), data...)); !fault.Is(err, fault.FileCorrupt) {
			t.Errorf("%s: %v", key, err)
		}
	}
	if _, err := Load("x", []byte(strings.Replace(string(data), `"Acme"`, "\"Acme\u3164\"", 1))); !fault.Is(err,
		fault.FileCorrupt) {
		t.Errorf("a letter that nobody sees: %v", err)
	}
}
