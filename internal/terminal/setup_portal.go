package terminal

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"entrada/internal/console"
	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/flow"
	"entrada/internal/flow/prepare"
	"entrada/internal/flow/prove"
	"entrada/internal/guides"
	"entrada/internal/journey"
)

// portalStep tells what to do on one page of the portal, and why.
func (w *wizard) portalStep(ctx context.Context) error {
	step, a := w.page.Step, w.j.Answers()
	w.link = w.j.Cloud().PortalLink(step.Page, a.TenantID, a.ClientID)
	w.out.Say("", step.Why)
	w.out.Blank()
	for i, instruction := range step.Instructions {
		w.instruction(i+1, instruction)
	}
	w.notes(step.Notes)
	w.out.Blank()
	if step.ID == guides.StepRegister {
		return w.earlyClientID(ctx, len(step.Instructions)+1)
	}
	return w.enter(ctx, "Press Enter when you have done this")
}

func (w *wizard) instruction(number int, i guides.Instruction) {
	w.out.Say("   ", fmt.Sprintf("%d. %s", number, i.Text))
	if i.Opens {
		w.out.Say("   ", "   Type open to open it in the browser of this computer, or copy the address:")
		w.out.Value(w.link)
		if list := prepare.OpensList(w.page.Step.Page, w.j.Answers().ClientID); list != "" {
			w.out.Say("   ", "   "+list)
		}
	}
	group := ""
	for _, v := range i.Values {
		if v.Group != group {
			group = v.Group
			w.out.Line("   Under " + console.OneLine(group) + ":")
		}
		if v.Meaning != "" {
			w.out.Say("   ", "   "+v.Meaning+":")
		}
		w.out.Line(console.OneLine(v.Text))
	}
	if len(i.Values) > 0 {
		w.out.Blank()
	}
	if i.After != "" {
		w.out.Say("   ", "   "+i.After)
	}
}

// earlyClientID asks for the client ID as soon as it exists, so that the next
// pages can open this very app. It may be left for later.
func (w *wizard) earlyClientID(ctx context.Context, number int) error {
	w.out.Say("   ",
		fmt.Sprintf(
			"%d. The app's **Overview** page opens. Copy the **Application (client) ID** there and paste it here. "+
				"You may also leave it for later.", number))
	w.hint = entra.CheckClientID("", entra.Known{}).Sentence
	return w.until(ctx, prepare.ClientIDLabel, w.j.Answers().ClientID, func(text string) string {
		if text == "" {
			return ""
		}
		return w.judged(w.j.PasteClientID(text))
	})
}

// judged is what a verdict has to say before the value can be used; what is
// merely odd is said here and let pass.
func (w *wizard) judged(v entra.Verdict) string {
	switch v.State {
	case entra.Good:
		return ""
	case entra.Doubtful:
		w.out.Say("", v.Sentence)
		return ""
	default:
		return v.Sentence
	}
}

// askValues asks for what the portal gave, and then asks Microsoft about it.
func (w *wizard) askValues(ctx context.Context) error {
	a := w.j.Answers()
	w.link = w.j.Cloud().PortalLink(entra.PageSecrets, a.TenantID, a.ClientID)
	w.out.Say("", prepare.ValuesWhy)
	w.out.Line("Directory (tenant) ID, found from " + a.TenantDomain + ": " + a.TenantID)
	w.out.Blank()
	for early := a.ClientID; ; early = "" {
		if err := w.pasteAll(ctx, early); err != nil {
			return err
		}
		if w.j.Missing(journey.PagePaste) == nil && (w.j.Probed() || !w.j.HasSecret()) {
			return nil
		}
		accepted, err := w.probe(ctx)
		if accepted || err != nil {
			return err
		}
	}
}

func (w *wizard) pasteAll(ctx context.Context, early string) error {
	defer func() { w.hint = "" }()
	w.hint = entra.CheckClientID("", entra.Known{}).Sentence
	err := w.until(ctx, prepare.ClientIDLabel, w.j.Answers().ClientID, func(text string) string {
		return w.judged(w.j.PasteClientID(text))
	})
	if err == nil {
		err = w.sameApp(ctx, early)
	}
	if err != nil {
		return err
	}
	w.hint = entra.CheckSecretValue("", entra.Known{}).Sentence
	if err := w.pasteSecret(ctx); err != nil {
		return err
	}
	now := w.p.app.Now()
	_, nothing := journey.ParseExpiry("", now)
	w.hint = fault.Sentence(nothing)
	expires := w.j.Answers().SecretExpires
	if expires.IsZero() {
		expires = w.j.ProposedExpiry()
	}
	err = w.until(ctx, "The secret expires on", expires.Format(journey.DateLayout), func(text string) string {
		t, err := journey.ParseExpiry(text, now)
		if err != nil {
			return fault.Sentence(err)
		}
		w.j.SetSecretExpiry(t)
		return ""
	})
	if err != nil {
		return err
	}
	w.hint = entra.CheckSecretID("", entra.Known{}).Sentence
	return w.until(ctx, prepare.SecretIDLabel(w.j.Guide()), w.j.Answers().SecretID, func(text string) string {
		switch {
		case text == "" && w.j.Guide().NeedsSecretID():
			return w.j.Guide().Vendor + " asks for the Secret ID as well. It stands to the right of the Value."
		case text == "":
			return ""
		}
		return w.judged(w.j.PasteSecretID(text))
	})
}

// sameApp asks before another client ID takes the place of one that was pasted earlier:
// the column beside the secret's Value looks alike.
func (w *wizard) sameApp(ctx context.Context, early string) error {
	now := w.j.Answers().ClientID
	if early == "" || now == early {
		return nil
	}
	i, err := w.choose(ctx, "This is another client ID than before. Which one is it", []option{
		{"before", early, "as on the app's Overview page, pasted earlier"}, {"now", now, "as pasted just now"}}, -1)
	if err == nil && i == 0 {
		w.j.PasteClientID(early)
	}
	return err
}

func (w *wizard) pasteSecret(ctx context.Context) error {
	known := w.j.HasSecret() || w.j.Answers().ConnectionID != ""
	question := "Client secret value (it is not shown)"
	if known {
		question += ", or Enter to keep the one that we have"
	} else {
		w.out.Say("",
			"The client secret's **Value** stands on **Certificates & secrets** and is shown there only once. The "+
				"wizard never writes it to disk.")
	}
	for {
		v, err := w.askHidden(ctx, question)
		switch {
		case err != nil:
			return err
		case v.IsEmpty() && known:
			return nil
		}
		verdict := w.j.PasteSecret(v.Reveal())
		if sentence := w.judged(verdict); sentence != "" {
			w.out.Say("", sentence)
			continue
		}
		return nil
	}
}

// probe asks Microsoft about the pasted values, and goes on asking while they may
// be too new; meanwhile others can be pasted.
func (w *wizard) probe(ctx context.Context) (accepted bool, err error) {
	fresh := prove.Fresh{App: w.p.app, Subject: prove.FromJourney(w.j)}
	for {
		told, change := newProgress(w.out, &flow.Screen{}), false
		var stopped error
		fresh.Row = told.Row
		fresh.Between = func(ctx context.Context, a prove.Answer) error {
			told.once("why", func() { w.fault(a.Err); w.out.Say("", prove.AskedAgain) })
			again := fmt.Sprintf("We ask again in %d seconds. ", int(a.Again.Seconds()))
			change, stopped = w.askToChange(ctx, a.Again, again+"Press Enter to ask Microsoft now")
			return cmp.Or(stopped, map[bool]error{true: errBack}[change])
		}
		w.out.Line(flow.Asking)
		a := fresh.Ask(ctx)
		switch {
		case ctx.Err() != nil:
			return false, fault.New(fault.Cancelled, "ask Microsoft", ctx.Err())
		case stopped != nil || change:
			return false, stopped
		}
		w.j.SetProbed(a.Accepted)
		if a.Accepted {
			return true, nil
		}
		told.once("why", func() { w.fault(a.Err) })
		change, err = w.askToChange(ctx, 0, "Press Enter to ask Microsoft again")
		if err != nil || change {
			return false, err
		}
	}
}

// askToChange asks whether other values are to be pasted. Without an answer it
// goes on after a while; never if that is 0.
func (w *wizard) askToChange(ctx context.Context, while time.Duration, question string) (change bool, err error) {
	limited, cancel := ctx, func() {}
	if while > 0 {
		limited, cancel = context.WithTimeout(ctx, while)
	}
	defer cancel()
	err = w.until(limited, question+", or type change to paste other values", "", func(text string) string {
		if change = word(text) == "change"; change || text == "" {
			return ""
		}
		return "Press Enter, or type change."
	})
	if limited.Err() != nil && ctx.Err() == nil {
		w.out.Blank()
		return false, nil
	}
	return change, err
}
