package prove

import (
	"context"
	"time"

	"entrada/internal/app"
	"entrada/internal/checks"
	"entrada/internal/explain"
	"entrada/internal/signin"
)

// Trial is a connection test, in somebody's name or in the app's own.
type Trial interface {
	// Checks lists what is tried out.
	Checks() []checks.Check
	// Sweep takes away what an earlier run left behind.
	Sweep(ctx context.Context) ([]string, error)
}

// TrialOptions say how to test.
type TrialOptions struct {
	SharedMailbox string              // to try as well, in the name of a person; "" for none
	ReadOnly      bool                // create and send nothing
	OnWait        func(time.Duration) // hears how long Microsoft asks us to wait; may be nil
}

// Test is the connection test in the name of whoever signed in.
func (s Subject) Test(a app.App, session *signin.Session, o TrialOptions) Trial {
	return checks.Delegated{
		Request: s.SignInRequest(""), Session: session, Asked: s.Asked(), Vendor: s.Guide.Vendor, SharedMailbox: o.SharedMailbox, ReadOnly: o.ReadOnly,
		HTTP: a.HTTP, Journal: a.Journal(), RunID: checks.NewRunID(), Now: a.Now, OnWait: o.OnWait,
	}
}

// AppTest is the connection test of an app that signs in by itself.
func (s Subject) AppTest(a app.App, o TrialOptions) Trial {
	return checks.AppOnly{
		Request: signin.Request{Cloud: s.Cloud, Tenant: s.TenantID, ClientID: s.ClientID, ClientSecret: s.Secret},
		Asked:   s.AppAsked(), Mailbox: s.Mailbox, Vendor: s.Guide.Vendor, ReadOnly: o.ReadOnly,
		HTTP: a.HTTP, Journal: a.Journal(), RunID: checks.NewRunID(), Now: a.Now, OnWait: o.OnWait,
	}
}

// Context is what errors of this connection are explained with.
func (s Subject) Context(account string) explain.Context {
	return explain.Context{Cloud: s.Cloud, TenantID: s.TenantID, ClientID: s.ClientID, VendorName: s.Guide.Vendor, Account: account}
}
