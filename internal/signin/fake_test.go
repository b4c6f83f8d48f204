package signin

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"go.uber.org/goleak"

	"entrada/internal/entra"
	"entrada/internal/secret"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	tenantA  = "aaaaaaaa-1111-4222-8333-444444444444"
	tenantB  = "bbbbbbbb-1111-4222-8333-444444444444"
	clientID = "cccccccc-1111-4222-8333-444444444444"
	personID = "dddddddd-1111-4222-8333-444444444444"
	// Every secret that is not random begins like this.
	canary = "CANARY-9d41"
)

// Made once: making RSA keys is slow.
var (
	keyOne = sync.OnceValue(newRSA)
	keyTwo = sync.OnceValue(newRSA)
)

func newRSA() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}

// fakeEntra is an identity platform small enough to be made to misbehave in
// every way that a test needs. Its fields may be set before it is asked.
type fakeEntra struct {
	t      *testing.T
	server *httptest.Server

	metadata   func(w http.ResponseWriter, r *http.Request, doc map[string]any)
	keys       func(w http.ResponseWriter, r *http.Request, doc jose.JSONWebKeySet)
	token      func(w http.ResponseWriter, r *http.Request, answer map[string]any) // answer is the good one
	claims     func(claims map[string]any)
	sign       func(claims map[string]any) string
	published  []jose.JSONWebKey
	sayPromise bool // metadata promises iss

	mu      sync.Mutex
	nonces  map[string]string // by code
	proofs  map[string]string // PKCE challenge by code
	forms   []url.Values      // of token requests
	fetched int               // of the keys
	secrets []string

	visits sync.WaitGroup // browsers that are still at it
}

func newFake(t *testing.T) *fakeEntra {
	t.Helper()
	f := &fakeEntra{t: t, nonces: map[string]string{}, proofs: map[string]string{}}
	f.published = []jose.JSONWebKey{{Key: keyOne().Public(), KeyID: "one", Use: "sig"}}
	f.sign = func(c map[string]any) string { return signed(t, keyOne(), jose.RS256, "one", c) }
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{tenant}/v2.0/.well-known/openid-configuration", f.serveMetadata)
	mux.HandleFunc("GET /{tenant}/discovery/v2.0/keys", f.serveKeys)
	mux.HandleFunc("POST /{tenant}/oauth2/v2.0/token", f.serveToken)
	f.server = httptest.NewServer(mux)
	t.Cleanup(func() { f.visits.Wait(); f.server.Close() })
	return f
}

func (f *fakeEntra) cloud() entra.Cloud {
	return entra.Cloud{ID: "test", Login: f.server.URL, Graph: "https://graph.test"}
}

func (f *fakeEntra) request() Request {
	return Request{
		Cloud: f.cloud(), Tenant: tenantA, ClientID: clientID,
		ClientSecret: secret.New(canary + "-client-secret~+/="),
		RedirectPath: "/signin/callback",
		Scopes:       []string{"openid", "profile", "offline_access", "https://graph.test/Mail.Send"},
		ExpectTenant: tenantA,
	}
}

func (f *fakeEntra) serveMetadata(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("tenant")
	issued := name
	switch name {
	case "organizations":
		issued = "{tenantid}"
	case "contoso.example":
		issued = tenantA
	}
	doc := map[string]any{
		"issuer":   f.server.URL + "/" + issued + "/v2.0",
		"jwks_uri": f.server.URL + "/" + name + "/discovery/v2.0/keys",
		// Never used: the cloud's own are.
		"token_endpoint": "http://192.0.2.1/token",
	}
	if f.sayPromise {
		doc["authorization_response_iss_parameter_supported"] = true
	}
	if f.metadata != nil {
		f.metadata(w, r, doc)
		return
	}
	writeJSON(w, 200, doc)
}

func (f *fakeEntra) serveKeys(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	f.fetched++
	doc, keys := jose.JSONWebKeySet{Keys: f.published}, f.keys
	f.mu.Unlock()
	if keys != nil {
		keys(w, r, doc)
		return
	}
	writeJSON(w, 200, doc)
}

// serveKeysWith changes how the keys are served during a sign-in.
func (f *fakeEntra) serveKeysWith(serve func(http.ResponseWriter, *http.Request, jose.JSONWebKeySet)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.keys = serve
}

func (f *fakeEntra) serveToken(w http.ResponseWriter, r *http.Request) {
	if r.ContentLength <= 0 || len(r.TransferEncoding) > 0 {
		w.WriteHeader(http.StatusNotFound) // as Entra does with chunked requests
		return
	}
	if err := r.ParseForm(); err != nil {
		f.t.Error(err)
	}
	f.mu.Lock()
	f.forms = append(f.forms, maps.Clone(r.PostForm))
	for _, name := range []string{"code", "code_verifier", "client_secret", "refresh_token"} {
		f.keep(r.PostForm.Get(name))
	}
	nonce, proof := f.nonces[r.PostForm.Get("code")], f.proofs[r.PostForm.Get("code")]
	f.mu.Unlock()

	answer := map[string]any{
		"token_type": "Bearer", "expires_in": 3599, "scope": "openid profile https://graph.test/Mail.Send User.Read",
		"access_token": canary + "-access-token",
	}
	switch r.PostForm.Get("grant_type") {
	case "authorization_code":
		sum := sha256.Sum256([]byte(r.PostForm.Get("code_verifier")))
		if proof == "" || base64.RawURLEncoding.EncodeToString(sum[:]) != proof {
			writeJSON(w, 400,
				map[string]any{"error": "invalid_grant",
					"error_description": "AADSTS501481: The Code_Verifier does not match."})
			return
		}
		answer["refresh_token"] = canary + "-refresh-token-1"
		answer["id_token"] = f.idToken(nonce)
	case "refresh_token":
		answer["refresh_token"] = canary + "-refresh-token-2"
		answer["id_token"] = f.idToken("")
	}
	if f.token != nil {
		f.token(w, r, answer)
		return
	}
	writeJSON(w, 200, answer)
}

func (f *fakeEntra) idToken(nonce string) string {
	now := time.Now()
	claims := map[string]any{
		"iss": f.server.URL + "/" + tenantA + "/v2.0", "aud": clientID, "sub": "subject",
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(time.Hour).Unix(),
		"tid": tenantA, "oid": personID, "name": "Ada Admin", "preferred_username": "ada@contoso.example",
	}
	if nonce != "" {
		claims["nonce"] = nonce
	}
	if f.claims != nil {
		f.claims(claims)
	}
	return f.sign(claims)
}

// keep remembers a secret; the lock is held.
func (f *fakeEntra) keep(s string) {
	if s != "" {
		f.secrets = append(f.secrets, s)
	}
}

// calls counts the requests to the token endpoint.
func (f *fakeEntra) calls() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.forms)
}

// noSecretIn fails the test if a secret shows in any rendering of the things.
func (f *fakeEntra) noSecretIn(things ...any) {
	f.t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, thing := range things {
		text := fmt.Sprintf("%v\n%+v\n%#v\n%s", thing, thing, thing, thing)
		for _, s := range append(f.secrets, canary) {
			for _, form := range []string{s, url.QueryEscape(s), url.PathEscape(s)} {
				if strings.Contains(text, form) {
					f.t.Errorf("a secret shows in:\n%s", text)
				}
			}
		}
	}
}

// door is what a browser knows of a sign-in after following the link.
type door struct {
	redirect *url.URL
	link     url.Values // the link's parameters
	code     string
}

// follow does what the sign-in pages do with a link: note what it asks for and
// make a code.
func (f *fakeEntra) follow(link string) door {
	f.t.Helper()
	u, err := url.Parse(link)
	if err != nil {
		f.t.Fatal(err)
	}
	q := u.Query()
	redirect, err := url.Parse(q.Get("redirect_uri"))
	if err != nil {
		f.t.Fatal(err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	code := fmt.Sprintf("%s-code-%d", canary, len(f.nonces))
	f.nonces[code], f.proofs[code] = q.Get("nonce"), q.Get("code_challenge")
	return door{redirect, q, code}
}

// form is the good answer with changes; a nil change removes the field.
func (d door) form(changes ...string) url.Values {
	form := url.Values{"state": {d.link.Get("state")}, "code": {d.code}, "session_state": {"s"}}
	for i := 0; i < len(changes); i += 2 {
		form.Set(changes[i], changes[i+1])
	}
	return form
}

// post posts the form to the port and returns status and page.
func (d door) post(t *testing.T, form url.Values) (int, []byte) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.PostForm(d.redirect.String(), form)
	if err != nil {
		t.Error(err)
		return 0, nil
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Error(err)
	}
	return resp.StatusCode, page
}

// visit is an [Opener] that follows the link and does what it is told. The
// test ends no sooner than it.
func (f *fakeEntra) visit(do func(door)) Opener {
	return func(_ context.Context, link string) error {
		f.visits.Add(1)
		defer f.visits.Done()
		do(f.follow(link))
		return nil
	}
}

// browser is an [Opener] that signs in with the good answer, changed.
func (f *fakeEntra) browser(changes ...string) Opener {
	return f.visit(func(d door) { d.post(f.t, d.form(changes...)) })
}

func writeJSON(w http.ResponseWriter, status int, doc any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(doc)
}

// signed makes a compact JWS.
func signed(t *testing.T, key any, alg jose.SignatureAlgorithm, kid string, claims map[string]any) string {
	t.Helper()
	options := (&jose.SignerOptions{}).WithType("JWT")
	if kid != "" {
		options = options.WithHeader("kid", kid)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, options)
	if err != nil {
		t.Error(err)
		return ""
	}
	payload, _ := json.Marshal(claims)
	jws, err := signer.Sign(payload)
	if err != nil {
		t.Error(err)
		return ""
	}
	token, _ := jws.CompactSerialize()
	return token
}

// unsigned is a token with the algorithm "none".
func unsigned(claims map[string]any) string {
	payload, _ := json.Marshal(claims)
	part := base64.RawURLEncoding.EncodeToString
	return part([]byte(`{"alg":"none","typ":"JWT"}`)) + "." + part(payload) + "."
}
