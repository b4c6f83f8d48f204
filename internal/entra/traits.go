package entra

import "entrada/internal/fault"

// Traits say what a refusal by the identity platform means for the next step.
// Several may hold.
type Traits struct {
	// MayBeTooNew: an app or secret gets this refusal until every server of
	// Microsoft's has heard of it. Asking again may help.
	MayBeTooNew bool
	// NamesClient: the client ID is refused, and the secret was not looked at.
	NamesClient bool
	// KnowsClient: the app exists in the tenant; something else is refused.
	KnowsClient bool
	// AboutTheProgram: the sign-in is refused for the sake of the program that asks
	// for it. Another program may be let in.
	AboutTheProgram bool
	// RedirectMissing: the app has no such redirect URI.
	RedirectMissing bool
	// NoSuchTenant: no tenant has this ID or domain, or none can have it.
	NoSuchTenant bool
}

// traits is all that the program decides by Microsoft's error numbers
// (learn.microsoft.com/entra/identity-platform/reference-error-codes). Microsoft may
// change them. A number that is not here has no traits: then less is offered, and
// nothing wrong is done.
var traits = map[string]Traits{
	"AADSTS50011":   {AboutTheProgram: true, RedirectMissing: true},
	"AADSTS50059":   {NoSuchTenant: true},
	"AADSTS50105":   {AboutTheProgram: true},
	"AADSTS53003":   {AboutTheProgram: true},
	"AADSTS65002":   {AboutTheProgram: true},
	"AADSTS65004":   {AboutTheProgram: true},
	"AADSTS70002":   {KnowsClient: true},
	"AADSTS90002":   {NoSuchTenant: true},
	"AADSTS90094":   {AboutTheProgram: true},
	"AADSTS500113":  {AboutTheProgram: true},
	"AADSTS501051":  {KnowsClient: true},
	"AADSTS700016":  {MayBeTooNew: true, NamesClient: true, AboutTheProgram: true},
	"AADSTS700025":  {KnowsClient: true},
	"AADSTS900021":  {NoSuchTenant: true},
	"AADSTS900023":  {NoSuchTenant: true},
	"AADSTS7000112": {KnowsClient: true, AboutTheProgram: true},
	"AADSTS7000215": {MayBeTooNew: true, KnowsClient: true},
	"AADSTS7000218": {KnowsClient: true, AboutTheProgram: true},
	"AADSTS7000222": {KnowsClient: true},
	"AADSTS7000229": {MayBeTooNew: true},
}

// TraitsOf reads the traits from the code of a [fault.Error]. Any other error has
// none.
func TraitsOf(err error) Traits { return traits[fault.CodeOf(err)] }
