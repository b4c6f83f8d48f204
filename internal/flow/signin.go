package flow

import (
	"context"

	"entrada/internal/app"
	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/signin"
)

// SignIn is a person's sign-in at Microsoft, to wait for.
type SignIn struct {
	App     app.App
	Request signin.Request
	Code    bool // on another device, with a code
	// About is what a refusal is explained with. Some are shown by Microsoft
	// alone and never reach us.
	About explain.Context
	Ways  []Choice // what else can be done meanwhile

	Cancelled Step // the person gives up
	Done      func(*signin.Session, error) *Screen
}

// Screen shows how the sign-in goes.
func (s SignIn) Screen() *Screen {
	request := s.Request
	request.Client = s.App.HTTP
	sign := func(ctx context.Context, report Reporter) (*signin.Session, error) {
		return signin.Interactive(ctx, request, s.App.Browser, func(g signin.Progress) { tellSignIn(report, g) })
	}
	lead, row := "Go on in your browser. This page continues by itself.",
		Row{State: Running, Title: "Opening your browser"}
	if s.Code {
		lead, row.Title = "Go on there. This page continues by itself.", "Asking Microsoft for a code"
		sign = func(ctx context.Context, report Reporter) (*signin.Session, error) {
			return signin.DeviceCode(ctx, request, func(d signin.DevicePrompt) {
				report.Code(d.VerificationURL, d.UserCode)
				report.Note("Enter it only because you yourself started this here: " +
					"who enters a code that somebody else has sent lets that person in.")
				report.Row(0,
					Row{State: Running, Title: "Waiting for you to sign in",
						Detail: "until " + d.Expires.Local().Format("15:04")})
			})
		}
	}
	return &Screen{
		ID: "sign-in", Title: "Waiting for your sign-in", Lead: lead,
		Blocks: []Block{Rows{List: []Row{row}, Quiet: true}}, Browser: &s.About,
		Choices: append([]Choice{{ID: "cancel", Label: "Cancel sign-in", Next: s.Cancelled}}, s.Ways...),
		Work: func(ctx context.Context, report Reporter) Step {
			session, err := sign(ctx, report)
			return func() *Screen {
				if fault.Is(err, fault.Cancelled) {
					return s.Cancelled()
				}
				return s.Done(session, err)
			}
		},
	}
}

// The words around a code for another device.
const (
	CodeAddress = "On any device, open this address:"
	CodeEntry   = "And enter this code there:"
)

// manyStrangers is from when on requests to our port that are no answer of
// Microsoft's are told of: browsers cause a few.
const manyStrangers = 20

func tellSignIn(report Reporter, g signin.Progress) {
	row := Row{State: Running}
	switch g.Stage {
	case signin.StageListening:
		report.Link(g.Link)
		row.Title = "Opening your browser"
	case signin.StageBrowserOpening:
		row.Title = "Opening your browser"
	case signin.StageWaiting:
		row.Title, row.Detail = "Waiting for you to sign in",
			"in the browser window that just opened, until "+g.Deadline.Local().Format("15:04")
	case signin.StageLinkNeeded:
		row.State, row.Title, row.Detail = Warned, "No browser opened by itself",
			"Please use the link; we wait until "+g.Deadline.Local().Format("15:04")
	case signin.StageExchanging:
		row.Title = "Signed in; asking Microsoft for access"
	case signin.StageChecking:
		row.Title = "Checking who signed in"
	}
	report.Row(0, row)
	switch {
	case g.InAddress:
		report.Note(
			"Microsoft answered in the page's address instead of a form. For your safety we do not use such an " +
				"answer. " +
				"Please cancel and try again.")
	case g.Strange >= manyStrangers:
		report.Note(
			"Another program on this computer keeps knocking at our door. Your sign-in is not affected, but " +
				"somebody should have a look.")
	case g.Stage == signin.StageLinkNeeded:
		report.Note(
			"Copy the sign-in link and open it in a browser **on this computer**. On a remote session, use the " +
				"browser there.")
	}
}
