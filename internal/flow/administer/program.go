package administer

import (
	"entrada/internal/app"
	"entrada/internal/entra"
	"entrada/internal/registration"
	"entrada/internal/signin"
)

// What window and terminal share of the work with an administrator's sign-in.

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

// checkProgram judges the client ID of an organisation's own program.
func CheckProgram(r app.Registration, text string) entra.Verdict {
	return entra.CheckClientID(text, entra.Known{TenantID: r.TenantID})
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
