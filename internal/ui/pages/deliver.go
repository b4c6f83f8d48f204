package pages

import (
	"entrada/internal/connections"
	"entrada/internal/flow"
	"entrada/internal/flow/deliver"
)

// showSave keeps the connection of the journey.
func (w *Window) showSave() {
	w.talk(deliver.Save(w.app, w.journey, true), nil, w.back, func(flow.Exit) { w.next() })
}

// renew replaces the secret of a saved connection, with an overlap.
func (w *Window) renew(r connections.Record) {
	c, err := w.renewalOf(r)
	if err != nil {
		w.tell("It cannot be renewed", err)
		return
	}
	w.talkFromHome(c.Screen(), nil, "")
}

// renewal is the same within another conversation.
func (w *Window) renewal(r connections.Record) *flow.Screen {
	c, err := w.renewalOf(r)
	if err != nil {
		w.ShowHome()
		w.tell("It cannot be renewed", err)
		return flow.End(flow.Moved)
	}
	return c.Screen()
}

func (w *Window) renewalOf(r connections.Record) (*deliver.Renewal, error) {
	return deliver.Renew(w.app, r, true, func(r connections.Record) flow.Choice {
		return flow.Choice{ID: "export", Label: "Export for " + r.VendorName, Next: func() *flow.Screen {
			w.showSavedExport(r, w.app.GuideByID(r.VendorID))
			return flow.End(flow.Moved)
		}}
	})
}

// showReceive opens what somebody handed over. path is filled in where it is
// known.
func (w *Window) showReceive(path string) {
	c := &deliver.Receiving{App: w.app, Seen: true}
	w.talkFromHome(c.Screen(path), nil, "")
}
