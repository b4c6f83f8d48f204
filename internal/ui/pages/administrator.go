package pages

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"entrada/internal/app"
	"entrada/internal/entra"
	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/flow/administer"
	"entrada/internal/signin"
	"entrada/internal/ui/parts"
)

// administrator signs in as an administrator, for whatever a page wants to do
// then. Nothing of ours is registered at that time, so the sign-in goes by the
// name of another program; an organisation may keep one out, so there are more.
type administrator struct {
	*Window
	ctx   context.Context
	reg   app.Registration
	frame func(parts.Page) parts.Page

	start   func()         // shows the page where this began
	instead []parts.Action // ways on without such a sign-in
	done    func(*signin.Session)
	program administer.Program // what the sign-in goes by
	looking bool               // nothing is to be changed at first: what cannot be read is said where it matters
}

// The programs to choose from.
const (
	azureCLI = iota
	graphTools
	ownProgram
)

// which of them it is.
func which(p administer.Program) int {
	switch {
	case p.Own != "":
		return ownProgram
	case p.Second:
		return graphTools
	}
	return azureCLI
}

// note says plainly whose name the sign-in goes by.
func (a *administrator) note() fyne.CanvasObject {
	const forgotten = " The sign-in is forgotten afterwards."
	title, text := "The sign-in names “"+a.program.Name()+"”.", "That is a program of Microsoft's own. We use its name for this one sign-in, because Entrada is not registered in your organisation."+forgotten
	switch which(a.program) {
	case graphTools:
		text = "That is a program of Microsoft's own, too. The first time, it asks an administrator to agree; what was agreed to stays under Enterprise apps until somebody removes it there." + forgotten
	case ownProgram:
		title, text = "The sign-in names a program of your own.", "Its client ID is "+a.program.Own+"."+forgotten
	}
	return parts.NewCallout(parts.ToneInfo, title, text)
}

// another leads to the choice of a program.
func (a *administrator) another() parts.Action {
	return parts.Action{Label: "Use another program", Do: a.choose}
}

// about is what a refusal of this sign-in is explained with.
func (a *administrator) about() explain.Context {
	c := a.explainContext()
	c.Cloud, c.TenantID, c.ClientID, c.Program = a.reg.Cloud, a.reg.TenantID, "", a.program.Name()
	return c
}

// signIn opens the browser and waits.
func (a *administrator) signIn() {
	a.waitForSignIn(signInWait{
		page: a.ctx, request: a.program.SignIn(a.reg), frame: a.frame, about: a.about(),
		ways: append([]parts.Action{a.another()}, a.instead...), cancelled: a.start,
		done: func(s *signin.Session, err error) {
			switch {
			case fault.Is(err, fault.Cancelled):
				a.start()
			case err != nil:
				a.refused(err)
			case !a.looking && len(lacking(s)) > 0:
				a.refused(&fault.Error{Kind: fault.ScopeMissing, Op: "sign in as an administrator", Subject: strings.Join(lacking(s), ", ")})
			default:
				a.done(s)
			}
		},
	})
}

// lacking are the permissions without which nothing can be changed. What only
// tells more about the organisation may be missing.
func lacking(s *signin.Session) []string {
	return slices.DeleteFunc(slices.Clone(s.Missing), func(name string) bool { return !strings.Contains(name, ".ReadWrite.") })
}

// refused says why there was no sign-in, and what else there is.
func (a *administrator) refused(err error) {
	again := parts.Action{Label: "Try again", External: true, Do: a.signIn}
	page := parts.Page{Title: "The sign-in did not work", Lead: "Nothing was changed.", Links: append([]parts.Action{a.another()}, a.instead...), Primary: again}
	if entra.TraitsOf(err).AboutTheProgram || fault.Is(err, fault.ScopeMissing) {
		page.Links, page.Primary = append([]parts.Action{again}, a.instead...), a.another()
	}
	can := canRetry(a.signIn)
	can[explain.SendToAdmin] = nil
	can[explain.OtherProgram] = a.choose
	page.Body = []fyne.CanvasObject{parts.NewFaultBox(a.view(explain.Error(err, a.about()), can))}
	a.showOwn(page)
}

// showOwn shows a page that leads back to where the sign-in began.
func (a *administrator) showOwn(page parts.Page) {
	page = a.frame(page)
	page.Back = a.start
	a.show(page)
}

// choose asks which program the sign-in shall go by.
func (a *administrator) choose() {
	chosen, clientID := which(a.program), a.program.Own
	var field *parts.Field
	ready := func() { a.shell.EnablePrimary(chosen != ownProgram || clientID != "") }
	field = parts.NewField(parts.FieldOptions{Label: "Client ID of your own program", Mono: true, Paste: true,
		Hint: "A public client: the address http://localhost on the platform Mobile and desktop applications, and the Microsoft Graph permissions for registering apps.",
		Changed: func(text string) {
			v := entra.CheckClientID(text, entra.Known{TenantID: a.reg.TenantID})
			clientID = ""
			if v.State == entra.Good {
				clientID = v.Clean
			}
			if text == "" {
				field.SetStatus(parts.StatusNeutral, "")
			} else {
				showVerdict(field, v, "The sign-in will name this program.")
			}
			ready()
		}})
	if clientID != "" {
		field.SetText(clientID)
	}
	slot := parts.NewSlot()
	own := func() {
		if chosen == ownProgram {
			slot.Fill(field)
		} else {
			slot.Clear()
		}
		ready()
	}
	choices := parts.NewChoiceCards("Which program?", []parts.Choice{
		{Title: "Microsoft Azure CLI", Text: "A program of Microsoft's own that needs nobody's agreement. Most organisations let it in."},
		{Title: "Microsoft Graph Command Line Tools", Text: "Another one of Microsoft's. The first time, it asks an administrator to agree to what it may do."},
		{Title: "A program of your own", Text: "If your organisation keeps both out and has registered one for such work."},
	}, chosen, func(i int) { chosen = i; own() })
	a.showOwn(parts.Page{
		Title: "Sign in with another program", Lead: "The sign-in goes by the name of a program that your organisation knows.",
		Body: []fyne.CanvasObject{choices, slot}, Links: a.instead,
		Primary: parts.Action{Label: "Sign in as an administrator", External: true, Do: func() {
			a.program = administer.Program{Second: chosen == graphTools}
			if chosen == ownProgram {
				a.program.Own = clientID
			}
			a.signIn()
		}},
	})
	own()
}
