package pages

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"

	"entrada/internal/app"
	"entrada/internal/connections"
	"entrada/internal/explain"
	"entrada/internal/flow/prove"
	"entrada/internal/journey"
	"entrada/internal/secret"
	"entrada/internal/ui/parts"
)

// testWishes are how to test.
type testWishes struct {
	lookOnly bool
	mailbox  string // of an app that works by itself, in the place of the saved one
	shared   string // a shared mailbox to try as well
}

// noSecret stands in where only the rest of a connection matters.
var noSecret secret.Value

// chosenPart says what a saved connection is, what a test of it will do, and how
// earlier ones went.
func chosenPart(a app.App, r connections.Record, wishes *testWishes) []fyne.CanvasObject {
	body := []fyne.CanvasObject{parts.Column(4, parts.SubHeading(strings.ReplaceAll(r.Name, "**", "")),
		parts.Muted(a.Story(r)))}
	subject, known := prove.FromRecord(a, r, noSecret)
	if !known {
		body = append(body,
			parts.NewCallout(parts.ToneWarning, "What "+r.VendorName+" may do is not known here.",
				"Its guide is no longer on this computer. Organisation, app and secret can be tested all the same."))
	} else {
		body = append(body, whatComes(subject), wishes.options(subject))
	}
	if list := a.Connections.History(r.ID); len(list) > 0 {
		body = append(body, parts.NewFold(fmt.Sprintf("Earlier results (%d)", len(list)), outcomes(list)))
	}
	return body
}

// whatComes says what a test will do.
func whatComes(s prove.Subject) fyne.CanvasObject {
	if !s.Guide.AppOnly() {
		return parts.Body(
			"**At once:** this computer, the network, the organisation, the app and its secret. **After that,** " +
				"somebody may sign in, to try the mailbox as well.")
	}
	text := "**At once:** this computer, the network, the organisation, the app and its secret. **Then** the app " +
		"signs in by itself, as " + s.Guide.Vendor + " does"
	if s.Mailbox != "" {
		text += ", to " + s.WhatIsTried(false) + " in the mailbox **" + s.Mailbox + "**"
	}
	text += "."
	if stays := s.WhatStays(); stays != "" && s.Mailbox != "" {
		text += " What stays behind: " + stays
	}
	return parts.Body(text)
}

// options are how to test: without changing anything, and in which mailbox.
func (t *testWishes) options(s prove.Subject) fyne.CanvasObject {
	column := parts.Column(8, t.lookOnlyBox())
	if !s.Tries() {
		return column
	}
	fold := parts.NewFold("Test with another mailbox", t.otherMailbox(s))
	column.Objects = append(column.Objects, fold)
	if t.mailbox+t.shared != "" {
		fold.Toggle()
	}
	return column
}

func (t *testWishes) lookOnlyBox() fyne.CanvasObject {
	return parts.NewCheckBox("Only look: send no mail, create no event", t.lookOnly, func(on bool) { t.lookOnly = on })
}

func (t *testWishes) otherMailbox(s prove.Subject) fyne.CanvasObject {
	if s.Guide.AppOnly() {
		return mailboxField("Another mailbox", "For this test alone. What is saved stays as it is.", t.mailbox,
			func(text string) { t.mailbox = text })
	}
	words := parts.Body(
		"Microsoft asks which account to use when you sign in. Choose another one there: its mailbox is the one " +
			"that is tried.")
	if !s.Shares() {
		return words
	}
	return parts.Column(12, words,
		mailboxField("A shared mailbox to try as well", s.Guide.Vendor+" asks for shared mailboxes, too.", t.shared,
			func(text string) { t.shared = text }))
}

// mailboxField keeps an address as soon as it is one, and "" until then.
func mailboxField(label, hint, text string, keep func(string)) *parts.Field {
	var f *parts.Field
	f = parts.NewField(
		parts.FieldOptions{Label: label, Placeholder: "name@yourcompany.com", Hint: hint,
			Changed: func(text string) {
				text = strings.TrimSpace(text)
				if err := prove.CheckMailbox(text); err != nil {
					f.SetStatus(parts.StatusBad, explain.Sentence(err))
					text = ""
				} else {
					f.SetStatus(parts.StatusNeutral, "")
				}
				keep(text)
			}})
	if text != "" {
		f.SetText(text)
	}
	return f
}

// outcomes lists what earlier tests said.
func outcomes(list []connections.Outcome) fyne.CanvasObject {
	rows := make([]parts.Check, len(list))
	for i, o := range list {
		detail := o.Last.Local().Format(journey.DateLayout + ", 15:04")
		if o.Times > 1 {
			detail += fmt.Sprintf(", the last of %d times since %s", o.Times,
				o.First.Local().Format(journey.DateLayout))
		}
		rows[i] = parts.Check{State: parts.CheckDone, Title: o.Headline, Detail: detail}
		switch o.Result {
		case connections.ResultFailed:
			rows[i].State = parts.CheckFailed
		case connections.ResultReached:
			rows[i].Title += " (nobody signed in)"
		case connections.ResultLooked:
			rows[i].Title += " (sending and creating were not tried)"
		}
	}
	return parts.Surface(parts.NewChecklist(rows...))
}
