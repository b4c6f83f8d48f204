package pages

import (
	"context"

	"fyne.io/fyne/v2"

	"entrada/internal/connections"
	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/secret"
	"entrada/internal/ui/parts"
)

// keeping is the part of a page that keeps a connection: its secret in the
// keychain, or where the person says if there is none. The page fills in what
// belongs to the connection, and shows the slots.
type keeping struct {
	*Window
	ctx context.Context

	inKeychain func(context.Context) (connections.Record, error)
	behind     func(context.Context, secret.Value) (connections.Record, error)
	forSession func() connections.Record
	kept       func(connections.Record)

	usual      *parts.Slot // what goes where, with a keychain
	problem    *parts.Slot
	otherwise  *parts.Slot // where else the secret can go
	passphrase *passphraseInput
	inFile     bool // chosen; false is "for this session"
}

func newKeeping(w *Window, ctx context.Context) *keeping {
	return &keeping{Window: w, ctx: ctx, usual: parts.NewSlot(), problem: parts.NewSlot(), otherwise: parts.NewSlot()}
}

// slots are what the page shows.
func (k *keeping) slots() []fyne.CanvasObject {
	return []fyne.CanvasObject{k.usual, k.problem, k.otherwise}
}

// start is the page's primary action: into the keychain.
func (k *keeping) start() { k.try(k.start, k.inKeychain) }

func (k *keeping) try(again func(), work func(context.Context) (connections.Record, error)) {
	k.problem.Clear()
	k.shell.SetPrimary(parts.Action{Label: "Saving …", Disabled: true})
	parts.Run(k.ctx, work, func(r connections.Record, err error) {
		switch {
		case k.otherwise.Visible() && k.passphrase.refused(err):
			k.choose(k.inFile)
		case fault.Is(err, fault.KeychainUnavailable, fault.KeychainDeclined, fault.KeychainTimedOut):
			// Never tried again by itself: who said no has said no.
			k.showOtherwise(err)
		case err != nil:
			k.shell.SetPrimary(parts.Action{Label: "Try again", Do: again})
			can := canRetry(again)
			can[explain.Unlock] = again
			view := k.explained(err, can)
			view.Next = append(view.Next, parts.Action{Label: "Keep it another way", Do: func() { k.showOtherwise(err) }})
			k.problem.Fill(parts.NewFaultBox(view))
		default:
			k.kept(r)
		}
	})
}

// showOtherwise says why the keychain is no choice, and asks where the secret
// shall go instead.
func (k *keeping) showOtherwise(because error) {
	can := canRetry(k.start)
	can[explain.Unlock], can[explain.SessionOnly] = k.start, k.session
	view := k.explained(because, can)
	view.Next = []parts.Action{{Label: "Try the keychain again", Do: k.start}}
	k.usual.Clear()
	k.problem.Fill(parts.NewFaultBox(view))
	if k.passphrase == nil {
		k.passphrase = newPassphraseInput(k.app.Connections)
	}
	chosen := 0
	if k.inFile {
		chosen = 1
	}
	below := parts.NewSlot()
	fill := func(i int) {
		below.Clear()
		if k.choose(i == 1); k.inFile {
			below.Fill(k.passphrase.part())
		}
	}
	ways := parts.NewChoiceCards("Where the secret goes", []parts.Choice{
		{Title: "For this session only", Text: "It stays in memory. When you close Entrada it is gone: export it before that."},
		{Title: "Into a file behind a passphrase", Text: "Entrada asks for the passphrase once each time it runs. Without it nobody opens the file, you included."},
	}, chosen, fill)
	k.otherwise.Fill(parts.Column(12, parts.SubHeading("Where shall the secret go?"), ways, below))
	fill(chosen)
	k.window.Canvas().Focus(ways)
}

// choose makes the primary button do what was chosen.
func (k *keeping) choose(inFile bool) {
	k.inFile = inFile
	if inFile {
		k.shell.SetPrimary(parts.Action{Label: "Save behind the passphrase", Do: k.behindPassphrase})
	} else {
		k.shell.SetPrimary(parts.Action{Label: "Keep it for this session", Do: k.session})
	}
}

func (k *keeping) session() { k.kept(k.forSession()) }

func (k *keeping) behindPassphrase() {
	passphrase := secret.Value{}
	if !k.passphrase.open() {
		if !k.passphrase.ready() {
			return
		}
		passphrase = k.passphrase.value()
	}
	k.try(k.behindPassphrase, func(ctx context.Context) (connections.Record, error) { return k.behind(ctx, passphrase) })
}
