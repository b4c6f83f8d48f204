package signin

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"entrada/internal/fault"
	"entrada/internal/netclient"
	"entrada/internal/secret"
)

// says is a token endpoint that gives one answer.
func says(status int, contentType, text string) func(http.ResponseWriter, *http.Request, map[string]any) {
	return func(w http.ResponseWriter, _ *http.Request, _ map[string]any) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, text)
	}
}

// with is the good answer, changed; a nil value removes a field.
func with(changes map[string]any) func(http.ResponseWriter, *http.Request, map[string]any) {
	return func(w http.ResponseWriter, _ *http.Request, answer map[string]any) {
		for name, value := range changes {
			if answer[name] = value; value == nil {
				delete(answer, name)
			}
		}
		writeJSON(w, 200, answer)
	}
}

const jsonType = "application/json; charset=utf-8"

func TestTokenEndpoint(t *testing.T) {
	entraSays := func(description string) string {
		text, _ := json.Marshal(map[string]any{
			"error": "invalid_grant", "error_description": description, "error_codes": []int{70008},
			"timestamp": "2026-11-20 10:11:12Z", "trace_id": "11111111-2222-4333-8444-555555555555",
			"correlation_id": "66666666-7777-4888-8999-000000000000",
		})
		return string(text)
	}
	for name, c := range map[string]struct {
		token func(http.ResponseWriter, *http.Request, map[string]any)
		kind  fault.Kind
		code  string
	}{
		"refused": {says(400, jsonType,
			entraSays("AADSTS70008: The provided authorization code has expired.")), fault.Refused, "AADSTS70008"},
		"refused, number alone": {says(401, jsonType, entraSays("no")), fault.Refused, "AADSTS70008"},
		"refused with OK":       {says(200, jsonType, entraSays("AADSTS70008: no")), fault.Refused, "AADSTS70008"},
		"no such tenant": {says(400, jsonType, entraSays("AADSTS90002: Tenant not found.")),
			fault.TenantNotFound, "AADSTS90002"},
		"throttled": {says(429, jsonType, entraSays("AADSTS90055: slow down")), fault.Throttled,
			"AADSTS90055"},
		"out of order": {says(503, jsonType, entraSays("AADSTS90033: try later")), fault.Unavailable,
			"AADSTS90033"},
		"a gateway":              {says(502, "text/html", "<h1>Bad Gateway"), fault.Unavailable, ""},
		"an error without words": {says(400, jsonType, "{}"), fault.BadAnswer, ""},
		"chunked is 404":         {says(404, "text/html", ""), fault.CaptivePortal, ""},

		"a login page": {says(200, "text/html; charset=utf-8", "<html>Log in"), fault.CaptivePortal, ""},
		"a token as plain text": {says(200, "text/plain", "access_token=a&token_type=bearer&expires_in=3600"),
			fault.BadAnswer, ""},
		"a token as a form": {says(200, "application/x-www-form-urlencoded",
			"access_token=a&token_type=bearer&expires_in=3600"), fault.BadAnswer, ""},
		"nothing":             {says(200, jsonType, ""), fault.TokenInvalid, ""},
		"cut off":             {says(200, jsonType, `{"access_token":"`), fault.TokenInvalid, ""},
		"not an object":       {says(200, jsonType, `["access_token"]`), fault.TokenInvalid, ""},
		"number as token":     {with(map[string]any{"access_token": 7}), fault.TokenInvalid, ""},
		"no access token":     {with(map[string]any{"access_token": nil}), fault.TokenInvalid, ""},
		"empty access token":  {with(map[string]any{"access_token": ""}), fault.TokenInvalid, ""},
		"spaces in the token": {with(map[string]any{"access_token": "a b"}), fault.TokenInvalid, ""},
		"line break in token": {with(map[string]any{"access_token": "a\r\nX-Evil: 1"}), fault.TokenInvalid, ""},
		"endless token": {with(map[string]any{"access_token": strings.Repeat("a", 70_000)}), fault.TokenInvalid,
			""},
		"odd refresh token": {with(map[string]any{"refresh_token": "a\x00"}), fault.TokenInvalid, ""},
		"no type":           {with(map[string]any{"token_type": nil}), fault.TokenInvalid, ""},
		"MAC token":         {with(map[string]any{"token_type": "mac"}), fault.TokenInvalid, ""},
		"no lifetime":       {with(map[string]any{"expires_in": nil}), fault.TokenInvalid, ""},
		"no life":           {with(map[string]any{"expires_in": 0}), fault.TokenInvalid, ""},
		"short life":        {with(map[string]any{"expires_in": 59}), fault.TokenInvalid, ""},
		"long life":         {with(map[string]any{"expires_in": 86401}), fault.TokenInvalid, ""},
		"endless life":      {with(map[string]any{"expires_in": 1e300}), fault.TokenInvalid, ""},
		"negative life":     {with(map[string]any{"expires_in": -3600}), fault.TokenInvalid, ""},
		"words as lifetime": {with(map[string]any{"expires_in": "an hour"}), fault.TokenInvalid, ""},
		"no ID token":       {with(map[string]any{"id_token": nil}), fault.TokenInvalid, ""},

		"shortest life":   {with(map[string]any{"expires_in": 60}), "", ""},
		"longest life":    {with(map[string]any{"expires_in": 86400}), "", ""},
		"life in quotes":  {with(map[string]any{"expires_in": "3599"}), "", ""},
		"lower-case type": {with(map[string]any{"token_type": "bearer"}), "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.token = c.token
			var d diary
			_, err := Interactive(t.Context(), f.request(), f.browser(), d.write)
			wantKind(t, err, c.kind)
			if got := fault.CodeOf(err); got != c.code {
				t.Errorf("code %q, want %q", got, c.code)
			}
			if f.calls() != 1 {
				t.Errorf("%d token calls", f.calls())
			}
			f.noSecretIn(err, d.pages)
			d.portIsClosed(t)
		})
	}
}

func TestRefusalKeepsWhatSupportNeeds(t *testing.T) {
	f := newFake(t)
	f.token = func(w http.ResponseWriter, _ *http.Request, _ map[string]any) {
		w.Header().Set("Retry-After", "17")
		writeJSON(w, 401, map[string]any{
			"error": "invalid_client", "error_codes": []int{7000215},
			"error_description": "AADSTS7000215: Invalid client secret provided. Trace ID: " +
				"11111111-2222-4333-8444-555555555555 Correlation ID: x Timestamp: y",
			"correlation_id": "66666666-7777-4888-8999-000000000000",
		})
	}
	_, err := AppOnly(t.Context(), f.request())
	var got *fault.Error
	if !errors.As(err, &got) {
		t.Fatal(err)
	}
	if got.Code != "AADSTS7000215" || got.Detail != "Invalid client secret provided." || got.Status != 401 ||
		got.TraceID != "11111111-2222-4333-8444-555555555555" ||
		got.CorrelationID != "66666666-7777-4888-8999-000000000000" ||
		got.RetryAfter != 17*time.Second || got.Op != "sign in as the app" || got.When.IsZero() {
		t.Errorf("%+v", got)
	}
}

// A proxy or a broken server may send back what it was sent.
func TestEchoedRequestsStayOut(t *testing.T) {
	for name, echo := range map[string]func(w http.ResponseWriter, form string){
		"502, text": func(w http.ResponseWriter, form string) { says(502, "text/plain", form)(w, nil, nil) },
		"400, HTML": func(w http.ResponseWriter, form string) { says(400, "text/html", form)(w, nil, nil) },
		"400, JSON": func(w http.ResponseWriter, form string) { says(400, jsonType, form)(w, nil, nil) },
		"as error": func(w http.ResponseWriter, form string) {
			writeJSON(w, 400, map[string]any{"error": form, "error_codes": []int{1}})
		},
		"as words": func(w http.ResponseWriter, form string) {
			writeJSON(w, 400, map[string]any{"error": "e", "error_description": "AADSTS1000: " + form})
		},
		"as a trace": func(w http.ResponseWriter, form string) {
			writeJSON(w, 400, map[string]any{"error": "e", "trace_id": form, "correlation_id": form})
		},
		"as header": func(w http.ResponseWriter,
			form string) {
			w.Header().Set("Content-Type", form)
			w.WriteHeader(200)
		},
		"as address": func(w http.ResponseWriter, form string) {
			w.Header().Set("Location", "http://192.0.2.1/?"+form)
			w.WriteHeader(307)
		},
		"as no HTTP": func(w http.ResponseWriter, form string) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
				_, _ = io.WriteString(conn, form+"\r\n\r\n")
				_ = conn.Close()
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.token = func(w http.ResponseWriter, r *http.Request, _ map[string]any) {
				plain := strings.NewReplacer("%7E", "~", "%2B", "+", "%2F", "/", "%3D",
					"=").Replace(r.PostForm.Encode())
				echo(w, r.PostForm.Encode()+" "+plain)
			}
			_, err := Interactive(t.Context(), f.request(), f.browser(), nil)
			if err == nil {
				t.Fatal("no error")
			}
			f.noSecretIn(err)
			_, err = Refresh(t.Context(), f.request(), &Session{RefreshToken: secret.New(canary + "-refresh-token-0")})
			f.noSecretIn(err)
		})
	}
}

func TestTokenRequestIsNotRedirected(t *testing.T) {
	var elsewhere atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	defer other.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		f := newFake(t)
		f.token = func(w http.ResponseWriter, r *http.Request,
			_ map[string]any) {
			http.Redirect(w, r, other.URL, status)
		}
		_, err := Interactive(t.Context(), f.request(), f.browser(), nil)
		wantKind(t, err, fault.BadAnswer)
		f.metadata = func(w http.ResponseWriter, r *http.Request,
			_ map[string]any) {
			http.Redirect(w, r, other.URL, status)
		}
		_, err = Interactive(t.Context(), f.request(), f.browser(), nil)
		wantKind(t, err, fault.BadAnswer)
	}
	if elsewhere.Load() != 0 {
		t.Error("a redirect was followed")
	}
}

func TestServersThatDoNotAnswer(t *testing.T) {
	client := netclient.New(netclient.Options{Header: 100 * time.Millisecond, Idle: 100 * time.Millisecond})
	defer client.CloseIdleConnections()
	for name, token := range map[string]func(http.ResponseWriter, *http.Request, map[string]any){
		"no header": func(_ http.ResponseWriter, r *http.Request, _ map[string]any) { <-r.Context().Done() },
		"half a body": func(w http.ResponseWriter, r *http.Request, _ map[string]any) {
			w.Header().Set("Content-Type", jsonType)
			_, _ = io.WriteString(w, `{"access_token":`)
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		},
	} {
		f := newFake(t)
		f.token = token
		r := f.request()
		r.Client = client
		_, err := Interactive(t.Context(), r, f.browser(), nil)
		if fault.KindOf(err) != fault.TimedOut || f.calls() != 1 {
			t.Errorf("%s: %v after %d calls", name, err, f.calls())
		}
	}
}

func TestFewerScopesThanAsked(t *testing.T) {
	f := newFake(t)
	f.token = with(map[string]any{"scope": "openid profile", "refresh_token": nil})
	s, err := Interactive(t.Context(), f.request(), f.browser(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(s.Missing, []string{"offline_access", "Mail.Send"}) ||
		slices.Contains(s.Granted, "offline_access") {
		t.Errorf("granted %q, missing %q", s.Granted, s.Missing)
	}
	_, err = Refresh(t.Context(), f.request(), s)
	wantKind(t, err, fault.NoRefreshToken)
}

func TestCompareScopes(t *testing.T) {
	for _, c := range []struct{ asked, granted, missing string }{
		{"openid https://graph.test/Mail.Send", "openid Mail.Send", ""},
		{"https://graph.test/Mail.Send", "mail.send", ""},
		{"Mail.Send Mail.Read", "https://graph.test/Mail.Send", "Mail.Read"},
		{"https://graph.test/.default", "Mail.Send", ""},
		{"openid profile email", "Mail.Send", ""},
		{"https://graph.test/Mail.Read", "https://graph.test/Mail.ReadWrite", "Mail.Read"},
		{"Mail.Send offline_access", "", ""}, // not said means as asked
	} {
		got := &tokens{granted: splitScopes(c.granted), id: "i", refresh: secret.New("r")}
		if _, missing := compareScopes(strings.Fields(c.asked), got); strings.Join(missing, " ") != c.missing {
			t.Errorf("%q for %q: missing %q", c.granted, c.asked, missing)
		}
	}
}

func TestClockSkewIsKept(t *testing.T) {
	for _, behind := range []time.Duration{0, 3 * time.Minute, 24 * time.Hour} {
		f := newFake(t)
		f.token = func(w http.ResponseWriter, _ *http.Request, answer map[string]any) {
			w.Header().Set("Date", time.Now().Add(behind).UTC().Format(http.TimeFormat))
			writeJSON(w, 200, answer)
		}
		s, err := AppOnly(t.Context(), f.request())
		if err != nil || (s.ClockSkew+behind).Abs() > 2*time.Second {
			t.Errorf("%v behind: %v, %v", behind, s.ClockSkew, err)
		}
	}
}

func TestRefusalsWithOddWords(t *testing.T) {
	for _, c := range []struct {
		in     oauthError
		kind   fault.Kind
		code   string
		detail string
	}{
		{oauthError{Error: "consent_required", Description: "AADSTS65001: Nobody consented.\r\nTrace ID: z"},
			fault.Refused, "AADSTS65001", "Nobody consented. Trace ID: z"},
		{oauthError{Error: "access_denied"}, fault.Refused, "access_denied", ""},
		{oauthError{Error: "an odd <one>"}, fault.BadAnswer, "",
			"the answer is neither a token nor an error of Microsoft's"},
		{oauthError{Error: "x", Description: "before AADSTS50105: after"}, fault.Refused, "AADSTS50105",
			"before AADSTS50105: after"},
		{oauthError{Error: "invalid_tenant"}, fault.TenantNotFound, "invalid_tenant", ""},
		{oauthError{Error: "x", Codes: []int{-1}}, fault.Refused, "x", ""},
		{oauthError{Error: "x", Description: "AADSTS1 is too short"}, fault.Refused, "x", "AADSTS1 is too short"},
	} {
		f := c.in.fault("test", 0)
		if f.Kind != c.kind || f.Code != c.code || f.Detail != c.detail {
			t.Errorf("%+v: %q %q %q", c.in, f.Kind, f.Code, f.Detail)
		}
	}
	long := oauthError{Error: "x", Description: strings.Repeat("ä", 5000)}.fault("test", 0)
	if n := len([]rune(long.Detail)); n > 601 {
		t.Errorf("%d characters", n)
	}
	if text := fmt.Sprint(
		oauthError{Error: "x", Description: "AADSTS1000: it is s3cr3t/+ or s3cr3t%2F%2B"}.fault("test", 0,
			secret.New("s3cr3t/+"))); strings.Contains(text, "s3cr3t") {
		t.Error(text)
	}
}
