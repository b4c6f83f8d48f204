package app

import (
	"context"

	"entrada/internal/entra"
)

// FindTenant finds the organisation that somebody typed: an e-mail address of
// it, a domain or its ID. The error is of kind InvalidInput if it is none of
// these, and TenantNotFound if Microsoft does not know it.
func (a App) FindTenant(ctx context.Context, text string) (entra.Tenant, error) {
	domain, err := entra.ParseOrganisation(text)
	if err != nil {
		return entra.Tenant{}, err
	}
	return entra.FindTenant(ctx, a.HTTP, a.Cloud, domain)
}
