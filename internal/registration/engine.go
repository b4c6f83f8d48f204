package registration

import (
	"context"
	"time"

	"entrada/internal/entra"
	"entrada/internal/graph"
	"entrada/internal/signin"
)

// Engine works in one tenant, with the token of one administrator.
type Engine struct {
	Graph    *graph.Client
	Cloud    entra.Cloud
	TenantID string
	Folder   string // where the journals are; nothing secret is in them

	// The rest may stay empty.

	Me      string   // object ID of the administrator
	Secrets []string // IDs of the client secrets of this organisation's apps that are saved here

	Now      func() time.Time                                 // the time, corrected for a wrong clock if that is known
	Wait     func(ctx context.Context, d time.Duration) error // how to wait for Microsoft
	Patience time.Duration                                    // how long to wait until a change is seen everywhere
}

// patience: replication mostly takes seconds, sometimes minutes. Azure's own
// command line waits up to three.
const patience = 150 * time.Second

func (e *Engine) now() time.Time {
	if e.Now != nil {
		return e.Now().UTC()
	}
	return time.Now().UTC()
}

func (e *Engine) wait(ctx context.Context, d time.Duration) error {
	if e.Wait != nil {
		return e.Wait(ctx, d)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// AzureCLI is the client ID of Microsoft's Azure CLI. Its permissions in
// Microsoft Graph are fixed and need no consent of the tenant, so an admin can
// sign in for a registration although nothing of ours is registered yet.
const AzureCLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"

// GraphCommandLine is the client ID of Microsoft Graph Command Line Tools, for
// organisations that block the Azure CLI. The first time, an administrator has to
// consent to its permissions.
const GraphCommandLine = "14d82eec-204b-4c2f-b7e8-296a70dab67e"

// AdminSignIn is the sign-in that an [Engine] needs, with the Azure CLI. The token
// holds these permissions, but the account can do only what its own roles allow.
func AdminSignIn(cloud entra.Cloud, tenant string, w Wanted) signin.Request {
	return AdminSignInWith(cloud, tenant, w, AzureCLI)
}

// AdminSignInWith is the sign-in with another program: [GraphCommandLine], or one
// of the organisation's own.
func AdminSignInWith(cloud entra.Cloud, tenant string, w Wanted, program string) signin.Request {
	names := []string{"Application.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All",
		"User.Read.All"} // who signed in, and how many mailboxes there are
	if program != AzureCLI {
		// To read the roles of the account. The Azure CLI may not ask for this
		// permission, and may still read the roles.
		names = append(names, "RoleManagement.Read.Directory")
	}
	if w.AppOnly() {
		names = append(names, "AppRoleAssignment.ReadWrite.All")
	}
	request := signin.Request{Cloud: cloud, Tenant: tenant, ClientID: program}
	for _, name := range names {
		request.Scopes = append(request.Scopes, cloud.GraphScope(name))
	}
	return request
}
