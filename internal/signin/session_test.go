package signin

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"entrada/internal/fault"
	"entrada/internal/secret"
)

func TestRefresh(t *testing.T) {
	f := newFake(t)
	s, err := Interactive(t.Context(), f.request(), f.browser(), nil)
	if err != nil {
		t.Fatal(err)
	}
	fetched := f.fetched
	f.metadata = func(w http.ResponseWriter, _ *http.Request, _ map[string]any) {
		t.Error("the metadata was fetched again")
		w.WriteHeader(500)
	}
	again, err := Refresh(t.Context(), f.request(), s)
	if err != nil {
		t.Fatal(err)
	}
	if again.RefreshToken.Reveal() != canary+"-refresh-token-2" || again.Account != s.Account ||
		len(again.Missing) != 0 || f.fetched != fetched {
		t.Errorf("%+v", again)
	}
	form := f.forms[1]
	if form.Get("grant_type") != "refresh_token" || form.Get("refresh_token") != canary+"-refresh-token-1" ||
		form.Get("scope") != strings.Join(f.request().Scopes, " ") || form.Get("client_id") != clientID ||
		!form.Has("client_secret") {
		t.Error("the request is not as it should be")
	}
	f.token = with(map[string]any{"refresh_token": nil, "id_token": nil})
	third, err := Refresh(t.Context(), f.request(), again)
	if err != nil || !third.RefreshToken.Equal(again.RefreshToken) || third.Account != s.Account {
		t.Errorf("the old refresh token or account was lost: %v", err)
	}
	f.noSecretIn(again, third)
}

func TestRefreshOfAKeptToken(t *testing.T) {
	f := newFake(t)
	s, err := Refresh(t.Context(), f.request(), &Session{RefreshToken: secret.New(canary + "-kept")})
	if err != nil || s.Account.ObjectID != personID {
		t.Fatalf("%v, %v", s, err)
	}
	f.token = says(400, jsonType,
		`{"error":"invalid_grant","error_description":"AADSTS700082: The refresh token has expired due to inactivity."}`)
	_, err = Refresh(t.Context(), f.request(), s)
	if fault.CodeOf(err) != "AADSTS700082" {
		t.Error(err)
	}
	if _, err = Refresh(t.Context(), f.request(), nil); !fault.Is(err, fault.NoRefreshToken) {
		t.Error(err)
	}
}

func TestAppOnly(t *testing.T) {
	f := newFake(t)
	f.token = with(map[string]any{"scope": nil})
	s, err := AppOnly(t.Context(), f.request())
	if err != nil {
		t.Fatal(err)
	}
	form := f.forms[0]
	if form.Get("grant_type") != "client_credentials" || form.Get("scope") != "https://graph.test/.default" ||
		form.Get("client_secret") == "" {
		t.Error("the request is not as it should be")
	}
	if s.AccessToken.IsEmpty() || s.Account != (Account{TenantID: tenantA}) || len(s.Missing) != 0 || f.fetched != 0 {
		t.Errorf("%+v", s)
	}
	r := f.request()
	r.ClientSecret = secret.Value{}
	_, err = AppOnly(t.Context(), r)
	wantKind(t, err, fault.Misuse)

	ctx, cancel := context.WithCancel(t.Context())
	f.token = func(_ http.ResponseWriter, r *http.Request, _ map[string]any) { cancel(); <-r.Context().Done() }
	_, err = AppOnly(ctx, f.request())
	wantKind(t, err, fault.Cancelled)
	f.noSecretIn(s, err)
}

// TestWhatAnAppMayDoIsReadFromItsToken: and a token in another form than today's
// tells nothing, rather than "no permissions".
func TestWhatAnAppMayDoIsReadFromItsToken(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	token := func(claims map[string]any) string { return signed(t, key, jose.RS256, "k", claims) }
	for name, c := range map[string]struct {
		token string
		want  []string
	}{
		"two": {token(map[string]any{"roles": []string{"Mail.Read", "Mail.Send"}}),
			[]string{"Mail.Read", "Mail.Send"}},
		"none":      {token(map[string]any{"aud": "x"}), []string{}},
		"malformed": {token(map[string]any{"roles": 7}), nil},
		"opaque":    {"EwBwA8l6BAAU", nil},
		"unsigned":  {unsigned(map[string]any{"roles": []string{"Mail.Read"}}), nil},
	} {
		if got := rolesIn(secret.New(c.token)); !slices.Equal(got, c.want) || (got == nil) != (c.want == nil) {
			t.Errorf("%s: %#v", name, got)
		}
	}
}
