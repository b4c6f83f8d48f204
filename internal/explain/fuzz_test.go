package explain

import (
	"net/url"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// FuzzText holds what must be true of any text: it is answered, in bounds,
// with whole explanations, no control characters and no secret.
func FuzzText(f *testing.F) {
	for _, p := range pasted {
		f.Add(p.text)
	}
	for _, s := range secrets {
		f.Add(s)
	}
	for _, s := range []string{"", "AADSTS", "AADSTS0", "AADSTS000", "aadsts" + strings.Repeat("0", 40), "%", "%%%41",
		"\\u00", "&#x;", "<", "error_codes:[,,]", "\xff\xfeAADSTS50011", "5.7.", "code\"=\""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := Text(text, Context{})
		if len(got) > maxCauses {
			t.Fatalf("%d causes", len(got))
		}
		if len(got) == 0 &&
			len(strings.TrimFunc(text, func(r rune) bool { return !unicode.IsLetter(r) || r == utf8.RuneError })) > 0 &&
			!strings.ContainsAny(text, "<&%\\=") {
			t.Fatalf("no answer to %q", text)
		}
		for _, e := range got {
			if e.What == "" || e.Why == "" || e.Who == "" || e.Next.Label == "" {
				t.Fatalf("a part is missing: %+v", e)
			}
			if e.Next.URL != "" {
				if u, err := url.Parse(e.Next.URL); err != nil || u.Scheme != "https" {
					t.Fatalf("bad link %q", e.Next.URL)
				}
			}
			for _, r := range e.Report() {
				if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) || r == utf8.RuneError {
					t.Fatalf("unprintable %U in %q", r, e.Report())
				}
			}
			if strings.Contains(e.Report(), canary) {
				t.Fatalf("a secret came out: %q", e.Report())
			}
		}
	})
}
