package graph

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/secret"
)

// reply answers every request alike; after many it is gone.
type reply struct {
	status int
	body   []byte
	count  *int
}

func (a reply) RoundTrip(r *http.Request) (*http.Response, error) {
	if *a.count++; *a.count > 200 {
		return nil, context.Canceled
	}
	return &http.Response{StatusCode: a.status, Status: http.StatusText(a.status), Request: r,
		ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(bytes.NewReader(a.body)), ContentLength: int64(len(a.body))}, nil
}

// Any answer of Graph is taken, or is a fault of a known kind without the token in it,
// after a bounded number of requests.
func FuzzGraphAnswer(f *testing.F) {
	f.Add(uint8(0), []byte(`{"value":[{"id":"1","subject":"x","start":{"dateTime":"2026-11-20T00:00:00","timeZone":"UTC"}}]}`))
	f.Add(uint8(0), []byte(`{"value":[],"@odata.nextLink":"https://graph.microsoft.com/v1.0/me/events?$skip=1"}`))
	f.Add(uint8(5), []byte(`{"error":{"code":"Authorization_RequestDenied","message":"x","innerError":{"code":"y"}}}`))
	// In a clock of its own: some answers are asked for again after a while.
	f.Fuzz(func(t *testing.T, which uint8, body []byte) {
		synctest.Test(t, func(t *testing.T) { anyAnswer(t, statuses[int(which)%len(statuses)], body) })
	})
}

var statuses = []int{200, 201, 204, 400, 401, 403, 404, 410, 429, 500, 503}

func anyAnswer(t *testing.T, status int, body []byte) {
	count := 0
	c := New(entra.Global(), secret.New(token), &http.Client{Transport: reply{status, body, &count}})
	ctx, now := t.Context(), time.Now()
	for name, call := range map[string]func() error{
		"me":       func() error { _, err := c.Me(ctx); return err },
		"events":   func() error { _, err := c.EventsBetween(ctx, "", now, now.Add(time.Hour)); return err },
		"subjects": func() error { _, err := c.ReadSubjects(ctx, "", 3); return err },
		"roles":    func() error { _, err := c.MyRoles(ctx); return err },
		"apps":     func() error { _, err := c.ApplicationsNamed(ctx, "x"); return err },
		"password": func() error { _, _, err := c.AddPassword(ctx, "1", "x", now); return err },
		"grants":   func() error { _, err := c.GrantsOf(ctx, "3f6b1c9e-52a7-4c1d-9b0e-7d2f4a8c6e10"); return err },
		"settings": func() error { _, err := c.MailboxSettings(ctx, ""); return err },
		"rules":    func() error { _, err := c.SecretRules(ctx); return err },
		"send":     func() error { return c.SendMail(ctx, "", "a@b.example", "s", "t") },
	} {
		count = 0
		err := call()
		if count > 150 {
			t.Errorf("%s: %d requests", name, count)
		}
		if err != nil && (fault.KindOf(err) == fault.Unknown || strings.Contains(err.Error(), token)) {
			t.Fatalf("%s: %v", name, err)
		}
	}
}
