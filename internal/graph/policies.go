package graph

import (
	"context"
	"net/http"
	"time"
)

// ConsentPolicy is what the tenant lets people do by themselves
// (learn.microsoft.com/graph/api/authorizationpolicy-get). Reading it takes the
// permission Policy.Read.All.
type ConsentPolicy struct {
	UsersMayRegister bool
	Assigned         []string // the policies by which people may consent
}

// ConsentPolicy reads the tenant's authorization policy.
func (c *Client) ConsentPolicy(ctx context.Context) (ConsentPolicy, error) {
	var answer struct {
		Users struct {
			Create   bool     `json:"allowedToCreateApps"`
			Assigned []string `json:"permissionGrantPoliciesAssigned"`
		} `json:"defaultUserRolePermissions"`
	}
	err := c.do(ctx, "read the consent settings", http.MethodGet, "/policies/authorizationPolicy", nil, &answer, always)
	return ConsentPolicy{UsersMayRegister: answer.Users.Create, Assigned: answer.Users.Assigned}, err
}

// SecretRule is one restriction on client secrets
// (learn.microsoft.com/graph/api/resources/passwordcredentialconfiguration).
type SecretRule struct {
	Type        string    `json:"restrictionType"` // passwordAddition, passwordLifetime, …
	State       string    `json:"state"`           // enabled, disabled
	MaxLifetime string    `json:"maxLifetime"`     // ISO 8601: P90D
	AppsSince   time.Time `json:"restrictForAppsCreatedAfterDateTime"`
}

// SecretRules reads what the tenant's default policy says about client secrets.
// Reading it takes the permission Policy.Read.All. An app may have a policy of
// its own, which this does not show
// (learn.microsoft.com/graph/api/tenantappmanagementpolicy-get).
func (c *Client) SecretRules(ctx context.Context) ([]SecretRule, error) {
	var answer struct {
		Enabled bool `json:"isEnabled"`
		Apps    struct {
			Passwords []SecretRule `json:"passwordCredentials"`
		} `json:"applicationRestrictions"`
	}
	err := c.do(
		ctx, "read the rules for client secrets", http.MethodGet, "/policies/defaultAppManagementPolicy", nil, &answer,
		always)
	if err != nil || !answer.Enabled {
		return nil, err
	}
	return answer.Apps.Passwords, nil
}
