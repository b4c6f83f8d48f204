package entra

import (
	"regexp"
	"strings"
	"unicode"
)

// Verdict is what can be said about a pasted value without asking anybody.
type Verdict struct {
	State    State
	Clean    string // the value without what does not belong to it
	Sentence string // for the line under the field; may hold **bold** words
}

// State grades a value.
type State int

// The grades. Doubtful values may go on: shapes are Microsoft's to change.
const (
	Missing State = iota
	Good
	Doubtful
	Wrong
)

// Known is what the person has entered elsewhere, so that mixed-up fields are
// recognised. Empty strings are unknown.
type Known struct {
	TenantID string
	ClientID string
	SecretID string
}

var (
	emailPattern = regexp.MustCompile(`^[^@\s/]+@[^@\s/]+\.[^@\s/]+$`)
	// The shape that generated client secrets have had since 2021: three
	// characters, a digit, "Q~", then 31 to 34 more. Never a reason to refuse.
	secretPattern = regexp.MustCompile(`^[a-zA-Z0-9_~.]{3}\dQ~[a-zA-Z0-9_~.-]{31,34}$`)
)

// pasteAtMost is more bytes than any value or address has that can be mixed up
// with one; a whole page has more. It is not looked into, so that a field
// answers at once whatever comes.
const pasteAtMost = 8 << 10

func tooMuch(wanted string) Verdict {
	return Verdict{Wrong, "",
		"This is far too much, perhaps a whole page. Copy the **" + wanted + "** alone, with the copy sign next to it."}
}

// CleanPaste removes what copying adds: spaces around, line ends, invisible
// characters, and a pair of quotation marks. changed says whether anything
// other than plain white space at the ends was removed.
func CleanPaste(s string) (clean string, changed bool) {
	trimmed := strings.TrimSpace(s)
	var b strings.Builder
	for _, r := range trimmed {
		if !isInvisible(r) {
			b.WriteRune(r)
		}
	}
	clean = strings.TrimSpace(b.String())
	for _, pair := range []string{`""`, `''`, "“”", "‘’", "„“", "«»", "``"} {
		p := []rune(pair)
		open, end := string(p[0]), string(p[1])
		if len(clean) > len(open)+len(end) && strings.HasPrefix(clean, open) && strings.HasSuffix(clean, end) {
			clean = strings.TrimSpace(clean[len(open) : len(clean)-len(end)])
		}
	}
	return clean, clean != trimmed
}

// isInvisible covers zero-width and bidirectional marks, soft hyphens, the byte
// order mark, control characters and line separators: characters that a person
// cannot see and Microsoft does not ignore.
func isInvisible(r rune) bool {
	return unicode.Is(unicode.Cf, r) || unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r == '\ufffc'
}

// CheckClientID judges what was pasted as the Application (client) ID.
func CheckClientID(text string, known Known) Verdict {
	if len(text) > pasteAtMost {
		return tooMuch("Application (client) ID")
	}
	clean, _ := CleanPaste(text)
	wrong := func(sentence string) Verdict { return Verdict{Wrong, clean, sentence} }
	switch {
	case clean == "":
		return Verdict{Missing, "", "It is on the app's **Overview** page, the line **Application (client) ID**."}
	case hasSignInAnswer(clean):
		return wrong(answerOfSignIn)
	case isMasked(clean):
		return wrong(
			"These are only dots or stars. On the app's **Overview** page, click the copy sign next to " +
				"**Application (client) ID**.")
	case isWebAddress(clean):
		return wrong(
			"This is a web address. We need the **Application (client) ID** alone, from the app's **Overview** page.")
	case emailPattern.MatchString(clean):
		return wrong(
			"This is an e-mail address. We need the **Application (client) ID** from the app's **Overview** page.")
	case known.TenantID != "" && strings.EqualFold(clean, known.TenantID):
		return wrong(
			"This is the **Directory (tenant) ID**. The **Application (client) ID** stands above it on the same page.")
	case known.SecretID != "" && strings.EqualFold(clean, known.SecretID):
		return wrong(
			"This is the **Secret ID**. We need the **Application (client) ID** from the app's **Overview** page.")
	case IsGUID(clean):
		return Verdict{Good, strings.ToLower(clean), ""}
	case looksLikeSecret(clean):
		return wrong(
			"This looks like the client secret. It belongs into the field **Client secret value**; here goes the " +
				"**Application (client) ID**.")
	case strings.ContainsFunc(clean, unicode.IsSpace):
		return wrong(
			"There is a space in the middle. Copy the **Application (client) ID** alone, with the copy sign " +
				"next to it.")
	case isNearlyGUID(clean):
		return wrong(
			"Some characters are missing or too many: an **Application (client) ID** has 36, in five groups. Use " +
				"the copy sign next to it.")
	default:
		return wrong(
			"This is not an **Application (client) ID**: that has 36 characters in five groups, such as " +
				"3f6b1c9e-52a7-4c1d-9b0e-7d2f4a8c6e10.")
	}
}

// CheckSecretValue judges what was pasted as the client secret's Value. The
// sentences never repeat the text.
func CheckSecretValue(text string, known Known) Verdict {
	if len(text) > pasteAtMost {
		return tooMuch("Value")
	}
	clean, changed := CleanPaste(text)
	wrong := func(sentence string) Verdict { return Verdict{Wrong, clean, sentence} }
	switch {
	case clean == "":
		return Verdict{Missing, "",
			"It is on **Certificates & secrets**, in the column **Value**. It is shown only once."}
	case hasSignInAnswer(clean):
		return wrong(answerOfSignIn)
	case isMasked(clean):
		return wrong(
			"This value is hidden already: the portal shows it only right after it was made. Make a **new client " +
				"secret** and copy its **Value** at once.")
	case known.ClientID != "" && strings.EqualFold(clean, known.ClientID):
		return wrong(
			"This is the **Application (client) ID** again. We need the secret's **Value** from **Certificates & " +
				"secrets**.")
	case known.TenantID != "" && strings.EqualFold(clean, known.TenantID):
		return wrong(
			"This is the **Directory (tenant) ID**. We need the secret's **Value** from **Certificates & secrets**.")
	case IsGUID(clean):
		return wrong(
			"This is an ID, not the **Value**. The Value is about 40 characters long and stands to the left of the " +
				"**Secret ID**. It is shown only once: if it is hidden now, make a new secret.")
	case isWebAddress(clean):
		return wrong("This is a web address. We need the secret's **Value** from **Certificates & secrets**.")
	case emailPattern.MatchString(clean):
		return wrong("This is an e-mail address. We need the secret's **Value** from **Certificates & secrets**.")
	case strings.ContainsFunc(clean, unicode.IsSpace):
		return wrong(
			"There is a space or a line break in the middle. Copy the **Value** alone, with the copy sign next to it.")
	case len(clean) < 16:
		return wrong("This is too short for a client secret. Copy the whole **Value**, with the copy sign next to it.")
	case !secretPattern.MatchString(clean):
		return Verdict{Doubtful, clean,
			"This does not look like the secrets that Microsoft makes today. If it is the column **Value**, go on; " +
				"we ask Microsoft in a moment."}
	case changed:
		return Verdict{Good, clean, "Invisible characters from copying were removed."}
	default:
		return Verdict{Good, clean, ""}
	}
}

// CheckSecretID judges the optional Secret ID.
func CheckSecretID(text string, known Known) Verdict {
	if len(text) > pasteAtMost {
		return tooMuch("Secret ID")
	}
	clean, _ := CleanPaste(text)
	switch {
	case clean == "":
		return Verdict{Missing, "",
			"On **Certificates & secrets**, the column **Secret ID**. It helps to find this secret again."}
	case known.ClientID != "" && strings.EqualFold(clean, known.ClientID):
		return Verdict{Wrong, clean,
			"This is the **Application (client) ID** again. The **Secret ID** is on **Certificates & secrets**, to " +
				"the right of the Value."}
	case IsGUID(clean):
		return Verdict{Good, strings.ToLower(clean), ""}
	case looksLikeSecret(clean):
		// Not kept: this field is saved in the open.
		return Verdict{Wrong, "",
			"This looks like the secret's **Value**. It belongs into the field above; the **Secret ID** has 36 " +
				"characters in five groups."}
	default:
		return Verdict{Wrong, clean,
			"A **Secret ID** has 36 characters in five groups. It is on **Certificates & secrets**, to the right " +
				"of the Value."}
	}
}

func looksLikeSecret(s string) bool {
	return secretPattern.MatchString(s) ||
		(len(s) >= 30 && strings.Contains(s, "~") && !strings.ContainsFunc(s, unicode.IsSpace))
}

func isMasked(s string) bool {
	covered, total := 0, 0
	for _, r := range s {
		total++
		if strings.ContainsRune("•●*∗·․…‧⋅", r) {
			covered++
		}
	}
	// The portal leaves the first characters open: "8xK****************".
	return covered >= 3 && total-covered <= 6
}

func isWebAddress(s string) bool {
	l := strings.ToLower(s)
	return strings.Contains(l, "://") || strings.HasPrefix(l, "www.") || strings.HasPrefix(l, "localhost")
}

func isNearlyGUID(s string) bool {
	hex := 0
	for _, r := range s {
		if unicode.Is(unicode.ASCII_Hex_Digit, r) {
			hex++
		} else if r != '-' {
			return false
		}
	}
	return hex >= 12
}
