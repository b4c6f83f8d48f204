package handover

import (
	"bytes"
	"strings"

	"entrada/internal/entra"
	"entrada/internal/fault"
)

// LooksLikeEnv reports whether data may be a .env file: some line names the app.
func LooksLikeEnv(data []byte) bool {
	return len(data) <= MaxFile && len(envValues(data)["CLIENT_ID"]+envValues(data)["AZURE_CLIENT_ID"]) > 0
}

// OpenEnv reads what a .env file says of a connection: the names that Microsoft's
// own libraries look for, or the plain ones without AZURE in front. Whatever else
// stands in the file is left alone, for such a file is often shared with other
// programs. The error is of kind FileCorrupt or FileTooLarge.
func OpenEnv(data []byte) (Package, error) {
	const op = "open the settings"
	if len(data) > MaxFile {
		return Package{}, &fault.Error{Kind: fault.FileTooLarge, Op: op}
	}
	values := envValues(data)
	get := func(name string) string {
		if v := values["AZURE_"+name]; v != "" {
			return v
		}
		return values[name]
	}
	p := Package{ClientSecret: secretOf(get("CLIENT_SECRET"))}
	p.ClientID, p.TenantID = get("CLIENT_ID"), get("TENANT_ID")
	if p.ClientSecret.IsEmpty() {
		p.ClientSecret = secretOf(get("CLIENT_SECRET_VALUE"))
	}
	for _, id := range []*string{&p.ClientID, &p.TenantID} {
		if *id = strings.TrimSpace(*id); *id != "" && !entra.IsGUID(*id) {
			return Package{},
				&fault.Error{Kind: fault.FileCorrupt, Op: op, Detail: "An ID in it has not the form of one."}
		}
	}
	if p.ClientID == "" {
		return Package{}, &fault.Error{Kind: fault.FileCorrupt, Op: op, Detail: "It does not name the app."}
	}
	return p, nil
}

// envValues are the lines NAME=value, quoted or not. The first of several wins,
// as with the usual parsers that do not override.
func envValues(data []byte) map[string]string {
	values := map[string]string{}
	for line := range bytes.Lines(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))) {
		name, value, ok := strings.Cut(strings.TrimSpace(string(line)), "=")
		name = strings.TrimSpace(strings.TrimPrefix(name, "export "))
		if !ok || name == "" || strings.HasPrefix(name, "#") || values[name] != "" {
			continue
		}
		value = strings.TrimSpace(value)
		switch {
		case len(value) >= 2 && (value[0] == '\'' || value[0] == '"') && value[len(value)-1] == value[0]:
			value = value[1 : len(value)-1]
		default:
			value, _, _ = strings.Cut(value, " #")
			value = strings.TrimSpace(value)
		}
		values[name] = value
	}
	return values
}
