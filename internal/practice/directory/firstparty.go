package directory

import "entrada/internal/entra"

// Microsoft's own public clients and resources, present in every tenant.
const (
	AzureCLIAppID      = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
	GraphCommandAppID  = "14d82eec-204b-4c2f-b7e8-296a70dab67e"
	microsoftServices  = "f8cdef31-a31e-4b4a-93e4-5f571e91255a" // the tenant that owns them
	nativeClientPage   = "https://login.microsoftonline.com/common/oauth2/nativeclient"
	multipleTenants    = "AzureADMultipleOrgs"
	tenantsAndPersonal = "AzureADandPersonalMicrosoftAccount"
)

// azureCLIScopes are pre-authorised for the Azure CLI, as its tokens show them.
// It may ask for nothing else (AADSTS65002).
var azureCLIScopes = []string{
	"Application.ReadWrite.All", "AppRoleAssignment.ReadWrite.All", "AuditLog.Read.All",
	"DelegatedPermissionGrant.ReadWrite.All", "Directory.AccessAsUser.All", "Group.ReadWrite.All",
	"User.Read.All", "User.ReadWrite.All",
}

func firstParty() []*Application {
	yes := true
	native := RedirectURIs{RedirectURIs: []string{"http://localhost", nativeClientPage}}
	return []*Application{
		{ID: entra.NewGUID(), AppID: GraphAppID, DisplayName: "Microsoft Graph", SignInAudience: multipleTenants,
			IdentifierURIs: []string{"https://graph.microsoft.com"}, TenantID: microsoftServices, FirstParty: true},
		{ID: entra.NewGUID(), AppID: AzureCLIAppID, DisplayName: "Microsoft Azure CLI",
			SignInAudience: tenantsAndPersonal,
			PublicClient:   native, IsFallbackPublicClient: &yes, TenantID: microsoftServices, FirstParty: true,
			Preauth: azureCLIScopes},
		{ID: entra.NewGUID(), AppID: GraphCommandAppID, DisplayName: "Microsoft Graph Command Line Tools",
			SignInAudience: tenantsAndPersonal,
			PublicClient:   native, IsFallbackPublicClient: &yes, TenantID: microsoftServices, FirstParty: true},
	}
}
