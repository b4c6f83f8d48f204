package journey

import (
	"slices"
	"strings"
	"time"

	"entrada/internal/connections"
	"entrada/internal/graph"
	"entrada/internal/registration"
)

// expiryIn holds the day that was noted against the registration, which knows
// the true one. found is false if the registration was not seen or does not tell
// which of several secrets it is. note says what differs, "" if nothing does.
func expiryIn(list []registration.Requirement, secretID string, noted time.Time) (end time.Time, found bool, note string) {
	var secrets []graph.Password
	for _, r := range list {
		if r.ID == registration.SecretLives {
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
	words := func(t time.Time) string { return t.Local().Format(DateLayout) }
	switch {
	case len(secrets) == 0:
		return noted, false, ""
	case is(func(s graph.Password) bool { return secretID != "" && strings.EqualFold(s.KeyID, secretID) }):
	case len(secrets) == 1:
		end, found = secrets[0].End, true
	case is(func(s graph.Password) bool { return sameDay(s.End, noted) }):
	case noted.IsZero():
		return noted, false, ""
	default:
		days := make([]string, len(secrets))
		for i, s := range secrets {
			days[i] = words(s.End)
		}
		return noted, false, "None of the app's secrets expires on " + noted.Format(DateLayout) + ". They expire on: " + strings.Join(days, "; ") + ". Please correct the date."
	}
	switch {
	case sameDay(end, noted):
		return noted, found, ""
	case noted.IsZero():
		return end, found, "The client secret expires on " + words(end) + ", as the registration says. The date was noted."
	}
	return end, found, "The client secret expires on " + words(end) + ", as the registration says, and not on " + noted.Format(DateLayout) + ". The date was corrected."
}

// sameDay: what was typed is a day, as the portal showed it where somebody was.
func sameDay(end, noted time.Time) bool {
	day := func(t time.Time) string { return t.Format(time.DateOnly) }
	return day(end.UTC()) == day(noted.UTC()) || day(end.Local()) == day(noted.UTC())
}

// CorrectExpiry takes the day on which the secret of a saved connection expires
// from its registration. note says what was corrected, "" if nothing was.
func (w World) CorrectExpiry(r connections.Record, list []registration.Requirement) (corrected connections.Record, note string, err error) {
	end, found, note := expiryIn(list, r.SecretID, r.SecretExpires)
	if !found || end.Equal(r.SecretExpires) && !r.ExpiryTyped {
		return r, note, nil
	}
	r.SecretExpires, r.ExpiryTyped = end, false
	return r, note, w.Connections.UpdateRecord(r)
}

// ExpiryWords is the day on which the secret expires, marked where it is only
// what somebody typed.
func (j *Journey) ExpiryWords() string {
	words := j.answers.SecretExpires.Format(DateLayout)
	if j.answers.ExpiryTyped {
		words += " (as typed; the registration was not asked)"
	}
	return words
}
