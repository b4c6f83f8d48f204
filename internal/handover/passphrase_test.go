package handover

import (
	"errors"
	"math"
	"regexp"
	"strings"
	"testing"

	"entrada/internal/fault"
	"entrada/internal/secret"
)

// E08: the passphrase that is offered.
func TestGeneratedPassphrases(t *testing.T) {
	form := regexp.MustCompile(
		`^([bdfghklmnprstvz][aeiou][bdfghklmnprstvz][aeiou]-){9}[bdfghklmnprstvz][aeiou][bdfghklmnprstvz][aeiou]$`)
	seen, used := map[string]bool{}, map[string]bool{}
	for range 2000 {
		p := GeneratePassphrase()
		text := p.Reveal()
		if !form.MatchString(text) || seen[text] {
			t.Fatal("another form, or the same twice")
		}
		seen[text] = true
		if err := CheckPassphrase(p); err != nil {
			t.Fatalf("refused by our own rules: %v (%s)", err, text)
		}
		for w := range strings.SplitSeq(text, "-") {
			if impolite[w] {
				t.Fatalf("%q", w)
			}
			used[w] = true
		}
	}
	// 20,000 draws out of 5,600 words leave about one in 35 out.
	if len(used) < 5300 {
		t.Errorf("only %d different words", len(used))
	}
}

func TestTheListOfWords(t *testing.T) {
	list := map[string]bool{}
	for n := range listLength {
		list[word(n)] = true
	}
	for w := range impolite {
		delete(list, w)
	}
	if len(list) < 2048 {
		t.Errorf("%d words", len(list))
	}
	if bits := drawn * math.Log2(float64(len(list))); bits < 110 {
		t.Errorf("%.0f bits", bits)
	}
}

// E08: and those that are refused.
func TestWeakPassphrases(t *testing.T) {
	for _, weak := range []string{
		"", "short", "elevenchars", "           ", "            x", "x            ",
		"password1234", "Password1234!", "P@ssw0rd1234", "passwordpassword", "password-password", "Welcome2026!!",
		"123456789012", "1234567890123456", "987654321098", "aaaaaaaaaaaa", "abababababab", "abcabcabcabc",
		"abcdefghijkl", "qwertyuiopas",
		"QWERTZUIOPAS", "letmeinletmein", "microsoft365", "Entrada123456", "summer2026summer",
		"correcthorsebatterystaple", "changemechangeme",
		"test1234test1234", "1q2w3e4r5t6z", "111111222222", "admin-admin-admin", "companyadmin1", "abcdefghijklm\n",
		"tab\ttab\ttabular", "\xff\xfe\xfd bytes bytes",
	} {
		err := CheckPassphrase(secret.New(weak))
		if fault.KindOf(err) != fault.WeakPassphrase {
			t.Errorf("%q: %v", weak, err)
			continue
		}
		refused, _ := errors.AsType[*fault.Error](err)
		if d := refused.Detail; d == "" || len(weak) > 8 && strings.Contains(err.Error(), weak) {
			t.Errorf("%q: says %q", weak, d)
		}
	}
	for _, good := range []string{
		"lomu-tiga-bere", "purple otter climbs slowly", "Der Mond ist aufgegangen", "aK9#2$8!4%7^", "8374-2951-6607",
		"пароль из слов", "test the waters first", "日本語の長い合言葉です今日も",
	} {
		if err := CheckPassphrase(secret.New(good)); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
}
