package prove

import (
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"entrada/internal/app"
	"entrada/internal/checks"
	"entrada/internal/connections"
	"entrada/internal/explain"
	"entrada/internal/flow"
	"entrada/internal/journey"
	"entrada/internal/safefile"
	"entrada/internal/signin"
)

// Outcome is a finished test: what was found, what it says, and the report.
type Outcome struct {
	checks.Verdict
	Subject Subject
	Results []checks.Result
	Before  int             // how many of them needed nobody
	Account *signin.Account // who signed in; nil where nobody did, or the app itself
	Shared  string          // the shared mailbox that was tried as well
	Whole   bool            // more was tried than organisation, app and secret
	Tenant  string          // the organisation's own name, "" where it is not known
	Took    time.Duration
	Report  checks.Report
	Unread  error // why the saved secret could not be read, where that alone kept it from being tested
}

// judge puts results into words: the verdict and the report.
func judge(a app.App, o Outcome) Outcome {
	h := checks.Header{
		Name: o.Subject.Name, ID: o.Subject.ID, When: a.Now(),
		Mailbox: o.Subject.Mailbox, ByItself: o.Whole && o.Account == nil,
	}
	if o.Account != nil {
		h.SignedInAs, h.PersonName = o.Account.Username, o.Account.Name
	}
	if o.Shared != "" && o.Whole {
		h.Mailbox = o.Shared
	}
	h.Context = o.Subject.Context(h.SignedInAs)
	o.Verdict = checks.Judge(o.Results, h.Context)
	o.Report = checks.NewReport(o.Results, o.Verdict, h)
	return o
}

// Judge puts what was asked without a sign-in into words.
func (s Subject) Judge(a app.App, results []checks.Result) Outcome {
	return judge(a, Outcome{Subject: s, Results: results, Before: len(results)})
}

// Counted says how many checks passed, and in which time.
func (o Outcome) Counted() string {
	return fmt.Sprintf("%d of %d checks passed in %s.", o.Passed, o.Tried, seconds(o.Took))
}

// Rows are the results, a line each.
func (o Outcome) Rows() []flow.Row { return rows(o.Results) }

func rows(results []checks.Result) []flow.Row {
	list := make([]flow.Row, len(results))
	for i, r := range results {
		list[i] = row(r)
	}
	return list
}

var rowStates = map[checks.State]flow.State{
	checks.Waiting: flow.Waiting, checks.Running: flow.Running, checks.Passed: flow.Well, checks.Failed: flow.Failed,
	checks.Skipped: flow.Skipped, checks.NotAsked: flow.NotAsked,
}

// row is a check as a line.
func row(r checks.Result) flow.Row {
	line := flow.Row{State: rowStates[r.State], Title: r.Title, Detail: explain.Redact(r.Detail)}
	if r.State == checks.Failed {
		line.Detail = explain.Error(r.Err, explain.Context{}).What
	}
	if r.Took >= time.Millisecond {
		line.Time = seconds(r.Took)
	}
	return line
}

// seconds is a short span of time, for people.
func seconds(d time.Duration) string {
	if d < 100*time.Millisecond {
		return "< 0.1 s"
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

// Tested is what a finished test says of a saved connection, for the store to
// remember; ok is false if it says nothing.
func (o Outcome) Tested(r connections.Record, when time.Time) (t connections.Tested, ok bool) {
	return tested(r, o.Verdict, o.Whole, when)
}

// tested says nothing of a test that was cancelled or had no secret, a computer
// without a network, or trouble at Microsoft. signedIn means that more was
// tested than organisation, app and secret.
func tested(r connections.Record, v checks.Verdict, signedIn bool, when time.Time) (t connections.Tested, ok bool) {
	switch v.Culprit {
	case explain.ThisComputer, explain.Network, explain.Microsoft, explain.Nobody:
		return t, false
	}
	t = connections.Tested{ID: r.ID, Fingerprint: r.SecretFingerprint, When: when, Headline: v.Headline,
		Culprit: string(v.Culprit), OnlyCulprit: string(v.OnlyCulprit()), Light: !signedIn}
	switch {
	case v.Cancelled, v.NoSecret:
		return t, false
	case !v.OK:
		t.Result = connections.ResultFailed
	case signedIn && !v.LookedOnly:
		t.Result = connections.ResultOK
	case signedIn:
		t.Result, t.Headline = connections.ResultLooked, "Sign-in and reading work"
		for _, c := range []explain.Culprit{explain.Secret, explain.Organisation, explain.AppRegistration,
			explain.OrganisationPolicy, explain.Consent, explain.Account} {
			t.Disproved = append(t.Disproved, string(c))
		}
	default:
		t.Result, t.Headline, t.Disproved = connections.ResultReached, "The secret works",
			[]string{string(explain.Secret), string(explain.Organisation)}
		switch {
		case r.DisprovedBy(t.Disproved):
			t.Headline = "The secret works again"
		case r.Was != nil:
			t.Headline = "It works again, as far as can be told without a sign-in"
		}
	}
	return t, true
}

// ReportPath proposes where a report is saved.
func ReportPath(a app.App, name string, when time.Time, suffix string) string {
	file := safefile.SafeName(name) + "-test-" + when.Local().Format("2006-01-02-1504") + "." + suffix
	return filepath.Join(a.Suggested(), file)
}

// SaveReport writes a report. A file that is there is replaced only if overwrite
// says so; else the error is of kind FileExists.
func SaveReport(path, text string, overwrite bool) error {
	return safefile.Write(path, []byte(text), safefile.Options{Overwrite: overwrite, AnyFolder: true})
}

// headline is what a finished test of a journey proves, in a few words: of who
// signed in alone, until somebody has looked at the registration.
func (o Outcome) headline(j *journey.Journey) string {
	if !o.OK || o.Account == nil || !j.ProvesOneOnly() {
		return o.Headline
	}
	words := "It works"
	if slices.ContainsFunc(o.Results, func(r checks.Result) bool { return r.State == checks.Skipped }) {
		words = o.Headline // not everything was tried
	}
	return words + " for " + o.Account.Username
}

// remember takes the outcome into the journey, if it says something of the
// connection.
func (o Outcome) remember(a app.App, j *journey.Journey) {
	t, ok := o.Tested(connections.Record{}, a.Now())
	switch {
	case o.OK && o.Account != nil:
		j.TestPassed(o.Account.Username)
	case o.OK:
		j.TestPassed(o.Subject.Mailbox)
	case ok && t.Result == connections.ResultFailed:
		j.TestFailed(t)
	}
}
