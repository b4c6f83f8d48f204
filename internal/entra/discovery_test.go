package entra

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"entrada/internal/fault"
	"entrada/internal/netclient"
)

func TestFindTenant(t *testing.T) {
	answer := func(status int, contentType, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			w.WriteHeader(status)
			_, _ = fmt.Fprint(w, body)
		}
	}
	for _, c := range []struct {
		name    string
		handler http.HandlerFunc
		kind    fault.Kind
		code    string
	}{
		{"found", answer(200, "application/json; charset=utf-8", `{"issuer":"https://x/`+tenantID+`/v2.0"}`), "", ""},
		{"unknown domain",
			answer(400, "application/json",
				`{"error":"invalid_tenant","error_description":"AADSTS90002: Tenant 'x' not found."}`),
			fault.TenantNotFound, "AADSTS90002"},
		{"hotel network", answer(200, "text/html", `<html>Please log in`), fault.CaptivePortal, ""},
		{"cut off", answer(200, "application/json", `{"issuer":"https://x/`), fault.BadAnswer, ""},
		{"no tenant in it", answer(200, "application/json", `{"issuer":"https://x/common/v2.0"}`), fault.BadAnswer, ""},
		{"down", answer(503, "application/json", `{}`), fault.Unavailable, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := httptest.NewServer(c.handler)
			defer server.Close()
			client := netclient.New(netclient.Options{})
			defer client.CloseIdleConnections()
			cloud := Cloud{ID: PracticeCloudID, Login: server.URL}
			got, err := FindTenant(t.Context(), client, cloud, "contoso.example")
			if fault.KindOf(err) != c.kind || fault.CodeOf(err) != c.code {
				t.Fatalf("%v", err)
			}
			if err == nil && (got.ID != tenantID || got.Domain != "contoso.example" || got.Cloud.Login != server.URL) {
				t.Fatalf("%+v", got)
			}
		})
	}
}

func TestCloudIsReadFromTheGraphHost(t *testing.T) {
	gov := Clouds()[1]
	if got := cloudOf(gov, metadata{GraphHost: "dod-graph.microsoft.us"}); got.ID != "usgov-l5" {
		t.Errorf("got %s", got.ID)
	}
	if got := cloudOf(Global(), metadata{GraphHost: "graph.microsoft.com"}); got.ID != "global" {
		t.Errorf("got %s", got.ID)
	}
	practice := Cloud{ID: PracticeCloudID, Login: "http://127.0.0.1:1"}
	if got := cloudOf(practice, metadata{GraphHost: "graph.microsoft.com"}); got.ID != PracticeCloudID {
		t.Error("a practice tenant must never lead to a real cloud")
	}
}
