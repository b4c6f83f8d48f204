package pages

import (
	"context"
	"fmt"
	"time"

	"fyne.io/fyne/v2"

	"entrada/internal/connections"
	"entrada/internal/flow/deliver"
	"entrada/internal/journey"
	"entrada/internal/ui/parts"
	"entrada/internal/words"
)

// homeRows is how many connections stand on the first page before somebody asks
// for all: those that need attention come first, and a list of hundreds takes a
// moment to build.
const homeRows = 10

// showHome shows the first page: what can be done, and the saved connections.
func showHome(w *nav) {
	w.enter()
	w.home = true
	unfinished, resumeErr := journey.Resume(w.app)
	w.journey = nil

	var body []fyne.CanvasObject
	for _, path := range w.app.Connections.SetAside() {
		body = append(body, parts.NewCallout(parts.ToneWarning, "Connections may be missing here.",
			"An earlier list could not be read, and was kept as "+path+
				". Put a backup in its place, or set the missing connections up again; then delete that file."))
	}
	body = append(body, reminders(w)...)
	var first fyne.Focusable
	if unfinished != nil {
		goOn := parts.Primary("Go on", func() { goOnWith(w, unfinished) })
		first = goOn
		body = append(body,
			parts.NewCallout(parts.ToneInfo, "You were setting up "+unfinished.Guide().Label()+".",
				"You can go on at “"+unfinished.Page().Title+"”.",
				parts.Wrap(16,
					goOn,
					parts.NewLink("Forget it", func() { askToForget(w) }))))
	}
	if resumeErr != nil {
		body = append(body, parts.NewFaultBox(w.explained(resumeErr, nil)))
	}
	body = append(body, leftovers(w)...)
	setUp := parts.NewCard("Set up a connection",
		"Step by step, with Microsoft's admin website beside it. About ten minutes.", unfinished == nil,
		func() { begin(w, "") })
	if first == nil {
		first = setUp
	}
	body = append(body, parts.Equal(16, 240,
		setUp,
		parts.NewCard("Test a connection", "Which link is broken, and who can mend it. With a report for a ticket.",
			false, func() { showHelpdesk(w, "") }),
		parts.NewCard("Look up an error", "Paste any message from Microsoft or from your vendor.", false,
			func() { showLookUp(w) })))
	body = append(body,
		parts.Wrap(0, parts.NewLink("Open a hand-over that somebody sent you", func() { showReceive(w, "") })))

	saved := w.app.Connections.List()
	if len(saved) > 0 {
		shown := saved
		if !w.wholeList {
			shown = saved[:min(homeRows, len(saved))]
		}
		rows := make([]fyne.CanvasObject, len(shown))
		for i, r := range shown {
			rows[i] = connectionRow(w, r)
		}
		body = append(body, parts.SubHeading("Your connections"), parts.List(rows...))
		if len(shown) < len(saved) {
			body = append(body, parts.NewLink(fmt.Sprintf("Show all %d connections", len(saved)), func() {
				w.wholeList = true
				w.ShowHome()
			}))
		}
	}
	if w.practise != nil {
		body = append(body, parts.NewText(parts.Style{Size: 12, Color: "muted"},
			parts.Piece{Text: "New to this? "},
			parts.Piece{Link: parts.NewLink("Practise on a pretend organisation", func() { startPractice(w) })},
			parts.Piece{Text: ": nothing you do there touches Microsoft."}))
	}
	body = append(body,
		parts.NewText(parts.Style{Size: 12, Color: "muted"},
			parts.Piece{Link: parts.NewLink("What is kept on this computer, and where", func() { showSettings(w) })}))
	w.show(parts.Page{
		Title: "Connect an app to Outlook",
		Lead:  "For the moment when a vendor asks you for a Client ID and a Client Secret.",
		Body:  body, Wide: true, Gap: 24, First: first, Cancel: func() {},
	})
	lookAfterSecrets(w)
}

// practiceBar stands on every page of the practice organisation.
func practiceBar(w *nav) *parts.Bar {
	open := func(path string) func() { return func() { w.openLink(w.app.Cloud.Portal + path) } }
	return parts.NewBar("**Practice.** Nothing here is real: nothing you do touches Microsoft.",
		parts.Action{Label: "Pretend portal", External: true, Do: open("/")},
		parts.Action{Label: "Pretend mailboxes", External: true, Do: open("/mailboxes")},
		parts.Action{Label: "Leave practice", Do: func() { askToClose(w) }})
}

func startPractice(w *nav) {
	if err := w.practise(); err != nil {
		w.tell("The practice organisation could not be started", err)
	}
}

// lookAfterSecrets looks in the background whether the keychain still has what
// was saved, without any prompt, and ends a save that was interrupted: there may
// be one before there is a connection.
func lookAfterSecrets(w *nav) {
	store := w.app.Connections
	before := store.List()
	parts.Run(w.page, func(ctx context.Context) (struct{}, error) {
		_, err := store.Reconcile(ctx)
		return struct{}{}, err
	}, func(_ struct{}, err error) {
		if err == nil && (len(store.List()) != len(before) || gone(store.List()) != gone(before)) {
			w.ShowHome()
		}
	})
}

func gone(list []connections.Record) int {
	n := 0
	for _, r := range list {
		if r.SecretGone {
			n++
		}
	}
	return n
}

func connectionRow(w *nav, r connections.Record) fyne.CanvasObject {
	now := w.app.Now()
	g := w.app.GuideByID(r.VendorID)
	var actions []fyne.CanvasObject
	var more []parts.Action
	if g != nil {
		if a := r.Attention(now); a == connections.ExpiresSoon || a == connections.Expired {
			actions = append(actions, parts.Small("Renew secret", func() { renew(w, r) }))
		}
		actions = append(actions, parts.Small("Test", func() { showHelpdesk(w, r.ID) }),
			parts.Small("Export", func() { showSavedExport(w, r, g) }))
		more = append(more, parts.Action{Label: "Check the registration", Do: func() { checkSaved(w, r) }},
			parts.Action{Label: "Renew secret", Do: func() { renew(w, r) }})
	}
	more = append(more,
		parts.Action{Label: "Rename", Do: func() { talkFromHome(w, deliver.Rename(w.app, r), nil, "") }},
		parts.Action{Label: "Remove", Do: func() { askToRemove(w, r) }})
	actions = append(actions, parts.MenuButton("More for "+r.Name, more...))
	text := caption(r, now)
	if g != nil && g.Origin.Mark() != "" {
		text += " · guide " + g.Origin.Mark()
	}
	return parts.NewListRow(parts.ListItem{State: standing(r, now), Title: r.Name, Caption: text, Actions: actions})
}

// caption says how a connection stands, in words.
func caption(r connections.Record, now time.Time) string {
	text := r.TestWords(func(t time.Time) string {
		if t.Local().Format(time.DateOnly) == now.Local().Format(time.DateOnly) {
			return "today at " + t.Local().Format("15:04")
		}
		return "on " + t.Local().Format(journey.DateLayout)
	})
	text = words.UpperFirst(text)
	if expiry := r.Expiry(now, ""); expiry != "" {
		text += " · " + expiry
	}
	if !r.SecretDeleted.IsZero() {
		text += " · the secret was deleted here on " + r.SecretDeleted.Local().Format(journey.DateLayout)
	} else if r.SecretGone {
		text += " · the secret is no longer where it was saved"
	}
	if r.SessionOnly {
		text += " · kept until Entrada closes"
	}
	return text
}

func askToRemove(w *nav, r connections.Record) {
	parts.NewDialog(parts.DialogOptions{
		Title: "Remove “" + r.Name + "”?",
		Body: parts.Body(
			"Its secret is deleted from this computer. In Microsoft Entra nothing changes: the vendor's connection " +
				"goes on working."),
		Danger: true,
		Primary: parts.Action{Label: "Remove it", Do: func() {
			store := w.app.Connections
			parts.Run(w.page,
				func(ctx context.Context) (struct{}, error) { return struct{}{}, store.Remove(ctx, r.ID) },
				func(_ struct{}, err error) {
					w.ShowHome()
					if err != nil {
						w.tell("It could not be removed", err)
					}
				})
		}},
	}).Open(w.window.Canvas())
}

func askToForget(w *nav) {
	parts.NewDialog(parts.DialogOptions{
		Title:   "Forget where you were?",
		Body:    parts.Body("What you did in the portal stays there. Only the place in the wizard is forgotten."),
		Danger:  true,
		Primary: parts.Action{Label: "Forget it", Do: func() { finish(w) }},
	}).Open(w.window.Canvas())
}

// leftovers tells of what an earlier test could not take away.
func leftovers(w *nav) []fyne.CanvasObject {
	list, err := w.app.Journal().List()
	if err != nil || len(list) == 0 {
		return nil
	}
	var notes []fyne.CanvasObject
	for _, l := range list {
		journal := w.app.Journal()
		links := leftoverLinks(w, l.TenantID, l.ClientID, func() error { return journal.Remove(l) })
		notes = append(notes, parts.NewCallout(parts.ToneWarning, "Something of a test may still be in a mailbox.",
			"The "+l.Kind.Name()+" “"+l.Subject+"” of "+l.Start.Local().Format(journey.DateLayout)+", "+l.Account+".",
			links))
	}
	return notes
}

func leftoverLinks(w *nav, tenantID, clientID string, remove func() error) fyne.CanvasObject {
	links := []fyne.CanvasObject{}
	for _, r := range w.app.Connections.List() {
		if r.ClientID == clientID && r.TenantID == tenantID {
			links = append(links, parts.NewLink("Test again, which removes it", func() { showHelpdesk(w, r.ID) }))
			break
		}
	}
	links = append(links, parts.NewLink("I removed it myself", func() {
		if err := remove(); err != nil {
			w.tell("The note could not be removed", err)
			return
		}
		w.ShowHome()
	}))
	return parts.Wrap(16, links...)
}
