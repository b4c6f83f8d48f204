package pages

import (
	"entrada/internal/connections"
	"entrada/internal/flow"
	"entrada/internal/flow/deliver"
)

// showSave keeps the connection of the journey.
func showSave(w *nav) {
	talk(w, deliver.Save(w.app, w.journey, true), nil, w.back, func(flow.Exit) { w.next() })
}

// renew replaces the secret of a saved connection, with an overlap.
func renew(w *nav, r connections.Record) {
	c, err := renewalOf(w, r)
	if err != nil {
		w.tell("It cannot be renewed", err)
		return
	}
	talkFromHome(w, c.Screen(), nil, "")
}

// renewal is the same within another conversation.
func renewal(w *nav, r connections.Record) *flow.Screen {
	c, err := renewalOf(w, r)
	if err != nil {
		w.ShowHome()
		w.tell("It cannot be renewed", err)
		return flow.End(flow.Moved)
	}
	return c.Screen()
}

func renewalOf(w *nav, r connections.Record) (*deliver.Renewal, error) {
	return deliver.Renew(w.app, r, true, func(r connections.Record) flow.Choice {
		return flow.Choice{ID: "export", Label: "Export for " + r.VendorName, Next: func() *flow.Screen {
			showSavedExport(w, r, w.app.GuideByID(r.VendorID))
			return flow.End(flow.Moved)
		}}
	})
}

// showReceive opens what somebody handed over. path is filled in where it is
// known.
func showReceive(w *nav, path string) {
	c := &deliver.Receiving{App: w.app, Seen: true}
	talkFromHome(w, c.Screen(path), nil, "")
}
