package graph

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/secret"
)

// inMemory is a network without wires.
type inMemory func(*http.Request) *http.Response

func (n inMemory) RoundTrip(r *http.Request) (*http.Response, error) { return n(r), nil }

func answer(status int, header http.Header, body string) *http.Response {
	if header == nil {
		header = http.Header{}
	}
	header.Set("Content-Type", "application/json")
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body)),
		Request: &http.Request{URL: &url.URL{}}}
}

// TestLimiterAdmitsSoMany: no more requests run than are allowed. One that Microsoft
// throttles lets others run meanwhile. One that is cancelled before its admission was
// never sent.
func TestLimiterAdmitsSoMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var now, most, asked, mails atomic.Int64
		network := &http.Client{Transport: inMemory(func(r *http.Request) *http.Response {
			asked.Add(1)
			most.Store(max(most.Load(), now.Add(1)))
			defer now.Add(-1)
			time.Sleep(time.Second) // virtual time
			if r.Method == http.MethodPost && mails.Add(1) == 1 {
				return answer(429, http.Header{"Retry-After": {"30"}}, "{}")
			}
			return answer(200, nil, `{"id":"x"}`)
		})}
		limiter := NewFairLimiter(2)
		client := func() *Client {
			return New(entra.Cloud{Graph: "http://graph.example"}, secret.New(token), network).WithLimiter(limiter)
		}
		began := time.Now()
		var all sync.WaitGroup
		all.Go(func() {
			if err := client().SendMail(t.Context(), "", "me@contoso.example", "s", "t"); err != nil ||
				time.Since(began).Truncate(time.Second) != 32*time.Second {
				t.Errorf("the mail took %s, %v", time.Since(began), err)
			}
		})
		synctest.Wait()
		for range 6 {
			all.Go(func() {
				if _, err := client().Me(t.Context()); err != nil || time.Since(began) > 5*time.Second {
					t.Errorf("the profile took %s, %v", time.Since(began), err)
				}
			})
		}
		synctest.Wait()
		sent := asked.Load()
		ctx, cancel := context.WithCancel(t.Context())
		all.Go(func() {
			if _, err := client().CreateContact(ctx, "", "x"); !fault.Is(err, fault.Cancelled) || !ChangedNothing(err) {
				t.Errorf("cancelled before its admission: %v", err)
			}
		})
		synctest.Wait()
		cancel()
		synctest.Wait()
		if asked.Load() != sent {
			t.Error("it was sent all the same")
		}
		all.Wait()
		if most.Load() != 2 || asked.Load() != 8 {
			t.Errorf("%d at once, %d in all", most.Load(), asked.Load())
		}
	})
}

// TestNoChainFallsBehind: chains of requests, of which the longest begins last,
// are over after as many rounds as their number needs.
func TestNoChainFallsBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		network := &http.Client{Transport: inMemory(func(*http.Request) *http.Response {
			time.Sleep(time.Second)
			return answer(200, nil, `{"id":"x"}`)
		})}
		limiter, began := NewFairLimiter(4), time.Now()
		var all sync.WaitGroup
		for _, length := range []int{1, 3, 3, 4, 4, 4} { // 19 in all, so five rounds
			all.Go(func() {
				c := New(entra.Cloud{Graph: "http://graph.example"}, secret.New(token), network).WithLimiter(limiter)
				for range length {
					if _, err := c.Me(t.Context()); err != nil {
						t.Error(err)
					}
				}
			})
			synctest.Wait() // so they come in this order
		}
		all.Wait()
		if took := time.Since(began); took.Truncate(time.Second) != 5*time.Second {
			t.Errorf("it took %s", took)
		}
	})
}
