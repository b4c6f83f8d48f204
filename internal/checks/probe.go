package checks

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/secret"
	"entrada/internal/signin"
)

// The checks of the live probe.
const (
	CheckTenant ID = "tenant"
	CheckApp    ID = "app"
	CheckSecret ID = "secret"
	CheckRoles  ID = "roles" // of an app that acts on its own
	// CheckKeychain comes before the others where the secret is a saved one.
	CheckKeychain ID = "keychain"
)

// keychainTitle names the check of the keychain.
const keychainTitle = "The saved secret can be read"

// FromKeychain is the result of getting a saved secret.
func FromKeychain(err error, took time.Duration) Result {
	r := Result{ID: CheckKeychain, Title: keychainTitle, State: Passed, Took: took}
	if fault.Is(err, fault.Cancelled) {
		r.cancel()
	} else if err != nil {
		r.State, r.Err = Failed, err
	}
	return r
}

// AfterKeychain puts the result of the keychain before those of a probe. If the keychain
// gave no secret, the check of the secret counts as skipped.
func AfterKeychain(key Result, results []Result) []Result {
	all := append([]Result{key}, results...)
	if key.State == Passed {
		return all
	}
	for i := range all {
		if all[i].ID == CheckSecret {
			all[i].skipBecauseOf(key.Title)
		}
	}
	return all
}

// opOutOfTime is the Op of an error that our own time limit caused.
const opOutOfTime = "finish the test in time"

// OutOfTime corrects the results of a run that our own time limit ended, and no person.
// The first check that did not finish failed; those behind it were skipped because of it.
// detail is the limit in a sentence.
func OutOfTime(results []Result, detail string) {
	first := ""
	for i := range results {
		r := &results[i]
		ended := r.Skipped == SkippedCancelled ||
			r.State == Failed && fault.Is(r.Err, fault.TimedOut, fault.KeychainTimedOut)
		switch {
		case ended && first == "":
			first = r.Title
			r.State, r.Skipped, r.Detail = Failed, "", ""
			r.Err = &fault.Error{Kind: fault.TimedOut, Op: opOutOfTime, Detail: detail}
		case ended:
			r.skipBecauseOf(first)
		}
	}
}

// Probe is what can be asked of Microsoft without a sign-in, seconds after the
// values were pasted.
type Probe struct {
	Cloud    entra.Cloud
	TenantID string
	ClientID string
	Secret   secret.Value // empty: whether the app exists can be told all the same
	HTTP     *http.Client

	SecretLasts string // how long it works by the date that was noted, such as "364 days left"; "" if unknown

	// Roles are the application permissions that an app which acts on its own has to
	// have; nil leaves that out. Worked says that it has done its work before: then
	// Exchange may allow what Entra does not know of, and their absence proves nothing.
	Roles  []string
	Worked bool
}

// Checks lists the probe's checks. One request answers for app and secret: Microsoft
// looks for the app first, and checks the secret only if the app exists.
func (p Probe) Checks() []Check {
	var answer error
	asked := p.Secret
	if asked.IsEmpty() {
		// Any text works: Microsoft reports a missing app before a wrong secret.
		asked = secret.New("no-secret-was-pasted-yet")
	}
	secretCheck := Check{ID: CheckSecret, Title: "The secret opens it", Needs: []ID{CheckApp}}
	if p.Secret.IsEmpty() {
		secretCheck.NotAskedWhy = "waiting for the Value"
	} else {
		secretCheck.Run = func(context.Context) (string, error) {
			if answer != nil {
				return "", answer
			}
			if p.SecretLasts != "" {
				return "Microsoft accepted it; " + p.SecretLasts, nil
			}
			return "Microsoft accepted it", nil
		}
	}
	var session *signin.Session
	list := []Check{
		{ID: CheckTenant, Title: "Your organisation exists", Run: func(ctx context.Context) (string, error) {
			_, err := entra.FindTenant(ctx, p.HTTP, p.Cloud, p.TenantID)
			return p.Cloud.Name, err
		}},
		{ID: CheckApp, Title: "The app exists in it", Needs: []ID{CheckTenant},
			Run: func(ctx context.Context) (string, error) {
				var err error
				session, err = signin.AppOnly(
					ctx, signin.Request{Cloud: p.Cloud, Tenant: p.TenantID, ClientID: p.ClientID, ClientSecret: asked,
						Client: p.HTTP})
				if appIsThere(err) {
					answer = err
					return "found in your organisation", nil
				}
				return "", err
			}},
		secretCheck,
	}
	if len(p.Roles) > 0 {
		list = append(list, Check{ID: CheckRoles, Title: "Consent was given", Needs: []ID{CheckSecret},
			Run: func(context.Context) (string, error) { return p.consent(session) }})
	}
	return list
}

// consent compares the token's roles with what the app needs, and asks nobody.
func (p Probe) consent(s *signin.Session) (string, error) {
	if s == nil || s.Granted == nil {
		return "the token does not tell", errUndecided
	}
	isThere := func(name string) bool { return slices.Contains(s.Granted, name) }
	missing := slices.DeleteFunc(slices.Clone(p.Roles), isThere)
	switch {
	case len(missing) == 0:
		return strings.Join(p.Roles, ", "), nil
	case p.Worked:
		return "not in the whole organisation; Exchange allows it for single mailboxes, where a test has worked",
			errUndecided
	}
	return "", &fault.Error{Kind: fault.ScopeMissing, Op: "look at the app's permissions",
		Subject: strings.Join(missing, ", ")}
}

// appIsThere reads from the outcome of a client-credentials request whether the
// app is known to the tenant.
func appIsThere(err error) bool {
	return err == nil || fault.Is(err, fault.Refused) && entra.TraitsOf(err).KnowsClient
}
