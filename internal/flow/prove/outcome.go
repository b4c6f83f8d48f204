package prove

import (
	"strings"
	"time"

	"entrada/internal/app"
	"entrada/internal/checks"
	"entrada/internal/connections"
	"entrada/internal/explain"
	"entrada/internal/journey"
)

// Outcome is what a finished test says of a saved connection, for the store to
// remember; ok is false if it says nothing: a test that was cancelled or had no secret, a
// computer without a network, or trouble at Microsoft. signedIn means that more
// was tested than organisation, app and secret.
func Outcome(r connections.Record, v checks.Verdict, signedIn bool, when time.Time) (t connections.Tested, ok bool) {
	switch v.Culprit {
	case explain.ThisComputer, explain.Network, explain.Microsoft, explain.Nobody:
		return t, false
	}
	t = connections.Tested{ID: r.ID, Fingerprint: r.SecretFingerprint, When: when, Headline: v.Headline, Culprit: string(v.Culprit),
		OnlyCulprit: string(v.OnlyCulprit())}
	switch {
	case v.Cancelled, v.NoSecret:
		return t, false
	case !v.OK:
		t.Result = connections.ResultFailed
	case signedIn && !v.LookedOnly:
		t.Result = connections.ResultOK
	case signedIn:
		t.Result, t.Headline = connections.ResultLooked, "Sign-in and reading work"
		for _, c := range []explain.Culprit{explain.Secret, explain.Organisation, explain.AppRegistration, explain.OrganisationPolicy, explain.Consent, explain.Account} {
			t.Disproved = append(t.Disproved, string(c))
		}
	default:
		t.Result, t.Headline, t.Disproved = connections.ResultReached, "The secret works", []string{string(explain.Secret), string(explain.Organisation)}
		if r.DisprovedBy(t.Disproved) {
			t.Headline = "The secret works again"
		}
	}
	return t, true
}

// Headline is what a finished test proves, in a few words. account is who signed
// in, "" for nobody.
func Headline(j *journey.Journey, v checks.Verdict, account string) string {
	if !v.OK || account == "" || !j.ProvesOneOnly() {
		return v.Headline
	}
	return strings.Replace(v.Headline, "Everything works", "It works", 1) + " for " + account
}

// Failed remembers a test that did not pass, if that says something of the
// connection.
func Failed(a app.App, j *journey.Journey, v checks.Verdict) {
	t, ok := Outcome(connections.Record{}, v, true, a.Now())
	if ok && t.Result == connections.ResultFailed {
		j.TestFailed(t)
	}
}
