package directory

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// Tenant is one organisation.
type Tenant struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Domain  string    `json:"domain"`  // default verified domain
	Initial string    `json:"initial"` // the onmicrosoft-like domain it was born with
	Created time.Time `json:"created"`
}

// MailboxKind says what mailbox a user has.
type MailboxKind string

// The kinds of mailbox.
const (
	MailboxCloud      MailboxKind = "cloud"
	MailboxShared     MailboxKind = "shared"
	MailboxNone       MailboxKind = "none"
	MailboxOnPremises MailboxKind = "on-premises"
)

// User is one account.
type User struct {
	ID        string      `json:"id"`
	TenantID  string      `json:"-"`
	Address   string      `json:"address"` // user principal name and mail address
	Name      string      `json:"name"`
	Roles     []string    `json:"roles"` // role template IDs
	Mailbox   MailboxKind `json:"mailbox"`
	Disabled  bool        `json:"disabled"`  // sign-in blocked
	Delegates []string    `json:"delegates"` // object IDs of users with full access and Send As
	Groups    []Group     `json:"groups,omitempty"`
}

// Group is a group that roles can be assigned to: its members hold them.
type Group struct {
	ID    string   `json:"id"`
	Name  string   `json:"name"`
	Roles []string `json:"roles"` // role template IDs
}

// HasRole reports whether the user holds one of the roles, directly or through
// a group.
func (u *User) HasRole(templates ...string) bool {
	return slices.ContainsFunc(u.AllRoles(), func(r string) bool { return slices.Contains(templates, r) })
}

// AllRoles are the roles that the user holds, directly or through a group.
func (u *User) AllRoles() []string {
	roles := slices.Clone(u.Roles)
	for _, g := range u.Groups {
		for _, r := range g.Roles {
			if !slices.Contains(roles, r) {
				roles = append(roles, r)
			}
		}
	}
	return roles
}

// RoleName is the user's role in words.
func (u *User) RoleName() string {
	roles := u.AllRoles()
	if len(roles) == 0 {
		return "User"
	}
	return RoleNames[roles[0]]
}

// Application is an app registration, with the names that Graph uses.
type Application struct {
	ID                         string                   `json:"id"`
	AppID                      string                   `json:"appId"`
	DisplayName                string                   `json:"displayName"`
	UniqueName                 *string                  `json:"uniqueName"`
	Description                *string                  `json:"description"`
	Notes                      *string                  `json:"notes"`
	SignInAudience             string                   `json:"signInAudience"`
	CreatedDateTime            time.Time                `json:"createdDateTime"`
	DeletedDateTime            *time.Time               `json:"deletedDateTime"`
	PublisherDomain            string                   `json:"publisherDomain"`
	IdentifierURIs             []string                 `json:"identifierUris"`
	IsFallbackPublicClient     *bool                    `json:"isFallbackPublicClient"`
	IsDisabled                 *bool                    `json:"isDisabled"`
	Tags                       []string                 `json:"tags"`
	ServiceManagementReference *string                  `json:"serviceManagementReference"`
	Web                        Web                      `json:"web"`
	SPA                        RedirectURIs             `json:"spa"`
	PublicClient               RedirectURIs             `json:"publicClient"`
	API                        API                      `json:"api"`
	AppRoles                   []AppRole                `json:"appRoles"`
	RequiredResourceAccess     []RequiredResourceAccess `json:"requiredResourceAccess"`
	PasswordCredentials        []PasswordCredential     `json:"passwordCredentials"`
	KeyCredentials             []KeyCredential          `json:"keyCredentials"`

	TenantID   string                `json:"-"`
	Owners     []string              `json:"-"` // object IDs of users
	FirstParty bool                  `json:"-"` // Microsoft's own
	Federated  []FederatedCredential `json:"-"`
	Preauth    []string              `json:"-"` // scopes that need no consent; nothing else may be asked
	visible    time.Time             // from when other machines see it
}

// Web is the Web platform.
type Web struct {
	HomePageURL           *string       `json:"homePageUrl"`
	LogoutURL             *string       `json:"logoutUrl"`
	RedirectURIs          []string      `json:"redirectUris"`
	ImplicitGrantSettings ImplicitGrant `json:"implicitGrantSettings"`
}

// ImplicitGrant are the two tick boxes under Settings.
type ImplicitGrant struct {
	EnableIDTokenIssuance     bool `json:"enableIdTokenIssuance"`
	EnableAccessTokenIssuance bool `json:"enableAccessTokenIssuance"`
}

// RedirectURIs is what the other platforms hold.
type RedirectURIs struct {
	RedirectURIs []string `json:"redirectUris"`
}

// API is what the registration exposes.
type API struct {
	AcceptMappedClaims          *bool             `json:"acceptMappedClaims"`
	KnownClientApplications     []string          `json:"knownClientApplications"`
	RequestedAccessTokenVersion *int              `json:"requestedAccessTokenVersion"`
	OAuth2PermissionScopes      []PermissionScope `json:"oauth2PermissionScopes"`
	PreAuthorizedApplications   []struct {
		AppID                  string   `json:"appId"`
		DelegatedPermissionIDs []string `json:"delegatedPermissionIds"`
	} `json:"preAuthorizedApplications"`
}

// PermissionScope is a delegated permission that a resource offers.
type PermissionScope struct {
	ID                      string  `json:"id"`
	Value                   string  `json:"value"`
	Type                    string  `json:"type"` // User or Admin
	IsEnabled               bool    `json:"isEnabled"`
	AdminConsentDisplayName string  `json:"adminConsentDisplayName"`
	AdminConsentDescription string  `json:"adminConsentDescription"`
	UserConsentDisplayName  *string `json:"userConsentDisplayName"`
	UserConsentDescription  *string `json:"userConsentDescription"`
}

// UnmarshalJSON takes a scope of which it is not said whether it is enabled for
// enabled: learn.microsoft.com/graph/api/resources/permissionscope.
func (s *PermissionScope) UnmarshalJSON(data []byte) error {
	type plain PermissionScope
	p := plain{IsEnabled: true}
	if err := json.Unmarshal(data, &p); err != nil {
		return err
	}
	*s = PermissionScope(p)
	return nil
}

// AppRole is an application permission that a resource offers.
type AppRole struct {
	ID                 string   `json:"id"`
	Value              string   `json:"value"`
	DisplayName        string   `json:"displayName"`
	Description        string   `json:"description"`
	IsEnabled          bool     `json:"isEnabled"`
	AllowedMemberTypes []string `json:"allowedMemberTypes"`
	Origin             string   `json:"origin,omitempty"`
}

// UnmarshalJSON does the same for a role as for a scope:
// learn.microsoft.com/graph/api/resources/approle.
func (r *AppRole) UnmarshalJSON(data []byte) error {
	type plain AppRole
	p := plain{IsEnabled: true}
	if err := json.Unmarshal(data, &p); err != nil {
		return err
	}
	*r = AppRole(p)
	return nil
}

// RequiredResourceAccess are the permissions listed under API permissions.
type RequiredResourceAccess struct {
	ResourceAppID  string           `json:"resourceAppId"`
	ResourceAccess []ResourceAccess `json:"resourceAccess"`
}

// ResourceAccess is one listed permission.
type ResourceAccess struct {
	ID   string `json:"id"`
	Type string `json:"type"` // Scope or Role
}

// PasswordCredential is a client secret. Only its hash is kept.
type PasswordCredential struct {
	KeyID               string    `json:"keyId"`
	DisplayName         *string   `json:"displayName"`
	Hint                string    `json:"hint"`
	StartDateTime       time.Time `json:"startDateTime"`
	EndDateTime         time.Time `json:"endDateTime"`
	SecretText          *string   `json:"secretText"` // null ever after
	CustomKeyIdentifier *string   `json:"customKeyIdentifier"`

	SHA256  string    `json:"-"` // hexadecimal, of the value
	visible time.Time // from when the sign-in service knows it
}

// KeyCredential is a certificate with which a program signs in as the app. Its
// key is taken and not given out again:
// learn.microsoft.com/graph/api/resources/keycredential.
type KeyCredential struct {
	KeyID               string    `json:"keyId"`
	DisplayName         *string   `json:"displayName"`
	Type                string    `json:"type"`
	Usage               string    `json:"usage"`
	StartDateTime       time.Time `json:"startDateTime"`
	EndDateTime         time.Time `json:"endDateTime"`
	CustomKeyIdentifier *string   `json:"customKeyIdentifier"`
	Key                 *string   `json:"key"`
}

// FederatedCredential trusts another identity provider to say who signs in as
// the app: learn.microsoft.com/graph/api/resources/federatedidentitycredential.
type FederatedCredential struct {
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	Issuer      string   `json:"issuer"`
	Subject     string   `json:"subject"`
	Description *string  `json:"description"`
	Audiences   []string `json:"audiences"`
}

// ServicePrincipal is an app's presence in one tenant ("enterprise app").
type ServicePrincipal struct {
	ID                        string            `json:"id"`
	AppID                     string            `json:"appId"`
	DisplayName               string            `json:"displayName"`
	AppDisplayName            string            `json:"appDisplayName"`
	AppOwnerOrganizationID    string            `json:"appOwnerOrganizationId"`
	ServicePrincipalType      string            `json:"servicePrincipalType"`
	AccountEnabled            bool              `json:"accountEnabled"`
	AppRoleAssignmentRequired bool              `json:"appRoleAssignmentRequired"`
	SignInAudience            string            `json:"signInAudience"`
	ServicePrincipalNames     []string          `json:"servicePrincipalNames"`
	Tags                      []string          `json:"tags"`
	OAuth2PermissionScopes    []PermissionScope `json:"oauth2PermissionScopes"`
	AppRoles                  []AppRole         `json:"appRoles"`

	TenantID string `json:"-"`
	visible  time.Time
}

// Scope finds one of the resource's delegated permissions by value.
func (sp *ServicePrincipal) Scope(value string) (PermissionScope, bool) {
	for _, s := range sp.OAuth2PermissionScopes {
		if strings.EqualFold(s.Value, value) && s.IsEnabled {
			return s, true
		}
	}
	return PermissionScope{}, false
}

// Role finds one of the resource's application permissions by ID.
func (sp *ServicePrincipal) Role(id string) (AppRole, bool) {
	for _, r := range sp.AppRoles {
		if strings.EqualFold(r.ID, id) {
			return r, true
		}
	}
	return AppRole{}, false
}

// Grant is a delegated consent (oAuth2PermissionGrant).
type Grant struct {
	ID          string  `json:"id"`
	ClientID    string  `json:"clientId"`    // object ID of the client's service principal
	ConsentType string  `json:"consentType"` // AllPrincipals or Principal
	PrincipalID *string `json:"principalId"`
	ResourceID  string  `json:"resourceId"` // object ID of the resource's service principal
	Scope       string  `json:"scope"`

	TenantID string `json:"-"`
	visible  time.Time
}

// Assignment is an app role assignment: a granted application permission, or a
// user assigned to an app.
type Assignment struct {
	ID                   string    `json:"id"`
	AppRoleID            string    `json:"appRoleId"`
	CreatedDateTime      time.Time `json:"createdDateTime"`
	PrincipalDisplayName string    `json:"principalDisplayName"`
	PrincipalID          string    `json:"principalId"`
	PrincipalType        string    `json:"principalType"`
	ResourceDisplayName  string    `json:"resourceDisplayName"`
	ResourceID           string    `json:"resourceId"`

	TenantID string `json:"-"`
	visible  time.Time
}

// SignIn is one interactive sign-in as the log keeps it.
type SignIn struct {
	Time                time.Time `json:"time"`
	TenantID            string    `json:"tenantId"`
	Account             string    `json:"account"`
	ClientID            string    `json:"clientId"`
	RedirectURI         string    `json:"redirectUri"`
	ResponseMode        string    `json:"responseMode"`
	CodeChallengeMethod string    `json:"codeChallengeMethod"`
	Prompt              string    `json:"prompt"`
	Scopes              []string  `json:"scopes"`
	ResultCode          int       `json:"resultCode"` // 0, or the AADSTS number
	CorrelationID       string    `json:"correlationId"`
}
