package signin

import (
	"compress/gzip"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"entrada/internal/fault"
)

// The cases that carry a name of the OpenID conformance suite's relying-party
// modules are modelled on those.
func TestIDToken(t *testing.T) {
	set := func(changes ...any) func(*fakeEntra) {
		return func(f *fakeEntra) {
			f.claims = func(c map[string]any) {
				for i := 0; i < len(changes); i += 2 {
					name := changes[i].(string)
					if c[name] = changes[i+1]; changes[i+1] == nil {
						delete(c, name)
					}
				}
			}
		}
	}
	at := func(d time.Duration) int64 { return time.Now().Add(d).Unix() }
	signedBy := func(key any, alg jose.SignatureAlgorithm, kid string) func(*fakeEntra) {
		return func(f *fakeEntra) {
			f.sign = func(c map[string]any) string { return signed(f.t, key, alg, kid, c) }
		}
	}
	elliptical, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	two := jose.JSONWebKey{Key: keyTwo().Public(), KeyID: "two", Use: "sig"}
	hash := func(token string) string {
		sum := sha256.Sum256([]byte(token))
		return base64.RawURLEncoding.EncodeToString(sum[:16])
	}
	for name, c := range map[string]struct {
		prepare func(*fakeEntra)
		kind    fault.Kind
	}{
		"oidcc-client-test":          {set(), ""},
		"nonce-invalid":              {set("nonce", "another"), fault.TokenInvalid},
		"no nonce":                   {set("nonce", nil), fault.TokenInvalid},
		"invalid-iss":                {set("iss", "https://evil.example/"+tenantA+"/v2.0"), fault.TokenInvalid},
		"v1 issuer":                  {set("iss", "https://sts.windows.net/"+tenantA+"/"), fault.TokenInvalid},
		"no iss":                     {set("iss", nil), fault.TokenInvalid},
		"invalid-aud":                {set("aud", tenantB), fault.TokenInvalid},
		"missing-aud":                {set("aud", nil), fault.TokenInvalid},
		"several aud":                {set("aud", []string{clientID, tenantB}), fault.TokenInvalid},
		"aud as a list of one":       {set("aud", []string{clientID}), ""},
		"missing-iat":                {set("iat", nil), fault.TokenInvalid},
		"iat in the future":          {set("iat", at(time.Hour)), fault.TokenInvalid},
		"missing-sub":                {set("sub", nil), fault.TokenInvalid},
		"expired":                    {set("exp", at(-time.Second)), fault.TokenInvalid},
		"no exp":                     {set("exp", nil), fault.TokenInvalid},
		"nbf in the future":          {set("nbf", at(10*time.Minute)), fault.TokenInvalid},
		"nbf a little in the future": {set("nbf", at(2*time.Minute)), ""},
		"no nbf":                     {set("nbf", nil), ""},
		"no tid":                     {set("tid", nil), fault.TokenInvalid},
		"tid that does not fit iss":  {set("tid", tenantB), fault.TokenInvalid},
		"tid that is no GUID":        {set("tid", "../x"), fault.TokenInvalid},
		"no oid":                     {set("oid", nil), fault.TokenInvalid},
		"claims of a wrong kind":     {set("name", 7), fault.TokenInvalid},
		"no name":                    {set("name", nil, "preferred_username", nil), ""},
		"invalid-athash":             {set("at_hash", hash("another")), fault.TokenInvalid},
		"good at_hash":               {set("at_hash", hash(canary+"-access-token")), ""},
		"idtoken-sig-none":           {func(f *fakeEntra) { f.sign = unsigned }, fault.TokenInvalid},
		"invalid-sig-rs256":          {signedBy(keyTwo(), jose.RS256, "one"), fault.TokenInvalid},
		"invalid-sig-hs256": {signedBy([]byte(strings.Repeat("k", 32)), jose.HS256, "one"),
			fault.TokenInvalid},
		"HS256 with the public key": {signedBy(keyOne().N.Bytes(), jose.HS256, "one"), fault.TokenInvalid},
		"invalid-sig-es256":         {signedBy(elliptical, jose.ES256, "one"), fault.TokenInvalid},
		"PS256":                     {signedBy(keyOne(), jose.PS256, "one"), fault.TokenInvalid},
		"unknown key":               {signedBy(keyTwo(), jose.RS256, "three"), fault.TokenInvalid},
		"kid-absent-single-jwks":    {signedBy(keyOne(), jose.RS256, ""), ""},
		"not a token": {func(f *fakeEntra) { f.sign = func(map[string]any) string { return "a.b.c" } },
			fault.TokenInvalid},
		"signature cut off": {func(f *fakeEntra) {
			s := f.sign
			f.sign = func(c map[string]any) string { t := s(c); return t[:strings.LastIndex(t, ".")+1] }
		}, fault.TokenInvalid},
		"kid-absent-multiple-jwks": {func(
			f *fakeEntra) {
			f.published = append(f.published, two)
			signedBy(keyTwo(), jose.RS256, "")(f)
		}, ""},
		"signing-key-rotation": {func(
			f *fakeEntra) {
			f.published = []jose.JSONWebKey{two}
			signedBy(keyTwo(), jose.RS256, "two")(f)
		}, ""},
		"encryption key": {func(f *fakeEntra) { f.published[0].Use = "enc" }, fault.TokenInvalid},
		"keys of other kinds beside": {func(f *fakeEntra) {
			f.published = append(f.published, jose.JSONWebKey{Key: elliptical.Public(), KeyID: "e"})
		}, ""},
		"signing-key-rotation-just-before-signing": {rotateWhileSigning, ""},
		"discovery-issuer-mismatch": {metadata("issuer", "https://evil.example/"+tenantA+"/v2.0"),
			fault.BadAnswer},
		"metadata of another tenant": {func(
			f *fakeEntra) {
			metadata("issuer", f.cloud().Issuer(tenantB))(f)
		}, fault.BadAnswer},
		"metadata without issuer":  {metadata("issuer", nil), fault.BadAnswer},
		"discovery-jwks-uri-keys":  {metadata("jwks_uri", "http://192.0.2.1/keys"), fault.BadAnswer},
		"keys over another scheme": {metadata("jwks_uri", "file:///etc/passwd"), fault.BadAnswer},
		"no keys":                  {func(f *fakeEntra) { f.published = nil }, fault.BadAnswer},
		"10,000 keys": {func(
			f *fakeEntra) {
			f.published = make([]jose.JSONWebKey, 0)
			manyKeys(f)
		}, fault.BadAnswer},
		"keys as a page":    {keysSay(200, "text/html", "<html>"), fault.CaptivePortal},
		"keys out of order": {keysSay(503, "application/json", "{}"), fault.Unavailable},
		"keys cut off":      {keysSay(200, "application/json", `{"keys":[`), fault.BadAnswer},
		"keys that are none": {keysSay(200, "application/json", `{"keys":[7,"a",null,{}]}`),
			fault.TokenInvalid},
		"endless keys":                {endlessKeys, fault.BadAnswer},
		"an archive of zeros as keys": {zippedKeys, fault.BadAnswer},
		"metadata as a page":          {metadataSays(200, "text/html", "<html>"), fault.CaptivePortal},
		"metadata says 511":           {metadataSays(511, "text/html", ""), fault.CaptivePortal},
		"metadata empty":              {metadataSays(200, "application/json", ""), fault.BadAnswer},
		"metadata out of order":       {metadataSays(502, "text/html", ""), fault.Unavailable},
		"tenant not found": {metadataSays(400, "application/json",
			`{"error":"invalid_tenant","error_description":"AADSTS90002: Tenant 'x' not found."}`),
			fault.TenantNotFound},
		"tenant not found, no words": {metadataSays(404, "application/json", `{}`),
			fault.TenantNotFound},
		"a name that no tenant has": {metadataSays(400, "application/json",
			`{"error":"invalid_request","error_description":"AADSTS900023: Specified tenant identifier is neither a valid DNS name, nor a valid external domain."}`), fault.TenantNotFound},
		"an account of another tenant": {func(
			f *fakeEntra) {
			set("tid", tenantB, "iss", f.cloud().Issuer(tenantB))(f)
		}, fault.WrongAccount},
		"a personal account where any tenant was fit": {personal, fault.WrongAccount},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			c.prepare(f)
			var d diary
			s, err := Interactive(t.Context(), f.request(), f.browser(), d.write)
			wantKind(t, err, c.kind)
			if (s == nil) != (err != nil) {
				t.Error("a session and an error, or neither")
			}
			f.noSecretIn(err, s, d.pages)
			d.portIsClosed(t)
		})
	}
}

func metadata(name string, value any) func(*fakeEntra) {
	return func(f *fakeEntra) {
		f.metadata = func(w http.ResponseWriter, _ *http.Request, doc map[string]any) {
			doc = maps.Clone(doc)
			doc[name] = value
			writeJSON(w, 200, doc)
		}
	}
}

func metadataSays(status int, contentType, text string) func(*fakeEntra) {
	return func(f *fakeEntra) {
		f.metadata = func(w http.ResponseWriter, r *http.Request, doc map[string]any) {
			says(status, contentType, text)(w, r, doc)
		}
	}
}

func keysSay(status int, contentType, text string) func(*fakeEntra) {
	return func(f *fakeEntra) {
		f.keys = func(w http.ResponseWriter, r *http.Request, _ jose.JSONWebKeySet) {
			says(status, contentType, text)(w, r, nil)
		}
	}
}

func endlessKeys(f *fakeEntra) {
	f.keys = func(w http.ResponseWriter, r *http.Request, _ jose.JSONWebKeySet) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"keys":["`)
		for r.Context().Err() == nil {
			_, _ = io.WriteString(w, strings.Repeat("a", 4096))
		}
	}
}

func zippedKeys(f *fakeEntra) {
	f.keys = func(w http.ResponseWriter, _ *http.Request, _ jose.JSONWebKeySet) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = io.WriteString(z, `{"keys":[],"a":"`+strings.Repeat("0", 4<<20)+`"}`)
		_ = z.Close()
	}
}

func manyKeys(f *fakeEntra) {
	keysSay(200, "application/json", `{"keys":[`+strings.Repeat("{},", 9999)+`{}]}`)(f)
}

// rotateWhileSigning publishes the key only once a token was signed with it,
// so that the keys that were fetched ahead do not hold it.
func rotateWhileSigning(f *fakeEntra) {
	ahead := make(chan struct{})
	published := false
	f.keys = func(w http.ResponseWriter, _ *http.Request, doc jose.JSONWebKeySet) {
		if !published {
			published = true
			close(ahead)
		} else {
			doc.Keys = append(doc.Keys, jose.JSONWebKey{Key: keyTwo().Public(), KeyID: "two"})
		}
		writeJSON(w, 200, doc)
	}
	f.sign = func(c map[string]any) string {
		<-ahead
		return signed(f.t, keyTwo(), jose.RS256, "two", c)
	}
}

// personal is a sign-in that any tenant may answer, and a Microsoft account does.
func personal(f *fakeEntra) {
	const consumers = "9188040d-6c67-4c5b-b112-36a304b66dad"
	f.claims = func(c map[string]any) { c["tid"], c["iss"] = consumers, f.cloud().Issuer(consumers) }
	f.metadata = func(w http.ResponseWriter, _ *http.Request, doc map[string]any) {
		doc["issuer"] = f.cloud().Issuer("{tenantid}")
		writeJSON(w, 200, doc)
	}
}

func TestWrongAccountIsNamed(t *testing.T) {
	f := newFake(t)
	f.claims = func(c map[string]any) { c["tid"], c["iss"] = tenantB, f.cloud().Issuer(tenantB) }
	_, err := Interactive(t.Context(), f.request(), f.browser(), nil)
	var got *fault.Error
	if !errors.As(err, &got) || got.Kind != fault.WrongAccount || got.Subject != "ada@contoso.example" {
		t.Errorf("%+v", err)
	}
}

// Nobody said which tenant to expect, but the sign-in was at one.
func TestOneTenantsSignInIsNotAnothers(t *testing.T) {
	f := newFake(t)
	f.claims = func(c map[string]any) { c["tid"], c["iss"] = tenantB, f.cloud().Issuer(tenantB) }
	r := f.request()
	r.ExpectTenant = ""
	_, err := Interactive(t.Context(), r, f.browser(), nil)
	wantKind(t, err, fault.TokenInvalid)
	r.Tenant = "organizations"
	if s, err := Interactive(t.Context(), r, f.browser(), nil); err != nil || s.Account.TenantID != tenantB {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestForeignNamesAreCleaned(t *testing.T) {
	f := newFake(t)
	f.claims = func(c map[string]any) {
		c["name"], c["preferred_username"] = "Ada\r\n\x1b[2J\u202eAdmin", strings.Repeat("a", 5000)
	}
	s, err := Interactive(t.Context(), f.request(), f.browser(), nil)
	if err != nil || s.Account.Name != "Ada [2J Admin" || len(s.Account.Username) > 300 {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestRefreshForAnotherPerson(t *testing.T) {
	f := newFake(t)
	s, err := Interactive(t.Context(), f.request(), f.browser(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(map[string]any){
		"refresh-token-invalid-sub":    func(c map[string]any) { c["oid"] = tenantB },
		"refresh-token-invalid-issuer": func(c map[string]any) { c["iss"] = "https://evil.example/" },
		"another app":                  func(c map[string]any) { c["aud"] = tenantB },
	} {
		f.claims = change
		if _, err := Refresh(t.Context(), f.request(), s); !fault.Is(err, fault.TokenInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A wrong clock makes good tokens look expired or not valid yet. The date in
// the server's answer tells which of the two is wrong.
func TestWrongClock(t *testing.T) {
	for ahead, words := range map[time.Duration]string{
		2 * time.Hour:     "clock is 2h0m ahead",
		10 * time.Minute:  "",
		-10 * time.Minute: "clock is 10m behind",
		-24 * time.Hour:   "clock is 24h0m behind",
	} {
		t.Run(ahead.String(), func(t *testing.T) {
			f := newFake(t)
			theirs := time.Now().Add(-ahead)
			f.claims = func(c map[string]any) {
				c["iat"], c["nbf"], c["exp"] = theirs.Unix(), theirs.Unix(), theirs.Add(time.Hour).Unix()
			}
			f.token = func(w http.ResponseWriter, _ *http.Request, answer map[string]any) {
				w.Header().Set("Date", theirs.UTC().Format(http.TimeFormat))
				writeJSON(w, 200, answer)
			}
			_, err := Interactive(t.Context(), f.request(), f.browser(), nil)
			if words == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			wantKind(t, err, fault.ClockWrong)
			if !strings.Contains(err.Error(), words) {
				t.Errorf("%v does not say %q", err, words)
			}
		})
	}
}

func TestSharedClientAndManyAtOnce(t *testing.T) {
	f := newFake(t)
	errs := make(chan error)
	for i := range 8 {
		go func() {
			r := f.request()
			r.RedirectPath = "/signin/" + strconv.Itoa(i)
			_, err := Interactive(context.Background(), r, f.browser(), nil)
			errs <- err
		}()
	}
	for range 8 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}
