package prepare

import (
	"entrada/internal/entra"
	"entrada/internal/guides"
)

// The words around the values from the portal.
const (
	ClientIDLabel = "Application (client) ID"
	ValuesWhy     = "We check each one as you paste it. Nothing leaves this computer but a question to Microsoft."
)

// OpensList says that a link leads to the list of all apps, as long as the client ID is
// not known; "" where it leads to the page itself.
func OpensList(page entra.PortalPage, clientID string) string {
	if clientID != "" || !page.IsOfOneApp() {
		return ""
	}
	return "The link opens the list of all apps, for the client ID is not known yet. Choose your app there first."
}

// SecretIDLabel names the field of the Secret ID, which few vendors ask for.
func SecretIDLabel(g *guides.Guide) string {
	if g.NeedsSecretID() {
		return "Secret ID (" + g.Vendor + " asks for it)"
	}
	return "Secret ID (you may leave this empty)"
}
