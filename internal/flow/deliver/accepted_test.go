package deliver

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"entrada/internal/fault"
	"entrada/internal/guides"
	"entrada/internal/handover"
	"entrada/internal/registration"
	"entrada/internal/secret"
)

// small is the least that a guide file says. What stands behind @ is put in.
const small = `format = 1
id = "acme"
@vendor = "Acme"
summary = "Sends mail."
@app_name = "Acme Mail"
audiences = ["multitenant"@audiences]
@top
[secret]
@description = "Acme"
@months = 12
[[permission]]
name = "Mail.Send"
kind = "delegated"
why = "It sends."
[[field]]
@label = "Client ID"
from = "client-id"
why = "It is who you are."
[[field]]
label = "Secret"
from = "secret-value"
@more`

// filled puts other lines into the small guide: "vendor" replaces its line, "more"
// and "top" add some.
func filled(with map[string]string) []byte {
	var b strings.Builder
	for line := range strings.Lines(small) {
		line = strings.TrimSuffix(line, "\n")
		key, marked := strings.CutPrefix(line, "@")
		name, _, _ := strings.Cut(key, " ")
		switch value, ok := with[name]; {
		case marked && ok && (name == "more" || name == "top"):
			b.WriteString(value + "\n")
		case marked && ok:
			fmt.Fprintf(&b, "%s = %s\n", name, value)
		case marked && (name == "more" || name == "top"):
		case marked:
			b.WriteString(key + "\n")
		default:
			b.WriteString(strings.ReplaceAll(line, "@audiences", with["audiences"]) + "\n")
		}
	}
	return []byte(b.String())
}

func many(n int, f func(i int) string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(f(i))
	}
	return b.String()
}

func quoted(text string) string { return `"` + text + `"` }

// edges are guides at and beyond each limit that anything further on has.
func edges() map[string]map[string]string {
	list := map[string]map[string]string{
		"two scopes of one name": {"more": strings.Repeat("[[expose]]\nscope = \"one\"\n", 2)},
		"personal accounts":      {"audiences": `, "multitenant-and-personal"`},
		"a query, personal": {"audiences": `, "multitenant-and-personal"`,
			"more": "[[redirect]]\nurl = \"https://acme.example/cb?x=1\"\n"},
		"one address twice": {"more": strings.Repeat("[[redirect]]\nurl = \"https://acme.example/cb\"\n", 2)},
		"the address of an input": {"more": "[[redirect]]\nurl = \"https://acme.example/cb\"\n" +
			"[[redirect]]\ninput = \"cb\"\n" +
			"[[input]]\nid = \"cb\"\nlabel = \"Address\"\nkind = \"redirect-url\"\n" +
			"default = \"https://acme.example/cb\"\n"},
		"the test's own address": {"more": "[[redirect]]\nurl = \"" + guides.TestRedirect + "\"\n"},
		"no fields of a secret":  {"label": quoted("Secrets")},
	}
	for name, text := range map[string]string{
		"space behind": "Acme ", "space before": " Acme", "break": `Acme\nSigned in as: you`, "tab": `Acme\tMail`,
		"escape": `Acme\u001b[2J`, "hidden": `Acme\u200b`, "bidi": `Acme\u202e`, "quotes": `\"Acme\"`, "object": `Acme\ufffc`,
		"40": strings.Repeat("ä", 40), "41": strings.Repeat("ä", 41), "60": strings.Repeat("日", 60),
		"61": strings.Repeat("日", 61), "90": strings.Repeat("n", 90), "91": strings.Repeat("n", 91),
		"100": strings.Repeat("é", 100), "101": strings.Repeat("é", 101), "120": strings.Repeat("n", 120), "empty": "",
		"blank": "   ", "line": `a\u2028b`, "emoji": "Acme 👩‍🔧", "dots": "…", "sign": "**Acme**", "nbsp": "Acme Mail",
	} {
		for _, key := range []string{"vendor", "app_name", "description", "label"} {
			list[key+" "+name] = map[string]string{key: quoted(text)}
		}
		list["why "+name] = map[string]string{"more": "[[permission]]\nname = \"Mail.Read\"\n" +
			"kind = \"delegated\"\nwhy = " +
			quoted(text) + "\n[[field]]\nlabel = \"More\"\nfrom = \"input\"\ninput = \"x\"\nwhy = " + quoted(text) +
			"\n[[input]]\nid = \"x\"\nlabel = " + quoted("L "+text) + "\nkind = \"text\"\noptional = true\n"}
	}
	for _, n := range []int{0, 1, 23, 24, 25} {
		list[fmt.Sprintf("%d months", n)] = map[string]string{"months": fmt.Sprint(n)}
	}
	for _, n := range []int{19, 20, 21, 97, 98, 99, 100, 101, 254, 255, 256, 257} {
		list[fmt.Sprintf("%d scopes", n)] = map[string]string{"more": many(n, func(i int) string {
			return fmt.Sprintf("[[expose]]\nscope = \"s%d\"\n", i)
		})}
		list[fmt.Sprintf("%d redirects", n)] = map[string]string{"more": many(n, func(i int) string {
			return fmt.Sprintf("[[redirect]]\nurl = \"https://acme.example/%d\"\n", i)
		}), "audiences": `, "multitenant-and-personal"`}
		list[fmt.Sprintf("%d fields more", n)] = map[string]string{"more": many(n, func(i int) string {
			return fmt.Sprintf("[[field]]\nlabel = \"F%d\"\nfrom = \"tenant-id\"\nwhy = %s\n", i,
				quoted(strings.Repeat("w", 1200)))
		})}
	}
	return list
}

// What a guide file is accepted for can be carried to its end: the registration
// takes it, every format writes it, and no text of it makes a line of its own.
func TestAnAcceptedGuideIsCarriedToTheEnd(t *testing.T) {
	accepted, refused := 0, 0
	list := edges()
	for _, name := range slices.Sorted(maps.Keys(list)) {
		g, err := guides.Load("acme.toml", filled(list[name]))
		if err != nil {
			refused++
			if !fault.Is(err, fault.FileCorrupt, fault.FileTooLarge) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		accepted++
		carry(t, name, g)
	}
	if accepted < 40 || refused < 40 {
		t.Errorf("%d were accepted, %d refused", accepted, refused)
	}
	for _, name := range []string{"vendor 40", "app_name 90", "description 100", "label 60", "24 months", "20 scopes",
		"99 redirects", "98 fields more", "the address of an input"} {
		if _, err := guides.Load("acme.toml", filled(list[name])); err != nil {
			t.Errorf("%s is refused, at the limit: %v", name, err)
		}
	}
}

// carry registers and hands over, with everything chosen.
func carry(t *testing.T, name string, g *guides.Guide) {
	t.Helper()
	choices := guides.Choices{Inputs: map[string]string{}}
	for _, f := range g.Features {
		choices.Features = append(choices.Features, f.ID)
	}
	for _, in := range g.Inputs {
		choices.Inputs[in.ID] = in.Default
		if in.Default == "" && in.Kind == guides.InputRedirectURL {
			choices.Inputs[in.ID] = "https://typed.example/" + in.ID
		}
	}
	for _, a := range g.Audiences {
		choices.Audience = a
		if _, err := registration.For(g, choices, ""); err != nil {
			t.Errorf("%s, %s: accepted, and not to be registered: %v", name, a, err)
		}
	}
	w := newApp(t)
	r := savedRecord(t, &w)
	r.VendorID, r.VendorName, r.Inputs, r.Features = g.ID, g.Vendor, choices.Inputs, choices.Features
	p := Package(w, r, g, Secrets{Client: secret.New(marker)})
	for _, f := range handover.Formats() {
		lock := handover.Lock{}
		if f.Sealed {
			lock.Passphrase = handover.GeneratePassphrase()
		}
		written, err := f.Write(p, lock)
		if err != nil {
			t.Errorf("%s: accepted, and not to be handed over as %s: %v", name, f.ID, err)
			continue
		}
		if f.ID == handover.FormatJSON {
			back, err := handover.Open(written, secret.Value{})
			if err != nil || len(back.Fields) != len(p.Fields) {
				t.Errorf("%s: cannot be read back: %v", name, err)
			}
		}
		if bytes.Contains(written, []byte(marker)) {
			t.Errorf("%s: %s holds the secret", name, f.ID)
		}
	}
}
