package graph

import (
	"context"
	"time"
)

// Certificate is one with which a program signs in as an app, without its key
// (learn.microsoft.com/graph/api/resources/keycredential). Reading them is
// limited to 150 requests a minute and tenant
// (learn.microsoft.com/graph/api/application-get).
type Certificate struct {
	KeyID       string    `json:"keyId"`
	DisplayName string    `json:"displayName"`
	End         time.Time `json:"endDateTime"`
}

// Owner of a registration: somebody who may change it.
type Owner struct {
	ID      string `json:"id"`
	Name    string `json:"displayName"`       // "" where the token may not read it
	Address string `json:"userPrincipalName"` // "" for an app
}

// FederatedCredential lets a workload of another identity provider, its Subject, sign in
// as the app without a client secret
// (learn.microsoft.com/graph/api/resources/federatedidentitycredential).
type FederatedCredential struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Issuer  string `json:"issuer"`
	Subject string `json:"subject"`
}

// Holders are who may change an app, or sign in as it, beside what
// [Application] lists. Each part comes with an error of its own.
type Holders struct {
	Owners       []Owner
	OwnersErr    error
	Federated    []FederatedCredential
	FederatedErr error
}

const opReadHolders = "read who else can use the app"

// Holders looks both up in one request
// (learn.microsoft.com/graph/api/application-list-owners and
// application-list-federatedidentitycredentials).
func (c *Client) Holders(ctx context.Context, clientID string) (h Holders) {
	ownersPath := "/applications" + key("appId", clientID) + "/owners?$select=id,displayName,userPrincipalName"
	federatedPath := "/applications" + key("appId", clientID) + "/federatedIdentityCredentials"
	var owners struct {
		Value []Owner `json:"value"`
		Next  string  `json:"@odata.nextLink"`
	}
	var federated struct {
		Value []FederatedCredential `json:"value"`
		Next  string                `json:"@odata.nextLink"`
	}
	parts := []*part{{path: ownersPath, out: &owners}, {path: federatedPath, out: &federated}}
	c.getBatch(ctx, opReadHolders, parts)
	// A part that did not come is asked for again by itself, as in [Client.Begin].
	if h.Owners = owners.Value; !parts[0].came || owners.Next != "" {
		h.Owners, h.OwnersErr = all[Owner](ctx, c, opReadHolders, ownersPath)
	}
	if h.Federated = federated.Value; !parts[1].came || federated.Next != "" {
		h.Federated, h.FederatedErr = all[FederatedCredential](ctx, c, opReadHolders, federatedPath)
	}
	return h
}
