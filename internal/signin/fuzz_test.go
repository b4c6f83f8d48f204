package signin

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/secret"
)

// Whatever comes to the port: the answer is one of the constant pages, and only the
// right state ends the wait.
func FuzzCallback(f *testing.F) {
	const state = "the-state-that-nobody-guesses"
	for _, text := range []string{
		"POST / HTTP/1.1\r\nHost: localhost:1\r\nContent-Type: application/x-www-form-urlencoded\r\n" +
			"Content-Length: 21\r\n\r\ncode=x&state=a&state=",
		"GET /?code=1&state=2 HTTP/1.1\r\nHost: localhost:1\r\nSec-Fetch-Mode: navigate\r\n\r\n",
		"OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1:1\r\nOrigin: https://evil.example\r\n\r\n",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(data)))
		if err != nil || bytes.Contains(data, []byte(state)) {
			return
		}
		door := newCallback(state, 1, "", &authority{})
		w := httptest.NewRecorder()
		door.ServeHTTP(w, r.WithContext(t.Context()))
		if len(door.answer) != 0 {
			t.Fatalf("the wait ended without the state: %q", data)
		}
		if w.Code == http.StatusOK || w.Code >= http.StatusInternalServerError {
			t.Errorf("answered with %d", w.Code)
		}
		for name, values := range w.Header() {
			for _, v := range values {
				if len(v) > 12 && bytes.Contains(data, []byte(v)) && !strings.HasPrefix(v, "text/html") {
					t.Errorf("%s repeats the request: %q", name, v)
				}
			}
		}
	})
}

// reply answers every request alike.
type reply struct {
	status int
	body   []byte
}

func (a reply) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: a.status, Status: http.StatusText(a.status), Request: r,
		ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(bytes.NewReader(a.body)), ContentLength: int64(len(a.body))}, nil
}

// Any answer to the request for a token is a token, or a fault without a secret in it.
func FuzzTokenAnswer(f *testing.F) {
	f.Add(200, []byte(`{"token_type":"Bearer","expires_in":3599,"access_token":"eyJ0.eyJ0.x"}`))
	f.Add(400, []byte(`{"error":"invalid_client","error_description":"AADSTS7000215: x\r\nTrace ID: 1","error_codes":[7000215]}`))
	f.Add(429, []byte(`<html>`))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		if status < 100 || status > 999 {
			return
		}
		cloud := entra.Global()
		_, err := AppOnly(t.Context(), Request{Cloud: cloud, Tenant: tenantA, ClientID: clientID,
			ClientSecret: secret.New(canary + "-secret"), Client: &http.Client{Transport: reply{status, body}},
			Scopes: []string{cloud.Graph + "/.default"}})
		if err == nil {
			return
		}
		if fault.KindOf(err) == fault.Unknown || strings.Contains(err.Error(), canary+"-secret") {
			t.Fatalf("%v", err)
		}
	})
}
