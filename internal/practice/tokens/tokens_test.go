package tokens

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestReading(t *testing.T) {
	keys, err := New()
	if err != nil {
		t.Fatal(err)
	}
	others, err := New()
	if err != nil {
		t.Fatal(err)
	}
	kept, err := keys.Keep()
	if err != nil {
		t.Fatal(err)
	}
	again, err := Kept(kept)
	if err != nil || again.Public().Keys[0].KeyID != keys.Public().Keys[0].KeyID || !again.Public().Keys[0].IsPublic() {
		t.Fatalf("%v %+v", err, again)
	}
	now := time.Now()
	sign := func(k *Keys, from, to time.Duration) string {
		token, err := k.Sign(
			map[string]any{"aud": "x", "idtyp": "app", "scp": "a b", "nbf": now.Add(from).Unix(),
				"exp": now.Add(to).Unix()})
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	good := sign(keys, 0, time.Hour)
	parts := strings.Split(good, ".")
	for name, c := range map[string]struct {
		token string
		want  error
	}{
		"good":            {good, nil},
		"a little early":  {sign(keys, time.Minute, time.Hour), nil},
		"of the kept key": {sign(again, 0, time.Hour), nil},
		"too early":       {sign(keys, time.Hour, 2*time.Hour), ErrNotYet},
		"over":            {sign(keys, -time.Hour, 0), ErrExpired},
		"of another key":  {sign(others, 0, time.Hour), ErrSignature},
		"another's payload": {parts[0] + "." + strings.Split(sign(keys, 0, 2*time.Hour), ".")[1] + "." + parts[2],
			ErrSignature},
		"unsigned":          {Unsigned(map[string]any{"exp": now.Add(time.Hour).Unix()}), ErrMalformed},
		"without signature": {parts[0] + "." + parts[1] + ".", ErrSignature},
		"nothing":           {"", ErrMalformed},
		"words":             {"not a token", ErrMalformed},
		"JSON serialisation": {`{"payload":"` + parts[1] + `","protected":"` + parts[0] + `","signature":"` +
			parts[2] + `"}`, ErrMalformed},
	} {
		a, err := again.Read(c.token, now)
		if !errors.Is(err, c.want) || c.want == nil && (err != nil || !a.AppOnly() || len(a.Scopes()) != 2) {
			t.Errorf("%s: %+v %v, want %v", name, a, err, c.want)
		}
	}
	for _, bad := range []string{"", "null", "{}", `{"kty":"oct","k":"AAAA","kid":"x"}`,
		strings.Replace(string(kept), `"kid":"`, `"nokid":"`, 1)} {
		if _, err := Kept([]byte(bad)); err == nil {
			t.Errorf("%.40s is taken for a key", bad)
		}
	}
	public, err := keys.Public().Keys[0].MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Kept(public); err == nil {
		t.Error("half a key is taken")
	}
}
