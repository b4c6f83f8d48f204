package handover

import (
	"crypto/rand"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"entrada/internal/fault"
	"entrada/internal/secret"
)

// A generated passphrase is made of invented words, consonant and vowel in
// turn, such as "lomu" or "tiga": a person can say them on the phone in any
// language, and no two are spelt alike. Letters that sound alike or differ from
// language to language (c, q, w, x, y, j) are left out.
const (
	consonants = "bdfghklmnprstvz"
	vowels     = "aeiou"
	listLength = len(consonants) * len(vowels) * len(consonants) * len(vowels) // 5,625: 12.4 bits each
	drawn      = 10                                                            // words of a passphrase
)

// GeneratePassphrase returns ten invented words with dashes between them, more
// than 120 random bits.
func GeneratePassphrase() secret.Value {
	parts := make([]string, 0, drawn)
	for len(parts) < drawn {
		n, err := rand.Int(rand.Reader, big.NewInt(int64(listLength)))
		if err != nil {
			panic(err) // never, since Go 1.24: the reader cannot fail
		}
		if w := word(int(n.Int64())); !impolite[w] {
			parts = append(parts, w)
		}
	}
	return secret.New(strings.Join(parts, "-"))
}

// generated is what GeneratePassphrase makes, as it is typed by who heard it on
// the phone: dashes, spaces or commas between the words.
var generated = regexp.MustCompile(
	`^[` + consonants + vowels + `]{4}( [` + consonants + vowels + `]{4}){` + strconv.Itoa(drawn-1) + `}$`)

// asGenerated is a passphrase of our own that was typed another way, in its one
// spelling; ok is false for every other one.
func asGenerated(s secret.Value) (one secret.Value, ok bool) {
	parts := strings.FieldsFunc(
		strings.ToLower(s.Reveal()),
		func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) || r == ',' })
	if !generated.MatchString(strings.Join(parts, " ")) {
		return secret.Value{}, false
	}
	spelt := strings.Join(parts, "-")
	return secret.New(spelt), spelt != s.Reveal()
}

// word is number n of the list, which is never written out.
func word(n int) string {
	b := make([]byte, 4)
	for i := 3; i >= 0; i-- {
		letters := consonants
		if i%2 == 1 {
			letters = vowels
		}
		b[i] = letters[n%len(letters)]
		n /= len(letters)
	}
	return string(b)
}

// impolite words of this form, in the languages that came to mind.
var impolite = map[string]bool{
	"kaka": true, "kaki": true, "pipi": true, "popo": true, "pupu": true, "puta": true, "puto": true, "pute": true,
	"hure": true, "homo": true, "nazi": true, "sado": true, "pedo": true, "rape": true, "kike": true, "dago": true,
	"gore": true, "nude": true, "mona": true, "mata": true, "lolo": true, "tete": true, "bite": true, "zizi": true,
	"zobi": true, "fufa": true, "fika": true, "figa": true, "bobo": true, "dodo": true, "fede": true, "tara": true,
	"hate": true, "kill": true, "dumb": true, "negu": true, "neko": true, "pene": true, "vagi": true, "semen": true,
}

const minPassphrase = 12

// CheckPassphrase refuses passphrases that are soon guessed. The error is of
// kind fault.WeakPassphrase and its Detail says what to do; it never repeats
// the passphrase.
func CheckPassphrase(s secret.Value) error {
	text := s.Reveal()
	weak := func(sentence string) error {
		return &fault.Error{Kind: fault.WeakPassphrase, Op: "check the passphrase", Detail: sentence}
	}
	switch {
	case !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl):
		return weak("Use letters, digits, spaces and signs that can be typed.")
	case utf8.RuneCountInString(text) < minPassphrase:
		return weak("Use at least 12 characters. Several words in a row are easy to say and hard to guess.")
	case strings.TrimSpace(text) != text:
		return weak("Leave out the space at the beginning or end: it gets lost when the passphrase is read out.")
	}
	plain := simplified(text)
	switch {
	case isMonotonous(strings.ToLower(text)) || isRepeated([]rune(plain)):
		return weak(
			"This repeats itself or follows the keyboard. Use several words that have nothing to do with each other.")
	case isCommon(plain), isCommon(lettersOf(strings.ToLower(text))):
		return weak(
			"This is a common password with something added. Use several words that have nothing to do with " +
				"each other.")
	}
	return nil
}

// simplified undoes what people do to a common password: capitals, digits and
// signs for letters.
var undo = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i")

func simplified(text string) string {
	lower := strings.ToLower(text)
	// "password1234": digits at the end stand for nothing.
	lower = strings.TrimRightFunc(lower, func(r rune) bool { return !unicode.IsLetter(r) && r != '@' && r != '$' })
	return lettersOf(undo.Replace(lower))
}

func lettersOf(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, text)
}

// common are the words that the passwords tried first are made of.
var common = strings.Fields(`
	password passwort passphrase passwd kennwort geheim secret motdepasse contrasena
	welcome willkommen letmein iloveyou admin administrator root login master default changeme changeit
	qwerty qwertz azerty asdf zxcvbn abc abcd abcdef test testing demo sample example hello monkey dragon
	football baseball sunshine princess superman batman trustno starwars summer sommer winter spring autumn
	monday friday january january microsoft office outlook azure entra entrada teams windows company firma
	client vendor user guest temp temporary please correct horse battery staple
`)

// isCommon reports whether it is made of common words and little else.
func isCommon(plain string) bool {
	for rest := plain; ; {
		if len(rest) < 4 {
			return len(rest) < len(plain)
		}
		longest := 0
		for _, w := range common {
			if strings.HasPrefix(rest, w) && len(w) > longest {
				longest = len(w)
			}
		}
		if longest == 0 {
			return false
		}
		rest = rest[longest:]
	}
}

var rows = []string{
	"abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "98765432109876543210", "qwertyuiopasdfghjklzxcvbnm",
	"qwertzuiopasdfghjklyxcvbnm", "azertyuiopqsdfghjklmwxcvbn", "1q2w3e4r5t6z7u8i9o0p", "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
}

// isMonotonous: fewer than six different characters, one piece again and
// again, or a run along the alphabet or the keyboard.
func isMonotonous(text string) bool {
	runes := []rune(text)
	if len(runes) == 0 {
		return false
	}
	different := map[rune]bool{}
	for _, r := range runes {
		different[r] = true
	}
	if len(different) < 6 {
		return true
	}
	if isRepeated(runes) {
		return true
	}
	for _, row := range rows {
		if strings.Contains(row, text) || strings.Contains(row+row, text) {
			return true
		}
	}
	return false
}

func isRepeated(runes []rune) bool {
	for size := 1; size <= len(runes)/2; size++ {
		if slices.Equal(runes[size:], runes[:len(runes)-size]) {
			return true
		}
	}
	return false
}
