package deliver

import (
	"context"

	"entrada/internal/app"
	"entrada/internal/connections"
	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/flow"
	"entrada/internal/journey"
)

// Save keeps the connection of a journey: the record in a file, the secret in
// the keychain, or where the person says. seen is that of [Keeping].
func Save(a app.App, j *journey.Journey, seen bool) *flow.Screen {
	next := flow.Choice{ID: "next", Label: "Next", Next: flow.Over(flow.Done)}
	title := j.Page().Title
	if j.Missing(journey.PageSave) == nil {
		r, _ := a.Connections.Get(j.Answers().ConnectionID)
		return &flow.Screen{ID: "saved", Title: title, Blocks: []flow.Block{Saved(r)}, Choices: []flow.Choice{next}}
	}
	k := &Keeping{
		App: a, Seen: seen, Session: true, NotSaved: "The connection is not saved",
		About: explain.Context{Cloud: j.Cloud(), TenantID: j.Answers().TenantID, ClientID: j.Answers().ClientID,
			VendorName: j.Guide().Vendor},
		Saving: flow.Screen{ID: "saving", Title: "Saving the connection", Lead: mayAsk},
	}
	k.Save = func(ctx context.Context, to Place, _ flow.Reporter) (flow.Step, error) {
		r, err := Keep(ctx, a, j.Record(), j.Secret(), to)
		if err != nil {
			return nil, err
		}
		return func() *flow.Screen { return saved(a, j, r, next) }, nil
	}
	first := &flow.Screen{
		ID: "save", Title: title,
		Lead: "Then you can test and export it at any time, and you are reminded before the secret expires.",
		Blocks: []flow.Block{flow.List{Heading: "What goes where", Items: []string{
			"**The client secret** goes into the keychain of this computer, under your own account.",
			"**Client ID, tenant ID and expiry** go into a file that only you can read; none of it is secret.",
			"**Your sign-in** is not kept.",
		}}, flow.Text{Words: mayAsk, Quiet: true}},
		Ask: "What now",
		Choices: []flow.Choice{{ID: "save", Label: "Save the connection",
			Next: func() *flow.Screen { return k.To(Place{}) }}, k.Another()},
		// Who has no keychain is told before trying.
		Preflight: func(ctx context.Context) flow.Step {
			err := a.Connections.Probe(ctx)
			if !fault.Is(err, fault.KeychainUnavailable) {
				return nil
			}
			return func() *flow.Screen { return k.Elsewhere(err, nil) }
		},
	}
	k.Begin = flow.To(first)
	return first
}

const mayAsk = "Your computer may ask you to unlock the keychain."

// saved notes that the connection is kept, so that no later try replaces its
// secret. One of the session alone is lost with it.
func saved(a app.App, j *journey.Journey, r connections.Record, next flow.Choice) *flow.Screen {
	j.Kept(r.ID)
	if r.SessionOnly {
		return next.Next()
	}
	if err := a.KeepRegistration(r); err != nil {
		return &flow.Screen{ID: "not-marked", Title: "The registration could not be marked as finished",
			Blocks:  []flow.Block{Saved(r), flow.Fault{Explanation: explain.Error(err, explain.Context{})}},
			Choices: []flow.Choice{next}}
	}
	return next.Next()
}

// Saved says where a saved connection and its secret are.
func Saved(r connections.Record) flow.Callout {
	c := flow.Callout{Tone: flow.Good, Title: "Saved as “" + r.Name + "”.", Words: "Its secret is in the keychain."}
	switch {
	case r.SessionOnly:
		return flow.Callout{Tone: flow.Warning, Title: "Kept for this session only.",
			Words: "“" + r.Name + "” is gone when Entrada ends, secret and all. Export it before that."}
	case r.SecretIn == connections.InFile:
		c.Words = "Its secret is in the file behind your passphrase."
	}
	return c
}
