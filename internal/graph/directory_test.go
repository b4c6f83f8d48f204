package graph

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"entrada/internal/fault"
)

// answers plays Graph for a batch: status and body by the path that is asked.
func answers(t *testing.T, r *http.Request, by func(url string) (int, string)) string {
	t.Helper()
	var in struct {
		Requests []struct {
			ID, Method, URL string
			Headers         map[string]string
		} `json:"requests"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		t.Error(err)
	}
	var out []string
	for i := len(in.Requests) - 1; i >= 0; i-- { // in any order
		one := in.Requests[i]
		if strings.HasPrefix(one.URL, "/users") && one.Headers["ConsistencyLevel"] != "eventual" {
			t.Error("the mailboxes are counted without the header")
		}
		status, body := by(one.URL)
		out = append(out, fmt.Sprintf(`{"id":%q,"status":%d,"headers":{},"body":%s}`, one.ID, status, body))
	}
	return `{"responses":[` + strings.Join(out, ",") + `]}`
}

func well(url string) (int, string) {
	switch {
	case strings.HasPrefix(url, "/me/"):
		return 200, `{"value":[{"roleTemplateId":"a"}]}`
	case strings.HasPrefix(url, "/users?"):
		return 200, `{"@odata.count":214,"value":[{"id":"1"}]}`
	case strings.HasPrefix(url, "/applications?"):
		return 200, `{"value":[{"appId":"theirs"}]}`
	default:
		return 200, `{"id":"graph"}`
	}
}

func TestTheBeginningsComeInOneRequest(t *testing.T) {
	client, n := serve(t, func(_ int64, w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprint(w, answers(t, r, well))
	})
	b := client.Begin(t.Context(), "Vendor's app", true)
	if b.RolesErr != nil || b.GraphErr != nil || b.SameErr != nil || b.CountErr != nil {
		t.Errorf("%+v", b)
	}
	if len(b.Roles) != 1 || b.Graph.ID != "graph" || len(b.Same) != 1 || b.Mailboxes != 214 {
		t.Errorf("%+v", b)
	}
	if n.Load() != 1 {
		t.Errorf("%d requests", n.Load())
	}
}

// What a batch does not bring is asked for by itself.
func TestABatchThatBringsNotAll(t *testing.T) {
	for name, c := range map[string]struct {
		batch    func(w http.ResponseWriter, r *http.Request)
		requests int64
	}{
		"no batch at all": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			_, _ = fmt.Fprint(w, `{"error":{"code":"Forbidden","message":"no"}}`)
		}, 5},
		"one is throttled": {func(w http.ResponseWriter, r *http.Request) {
			_, _ = fmt.Fprint(w, answers(t, r, func(url string) (int, string) {
				if strings.HasPrefix(url, "/applications?") {
					return 429, `{"error":{"code":"TooManyRequests","message":"wait"}}`
				}
				return well(url)
			}))
		}, 2},
		"one goes on elsewhere": {func(w http.ResponseWriter, r *http.Request) {
			_, _ = fmt.Fprint(w, answers(t, r, func(url string) (int, string) {
				if strings.HasPrefix(url, "/applications?") {
					return 200, `{"value":[],"@odata.nextLink":"https://graph.microsoft.com/v1.0/next"}`
				}
				return well(url)
			}))
		}, 2},
		"nonsense": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = fmt.Fprint(w,
				`{"responses":[{"id":"x","status":200,"body":{}},{"id":"99","status":200,"body":{}},{"id":"1","status":200,"body":7}]}`)
		}, 5},
	} {
		client, n := serve(t, func(_ int64, w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/$batch") {
				c.batch(w, r)
				return
			}
			_, body := well(strings.TrimPrefix(r.URL.RequestURI(), "/v1.0"))
			_, _ = fmt.Fprint(w, body)
		})
		b := client.Begin(t.Context(), "Vendor's app", true)
		if b.RolesErr != nil || b.GraphErr != nil || b.SameErr != nil || b.CountErr != nil || len(b.Roles) != 1 ||
			b.Graph.ID != "graph" || len(b.Same) != 1 || b.Mailboxes != 214 {
			t.Errorf("%s: %+v", name, b)
		}
		if n.Load() != c.requests {
			t.Errorf("%s: %d requests", name, n.Load())
		}
	}
}

func TestACountThatIsNone(t *testing.T) {
	client, _ := serve(t,
		func(_ int64, w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, `{"value":[{"id":"1"}]}`) })
	if n, err := client.Mailboxes(t.Context()); n != 0 || !fault.Is(err, fault.BadAnswer) {
		t.Errorf("%d, %v", n, err)
	}
}
