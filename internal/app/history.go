package app

import (
	"strings"
	"time"

	"entrada/internal/connections"
	"entrada/internal/explain"
)

// sinceThen says what became of a connection that worked before.
var sinceThen = map[explain.Culprit]string{
	explain.OrganisationPolicy: "a rule of the organisation stands in the way",
	explain.AppRegistration:    "the app registration was changed or removed",
	explain.Organisation:       "Microsoft no longer knows the organisation by this ID",
	explain.Consent:            "consent was taken back",
	explain.Secret:             "the client secret stopped working",
	explain.Account:            "the account cannot be used any more",
	explain.Mailbox:            "the mailbox cannot be used any more",
	explain.Vendor:             "the vendor's software asks for something else",
}

// Story is the history of a connection in a sentence or two: "Worked on Tuesday
// 17 November. Since then: consent was taken back."
func (a App) Story(r connections.Record) string {
	now, list := a.Now(), a.Connections.History(r.ID)
	if len(list) == 0 {
		// The record may know more, from before there was a history.
		switch r.LastResult {
		case connections.ResultOK:
			return "Worked " + On(r.LastTested, now) + "."
		case connections.ResultFailed:
			return "Did not work " + On(r.LastTested, now) + ": " + r.LastHeadline + "."
		}
		return "Not tested yet."
	}
	newest := func(result string) (at int, o *connections.Outcome) {
		for i := range list {
			if list[i].Result == result {
				return i, &list[i]
			}
		}
		return len(list), nil
	}
	workedAt, worked := newest(connections.ResultOK)
	failedAt, failed := newest(connections.ResultFailed)
	lookedAt, looked := newest(connections.ResultLooked)
	reachedAt, reached := newest(connections.ResultReached)
	var text []string
	switch {
	case failed != nil && worked == nil:
		text = append(text, "Did not work "+On(failed.Last, now)+": "+failed.Headline+".")
	case failedAt < workedAt:
		words := sinceThen[explain.Culprit(failed.Culprit)]
		if words == "" {
			words = failed.Headline
		}
		text = append(text, "Worked "+On(worked.Last, now)+".", "Since then: "+words+".")
	case worked != nil:
		text = append(text, "Worked "+On(worked.Last, now)+".")
	case looked == nil:
		return "Organisation, app and secret were right " + On(reached.Last, now) +
			". Nobody has signed in for a test yet."
	}
	if lookedAt < min(workedAt, failedAt) {
		text = append(text, "Sign-in and reading worked "+On(looked.Last, now)+"; sending and creating were not tried.")
	}
	if reachedAt < min(workedAt, failedAt, lookedAt) {
		text = append(text, "Organisation, app and secret were right "+On(reached.Last, now)+".")
	}
	return strings.Join(text, " ")
}

// On says when something was, for people who look at it now.
func On(t, now time.Time) string {
	t, now = t.Local(), now.Local()
	days := func(t time.Time) int {
		return int(time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC).Unix() / 86400)
	}
	switch ago := days(now) - days(t); {
	case ago == 0:
		return "today at " + t.Format("15:04")
	case ago == 1:
		return "yesterday at " + t.Format("15:04")
	case ago > 300 || ago < 0:
		return "on " + t.Format("2 January 2006")
	default:
		return "on " + t.Format("Monday 2 January")
	}
}
