package prepare

import "entrada/internal/guides"

// The words around the values from the portal.
const (
	ClientIDLabel = "Application (client) ID"
	ValuesWhy     = "We check each one as you paste it. Nothing leaves this computer but a question to Microsoft."
)

// SecretIDLabel names the field of the Secret ID, which few vendors ask for.
func SecretIDLabel(g *guides.Guide) string {
	if g.NeedsSecretID() {
		return "Secret ID (" + g.Vendor + " asks for it)"
	}
	return "Secret ID (you may leave this empty)"
}
