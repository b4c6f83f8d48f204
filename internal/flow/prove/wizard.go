package prove

import (
	"strings"

	"entrada/internal/app"
	"entrada/internal/entra"
	"entrada/internal/explain"
	"entrada/internal/flow"
	"entrada/internal/flow/administer"
	"entrada/internal/journey"
)

// wizard is the test as a step of the journey. After it, what was registered by
// hand is held against what the vendor needs.
type wizard struct {
	app     app.App
	journey *journey.Journey
	try     Try
	shared  *flow.Field // nil where the vendor asks for no shared mailbox
}

// Journey is the test of what a journey has come to.
func Journey(a app.App, j *journey.Journey) *flow.Screen {
	w := &wizard{app: a, journey: j}
	answers := j.Answers()
	w.try = Try{App: a, Subject: FromJourney(j), named: true, Start: w.intro, Done: w.finished}
	if strings.Contains(answers.Organisation, "@") {
		w.try.Hint = strings.TrimSpace(answers.Organisation)
	}
	if w.try.Subject.Shares() {
		w.shared = &flow.Field{
			ID: "shared-mailbox", Label: "A shared mailbox to try",
			Optional: true, Check: CheckMailbox,
			Hint: w.vendor() + " asks for mailboxes that are shared with the person, too. " +
				"Name one that is shared with you, such as info@yourcompany.com, and we try it.",
		}
	}
	return w.intro()
}

func (w *wizard) vendor() string { return w.try.Subject.Guide.Vendor }

// intro says what will happen, before anything does.
func (w *wizard) intro() *flow.Screen {
	subject, answers := w.try.Subject, w.journey.Answers()
	begin := flow.Choice{ID: "test", Label: "Sign in and test", External: true, Next: w.begin}
	steps := []flow.Item{
		{Words: "Your browser opens at Microsoft. Sign in with a work account that has a mailbox."},
		{Words: "You see here who signed in, before anything else happens."},
		{Words: "Then we try out what " + w.vendor() + " will do: " + subject.WhatIsTried(false) + "."},
	}
	if subject.Guide.AppOnly() {
		begin.Label, begin.External = "Run the test", false
		steps = []flow.Item{
			{Words: "Nobody signs in: the app does so by itself, with its client secret, as " + w.vendor() + " will."},
			{Words: "Then we try out what " + w.vendor() + " will do, in the mailbox **" + subject.Mailbox +
				"** alone: " +
				subject.WhatIsTried(false) + "."},
		}
	}
	s := &flow.Screen{
		ID: "test", Title: w.journey.Page().Title, Ask: "Shall we begin",
		Lead:   "This proves that the connection works, the very way " + w.vendor() + " will use it.",
		Blocks: []flow.Block{flow.Steps{Items: steps}}, Choices: []flow.Choice{begin},
	}
	if w.shared != nil {
		s.Blocks = append(s.Blocks, flow.Form{Fields: []*flow.Field{w.shared}})
	}
	if stays := subject.WhatStays(); stays != "" {
		s.Blocks = append(s.Blocks, flow.Callout{Title: "What stays behind:", Words: stays})
	}
	s.Blocks = append(s.Blocks, flow.Notes(subject.Guide.NotesFor("test"))...)
	if answers.TestedAt.IsZero() && answers.ConnectionID == "" {
		s.Choices = append(s.Choices, w.untested())
	}
	if !answers.TestedAt.IsZero() {
		worked := "with " + answers.TestedAs + " on " + answers.TestedAt.Local().Format(journey.DateLayout+", 15:04") +
			"."
		s.Blocks = append([]flow.Block{flow.Callout{Tone: flow.Good, Title: "It worked", Words: worked}}, s.Blocks...)
		begin.ID, begin.Label, s.Ask = "again", "Test again", whatNext
		s.Choices = []flow.Choice{next(w.onward), begin}
	}
	return s
}

// whatNext is asked once there is a result.
const whatNext = "What next"

func next(step flow.Step) flow.Choice { return flow.Choice{ID: "go on", Label: "Next", Next: step} }

func (w *wizard) begin() *flow.Screen {
	if w.shared != nil {
		if w.shared.Judge(w.shared.Value) != nil {
			return w.intro()
		}
		w.try.Shared, _ = entra.CleanPaste(w.shared.Value)
	}
	return w.try.Begin()
}

// finished says how the test went, and how to go on.
func (w *wizard) finished(o Outcome) *flow.Screen {
	o.remember(w.app, w.journey)
	if o.Tenant != "" {
		w.journey.SetTenantName(o.Tenant)
	}
	o.Report.Headline = o.headline(w.journey) // it claims no more than the screen
	again := flow.Choice{ID: "again", Label: "Test again", External: !w.try.Subject.Guide.AppOnly(), Next: w.begin}
	report := flow.Choice{ID: "report", Label: "Copy report", Copy: o.Report.Text()}
	s := &flow.Screen{
		ID: "passed", Title: o.Report.Headline, Lead: o.Counted(), Ask: whatNext, Back: w.intro,
		Blocks: []flow.Block{flow.Rows{List: o.Rows(), Told: true}}, Choices: []flow.Choice{next(w.onward), report},
	}
	switch {
	case o.OK && w.journey.ProvesOneOnly():
		open := flow.Callout{Tone: flow.Warning, Title: "Not yet known:", Words: journey.OthersUnknown,
			Choices: []flow.Choice{{ID: "check", Label: "Check that now", Next: w.check}}}
		s.Blocks = append([]flow.Block{open}, s.Blocks...)
	case o.OK:
	case o.First == nil:
		s.ID, s.Lead, s.Choices = "cancelled", TidiedUp, []flow.Choice{again, report}
	case !o.Whole: // the sign-in did not work, and nothing else was tried
		again.Label = "Try again"
		s.ID, s.Title, s.Lead = "refused", "The sign-in did not work", "Nothing was changed."
		s.Blocks, s.Choices = []flow.Block{w.fault(o)}, append([]flow.Choice{again}, w.mending(o)...)
	default:
		s.ID, s.Blocks = "failed", append([]flow.Block{w.fault(o)}, s.Blocks...)
		s.Choices = append([]flow.Choice{again, report}, w.mending(o)...)
	}
	return s
}

// fault is what went wrong. Entrada makes the new secret where it made the first
// one: there the person never sees any, and has no field to paste it into.
func (w *wizard) fault(o Outcome) flow.Fault {
	f := flow.Fault{Explanation: o.Explanation, Can: flow.Retry(w.begin)}
	f.Can[explain.UseAnotherMailbox] = func() *flow.Screen {
		w.try.Hint = ""
		return w.intro()
	}
	secret := f.Next.Action == explain.NewSecret || f.Next.Action == explain.PasteAgain
	switch {
	case secret && w.journey.Route() == journey.DoForMe && w.journey.Answers().ConnectionID == "":
		f.Next.Label = "Make a new secret for me"
		f.Can[f.Next.Action] = func() *flow.Screen {
			w.journey.ForgetSecret()
			return w.goTo(journey.PageDoIt)()
		}
	case w.journey.Route() != journey.DoForMe:
		f.Can[explain.PasteAgain] = w.goTo(journey.PagePaste)
	}
	return f
}

// mending are the ways on after a test that did not pass: to the page that has
// to be looked at again, to the registration, which often is what is wrong, and
// onward: the portal shows the secret once, and it may take somebody else.
func (w *wizard) mending(o Outcome) []flow.Choice {
	list := []flow.Choice{
		{ID: "check", Label: "Check the registration", Next: w.checkFirst},
		w.untested(),
	}
	page, ok := w.journey.MarkCause(o.Verdict)
	if !ok {
		return list
	}
	return append([]flow.Choice{{ID: "page", Label: "Go to “" + page.Rail + "”", Next: w.goTo(page.ID)}}, list...)
}

func (w *wizard) untested() flow.Choice {
	return flow.Choice{ID: "save", Label: "Save it untested", Next: func() *flow.Screen {
		w.journey.GoOnUnproven()
		return flow.End(flow.Done)
	}}
}

// goTo leads to another page of the journey.
func (w *wizard) goTo(id journey.PageID) flow.Step {
	return func() *flow.Screen {
		// A place that cannot be remembered is said at the next step.
		_ = w.journey.GoTo(id)
		return flow.End(flow.Moved)
	}
}

// onward goes on after a test that has passed. Whoever may not look at
// registrations skips the check; Entrada's own route has done it already.
func (w *wizard) onward() *flow.Screen {
	if w.journey.Checked() || w.journey.Route() == journey.DoForMe {
		return flow.End(flow.Done)
	}
	return w.check()
}

func (w *wizard) check() *flow.Screen { return w.checked(flow.Over(flow.Done), "Next") }

// checkFirst is the check before the test has passed: it leads back to the test.
func (w *wizard) checkFirst() *flow.Screen { return w.checked(w.intro, "Back to the test") }

func (w *wizard) checked(then flow.Step, label string) *flow.Screen {
	skip := flow.Choice{ID: "skip", Label: "Skip the check", Next: then}
	on := flow.Choice{ID: "go on", Label: label, Next: then}
	s, err := administer.Check(w.app, w.journey, w.intro, skip, on)
	if err == nil {
		return s
	}
	return &flow.Screen{
		ID: "missing", Title: "Something is missing", Back: w.intro,
		Blocks:  []flow.Block{flow.Fault{Explanation: explain.Error(err, w.try.Subject.Context(""))}},
		Choices: []flow.Choice{{ID: "page", Label: "Go there", Next: w.goTo(journey.PageNeeds)}},
	}
}
