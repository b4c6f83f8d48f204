package graph

import (
	"context"
	"net/http"
	"net/url"
)

// ServicePrincipal is an app's presence in the tenant, the "enterprise app".
type ServicePrincipal struct {
	ID                 string `json:"id"`
	ClientID           string `json:"appId"`
	Enabled            bool   `json:"accountEnabled"`
	AssignmentRequired bool   `json:"appRoleAssignmentRequired"`
}

// Grant is a delegated consent (learn.microsoft.com/graph/api/resources/oauth2permissiongrant).
type Grant struct {
	ID          string `json:"id"`
	ClientID    string `json:"clientId"`    // object ID of the client's service principal
	ConsentType string `json:"consentType"` // see the constants
	PrincipalID string `json:"principalId"` // "" for everybody
	ResourceID  string `json:"resourceId"`  // object ID of the API's service principal
	Scope       string `json:"scope"`       // names with spaces between
}

// The two kinds of consent.
const (
	ForEverybody = "AllPrincipals"
	ForOnePerson = "Principal"
)

// RoleAssignment is an application permission that was granted.
type RoleAssignment struct {
	ID         string `json:"id"`
	RoleID     string `json:"appRoleId"`
	ResourceID string `json:"resourceId"`
}

// enterpriseTag makes the portal list the app under Enterprise apps; the portal
// sets it by itself, Graph does not.
const enterpriseTag = "WindowsAzureActiveDirectoryIntegratedApp"

const principalFields = "?$select=id,appId,accountEnabled,appRoleAssignmentRequired"

// PrincipalByClientID reads the enterprise app of a client ID.
func (c *Client) PrincipalByClientID(ctx context.Context, clientID string) (p ServicePrincipal, err error) {
	err = c.do(ctx, "read the enterprise app", http.MethodGet, principalPath(clientID), nil, &p, always)
	return p, err
}

func principalPath(clientID string) string {
	return "/servicePrincipals" + key("appId", clientID) + principalFields
}

// CreatePrincipal makes an app present in the tenant. Graph, unlike the portal,
// does not do so when the app is registered. 409 means that it is
// (learn.microsoft.com/graph/api/serviceprincipal-post-serviceprincipals).
func (c *Client) CreatePrincipal(ctx context.Context, clientID string) (p ServicePrincipal, err error) {
	body := map[string]any{"appId": clientID, "tags": []string{enterpriseTag}}
	err = c.do(ctx, "create the enterprise app", http.MethodPost, "/servicePrincipals", body, &p, always)
	return p, err
}

// EnablePrincipal lets people sign in to an app again, or not.
func (c *Client) EnablePrincipal(ctx context.Context, id string, enabled bool) error {
	return c.do(
		ctx, "change the enterprise app", http.MethodPatch, "/servicePrincipals/"+url.PathEscape(id),
		map[string]bool{"accountEnabled": enabled}, nil, always)
}

// DeletePrincipal takes an app out of the tenant, with its consents.
func (c *Client) DeletePrincipal(ctx context.Context, id string) error {
	return c.do(
		ctx, "delete the enterprise app", http.MethodDelete, "/servicePrincipals/"+url.PathEscape(id), nil, nil, always)
}

// GrantsOf lists the delegated consents of a client ID, for everybody and for
// single people, at every API
// (learn.microsoft.com/graph/api/serviceprincipal-list-oauth2permissiongrants).
func (c *Client) GrantsOf(ctx context.Context, clientID string) ([]Grant, error) {
	return all[Grant](
		ctx, c, "read the consents", "/servicePrincipals"+key("appId", clientID)+"/oauth2PermissionGrants")
}

// CreateGrant allows delegated permissions for everybody. One consent exists per
// client, API and kind: another one is refused with 409
// (learn.microsoft.com/graph/api/oauth2permissiongrant-post).
func (c *Client) CreateGrant(ctx context.Context, principalID, resourceID, scope string) (g Grant, err error) {
	body := map[string]any{"clientId": principalID, "consentType": ForEverybody, "principalId": nil,
		"resourceId": resourceID, "scope": scope}
	err = c.do(ctx, "grant the permissions", http.MethodPost, "/oauth2PermissionGrants", body, &g, always)
	return g, err
}

// UpdateGrant replaces the names in a consent.
func (c *Client) UpdateGrant(ctx context.Context, id, scope string) error {
	return c.do(
		ctx, "grant the permissions", http.MethodPatch, "/oauth2PermissionGrants/"+url.PathEscape(id),
		map[string]string{"scope": scope}, nil, always)
}

// DeleteGrant takes a consent back.
func (c *Client) DeleteGrant(ctx context.Context, id string) error {
	return c.do(
		ctx, "take the permissions back", http.MethodDelete, "/oauth2PermissionGrants/"+url.PathEscape(id), nil, nil,
		always)
}

// RolesOf lists the application permissions that a client ID was granted, at
// every API.
func (c *Client) RolesOf(ctx context.Context, clientID string) ([]RoleAssignment, error) {
	return all[RoleAssignment](
		ctx, c, "read the application permissions", "/servicePrincipals"+key("appId", clientID)+"/appRoleAssignments")
}

// AssignRole grants an application permission. One that is granted already is
// refused with 400 (learn.microsoft.com/graph/api/serviceprincipal-post-approleassignedto).
func (c *Client) AssignRole(ctx context.Context, principalID, resourceID, roleID string) (a RoleAssignment, err error) {
	body := map[string]string{"principalId": principalID, "resourceId": resourceID, "appRoleId": roleID}
	err = c.do(ctx, "grant the application permission", http.MethodPost,
		"/servicePrincipals/"+url.PathEscape(resourceID)+"/appRoleAssignedTo", body, &a, always)
	return a, err
}

// UnassignRole takes an application permission back.
func (c *Client) UnassignRole(ctx context.Context, principalID, assignmentID string) error {
	path := "/servicePrincipals/" + url.PathEscape(principalID) + "/appRoleAssignments/" + url.PathEscape(assignmentID)
	return c.do(ctx, "take the application permission back", http.MethodDelete, path, nil, nil, always)
}
