package practice_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/confidential"
	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/public"
	"github.com/coreos/go-oidc/v3/oidc"

	"entrada/internal/practice"
)

const (
	loginHost = "login.microsoftonline.com"
	graphHost = "graph.microsoft.com"
)

// named starts a practice tenant under Microsoft's names, and a client that
// finds it there and trusts its authority. Nothing in the client is changed:
// it believes that it talks to Microsoft.
func named(t *testing.T) (*practice.Server, *http.Client) {
	t.Helper()
	s := start(t, practice.Options{TLSDir: t.TempDir(), Hosts: []string{loginHost, graphHost, "entra.microsoft.com"}})
	info := s.Info().TLS
	pem, err := os.ReadFile(info.CAFile)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		t.Fatal("no certificate in the file of the authority")
	}
	transport := &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12},
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, info.Address)
		},
	}
	t.Cleanup(transport.CloseIdleConnections)
	return s, &http.Client{Transport: transport}
}

func msal(t *testing.T, client *http.Client, v vendor, secret string) confidential.Client {
	t.Helper()
	cred, err := confidential.NewCredFromSecret(secret)
	if err != nil {
		t.Fatal(err)
	}
	c, err := confidential.New("https://"+loginHost+"/"+v.tenant, v.clientID, cred, confidential.WithHTTPClient(client))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// refused checks that MSAL was told the number.
func refused(t *testing.T, err error, code string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), code) {
		t.Errorf("want %s, got %v", code, err)
	}
}

func TestMSALSignsIn(t *testing.T) {
	s, client := named(t)
	v := register(t, s, nil, "User.Read Mail.Send")
	c := msal(t, client, v, v.secret)
	ctx, scopes, redirect := t.Context(), []string{"https://graph.microsoft.com/Mail.Send", "User.Read"},
		"http://localhost:1234/callback"
	address, err := c.AuthCodeURL(ctx, v.clientID, redirect, scopes)
	if err != nil {
		t.Fatal(err)
	}
	b := newBrowser(t)
	b.client.Transport = client.Transport
	reply := b.signIn(address+"&prompt=select_account&code_challenge_method=S256&code_challenge="+challenge(),
		"megan@contoso.example")
	got, err := c.AcquireTokenByAuthCode(ctx, reply.Get("code"), redirect, scopes, confidential.WithChallenge(verifier))
	if err != nil {
		t.Fatal(err)
	}
	if got.Account.PreferredUsername != "megan@contoso.example" || got.IDToken.TenantID != v.tenant {
		t.Errorf("account %+v", got.Account)
	}
	if me := graphOver(t, client, got.AccessToken); me != http.StatusOK {
		t.Errorf("Graph answers %d", me)
	}
	checkIDToken(t, client, v, got.IDToken.RawToken)

	// MSAL keeps the access token; a permission that is not in it makes it use
	// the refresh token, in vain at first and well once somebody consented.
	more := []string{"https://graph.microsoft.com/Contacts.Read"}
	_, err = c.AcquireTokenSilent(ctx, more, confidential.WithSilentAccount(got.Account))
	refused(t, err, "AADSTS65001")
	bearer, grants := admin(t, s), s.Cloud().Graph+"/v1.0/oauth2PermissionGrants"
	for _, g := range s.State().Grants {
		if g.ClientAppID == v.clientID {
			send(t, "PATCH", grants+"/"+g.ID, bearer, map[string]any{"scope": "User.Read Mail.Send Contacts.Read"})
		}
	}
	if again, err := c.AcquireTokenSilent(ctx, more, confidential.WithSilentAccount(got.Account)); err != nil ||
		again.AccessToken == got.AccessToken {
		t.Errorf("refresh: %v", err)
	}

	_, err = c.AcquireTokenByAuthCode(ctx, reply.Get("code"), redirect, scopes, confidential.WithChallenge(verifier))
	refused(t, err, "AADSTS54005")
}

// checkIDToken lets go-oidc judge discovery, keys, signature, issuer, audience
// and lifetime.
func checkIDToken(t *testing.T, client *http.Client, v vendor, raw string) {
	t.Helper()
	ctx := oidc.ClientContext(t.Context(), client)
	provider, err := oidc.NewProvider(ctx, "https://"+loginHost+"/"+v.tenant+"/v2.0")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.Verifier(&oidc.Config{ClientID: v.clientID}).Verify(ctx, raw); err != nil {
		t.Error(err)
	}
}

func graphOver(t *testing.T, client *http.Client, token string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", "https://"+graphHost+"/v1.0/me", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	res, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	return res.StatusCode
}

func TestMSALClientCredentials(t *testing.T) {
	s, client := named(t)
	v := register(t, s, nil, "")
	scopes := []string{"https://graph.microsoft.com/.default"}
	got, err := msal(t, client, v, v.secret).AcquireTokenByCredential(t.Context(), scopes)
	if err != nil || got.AccessToken == "" {
		t.Fatal(err)
	}
	// What people paste by mistake: the Secret ID.
	_, err = msal(t, client, v, v.keyID).AcquireTokenByCredential(t.Context(), scopes)
	refused(t, err, "AADSTS7000215")
	if err := s.SetFault("secret-expired*1", true); err != nil {
		t.Fatal(err)
	}
	_, err = msal(t, client, v, v.secret).AcquireTokenByCredential(t.Context(), scopes)
	refused(t, err, "AADSTS7000222")
	foreign := v
	foreign.tenant = "11111111-2222-3333-4444-555555555555"
	_, err = msal(t, client, foreign, v.secret).AcquireTokenByCredential(t.Context(), scopes)
	refused(t, err, "AADSTS90002")
}

func TestMSALIsRefusedInTheBrowser(t *testing.T) {
	s, client := named(t)
	v := register(t, s, nil, "")
	c := msal(t, client, v, v.secret)
	b := newBrowser(t)
	b.client.Transport = client.Transport
	address, err := c.AuthCodeURL(t.Context(), v.clientID, "https://vendor.example/other", []string{"Mail.Send"})
	if err != nil {
		t.Fatal(err)
	}
	b.open(address)
	b.sees("AADSTS50011")
	if b.header.Get("Location") != "" || strings.Contains(b.body, "hiddenform") {
		t.Error("an answer goes to an address that nobody registered")
	}
	address, err = c.AuthCodeURL(t.Context(), v.clientID, "http://localhost:1234/callback", []string{"Mail.Send"})
	if err != nil {
		t.Fatal(err)
	}
	b.open(address)
	b.submit("account-picker", map[string]string{"account": "megan@contoso.example"})
	b.sees("Permissions requested", "Send mail as a user")
	b.open(address + "&prompt=none")
	if reply := b.reply(); reply.Get("error") != "interaction_required" ||
		!strings.Contains(reply.Get("error_description"), "AADSTS65001") {
		t.Errorf("without consent: %v", reply)
	}
}

// MSAL's public client uses a first-party app, discovery and form_post.
func TestMSALPublicClient(t *testing.T) {
	s, client := named(t)
	tenant := s.Info().Tenants[0].ID
	c, err := public.New("04b07795-8ddb-461a-bbee-02f9e1bf7b46", public.WithAuthority("https://"+loginHost+"/"+tenant),
		public.WithHTTPClient(client))
	if err != nil {
		t.Fatal(err)
	}
	ask := func(scope string) error {
		_, err := c.AcquireTokenInteractive(t.Context(), []string{scope},
			public.WithOpenURL(func(address string) error {
				b := newBrowser(t)
				person := b.client.Transport
				b.client.Transport = client.Transport
				b.open(address)
				b.submit("account-picker", map[string]string{"account": "alex@contoso.example"})
				if strings.Contains(b.body, "hiddenform") {
					b.client.Transport = person // the last step goes to MSAL's own loopback server
					b.submit("hiddenform", nil)
				}
				return nil
			}))
		return err
	}
	if err := ask("https://graph.microsoft.com/Application.ReadWrite.All"); err != nil {
		t.Error(err)
	}
	refused(t, ask("https://graph.microsoft.com/Mail.Read"), "AADSTS65002")
}

func TestTLSAddressesCarryTheNamesAskedFor(t *testing.T) {
	s, client := named(t)
	res, err := client.Get("https://" + loginHost + "/contoso.example/v2.0/.well-known/openid-configuration")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body := readAll(t, res)
	for _, want := range []string{`"issuer":"https://login.microsoftonline.com/` + s.Info().Tenants[0].ID + `/v2.0"`,
		`"msgraph_host":"graph.microsoft.com"`, `"cloud_instance_name":"microsoftonline.com"`} {
		if !strings.Contains(body, want) {
			t.Errorf("discovery lacks %s:\n%s", want, body)
		}
	}
	if mode := fileMode(t, strings.Replace(s.Info().TLS.CAFile, "ca.pem", "ca-key.pem", 1)); mode != 0o600 {
		t.Errorf("the authority's key has mode %o", mode)
	}
	// Without the authority, nobody is fooled.
	if _, err := http.Get("https://" + s.Info().TLS.Address + "/"); err == nil {
		t.Error("a client without the authority trusts it")
	}
	if _, err := practice.Start(t.Context(), practice.Options{TLSDir: t.TempDir()}); err == nil {
		t.Error("TLS without host names is accepted")
	}
}
