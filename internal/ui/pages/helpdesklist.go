package pages

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"entrada/internal/app"
	"entrada/internal/connections"
	"entrada/internal/ui/parts"
)

// savedList is the left side of the helpdesk's page: the saved connections, what is
// looked for among them, and the ways to what is not saved.
type savedList struct {
	app    app.App
	side   fyne.CanvasObject
	picker *parts.Picker
	find   *parts.Field // nil where there is little to look through
	count  *parts.Text
	others []*parts.Link // to what is not saved

	all    []connections.Record
	shown  []connections.Record // those that hold what is looked for
	wanted string
	chosen string                        // the ID; "" for something that is not saved
	found  func(connections.Record) bool // takes the first of those that are left
}

// filterFrom is how many connections are too many to look through.
const filterFrom = 8

func newSavedList(a app.App, choose func(connections.Record), found func(connections.Record) bool,
	others ...*parts.Link) *savedList {
	l := &savedList{app: a, all: a.Connections.List(), count: parts.Caption(""), others: others, found: found}
	l.picker = parts.NewPicker("Saved connections", func(i int) { choose(l.shown[i]) })
	above := parts.Column(8, parts.SubHeading("Your connections"), l.count)
	if len(l.all) > filterFrom {
		l.find = parts.NewField(parts.FieldOptions{Placeholder: "Find by name", Changed: l.lookFor})
		above.Objects = append(above.Objects, l.find)
	}
	below := parts.Column(4, parts.Caption("Or something that is not saved:"))
	for _, o := range others {
		below.Objects = append(below.Objects, o)
	}
	l.side = parts.NewSide(above, l.picker, below)
	return l
}

// refreshSoon reads the list again: another Entrada may have changed it.
func (l *savedList) refreshSoon(ctx context.Context) {
	store := l.app.Connections
	before := store.List()
	parts.Run(ctx, func(context.Context) ([]connections.Record, error) {
		err := store.Reload()
		return store.List(), err
	}, func(now []connections.Record, err error) {
		if err == nil && !slices.EqualFunc(before, now, sameLine) {
			l.relist()
		}
	})
}

// sameLine reports whether two records look the same in the list.
func sameLine(a, b connections.Record) bool {
	return a.ID == b.ID && a.Name == b.Name && a.LastResult == b.LastResult &&
		(a.Partly == nil) == (b.Partly == nil) && a.SecretGone == b.SecretGone && a.SecretExpires.Equal(b.SecretExpires)
}

// relist fills the list anew. The chosen connection stays chosen.
func (l *savedList) relist() {
	l.all = l.app.Connections.List()
	l.look(l.wanted)
}

// lookFor is look for somebody who types: what is tested next is in the list.
func (l *savedList) lookFor(text string) {
	l.look(text)
	if l.picker.Chosen() < 0 && len(l.shown) > 0 && !l.picker.Disabled() && l.found(l.shown[0]) {
		l.picker.Select(0)
	}
}

// mark shows which connection is chosen; none for "".
func (l *savedList) mark(id string) {
	l.chosen = id
	l.picker.Select(slices.IndexFunc(l.shown, func(r connections.Record) bool { return r.ID == id }))
}

// look shows the connections whose name holds text.
func (l *savedList) look(text string) {
	l.wanted = text
	text = strings.ToLower(strings.TrimSpace(text))
	l.shown = l.shown[:0:0]
	var items []parts.PickItem
	now, chosen := l.app.Now(), -1
	for _, r := range l.all {
		if !strings.Contains(strings.ToLower(r.Name), text) {
			continue
		}
		if r.ID == l.chosen {
			chosen = len(items)
		}
		l.shown = append(l.shown, r)
		items = append(items, parts.PickItem{State: standing(r, now), Title: r.Name, Caption: standingWords(r, now)})
	}
	l.picker.SetItems(items, chosen)
	switch {
	case len(l.all) == 0:
		l.count.SetText("None is saved yet.")
	case len(items) == len(l.all) && len(items) == 1:
		l.count.SetText("One connection")
	case len(items) == len(l.all) && l.all[0].Attention(now) == connections.None: // the worst stands first
		l.count.SetText(fmt.Sprintf("%d connections", len(items)))
	case len(items) == len(l.all):
		l.count.SetText(fmt.Sprintf("%d connections, those in trouble first", len(items)))
	default:
		l.count.SetText(fmt.Sprintf("%d of %d connections", len(items), len(l.all)))
	}
}

// standing is how a connection stands, as an icon.
func standing(r connections.Record, now time.Time) parts.CheckState {
	switch r.Attention(now) {
	case connections.Expired, connections.TestFailed, connections.SecretMissing:
		return parts.CheckFailed
	case connections.ExpiresSoon:
		return parts.CheckWarned
	}
	if r.LastResult == "" && r.Partly == nil {
		return parts.CheckWaiting
	}
	return parts.CheckDone
}

// standingWords says the same in a few words.
func standingWords(r connections.Record, now time.Time) string {
	words := "Worked"
	switch r.Attention(now) {
	case connections.Expired:
		return "The secret has expired"
	case connections.SecretMissing:
		words = "The secret is gone"
	case connections.TestFailed:
		words = "Did not work"
	default:
		switch {
		case r.LastResult != "":
		case r.Partly == nil:
			words = "Not tested"
		case r.Partly.Result == connections.ResultLooked:
			words = "Sending not tried"
		default:
			words = "Nobody signed in"
		}
		if !r.SecretDeleted.IsZero() {
			words = "The secret was deleted here"
		}
	}
	if expiry := r.Expiry(now, ""); expiry != "" {
		words += " · " + expiry
	}
	return words
}

// setBusy keeps the list from being changed while a test is under way.
func (l *savedList) setBusy(on bool) {
	for _, o := range l.others {
		if on {
			o.Disable()
		} else {
			o.Enable()
		}
	}
	if on {
		l.picker.Disable()
	} else {
		l.picker.Enable()
	}
}

// first has the focus: the field for a name while somebody types in it.
func (l *savedList) first(focused fyne.Focusable) fyne.Focusable {
	if l.find != nil && focused == l.find.Entry() {
		return focused
	}
	return l.picker
}
