package journey

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/words"
)

// DateLayout is [words.Date].
const DateLayout = words.Date

var numericDate = regexp.MustCompile(`^(\d{1,2})[./-](\d{1,2})[./-](\d{4})$`)

// ParseExpiry reads a date as people and portals write it. The order of day and
// month in 05/03/2027 cannot be known, so such a date is asked for in words. It
// must lie in the future and within what Microsoft allows for a client secret.
func ParseExpiry(text string, now time.Time) (time.Time, error) {
	invalid := func(s string) (time.Time, error) { return time.Time{}, fault.Invalid("expiry", s) }
	clean, _ := entra.CleanPaste(text)
	clean = strings.Join(strings.Fields(strings.ReplaceAll(clean, ",", " ")), " ")
	if clean == "" {
		return invalid("The portal shows the date in the column **Expires**.")
	}
	date, ok := time.Time{}, false
	for _, layout := range []string{"2006-01-02", "2 January 2006", "January 2 2006", "2 Jan 2006", "Jan 2 2006",
		"2. January 2006"} {
		if t, err := time.Parse(layout, clean); err == nil {
			date, ok = t, true
			break
		}
	}
	if m := numericDate.FindStringSubmatch(clean); !ok && m != nil {
		a, _ := strconv.Atoi(m[1])
		b, _ := strconv.Atoi(m[2])
		year, _ := strconv.Atoi(m[3])
		switch {
		case a > 12 && b >= 1 && b <= 12:
			a, b = b, a // day first
		case b > 12 && a >= 1 && a <= 12:
		case a == b && a <= 12:
		default:
			return invalid("Day and month cannot be told apart here. Type the month as a word, such as 5 March 2027.")
		}
		date = time.Date(year, time.Month(a), b, 0, 0, 0, 0, time.UTC)
		ok = date.Day() == b
	}
	switch {
	case !ok:
		return invalid("This is not a date. Type it such as 20 November 2027.")
	case !date.After(now):
		return invalid("This day has passed. Make a new secret, or correct the date.")
	case date.After(now.AddDate(2, 0, 2)):
		// learn.microsoft.com/entra/identity-platform/how-to-add-credentials
		return invalid("A client secret lives 24 months at most. Please look at the column **Expires** again.")
	}
	return date, nil
}
