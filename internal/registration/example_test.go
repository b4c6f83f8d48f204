package registration_test

import (
	"context"
	"fmt"

	"entrada/internal/entra"
	"entrada/internal/graph"
	"entrada/internal/guides"
	"entrada/internal/netclient"
	"entrada/internal/registration"
	"entrada/internal/signin"
)

// The route "Do it for me", from the guide to the verdict.
func Example() {
	register := func(ctx context.Context, g *guides.Guide, choices guides.Choices, cloud entra.Cloud, tenantID,
		folder string, open signin.Opener) error {
		want, err := registration.For(g, choices, "")
		if err != nil {
			return err
		}
		session, err := signin.Interactive(ctx, registration.AdminSignIn(cloud, tenantID, want), open, nil)
		if err != nil {
			return err
		}
		client := netclient.New(netclient.Options{MaxBody: netclient.GraphBody})
		defer client.CloseIdleConnections()
		e := &registration.Engine{Graph: graph.New(cloud, session.AccessToken, client), Cloud: cloud,
			TenantID: session.Account.TenantID, Folder: folder}

		plan, err := e.Prepare(ctx, want, registration.App{})
		if err != nil {
			return err
		}
		if plan.Choice != nil {
			// An app of this name exists: ask, then Prepare again with its ClientID
			// or with AnotherOne.
			return nil
		}
		for _, change := range plan.Changes {
			fmt.Println(change.Words, plan.May(change) != registration.No)
		}
		result, err := e.Apply(ctx, plan,
			func(p registration.Progress) { fmt.Println(p.Index+1, "of", p.Total, p.Stage) })
		if err != nil {
			// A *Failure. What was done so far is in Journals(folder): Resume or Undo it.
			return err
		}
		// Store result.Secret, then:
		if err := e.Keep(result.RunID); err != nil {
			return err
		}
		fmt.Println(registration.Verdict(result.Requirements))
		return nil
	}
	_ = register
}
