package prepare

import (
	"context"

	"entrada/internal/app"
	"entrada/internal/entra"
	"entrada/internal/fault"
)

// OrganisationLead says why an address is asked for.
const OrganisationLead = "We find your organisation at Microsoft from it. Nobody signs in yet, and nothing is changed."

// OrganisationLabel is what is asked for.
const OrganisationLabel = "Your work e-mail address"

// OrganisationHint says which address will do.
func OrganisationHint(a app.App) string {
	if a.Cloud.IsPractice() {
		return "In the practice organisation, use alex@contoso.example."
	}
	return "Any address of your organisation will do."
}

// FindOrganisation asks Microsoft for the organisation of a domain. One that is
// not known is an error of kind InvalidInput, with a sentence for the field.
func FindOrganisation(ctx context.Context, a app.App, domain string) (entra.Tenant, error) {
	t, err := entra.FindTenant(ctx, a.HTTP, a.Cloud, domain)
	if fault.Is(err, fault.TenantNotFound) {
		return t, fault.Invalid("organisation", "Microsoft knows no organisation with **"+domain+
			"**. Please check the spelling, or use the address that you sign in to Microsoft 365 with.")
	}
	return t, err
}

// Found says what was found.
func Found(t entra.Tenant) string { return "Found **" + t.Domain + "** in " + t.Cloud.Name + "." }
