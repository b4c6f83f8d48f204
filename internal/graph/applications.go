package graph

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"entrada/internal/fault"
	"entrada/internal/secret"
)

// Application is an app registration, as much of it as Entrada reads
// (learn.microsoft.com/graph/api/resources/application).
type Application struct {
	ID                     string           `json:"id"`    // the object ID, used in addresses
	ClientID               string           `json:"appId"` // the application (client) ID
	DisplayName            string           `json:"displayName"`
	UniqueName             string           `json:"uniqueName"`
	Created                time.Time        `json:"createdDateTime"`
	SignInAudience         string           `json:"signInAudience"`
	IdentifierURIs         []string         `json:"identifierUris"`
	FallbackPublicClient   bool             `json:"isFallbackPublicClient"`
	Web                    Web              `json:"web"`
	SPA                    RedirectURIs     `json:"spa"`
	PublicClient           RedirectURIs     `json:"publicClient"`
	API                    API              `json:"api"`
	RequiredResourceAccess []ResourceAccess `json:"requiredResourceAccess"`
	Secrets                []Password       `json:"passwordCredentials"`
	Certificates           []Certificate    `json:"keyCredentials"`
}

// Web is the platform Web of a registration.
type Web struct {
	RedirectURIs []string      `json:"redirectUris"`
	Implicit     ImplicitGrant `json:"implicitGrantSettings"`
}

// ImplicitGrant are the two tick boxes under Settings.
type ImplicitGrant struct {
	IDTokens     bool `json:"enableIdTokenIssuance"`
	AccessTokens bool `json:"enableAccessTokenIssuance"`
}

// RedirectURIs are the addresses of another platform.
type RedirectURIs struct {
	RedirectURIs []string `json:"redirectUris"`
}

// API is what a registration exposes to other programs.
type API struct {
	TokenVersion int     `json:"requestedAccessTokenVersion"` // 0 if not set
	Scopes       []Scope `json:"oauth2PermissionScopes"`
}

// Scope is a delegated permission that a registration exposes.
type Scope struct {
	ID               string `json:"id"`
	Value            string `json:"value"`
	Type             string `json:"type"` // "User": admins and users may consent; "Admin"
	Enabled          bool   `json:"isEnabled"`
	AdminTitle       string `json:"adminConsentDisplayName"`
	AdminDescription string `json:"adminConsentDescription"`
	UserTitle        string `json:"userConsentDisplayName,omitempty"`
	UserDescription  string `json:"userConsentDescription,omitempty"`
}

// ResourceAccess are the permissions of one API under "API permissions".
type ResourceAccess struct {
	ResourceAppID string        `json:"resourceAppId"`
	Access        []AccessEntry `json:"resourceAccess"`
}

// AccessEntry is one of them: Type is "Scope" (delegated) or "Role".
type AccessEntry struct {
	ID   string `json:"id"`
	Type string `json:"type"`
}

// Password is a client secret without its value.
type Password struct {
	KeyID       string    `json:"keyId"`
	DisplayName string    `json:"displayName"`
	Hint        string    `json:"hint"`
	Start       time.Time `json:"startDateTime"`
	End         time.Time `json:"endDateTime"`
}

// ApplicationChange is what to set; nil leaves a property as it is. Objects are
// merged by Graph, lists are replaced whole
// (learn.microsoft.com/graph/api/application-update).
type ApplicationChange struct {
	DisplayName            *string           `json:"displayName,omitempty"`
	SignInAudience         *string           `json:"signInAudience,omitempty"`
	IdentifierURIs         *[]string         `json:"identifierUris,omitempty"`
	FallbackPublicClient   *bool             `json:"isFallbackPublicClient,omitempty"`
	Web                    *WebChange        `json:"web,omitempty"`
	API                    *APIChange        `json:"api,omitempty"`
	RequiredResourceAccess *[]ResourceAccess `json:"requiredResourceAccess,omitempty"`
}

// WebChange is the part of a change that concerns the platform Web.
type WebChange struct {
	RedirectURIs *[]string      `json:"redirectUris,omitempty"`
	Implicit     *ImplicitGrant `json:"implicitGrantSettings,omitempty"`
}

// APIChange is the part of a change that concerns what is exposed.
type APIChange struct {
	TokenVersion *int     `json:"requestedAccessTokenVersion,omitempty"`
	Scopes       *[]Scope `json:"oauth2PermissionScopes,omitempty"`
}

const (
	applicationFields = "$select=id,appId,displayName,uniqueName,createdDateTime,signInAudience,identifierUris," +
		"isFallbackPublicClient,web,spa,publicClient,api,requiredResourceAccess,passwordCredentials,keyCredentials"
	opReadApp = "read the app registration"
)

// ApplicationByClientID reads a registration of this tenant by its client ID.
func (c *Client) ApplicationByClientID(ctx context.Context, clientID string) (Application, error) {
	return c.application(ctx, key("appId", clientID))
}

// ApplicationByUniqueName reads the registration that was created under a name
// of ours; see [Client.UpsertApplication].
func (c *Client) ApplicationByUniqueName(ctx context.Context, name string) (Application, error) {
	return c.application(ctx, key("uniqueName", name))
}

func (c *Client) application(ctx context.Context, key string) (a Application, err error) {
	err = c.do(ctx, opReadApp, http.MethodGet, "/applications"+key+"?"+applicationFields, nil, &a, always)
	return a, err
}

// ApplicationsNamed lists the registrations with a display name. Such names are
// not unique (learn.microsoft.com/entra/identity-platform/quickstart-register-app).
func (c *Client) ApplicationsNamed(ctx context.Context, name string) ([]Application, error) {
	return all[Application](ctx, c, opFindApps, namedPath(name))
}

func namedPath(name string) string {
	return "/applications?" + query(url.Values{"$filter": {"displayName eq " + quoted(name)}}) + "&" + applicationFields
}

// UpsertApplication creates a registration under a name of ours that is unique
// in the tenant, or updates the one that has it. Sending it twice therefore
// makes one app. created is false, and the answer empty, if it existed
// (learn.microsoft.com/graph/api/application-upsert).
func (c *Client) UpsertApplication(ctx context.Context, uniqueName string, change ApplicationChange) (
	a Application, created bool, err error) {
	upsert := *c
	upsert.headers = map[string]string{"Prefer": "create-if-missing"}
	err = upsert.do(
		ctx, "create the app registration", http.MethodPatch, "/applications"+key("uniqueName", uniqueName), change,
		&a, always)
	return a, err == nil && a.ID != "", err
}

// UpdateApplication changes a registration. It is idempotent, so it is repeated when the
// outcome is unknown.
func (c *Client) UpdateApplication(ctx context.Context, objectID string, change ApplicationChange) error {
	return c.do(
		ctx, "change the app registration", http.MethodPatch, "/applications/"+url.PathEscape(objectID), change, nil,
		always)
}

// DeleteApplication deletes a registration, and with it its enterprise app and
// consents. Microsoft keeps it for 30 days among the deleted ones
// (learn.microsoft.com/graph/api/application-delete).
func (c *Client) DeleteApplication(ctx context.Context, objectID string) error {
	return c.do(
		ctx, "delete the app registration", http.MethodDelete, "/applications/"+url.PathEscape(objectID), nil, nil,
		always)
}

// AddPassword makes a client secret that ends at end. Graph returns the value only
// once. The request is never repeated: each one makes another secret
// (learn.microsoft.com/graph/api/application-addpassword).
func (c *Client) AddPassword(ctx context.Context, objectID, name string, end time.Time) (
	Password, secret.Value, error) {
	const op = "create the client secret"
	var answer struct {
		Password
		SecretText string `json:"secretText"`
	}
	body := map[string]any{"passwordCredential": map[string]string{"displayName": name,
		"endDateTime": end.UTC().Format(time.RFC3339)}}
	if err := c.do(
		ctx, op, http.MethodPost, "/applications/"+url.PathEscape(objectID)+"/addPassword", body, &answer,
		never); err != nil {
		return Password{}, secret.Value{}, err
	}
	if answer.KeyID == "" || answer.SecretText == "" {
		return Password{}, secret.Value{},
			&fault.Error{Kind: fault.BadAnswer, Op: op, Detail: "no secret in the answer"}
	}
	return answer.Password, secret.New(answer.SecretText), nil
}

// RemovePassword takes a client secret away.
func (c *Client) RemovePassword(ctx context.Context, objectID, keyID string) error {
	return c.do(
		ctx, "remove the client secret", http.MethodPost, "/applications/"+url.PathEscape(objectID)+"/removePassword",
		map[string]string{"keyId": keyID}, nil, always)
}

// key is how an object is addressed by a property that is unique: (appId='…').
func key(name, value string) string {
	return "(" + name + "=" + strings.ReplaceAll(url.PathEscape(quoted(value)), "%27", "'") + ")"
}
