package guides

import (
	"reflect"
	"strings"
	"testing"

	"entrada/internal/fault"
)

func TestAGuideFromAnswers(t *testing.T) {
	g, err := Build(
		Wish{Vendor: "  Fabrikam  CRM ", Abilities: []string{"mail-send", "calendar-write"},
			RedirectURL: "https://fabrikam.example/cb"})
	if err != nil {
		t.Fatal(err)
	}
	if g.ID != "fabrikam-crm" || g.AppOnly() ||
		len(g.RedirectURLs(map[string]string{"redirect-url": "https://fabrikam.example/cb"})) != 1 {
		t.Errorf("%+v", g)
	}
	if steps := g.PortalSteps(Choices{Inputs: map[string]string{"redirect-url": "https://fabrikam.example/cb"}}); len(
		steps) != 5 {
		t.Errorf("%d steps", len(steps))
	}
	alone, err := Build(
		Wish{Vendor: "Robot", Abilities: []string{"tasks-read"}, ByItself: true, Mailbox: "megan@contoso.example"})
	if err != nil || !alone.AppOnly() || alone.Permissions[0].Name != "Tasks.Read.All" ||
		alone.MailboxInput() != "mailbox" {
		t.Errorf("%+v, %v", alone, err)
	}
}

func TestAGuideIsWrittenAndReadBackTheSame(t *testing.T) {
	for _, g := range BuiltIn() {
		data, err := Encode(g)
		if err != nil {
			t.Fatalf("%s: %v", g.ID, err)
		}
		again, err := Load(g.ID, data)
		if err != nil {
			t.Fatalf("%s: %v", g.ID, err)
		}
		// A list that is absent and one that is empty say the same.
		if one, other := plain(g), plain(again); one != other {
			t.Errorf("%s changed on the way:\n%s\n%s", g.ID, one, other)
		}
	}
}

func plain(g *Guide) string {
	var all []string
	walkStrings(g, func(s string) { all = append(all, s) })
	return strings.Join(all, "\n") + reflect.ValueOf(*g).FieldByName("Switches").String()
}

func TestAWishThatMakesNoGuide(t *testing.T) {
	for name, w := range map[string]Wish{
		"no name":      {Abilities: []string{"mail-send"}},
		"no letters":   {Vendor: "日本", Abilities: []string{"mail-send"}},
		"nothing":      {Vendor: "X"},
		"turned text":  {Vendor: "X\u202eY", Abilities: []string{"mail-send"}},
		"bad redirect": {Vendor: "X", Abilities: []string{"mail-send"}, RedirectURL: "http://vendor.example"},
		"long":         {Vendor: strings.Repeat("x", 60), Abilities: []string{"mail-send"}},
	} {
		if g, err := Build(w); err == nil || !fault.Is(err, fault.InvalidInput, fault.FileCorrupt) {
			t.Errorf("%s: %+v, %v", name, g, err)
		}
	}
}
