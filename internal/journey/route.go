package journey

import (
	"entrada/internal/app"
	"entrada/internal/registration"
)

// Route is how the app gets registered.
type Route string

// The two routes. Both end in the same registration.
const (
	ShowMe  Route = ""      // the person does it in the portal
	DoForMe Route = "do-it" // Entrada does it with an administrator's sign-in
)

// PageDoIt is where Entrada registers the app itself.
const PageDoIt PageID = "do-it"

// Route is the route that was chosen.
func (j *Journey) Route() Route { return j.answers.Route }

// ChooseRoute takes a route. What was registered or pasted stays: both routes
// lead to the same values.
func (j *Journey) ChooseRoute(r Route) { j.answers.Route = r }

// Registration is that of this journey. The error is of kind InvalidInput.
func (j *Journey) Registration() (app.Registration, error) {
	wanted, err := registration.For(j.guide, j.Choices(), "")
	return app.Registration{
		Wanted: wanted, Cloud: j.Cloud(), TenantID: j.answers.TenantID, Domain: j.answers.TenantDomain,
		ClientID: j.answers.ClientID, App: j.app, SecretID: j.answers.SecretID,
	}, err
}

// App says which app the registration is about: the one that is known already,
// or a new one. One whose secret was lost gets another.
func (j *Journey) App() registration.App {
	if j.answers.ClientID == "" {
		return registration.App{}
	}
	return registration.App{ClientID: j.answers.ClientID,
		NewSecret: j.clientSecret.IsEmpty() && j.answers.ConnectionID == ""}
}

// Registered takes what came of a plan. The secret is in memory until the
// connection is saved.
func (j *Journey) Registered(r *registration.Result) {
	if j.answers.ClientID != r.ClientID {
		j.forgetTest()
	}
	j.answers.ClientID = r.ClientID
	if !r.Secret.IsEmpty() {
		j.clientSecret, j.answers.SecretID, j.answers.SecretExpires, j.answers.ExpiryTyped = r.Secret, r.SecretID,
			r.SecretEnd, false
		j.forgetTest()
	}
	j.probed = true
}

// SetChecked remembers how the registration compared with what is wanted, and
// takes from it when the secret expires. note says what was corrected, "" if
// nothing was; the error is about a connection that is saved already.
func (j *Journey) SetChecked(list []registration.Requirement) (note string, err error) {
	a := &j.answers
	a.Check = registration.Verdict(list)
	end, found, note := registration.ExpiryIn(list, a.SecretID, a.SecretExpires)
	if found {
		a.SecretExpires, a.ExpiryTyped = end, false
	}
	if saved, ok := j.app.Connections.Get(a.ConnectionID); ok {
		_, _, err = j.app.CorrectExpiry(saved, list)
	}
	return note, err
}

// Checked reports whether the registration was looked at, whatever came of it.
func (j *Journey) Checked() bool { return j.answers.Check != "" }

// Unregistered forgets an app that was taken back.
func (j *Journey) Unregistered() {
	j.forgetApp()
	j.done[PageNeeds] = true
}
