package registration

import (
	"slices"
	"strings"
	"time"

	"entrada/internal/graph"
	"entrada/internal/words"
)

// ExpiryIn holds the day that was noted against the registration, which knows
// the true one. found is false if the registration was not seen or does not tell
// which of several secrets it is. note says what differs, "" if nothing does.
func ExpiryIn(list []Requirement, secretID string, noted time.Time) (end time.Time, found bool, note string) {
	var secrets []graph.Password
	for _, r := range list {
		if r.ID == SecretLives {
			secrets = r.Secrets
		}
	}
	is := func(same func(graph.Password) bool) bool {
		i := slices.IndexFunc(secrets, same)
		if i >= 0 {
			end, found = secrets[i].End, true
		}
		return i >= 0
	}
	day := func(t time.Time) string { return t.Local().Format(words.Date) }
	switch {
	case len(secrets) == 0:
		return noted, false, ""
	case is(func(s graph.Password) bool { return secretID != "" && strings.EqualFold(s.KeyID, secretID) }):
	case len(secrets) == 1:
		end, found = secrets[0].End, true
	case is(func(s graph.Password) bool { return SameDay(s.End, noted) }):
	case noted.IsZero():
		return noted, false, ""
	default:
		days := make([]string, len(secrets))
		for i, s := range secrets {
			days[i] = day(s.End)
		}
		return noted, false,
			"None of the app's secrets expires on " + noted.Format(words.Date) + ". They expire on: " +
				strings.Join(days, "; ") + ". Please correct the date."
	}
	switch {
	case SameDay(end, noted):
		return noted, found, ""
	case noted.IsZero():
		return end, found,
			"The client secret expires on " + day(end) + ", as the registration says. The date was noted."
	}
	return end, found,
		"The client secret expires on " + day(end) + ", as the registration says, and not on " +
			noted.Format(words.Date) + ". The date was corrected."
}

// SameDay: what was typed is a day, as the portal showed it where somebody was.
func SameDay(end, noted time.Time) bool {
	day := func(t time.Time) string { return t.Format(time.DateOnly) }
	return day(end.UTC()) == day(noted.UTC()) || day(end.Local()) == day(noted.UTC())
}
