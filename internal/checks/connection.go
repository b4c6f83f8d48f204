package checks

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/graph"
	"entrada/internal/signin"
)

// The checks of a delegated connection that are not about one mailbox; those
// are in mailbox.go.
const (
	CheckSignedIn ID = "signed-in"
	CheckGranted  ID = "granted"
	CheckRefresh  ID = "refresh"
	CheckProfile  ID = "profile"
)

// Delegated is the test of a connection in the name of the person who signed in.
// It deletes whatever it creates. Only the mail to oneself stays, unless the vendor
// may delete mail.
type Delegated struct {
	Request signin.Request // what the sign-in asked for, secret included
	Session *signin.Session
	Asked   []string // permission names the vendor asks for
	Vendor  string
	HTTP    *http.Client
	Journal *LeftoverList
	RunID   string // four characters that mark what this run creates
	Now     func() time.Time
	OnWait  func(time.Duration)

	Mailbox       string // the mailbox to test; "" is the signed-in person's
	SharedMailbox string // for the permissions that end in .Shared
	ReadOnly      bool   // create and send nothing

	arrival []time.Duration // tests only, see mailbox
}

// NewRunID makes the ID of one run, such as "7F3A".
func NewRunID() string {
	var b [2]byte
	_, _ = rand.Read(b[:])
	return fmt.Sprintf("%X", b[:])
}

func (d Delegated) client() *graph.Client {
	c := graph.New(d.Request.Cloud, d.Session.AccessToken, d.HTTP)
	c.OnWait = d.OnWait
	return c
}

// withClock adds to words that the clock is off: soon nobody could sign in any more.
func withClock(words string, s *signin.Session) string {
	if clock := s.ClockWords(); clock != "" {
		words += "; " + clock + ". Set it right, or sign-ins will fail"
	}
	return words
}

// Checks lists the checks for what was asked, upstream first. Then comes a row for each
// family of permissions that the vendor does not ask for. "Permissions granted" alone
// covers a permission that Entrada cannot try out.
func (d Delegated) Checks() []Check {
	asked := abilitiesOf(d.Asked)
	// Where the mail goes: the sign-in name, until the profile says better.
	address := d.Session.Account.Username
	list := []Check{
		{ID: CheckSignedIn, Title: "Signed in", Personal: true,
			Run: func(context.Context) (string, error) {
				return withClock(d.Session.Account.Username, d.Session), nil
			}},
		{ID: CheckGranted, Title: "Permissions granted", Run: d.granted},
	}
	if slices.Contains(d.Asked, "offline_access") {
		list = append(
			list, Check{ID: CheckRefresh, Title: "Stays connected", Needs: []ID{CheckSignedIn}, Run: d.refresh})
	}
	if slices.Contains(d.Asked, "User.Read") {
		list = append(
			list, Check{ID: CheckProfile, Title: "Profile read", Personal: true,
				Run: func(ctx context.Context) (string, error) {
					me, err := d.client().Me(ctx)
					if err == nil && me.Address() != "" {
						address = me.Address()
					}
					return me.DisplayName, err
				}})
	}
	own := d.mailbox(d.Mailbox)
	own.mailTitle, own.receives = "Mail to yourself sent", true
	own.to = func() string { return address }
	if d.Mailbox != "" {
		own.mailTitle, own.to = "Mail from the mailbox to itself sent", func() string { return d.Mailbox }
	}
	for _, c := range own.checks(asked.own) {
		list = append(list, d.rightsNeeded(c, d.Mailbox))
	}

	shared := d.mailbox(d.SharedMailbox)
	shared.limiter = own.limiter // it may be the same mailbox by another address
	shared.prefix, shared.where = "shared-", " in the shared mailbox"
	// To the person who tests, so that other readers of the mailbox get no mail.
	shared.mailTitle, shared.to = "Mail from the shared mailbox to yourself sent", own.to
	if d.SharedMailbox == "" {
		shared.notTried = "tell us a shared mailbox to try this"
	}
	for _, c := range shared.checks(asked.shared) {
		list = append(list, d.rightsNeeded(c, d.SharedMailbox))
	}

	if !slices.Contains(d.Asked, "offline_access") {
		list = append(list, leftAlone(entra.FamilySignIn, d.Vendor))
	}
	return append(list, asked.leftAlone(d.Vendor)...)
}

// rightsNeeded names the cause of a refusal in another's mailbox. If the permission is
// granted, it is the person's right to the mailbox.
func (d Delegated) rightsNeeded(c Check, mailbox string) Check {
	if try := c.Run; try != nil && mailbox != "" {
		c.Run = func(ctx context.Context) (string, error) {
			detail, err := try(ctx)
			if d.mailboxPermissionsGranted() {
				err = keptOut(err, fault.MailboxClosed, mailbox)
			}
			return detail, err
		}
	}
	return c
}

func (d Delegated) mailboxPermissionsGranted() bool {
	return !slices.ContainsFunc(d.Asked, func(name string) bool {
		p, known := entra.PermissionByName(name)
		return known && p.Family != entra.FamilySignIn && !slices.Contains(d.Session.Granted, name)
	})
}

// mailbox is one mailbox to try things out in.
func (d Delegated) mailbox(address string) mailbox {
	account := d.Session.Account
	return mailbox{
		connect: d.client, limiter: graph.NewFairLimiter(mailboxLimit), at: address, needs: []ID{CheckProfile},
		vendor: d.Vendor, runID: d.RunID, now: d.Now, journal: d.Journal, readOnly: d.ReadOnly, arrival: d.arrival,
		left: Leftover{
			RunID: d.RunID, Account: account.Username, Mailbox: address,
			CloudID: d.Request.Cloud.ID, TenantID: account.TenantID, ObjectID: account.ObjectID,
			ClientID: d.Request.ClientID,
		},
	}
}

func (d Delegated) granted(context.Context) (string, error) {
	if len(d.Session.Missing) > 0 {
		return "", &fault.Error{Kind: fault.ScopeMissing, Op: "compare the permissions",
			Subject: strings.Join(d.Session.Missing, ", ")}
	}
	return strings.Join(d.Asked, ", "), nil
}

// refresh tests that a refresh token comes and works. The vendor depends on it when the
// person is away. The new tokens are dropped at once.
func (d Delegated) refresh(ctx context.Context) (string, error) {
	if d.Session.RefreshToken.IsEmpty() {
		return "", fault.New(fault.NoRefreshToken, "stay connected", nil)
	}
	r := d.Request
	if r.Client == nil {
		r.Client = d.HTTP
	}
	if _, err := signin.Refresh(ctx, r, d.Session); err != nil {
		return "", err
	}
	return "a new token came without asking anybody", nil
}

// Sweep deletes what earlier runs of this person left in mailboxes, as far as this
// sign-in may. It returns the subjects that it deleted.
func (d Delegated) Sweep(ctx context.Context) ([]string, error) {
	if d.ReadOnly {
		return nil, nil
	}
	asked := abilitiesOf(d.Asked)
	return d.Journal.sweep(ctx, d.Now(), func(l Leftover) bool {
		a := d.Session.Account
		return l.CloudID == d.Request.Cloud.ID && l.TenantID == a.TenantID && l.ObjectID == a.ObjectID &&
			asked.mayDelete(l)
	}, func(context.Context) (*graph.Client, error) { return d.client(), nil })
}
