package handover

import (
	"bytes"
	"encoding/json"
	"strings"
)

// AppSettings is an appsettings.json with the section that Microsoft.Identity.Web
// reads. It holds no secret: .NET takes that from an environment variable
// of the name AzureAd__ClientCredentials__0__ClientSecret.
func AppSettings(p Package) ([]byte, error) {
	p, err := p.complete()
	if err != nil {
		return nil, err
	}
	return appSettings(p, false), nil
}

// appSettingsRoot is the section that Microsoft.Identity.Web reads.
const appSettingsRoot = "AzureAd"

func appSettings(p Package, withSecret bool) []byte {
	credential := object{}
	credential.add("SourceType", "ClientSecret")
	if withSecret {
		credential.add("ClientSecret", p.ClientSecret.Reveal())
	}
	azure := object{}
	azure.add("Instance", strings.TrimSuffix(p.AuthorityURL, p.TenantID))
	azure.add("TenantId", p.TenantID)
	azure.add("ClientId", p.ClientID)
	azure.add("ClientCredentials", []object{credential})
	root := object{}
	if p.IsPractice() {
		root.add(practiceLabel, PracticeWords)
	}
	root.add(appSettingsRoot, azure)
	return indented(root)
}

// indented is an object as people read it.
func indented(o object) []byte {
	compact, _ := o.MarshalJSON()
	var out bytes.Buffer
	_ = json.Indent(&out, compact, "", "  ") // it was just written by us
	out.WriteByte('\n')
	return out.Bytes()
}
