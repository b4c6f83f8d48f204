package entra

import (
	"net/url"
	"strings"
)

// Cloud is one separate Microsoft cloud: where people sign in, where Graph
// answers and where the admin center is. An app lives in exactly one cloud.
//
// A Cloud is a value that is passed in; there is no global one. The practice
// tenant is a Cloud whose addresses are on loopback.
type Cloud struct {
	ID     string // stable, in saved files: "global", "usgov-l4", "usgov-l5", "china", "practice"
	Name   string // for people: "Microsoft 365 worldwide"
	Login  string // base address, no trailing slash: https://login.microsoftonline.com
	Graph  string // https://graph.microsoft.com
	Portal string // https://entra.microsoft.com
}

// PracticeCloudID marks the pretend cloud in saved files.
const PracticeCloudID = "practice"

// Clouds are the built-in clouds. Hosts: learn.microsoft.com/graph/deployments
// and learn.microsoft.com/entra/identity-platform/authentication-national-cloud.
func Clouds() []Cloud {
	return []Cloud{
		{"global", "Microsoft 365 worldwide", "https://login.microsoftonline.com", "https://graph.microsoft.com",
			"https://entra.microsoft.com"},
		{"usgov-l4", "Microsoft 365 US Government (GCC High)", "https://login.microsoftonline.us",
			"https://graph.microsoft.us", "https://entra.microsoft.us"},
		{"usgov-l5", "Microsoft 365 US Government (DoD)", "https://login.microsoftonline.us",
			"https://dod-graph.microsoft.us", "https://entra.microsoft.us"},
		{"china", "Microsoft 365 operated by 21Vianet (China)", "https://login.partner.microsoftonline.cn",
			"https://microsoftgraph.chinacloudapi.cn", "https://entra.microsoftonline.cn"},
	}
}

// Global is the worldwide cloud, where nearly everybody is.
func Global() Cloud { return Clouds()[0] }

// IsPractice reports whether this is the pretend cloud.
func (c Cloud) IsPractice() bool { return c.ID == PracticeCloudID }

// Issuer is the issuer of ID tokens for a tenant's GUID.
func (c Cloud) Issuer(tenantID string) string { return c.Login + "/" + tenantID + "/v2.0" }

// AuthorizeURL is where a browser starts a sign-in. tenant is a GUID, a
// verified domain, or "organizations".
func (c Cloud) AuthorizeURL(tenant string) string {
	return c.Login + "/" + url.PathEscape(tenant) + "/oauth2/v2.0/authorize"
}

// TokenURL is where tokens are asked for.
func (c Cloud) TokenURL(tenant string) string {
	return c.Login + "/" + url.PathEscape(tenant) + "/oauth2/v2.0/token"
}

// MetadataURL is the OpenID discovery document of a tenant.
func (c Cloud) MetadataURL(tenant string) string {
	return c.Login + "/" + url.PathEscape(tenant) + "/v2.0/.well-known/openid-configuration"
}

// GraphScope is the fully qualified form of a Graph permission, such as
// https://graph.microsoft.com/Mail.Send; ".default" asks for all that was granted.
func (c Cloud) GraphScope(permission string) string { return c.Graph + "/" + permission }

// ErrorPage is Microsoft's page about one AADSTS code.
func (c Cloud) ErrorPage(code string) string {
	return c.Login + "/error?code=" + url.QueryEscape(strings.TrimPrefix(code, "AADSTS"))
}

// PortalPage is a page of the Microsoft Entra admin center.
type PortalPage string

// The pages that have a link of their own.
const (
	PageAppRegistrations PortalPage = "app-registrations"
	PageNewRegistration  PortalPage = "new-registration"
	PageOverview         PortalPage = "overview"
	PageAuthentication   PortalPage = "authentication"
	PagePermissions      PortalPage = "api-permissions"
	PageSecrets          PortalPage = "certificates-secrets"
	PageExposeAPI        PortalPage = "expose-an-api"
	PageEnterpriseApp    PortalPage = "enterprise-app"
	PageUserConsent      PortalPage = "user-consent"
)

// IsOfOneApp reports whether the page is that of one app registration, and needs its
// client ID.
func (p PortalPage) IsOfOneApp() bool {
	return p != PageEnterpriseApp && strings.Contains(portalFragments[p], "{app}")
}

// The fragments are in use in public repositories but are no documented
// contract, so every page that links also says the way there in words.
var portalFragments = map[PortalPage]string{
	PageAppRegistrations: "Microsoft_AAD_RegisteredApps/ApplicationsListBlade/" +
		"quickStartType~/null/sourceType/Microsoft_AAD_IAM",
	PageNewRegistration: "Microsoft_AAD_RegisteredApps/CreateApplicationBlade/quickStartType~/null/isMSAApp~/false",
	PageOverview:        "Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/Overview/appId/{app}",
	PageAuthentication:  "Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/Authentication/appId/{app}",
	PagePermissions:     "Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/CallAnAPI/appId/{app}",
	PageSecrets:         "Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/Credentials/appId/{app}",
	PageExposeAPI:       "Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/ProtectAnAPI/appId/{app}",
	PageEnterpriseApp:   "Microsoft_AAD_IAM/ManagedAppMenuBlade/~/Properties/objectId/{principal}/appId/{app}",
	PageUserConsent:     "Microsoft_AAD_IAM/ConsentPoliciesMenuBlade/~/UserSettings",
}

// enterpriseApps is the list of them, for where the object ID is not known.
const enterpriseApps = "Microsoft_AAD_IAM/StartboardApplicationsMenuBlade/~/AppAppsPreview"

// PortalLink is the address of a portal page in the right tenant. Without a
// client ID, a page of one app becomes the list of apps.
func (c Cloud) PortalLink(page PortalPage, tenantID, clientID string) string {
	return c.EnterpriseLink(page, tenantID, clientID, "")
}

// EnterpriseLink is PortalLink with the object ID of the enterprise app, which
// [PageEnterpriseApp] needs; without it, that page becomes the list of them.
func (c Cloud) EnterpriseLink(page PortalPage, tenantID, clientID, principalID string) string {
	fragment := portalFragments[page]
	switch {
	case page == PageEnterpriseApp && (clientID == "" || principalID == ""):
		fragment = enterpriseApps
	case page == PageEnterpriseApp:
		fragment = strings.NewReplacer("{app}", clientID, "{principal}", principalID).Replace(fragment)
	case page.IsOfOneApp() && clientID == "":
		fragment = portalFragments[PageAppRegistrations]
	case page.IsOfOneApp():
		fragment = strings.Replace(fragment, "{app}", clientID, 1) + "/isMSAApp~/false"
	}
	base := c.Portal + "/"
	if tenantID != "" {
		base += tenantID + "/"
	}
	return base + "#view/" + fragment
}
