package directory

import (
	"slices"
	"strings"
	"time"

	"entrada/internal/entra"
)

// App finds a registration by client ID, in whichever tenant it lives.
func (d Directory) App(clientID string) (*Application, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	a := d.apps[strings.ToLower(clientID)]
	if a == nil || !d.sees(a.visible) {
		return nil, false
	}
	return a, true
}

// Apps lists the registrations of a tenant in order of creation.
func (d Directory) Apps(tenantID string) []*Application {
	d.mu.RLock()
	defer d.mu.RUnlock()
	var out []*Application
	for _, a := range d.apps {
		if a.TenantID == tenantID && d.sees(a.visible) {
			out = append(out, a)
		}
	}
	slices.SortFunc(out, func(a, b *Application) int {
		if c := a.CreatedDateTime.Compare(b.CreatedDateTime); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return out
}

// FindApp finds a registration of a tenant by a property that is unique there.
func (d Directory) FindApp(tenantID string, is func(*Application) bool) (*Application, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	for _, a := range d.apps {
		if a.TenantID == tenantID && d.sees(a.visible) && is(a) {
			return a, true
		}
	}
	return nil, false
}

// AddApp registers an application. Owner may be empty (app-only caller).
func (d Directory) AddApp(tenantID, owner string, a Application) (*Application, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	o := d.byName[tenantID]
	a.ID, a.AppID, a.TenantID = entra.NewGUID(), entra.NewGUID(), tenantID
	a.CreatedDateTime, a.PublisherDomain = d.rules.Now().UTC(), o.Domain
	a.PasswordCredentials, a.visible = nil, d.visibleFrom()
	if owner != "" {
		a.Owners = []string{owner}
	}
	if a.SignInAudience == "" {
		a.SignInAudience = tenantsAndPersonal // what Graph documents as its default
	}
	if err := d.check(o, &a, nil); err != nil {
		return nil, err
	}
	d.apps[a.AppID] = &a
	return &a, nil
}

// UpdateApp changes a registration through change, which gets a shallow copy
// and must replace slices rather than write into them.
func (d Directory) UpdateApp(clientID string, change func(*Application) error) (*Application, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	old := d.apps[clientID]
	if old == nil || old.FirstParty || !d.sees(old.visible) {
		return nil, notFound(clientID)
	}
	a := *old
	if err := change(&a); err != nil {
		return nil, err
	}
	// Read-only properties stay what they were.
	a.ID, a.AppID, a.TenantID, a.Owners = old.ID, old.AppID, old.TenantID, slices.Clone(a.Owners)
	a.CreatedDateTime, a.PublisherDomain, a.visible = old.CreatedDateTime, old.PublisherDomain, old.visible
	if err := d.check(d.byName[a.TenantID], &a, old); err != nil {
		return nil, err
	}
	d.apps[a.AppID] = &a
	for _, o := range d.tenants {
		for i, sp := range o.sps {
			if sp.AppID == a.AppID {
				fresh := *sp
				describe(&fresh, &a)
				o.sps[i] = &fresh
			}
		}
	}
	return &a, nil
}

// DeleteApp removes a registration with its service principal in the home
// tenant, the grants and the assignments that hang on it.
func (d Directory) DeleteApp(clientID string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	a := d.apps[clientID]
	if a == nil || a.FirstParty || !d.sees(a.visible) {
		return notFound(clientID)
	}
	delete(d.apps, clientID)
	o := d.byName[a.TenantID]
	for _, sp := range o.sps {
		if sp.AppID == clientID {
			d.removeServicePrincipal(o, sp.ID)
			break
		}
	}
	return nil
}

// AddSecret makes a client secret; the answer alone carries its text.
func (d Directory) AddSecret(clientID string, name *string, start, end time.Time) (PasswordCredential, error) {
	now := d.Now()
	if start.IsZero() {
		start = now
	}
	if end.IsZero() {
		end = start.AddDate(2, 0, 0)
	}
	blocked, longest := d.rules.SecretRule()
	switch {
	case blocked:
		return PasswordCredential{},
			refuse("CredentialTypeNotAllowedAsPerAppPolicy",
				"Credential type not allowed as per assigned policy '%s'.", "Default app management policy")
	case longest > 0 && end.Sub(start) > longest:
		return PasswordCredential{},
			refuse("CredentialInvalidLifetimeAsPerAppPolicy",
				"Credential lifetime exceeds the max value allowed as per assigned policy '%s'.",
				"Default app management policy")
	case !end.After(start):
		return PasswordCredential{},
			refuse("Request_BadRequest", "The end date of the credential must be later than its start date.")
	case end.Year() > 9999 || start.Year() < 1: // JSON has no dates beyond
		return PasswordCredential{}, refuse("Request_BadRequest", "The dates of the credential are out of range.")
	}
	return d.addSecret(clientID, name, newSecretText(), start, end)
}

// addSecret is AddSecret without asking any policy.
func (d Directory) addSecret(clientID string, name *string, text string, start, end time.Time) (
	PasswordCredential, error) {
	c := PasswordCredential{
		KeyID: entra.NewGUID(), DisplayName: name, Hint: text[:3], StartDateTime: start.UTC(), EndDateTime: end.UTC(),
		SHA256: hashSecret(text), visible: d.visibleFrom(),
	}
	_, err := d.UpdateApp(clientID, func(a *Application) error {
		if a.allowsPersonal() && len(a.PasswordCredentials) >= 2 {
			return refuse("Request_BadRequest", "The application cannot have more than 2 password credentials.")
		}
		a.PasswordCredentials = append(slices.Clone(a.PasswordCredentials), c)
		return nil
	})
	if err != nil {
		return PasswordCredential{}, err
	}
	c.SecretText = &text
	return c, nil
}

// RemoveSecret takes a client secret away.
func (d Directory) RemoveSecret(clientID, keyID string) error {
	_, err := d.UpdateApp(clientID, func(a *Application) error {
		i := slices.IndexFunc(
			a.PasswordCredentials, func(c PasswordCredential) bool { return strings.EqualFold(c.KeyID, keyID) })
		if i < 0 {
			return refuse("Request_BadRequest", "No password credential found with keyId '%s'.", keyID)
		}
		a.PasswordCredentials = slices.Delete(slices.Clone(a.PasswordCredentials), i, i+1)
		return nil
	})
	return err
}

// SecretVerdict is what the sign-in service finds about a presented secret.
type SecretVerdict int

// The verdicts.
const (
	SecretWrong SecretVerdict = iota
	SecretExpired
	SecretGood
)

// CheckSecret holds a presented secret against the registration.
func (d Directory) CheckSecret(a *Application, text string) (SecretVerdict, PasswordCredential) {
	now, verdict, found := d.Now(), SecretWrong, PasswordCredential{}
	for _, c := range a.PasswordCredentials {
		if !sameSecret(c.SHA256, text) || !d.sees(c.visible) {
			continue
		}
		if now.Before(c.EndDateTime) {
			return SecretGood, c
		}
		verdict, found = SecretExpired, c
	}
	return verdict, found
}

func (a *Application) allowsPersonal() bool {
	return a.SignInAudience == tenantsAndPersonal || a.SignInAudience == "PersonalMicrosoftAccount"
}

// MultiTenant reports whether other tenants may use the app.
func (a *Application) MultiTenant() bool {
	return a.SignInAudience == multipleTenants || a.SignInAudience == tenantsAndPersonal
}
