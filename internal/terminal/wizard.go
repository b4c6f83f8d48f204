package terminal

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"entrada/internal/console"
	"entrada/internal/explain"
	"entrada/internal/flow/deliver"
	"entrada/internal/journey"
)

// The two ways to leave a page other than forward, which every question takes;
// and that another page was opened meanwhile.
var (
	errBack  = errors.New("back")
	errQuit  = errors.New("quit")
	errMoved = errors.New("moved")
)

// wizard asks the questions of a journey.
type wizard struct {
	p     *program
	j     *journey.Journey
	out   *console.Output
	page  journey.Page
	link  string // what “open” opens on this page
	hint  string // what help says of the question that is asked
	asked bool   // a question was asked since the page was shown

	parcels  deliver.Parcels // what was exported
	exported bool
}

func (w *wizard) header() {
	pages := w.j.Pages()
	position := 1 + slices.IndexFunc(pages, func(p journey.Page) bool { return p.ID == w.page.ID })
	total := fmt.Sprintf(" of %d", len(pages))
	if w.j.Guide() == nil {
		total = "" // the vendor decides how many there are
	}
	w.out.Blank()
	w.out.Line(fmt.Sprintf("Step %d%s · %s", position, total, w.page.Group))
	w.out.Heading(w.page.Title)
	w.out.Blank()
}

// next goes on, or says what is missing on this page.
func (w *wizard) next() { w.told(w.j.Next()) }

func (w *wizard) back() {
	moved, err := w.j.Back()
	w.told(err)
	if !moved {
		w.out.Line("This is the first page.")
	}
}

// moveTo goes to another page, which is shown next and asks: two pages that lead to
// each other without a question would never end.
func (w *wizard) moveTo(id journey.PageID) error {
	w.told(w.j.GoTo(id))
	return errMoved
}

// told says what went wrong without stopping for it.
func (w *wizard) told(err error) {
	if err != nil {
		w.fault(err)
	}
}

// fault puts an error of this journey into words.
func (w *wizard) fault(err error) {
	a := w.j.Answers()
	c := explain.Context{Cloud: w.j.Cloud(), TenantID: a.TenantID, ClientID: a.ClientID}
	if g := w.j.Guide(); g != nil {
		c.VendorName = g.Vendor
	}
	w.out.Blank()
	w.p.explain(w.out, err, c)
	w.out.Blank()
}

// leave remembers the place, as far as it can be.
func (w *wizard) leave(ctx context.Context, why error) error {
	var remembered []string
	if w.j != nil && w.j.Guide() != nil {
		if err := w.j.Save(); err != nil {
			w.fault(err)
		} else if !w.j.IsRemembered() {
			remembered = append(remembered, journey.NotRemembered)
		} else {
			command := "entrada-cli setup"
			if w.p.app.Cloud.IsPractice() {
				command += " --practice"
			}
			remembered = append(remembered, "Your place is remembered. Go on with: "+command)
			if lost := w.j.LostByStopping(); lost != "" {
				remembered = append(remembered, lost)
			}
		}
	}
	w.out.Blank()
	for _, words := range remembered {
		w.out.Line(words)
	}
	if r, ok := w.sessionOnly(); ok && !w.exported {
		w.out.Line("“" + r + "” was kept for this session only and is gone now.")
	}
	switch {
	case errors.Is(why, errQuit), errors.Is(why, errBack):
		return nil
	case errors.Is(why, console.ErrEnded):
		return usage("The input has ended before the end of the wizard.")
	}
	return why
}

func (w *wizard) sessionOnly() (name string, ok bool) {
	if w.j == nil {
		return "", false
	}
	r, found := w.p.app.Connections.Get(w.j.Answers().ConnectionID)
	return r.Name, found && r.SessionOnly
}

func (w *wizard) showHelp() {
	w.out.Blank()
	if w.hint != "" {
		w.out.Say("", w.hint)
	}
	if s := w.page.Step; s != nil {
		w.out.Say("", "If your portal looks different: the way in words is **"+s.Path+"**.")
		for _, line := range s.NotSeen {
			w.out.Say("  ", "- "+line)
		}
	}
	w.out.Say("",
		"Type **back** for the page before, **quit** to stop for now, **help** for this. An answer in [brackets] "+
			"is taken when you press Enter.")
	if w.link != "" {
		w.out.Say("", "Type **open** to open this page of the portal in the browser of this computer.")
	}
	w.out.Blank()
}
