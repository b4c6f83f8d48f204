package registration_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"entrada/internal/registration"
)

// crossing lets one request wait for the end of another.
type crossing struct {
	next     http.RoundTripper
	waits    string // the end of the path of the request that waits
	awaited  string // and of the one that it waits for
	over     chan struct{}
	instead  func(*http.Request) *http.Response // of the request that waits; nil: it goes on
	together bool
}

func (c *crossing) RoundTrip(r *http.Request) (*http.Response, error) {
	switch {
	case r.Method != http.MethodPost:
	case strings.HasSuffix(r.URL.Path, c.awaited):
		resp, err := c.next.RoundTrip(r)
		if err == nil {
			data, failed := io.ReadAll(resp.Body)
			_ = resp.Body.Close()
			resp.Body, err = io.NopCloser(bytes.NewReader(data)), failed
		}
		close(c.over)
		return resp, err
	case strings.HasSuffix(r.URL.Path, c.waits):
		select {
		case <-c.over:
			c.together = true
		case <-time.After(10 * time.Second): // it comes only afterwards
		}
		if c.instead != nil {
			return c.instead(r), nil
		}
	}
	return c.next.RoundTrip(r)
}

// TestTheSecretIsMadeBesideTheConsents: the enterprise app waits until the secret
// is there, which would never be if one came after the other.
func TestTheSecretIsMadeBesideTheConsents(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, vendor := range []string{"oxfordiq", "cxt"} {
		want := wanted(t, vendor, "")
		c := &crossing{waits: "/servicePrincipals", awaited: "/addPassword", over: make(chan struct{})}
		e := w.engine("alex", func(next http.RoundTripper) http.RoundTripper { c.next = next; return c })
		p, err := e.Prepare(t.Context(), want, registration.App{})
		if err != nil {
			t.Fatal(err)
		}
		var seen []registration.Stage
		last := -1
		res, err := e.Apply(t.Context(), p, func(g registration.Progress) {
			if seen = append(seen, g.Stage); g.Index < last {
				t.Errorf("%s: change %d is told of after change %d", vendor, g.Index, last)
			}
			last = g.Index
		})
		if err != nil || !c.together {
			t.Fatalf("%s: together %v, %v", vendor, c.together, err)
		}
		if len(seen) != 2*len(p.Changes) {
			t.Errorf("%s: %d stages of %d changes were told", vendor, len(seen), len(p.Changes))
		}
		w.exactlyOne(want, res)
	}
}

// TestNoSecretStaysWhereSomethingIsMissing: the consent is refused when the secret
// has been made. It goes again, now or when somebody goes on.
func TestNoSecretStaysWhereSomethingIsMissing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, stays := range []bool{false, true} {
		want := wanted(t, "oxfordiq", map[bool]string{false: "Taken back", true: "Cannot be taken back"}[stays])
		p := w.prepare("alex", want)
		c := &crossing{waits: "/oauth2PermissionGrants", awaited: "/addPassword", over: make(chan struct{}),
			instead: refused}
		e := w.engine("alex", func(next http.RoundTripper) http.RoundTripper {
			c.next = next
			return tamper(func(r *http.Request) (*http.Response, error) {
				if stays && strings.HasSuffix(r.URL.Path, "/removePassword") {
					return refused(r), nil
				}
				return c.RoundTrip(r)
			})
		})
		res, err := e.Apply(t.Context(), p, nil)
		if f := failure(t, err); f.Change.Kind != registration.GrantDelegated || !c.together || !res.Secret.IsEmpty() {
			t.Errorf("%s failed, together %v, a secret %v", f.Change.Kind, c.together, !res.Secret.IsEmpty())
		}
		if n := len(w.Apps(want.AppName)[0].Secrets); n != map[bool]int{false: 0, true: 1}[stays] {
			t.Errorf("%d secrets are left", n)
		}
		j := w.journalOf(p.RunID)
		wantStage := map[bool]registration.Stage{false: "", true: registration.Doing}[stays]
		if got := j.Stage(p.Changes[len(p.Changes)-1]); got != wantStage || j.SecretID() != "" {
			t.Errorf("the journal says of the secret: %q", got)
		}
		res, err = w.engine("alex", nil).Resume(t.Context(), j, nil)
		if err != nil {
			t.Fatal(err)
		}
		w.exactlyOne(want, res)
	}
}
