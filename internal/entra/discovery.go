package entra

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"entrada/internal/fault"
	"entrada/internal/netclient"
)

// Tenant is an organisation found from a domain. Its display name is not known
// without a sign-in.
type Tenant struct {
	ID     string
	Domain string // as asked; a tenant ID when that was asked
	Cloud  Cloud
}

// metadata is the part of the OpenID discovery document that tells tenant and
// cloud apart (learn.microsoft.com/entra/identity-platform/v2-protocols-oidc).
type metadata struct {
	Issuer    string `json:"issuer"`
	GraphHost string `json:"msgraph_host"`
	SubScope  string `json:"tenant_region_sub_scope"`
	Region    string `json:"tenant_region_scope"`

	Error       string `json:"error"`
	Description string `json:"error_description"`
}

// FindTenant asks the discovery document of a domain or tenant ID for the
// tenant and for the cloud it lives in, without a sign-in. It asks start first
// and, if that cloud does not know the tenant, the other built-in clouds; a
// practice cloud is asked alone.
//
// Errors: kind TenantNotFound with the domain as Subject, or a network kind.
func FindTenant(ctx context.Context, client *http.Client, start Cloud, domain string) (Tenant, error) {
	clouds := []Cloud{start}
	if !start.IsPractice() {
		for _, c := range Clouds() {
			if c.Login != start.Login {
				clouds = append(clouds, c)
			}
		}
	}
	var first error
	for _, c := range clouds {
		t, err := askMetadata(ctx, client, c, domain)
		if err == nil {
			return t, nil
		}
		if first == nil {
			first = err
		}
		if !fault.Is(err, fault.TenantNotFound) {
			break // offline and the like: the other clouds would say the same
		}
	}
	return Tenant{}, first
}

func askMetadata(ctx context.Context, client *http.Client, c Cloud, domain string) (Tenant, error) {
	const op = "find the organisation"
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.MetadataURL(domain), nil)
	if err != nil {
		return Tenant{}, fault.New(fault.Misuse, op, err)
	}
	resp, err := client.Do(req)
	if err != nil {
		return Tenant{}, netclient.Classify(op, err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode >= 500 {
		return Tenant{}, &fault.Error{Kind: fault.Unavailable, Op: op, Subject: req.URL.Host, Status: resp.StatusCode}
	}
	if err := netclient.CheckJSON(resp); err != nil {
		return Tenant{}, err
	}
	var m metadata
	if err := json.NewDecoder(resp.Body).Decode(&m); err != nil {
		return Tenant{}, netclient.Classify(op, err)
	}
	if resp.StatusCode != http.StatusOK {
		f := &fault.Error{Kind: fault.TenantNotFound, Op: op, Subject: domain, Status: resp.StatusCode}
		if code, _, ok := strings.Cut(m.Description, ":"); ok && strings.HasPrefix(code, "AADSTS") {
			f.Code = code
		}
		return Tenant{}, f
	}
	id := ""
	if u, err := url.Parse(m.Issuer); err == nil {
		id, _, _ = strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	}
	if !IsGUID(id) {
		return Tenant{},
			&fault.Error{Kind: fault.BadAnswer, Op: op, Subject: req.URL.Host,
				Detail: "the discovery document names no tenant"}
	}
	return Tenant{ID: strings.ToLower(id), Domain: domain, Cloud: cloudOf(c, m)}, nil
}

// cloudOf tells GCC High and DoD apart, which share a login host, and follows a
// worldwide login host that answers for a tenant elsewhere.
func cloudOf(asked Cloud, m metadata) Cloud {
	if asked.IsPractice() {
		return asked
	}
	for _, c := range Clouds() {
		if m.GraphHost != "" && c.Graph == "https://"+m.GraphHost {
			return c
		}
	}
	return asked
}
