package checks

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"entrada/internal/fault"
	"entrada/internal/graph"
	"entrada/internal/signin"
)

// AppOnly is the test of a connection in which the vendor's software signs in
// by itself, without a person (application permissions). It deletes whatever it
// creates. Only the mail stays, unless the vendor may delete mail.
type AppOnly struct {
	Request  signin.Request // the secret included; Scopes are ignored
	Asked    []string       // application permissions, by name
	Mailbox  string         // the address of the mailbox to try them in
	Vendor   string
	HTTP     *http.Client
	Journal  *LeftoverList
	RunID    string // four characters that mark what this run creates
	Now      func() time.Time
	OnWait   func(time.Duration)
	ReadOnly bool // create and send nothing

	arrival []time.Duration // tests only, see mailbox
}

// deniedDetail explains the refusal of an app. Graph's own sentence, "Access is denied",
// names neither cause.
const deniedDetail = "Either nobody has granted this application permission, or a rule in Exchange keeps the app " +
	"away from this mailbox."

// Checks lists the checks for what was asked. Microsoft gives a token even to
// an app that was granted nothing, so each permission is tried out.
func (a AppOnly) Checks() []Check {
	var session *signin.Session // set by the first check, which all others need
	asked := abilitiesOf(a.Asked)
	list := []Check{{ID: CheckSignedIn, Title: "Signed in as the app", Run: func(ctx context.Context) (string, error) {
		var err error
		if session, err = a.signIn(ctx); err != nil {
			return "", err
		}
		return withClock("with its client secret", session), nil
	}}, {ID: CheckGranted, Title: "Permissions granted", Needs: []ID{CheckSignedIn},
		Run: func(context.Context) (string, error) {
			return a.granted(session)
		}}}
	box := mailbox{
		connect: func() *graph.Client { return a.client(session) }, limiter: graph.NewFairLimiter(mailboxLimit),
		at: a.Mailbox, needs: []ID{CheckSignedIn},
		mailTitle: "Mail from the mailbox to itself sent", receives: true, to: func() string { return a.Mailbox },
		vendor: a.Vendor, runID: a.RunID, now: a.Now, journal: a.Journal, readOnly: a.ReadOnly, arrival: a.arrival,
		left: Leftover{
			RunID: a.RunID, Account: a.Mailbox, Mailbox: a.Mailbox,
			CloudID: a.Request.Cloud.ID, TenantID: a.Request.Tenant, ClientID: a.Request.ClientID,
		},
	}
	if a.Mailbox == "" {
		box.notTried = "tell us a mailbox to try this"
	}
	for _, c := range box.checks(asked.own) {
		if try := c.Run; try != nil {
			c.Run = func(ctx context.Context) (string, error) {
				detail, err := try(ctx)
				return detail, a.saidPlainly(err, session)
			}
		}
		list = append(list, c)
	}
	return append(list, asked.leftAlone(a.Vendor)...)
}

// granted compares the roles in the token with what was asked. A missing role decides
// nothing: Exchange can give an app access to a mailbox, and Entra does not know it
// (learn.microsoft.com/exchange/permissions-exo/application-rbac).
func (a AppOnly) granted(s *signin.Session) (string, error) {
	if s.Granted == nil {
		return "the token does not tell; each is tried out", errUndecided
	}
	missing := a.lacking(s)
	if len(missing) == 0 {
		return strings.Join(a.Asked, ", "), nil
	}
	return "not in the whole organisation: " + strings.Join(missing, ", ") +
		"; only trying shows whether Exchange allows it for a mailbox", errUndecided
}

// lacking are the permissions that are not in the token.
func (a AppOnly) lacking(s *signin.Session) []string {
	return slices.DeleteFunc(slices.Clone(a.Asked), func(name string) bool { return slices.Contains(s.Granted, name) })
}

// saidPlainly names the cause of a refusal, or the two that are possible.
func (a AppOnly) saidPlainly(err error, s *signin.Session) error {
	if len(a.lacking(s)) == 0 {
		return keptOut(err, fault.AppKeptOut, a.Mailbox)
	}
	var f *fault.Error
	if !denied(err, &f) {
		return err
	}
	said := *f
	said.Detail = deniedDetail
	return &said
}

// denied reports whether Exchange refused without a reason.
func denied(err error, f **fault.Error) bool {
	return errors.As(err, f) && (*f).Kind == fault.GraphRefused && (*f).Code == "ErrorAccessDenied"
}

// keptOut sets the kind of a refusal that no missing permission explains.
func keptOut(err error, kind fault.Kind, mailbox string) error {
	var f *fault.Error
	if !denied(err, &f) {
		return err
	}
	said := *f
	said.Kind, said.Subject, said.Err = kind, mailbox, err
	return &said
}

func (a AppOnly) signIn(ctx context.Context) (*signin.Session, error) {
	r := a.Request
	if r.Client == nil {
		r.Client = a.HTTP
	}
	return signin.AppOnly(ctx, r)
}

func (a AppOnly) client(s *signin.Session) *graph.Client {
	c := graph.New(a.Request.Cloud, s.AccessToken, a.HTTP)
	c.OnWait = a.OnWait
	return c
}

// Sweep deletes what earlier runs of this app left in mailboxes. It signs in only if
// there is something. It returns the subjects that it deleted.
func (a AppOnly) Sweep(ctx context.Context) ([]string, error) {
	if a.ReadOnly {
		return nil, nil
	}
	asked := abilitiesOf(a.Asked)
	return a.Journal.sweep(ctx, a.Now(), func(l Leftover) bool {
		return l.ObjectID == "" && l.Mailbox != "" && l.CloudID == a.Request.Cloud.ID &&
			l.TenantID == a.Request.Tenant && l.ClientID == a.Request.ClientID && asked.mayDelete(l)
	}, func(ctx context.Context) (*graph.Client, error) {
		s, err := a.signIn(ctx)
		if err != nil {
			return nil, err
		}
		return a.client(s), nil
	})
}
