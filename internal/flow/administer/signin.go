package administer

import (
	"strings"

	"entrada/internal/app"
	"entrada/internal/entra"
	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/flow"
	"entrada/internal/registration"
	"entrada/internal/signin"
)

// Program is whose name Microsoft's sign-in page shows to the administrator.
// The zero value is the first of Microsoft's own.
type Program struct {
	Second bool   // the second of Microsoft's own, where an organisation keeps the first one out
	Own    string // client ID of one that the organisation has registered itself; it goes before
}

// Name is what Microsoft's page calls it.
func (p Program) Name() string {
	switch {
	case p.Own != "":
		return "a program of your own organisation"
	case p.Second:
		return "Microsoft Graph Command Line Tools"
	}
	return "Microsoft Azure CLI"
}

// SignIn is the administrator's sign-in under the name of a program.
func (p Program) SignIn(r app.Registration) signin.Request {
	switch {
	case p.Own != "":
		return r.SignInWith(p.Own)
	case p.Second:
		return r.SignInWith(registration.GraphCommandLine)
	}
	return r.SignInWith(registration.AzureCLI)
}

// Administrator signs in as an administrator, for whatever comes then. Nothing
// of ours is registered at that time, so the sign-in goes by the name of another
// program; an organisation may keep one out, so there are more.
type Administrator struct {
	App app.App
	Reg app.Registration
	// Looking: nothing is to be changed at first. What cannot be read is said
	// where it matters.
	Looking bool
	Start   flow.Step     // the screen where this began
	Instead []flow.Choice // ways on without such a sign-in
	Done    func(*signin.Session) *flow.Screen

	claims  string // as Microsoft wanted them of the next sign-in; mostly ""
	program Program
	code    bool // on another device
}

// Note says plainly whose name the sign-in goes by.
func (a *Administrator) Note() flow.Block {
	const forgotten = " The sign-in is forgotten afterwards."
	title := "The sign-in names “" + a.program.Name() + "”."
	text := "That is a program of Microsoft's own. We use its name for this one sign-in, because Entrada is not " +
		"registered in your organisation."
	switch {
	case a.program.Own != "":
		title, text = "The sign-in names a program of your own organisation.", "Its client ID is "+a.program.Own+"."
	case a.program.Second:
		text = "That is a program of Microsoft's own, too. The first time, it asks an administrator to agree; " +
			"what was agreed to stays under Enterprise apps until somebody removes it there."
	}
	return flow.Callout{Title: title, Words: text + forgotten}
}

// Choice is the sign-in as a way on.
func (a *Administrator) Choice(label string) flow.Choice {
	return flow.Choice{ID: "sign in", Label: label, External: true, Next: a.SignIn}
}

// Another leads to the choice of another way to sign in.
func (a *Administrator) Another() flow.Choice {
	return flow.Choice{ID: "program", Label: "Sign in another way",
		Text: "under the name of another program, or on another device", Next: a.choose}
}

// Account signs in with another account, by the way that was chosen before.
func (a *Administrator) Account() flow.Choice {
	return flow.Choice{ID: "account", Label: "Use another account", External: true, Next: a.SignIn}
}

// about is what a refusal of this sign-in is explained with.
func (a *Administrator) about() explain.Context {
	return explain.Context{
		Cloud: a.Reg.Cloud, TenantID: a.Reg.TenantID, VendorName: a.Reg.Wanted.Vendor, Program: a.program.Name(),
	}
}

// SignIn opens the browser, or asks for a code, and waits.
func (a *Administrator) SignIn() *flow.Screen {
	request := a.program.SignIn(a.Reg)
	request.Claims, a.claims = a.claims, "" // a challenge is answered once
	return flow.SignIn{
		App: a.App, Request: request, Code: a.code, About: a.about(),
		Ways: append([]flow.Choice{a.Another()}, a.Instead...), Cancelled: a.Start,
		Done: func(s *signin.Session, err error) *flow.Screen {
			switch {
			case err != nil:
				return a.refused(err)
			case !a.Looking && len(lacking(s)) > 0:
				return a.refused(
					&fault.Error{Kind: fault.ScopeMissing, Op: "sign in as an administrator",
						Subject: strings.Join(lacking(s), ", ")})
			}
			return a.Done(s)
		},
	}.Screen()
}

// lacking are the permissions without which nothing can be changed. What only
// tells more about the organisation may be missing.
func lacking(s *signin.Session) (names []string) {
	for _, name := range s.Missing {
		if strings.Contains(name, ".ReadWrite.") {
			names = append(names, name)
		}
	}
	return names
}

// refused says why there was no sign-in, and what else there is.
func (a *Administrator) refused(err error) *flow.Screen {
	again := flow.Choice{ID: "again", Label: "Try again", External: true, Next: a.SignIn}
	choices := []flow.Choice{again, a.Another()}
	if entra.TraitsOf(err).AboutTheProgram || fault.Is(err, fault.ScopeMissing) {
		choices = []flow.Choice{a.Another(), again}
	}
	can := flow.Retry(a.SignIn)
	can[explain.OtherProgram] = a.choose
	return &flow.Screen{
		ID: "sign-in-refused", Title: "The sign-in did not work", Lead: "Nothing was changed.", Back: a.Start,
		Blocks:  []flow.Block{flow.Fault{Explanation: explain.Error(err, a.about()), Can: can}},
		Choices: append(choices, a.Instead...),
	}
}

// choose asks which program the sign-in shall go by, or for another device.
func (a *Administrator) choose() *flow.Screen {
	as := func(p Program, code bool) flow.Step {
		return func() *flow.Screen {
			a.program, a.code = p, code
			return a.SignIn()
		}
	}
	return &flow.Screen{
		ID: "other-sign-in", Title: "Sign in another way",
		Lead: "The sign-in goes by the name of a program that your organisation knows.",
		Ask:  "Which way", Weigh: true, Back: a.Start,
		Choices: append([]flow.Choice{
			{ID: "second", Label: Program{Second: true}.Name(), External: true, Next: as(Program{Second: true}, false),
				Text: "A program of Microsoft's own. The first time, it asks an administrator to agree to what " +
					"it may do."},
			{ID: "own", Label: "A program of your own organisation", Next: a.askOwn,
				Text: "If your organisation keeps Microsoft's programs out and has registered one for such work."},
			{ID: "first", Label: Program{}.Name(), External: true, Next: as(Program{}, false),
				Text: "A program of Microsoft's own that needs nobody's agreement. Most organisations let it in."},
			{ID: "code", Label: "On another device, with a code", Next: as(a.program, true),
				Text: "Where this computer has no browser. Many organisations block that."},
		}, a.Instead...),
	}
}

// askOwn asks for the organisation's own program.
func (a *Administrator) askOwn() *flow.Screen {
	field := &flow.Field{
		ID: "client-id", Label: "Client ID of your own program", Mono: true, Value: a.program.Own,
		Good: "The sign-in will name this program.",
		Hint: "A public client: the address http://localhost on the platform Mobile and desktop applications, " +
			"and the Microsoft Graph permissions for registering apps.",
	}
	field.Check = func(text string) error {
		if v := entra.CheckClientID(text, entra.Known{TenantID: a.Reg.TenantID}); v.State != entra.Good {
			return fault.Invalid(field.ID, v.Sentence)
		}
		return nil
	}
	sign := a.Choice("Sign in as an administrator")
	sign.Next = func() *flow.Screen {
		v := entra.CheckClientID(field.Value, entra.Known{TenantID: a.Reg.TenantID})
		a.program, a.code = Program{Own: v.Clean}, false
		return a.SignIn()
	}
	return &flow.Screen{
		ID: "own-program", Title: "A program of your own organisation",
		Blocks:  []flow.Block{flow.Form{Fields: []*flow.Field{field}}},
		Choices: []flow.Choice{sign}, Back: a.choose,
	}
}
