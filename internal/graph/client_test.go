package graph

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/netclient"
	"entrada/internal/secret"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const token = "token-marker-Zx9"

// serve answers request number n (from 1) with handler and returns a client
// for it and the count of requests.
func serve(t *testing.T, handler func(n int64, w http.ResponseWriter, r *http.Request)) (*Client, *atomic.Int64) {
	t.Helper()
	var count atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		handler(count.Add(1), w, r)
	}))
	client := netclient.New(netclient.Options{MaxBody: netclient.GraphBody})
	t.Cleanup(func() { client.CloseIdleConnections(); server.Close() })
	return New(entra.Cloud{Graph: server.URL}, secret.New(token), client), &count
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("request-id", "5c1e0000-0000-0000-0000-000000000000")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `{"error":{"code":%q,"message":"words of the server"}}`, code)
}

func TestAMailIsNeverSentTwice(t *testing.T) {
	for name, handler := range map[string]func(http.ResponseWriter){
		"connection dropped": func(w http.ResponseWriter) {
			conn, _, _ := w.(http.Hijacker).Hijack()
			_ = conn.Close()
		},
		"bad gateway":         func(w http.ResponseWriter) { refuse(w, 502, "BadGateway") },
		"service unavailable": func(w http.ResponseWriter) { refuse(w, 503, "ServiceUnavailable") },
		"gateway timeout":     func(w http.ResponseWriter) { refuse(w, 504, "Timeout") },
	} {
		t.Run(name, func(t *testing.T) {
			client, count := serve(t, func(_ int64, w http.ResponseWriter, _ *http.Request) { handler(w) })
			err := client.SendMail(t.Context(), "", "me@contoso.example", "s", "t")
			if count.Load() != 1 {
				t.Errorf("%d requests for one mail", count.Load())
			}
			if !fault.Is(err, fault.MaybeSent) {
				t.Errorf("the person is told %v", err)
			}
		})
	}
}

func TestAThrottledMailGoesOutOnce(t *testing.T) {
	client, count := serve(t, func(n int64, w http.ResponseWriter, _ *http.Request) {
		if n == 1 {
			w.Header().Set("Retry-After", "1")
			refuse(w, 429, "TooManyRequests")
			return
		}
		w.WriteHeader(http.StatusAccepted)
	})
	var waited time.Duration
	client.OnWait = func(d time.Duration) { waited = d }
	if err := client.SendMail(t.Context(), "", "me@contoso.example", "s", "t"); err != nil || count.Load() != 2 ||
		waited != time.Second {
		t.Errorf("%v after %d requests, waited %v", err, count.Load(), waited)
	}
}

func TestAHugeRetryAfterDoesNotHang(t *testing.T) {
	client, count := serve(t, func(_ int64, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "999999")
		refuse(w, 429, "TooManyRequests")
	})
	_, err := client.Me(t.Context())
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != fault.Throttled || f.RetryAfter < time.Hour || count.Load() != 1 {
		t.Errorf("%v after %d requests", err, count.Load())
	}
}

// network answers without a real one, so that time can be that of the test.
type network func(*http.Request) *http.Response

func (a network) RoundTrip(r *http.Request) (*http.Response, error) { return a(r), nil }

// G01: all waits for one request together take two minutes at most.
func TestAllWaitsTogetherHaveAnEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		client := New(entra.Cloud{Graph: "https://graph.test"}, secret.New(token), &http.Client{Transport: network(
			func(r *http.Request) *http.Response {
				asked++
				return &http.Response{
					Request: r, StatusCode: 429,
					Header: http.Header{"Retry-After": {"50"}, "Content-Type": {"application/json"}},
					Body:   io.NopCloser(strings.NewReader(`{"error":{"code":"TooManyRequests"}}`)),
				}
			})})
		began := time.Now()
		_, err := client.Me(t.Context())
		if took := time.Since(began); !fault.Is(err, fault.Throttled) || took != 100*time.Second || asked != 3 {
			t.Errorf("%v after %v and %d requests", err, took, asked)
		}
	})
}

// G12: the ID in a report is the one that Microsoft has heard.
func TestTheIDInAReportWasSent(t *testing.T) {
	var sent []string
	client, _ := serve(t, func(_ int64, w http.ResponseWriter, r *http.Request) {
		sent = append(sent, r.Header.Get("client-request-id"))
		refuse(w, 403, "Forbidden")
	})
	for range 2 {
		_, err := client.Me(t.Context())
		var f *fault.Error
		if last := len(sent) - 1; !errors.As(err, &f) || last < 0 || !entra.IsGUID(sent[last]) ||
			f.TraceID != sent[last] {
			t.Errorf("%v; sent %q", err, sent)
		}
	}
	if len(sent) == 2 && sent[0] == sent[1] {
		t.Error("two requests have one ID")
	}
}

// G11: wherever the computer stands, an event is at the same moment.
func TestAnEventIsInUTC(t *testing.T) {
	var body string
	client, _ := serve(t, func(_ int64, w http.ResponseWriter, r *http.Request) {
		data, _ := io.ReadAll(r.Body)
		body = string(data)
		w.WriteHeader(201)
		_, _ = io.WriteString(w, `{"id":"AAA"}`)
	})
	kiritimati := time.FixedZone("far ahead", 14*60*60)
	at := time.Date(2026, 11, 21, 9, 0, 0, 0, kiritimati)
	_, err := client.CreateEvent(t.Context(), "", Event{Subject: "s", Start: at, End: at.Add(time.Hour)})
	if err != nil || !strings.Contains(body, `{"dateTime":"2026-11-20T19:00:00","timeZone":"UTC"}`) {
		t.Errorf("%v %s", err, body)
	}
}

func TestAnEventIsCreatedAgainWithTheSameTransaction(t *testing.T) {
	seen := map[string]bool{}
	client, count := serve(t, func(n int64, w http.ResponseWriter, r *http.Request) {
		body := make([]byte, r.ContentLength)
		_, _ = r.Body.Read(body)
		seen[string(body)] = true
		if n == 1 {
			refuse(w, 503, "ServiceUnavailable")
			return
		}
		w.WriteHeader(201)
		_, _ = fmt.Fprint(w,
			`{"id":"AAA","subject":"s","start":{"dateTime":"2026-11-21T09:00:00.0000000","timeZone":"UTC"},"unknown":null}`)
	})
	event, err := client.CreateEvent(t.Context(), "",
		Event{Subject: "s", TransactionID: "tx-1", Start: time.Now(), End: time.Now()})
	if err != nil || event.ID != "AAA" || event.Start.Hour() != 9 || count.Load() != 2 {
		t.Fatalf("%+v, %v after %d requests", event, err, count.Load())
	}
	if len(seen) != 1 {
		t.Error("the second try differs from the first")
	}
}

func TestADeletedEventCountsAsDeleted(t *testing.T) {
	client, _ := serve(t, func(_ int64, w http.ResponseWriter, _ *http.Request) { refuse(w, 404, "ErrorItemNotFound") })
	if err := client.DeleteEvent(t.Context(), "", "gone"); err != nil {
		t.Error(err)
	}
	client, _ = serve(t,
		func(_ int64, w http.ResponseWriter, _ *http.Request) { refuse(w, 404, "MailboxNotEnabledForRESTAPI") })
	if err := client.DeleteEvent(t.Context(), "", "x"); err == nil {
		t.Error("no mailbox is not the same as no event")
	}
}

func TestAnswersThatAreNoAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		write func(http.ResponseWriter)
		kind  fault.Kind
	}{
		"web page": {func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = fmt.Fprint(w, "<html>")
		}, fault.CaptivePortal},
		"refusing page": {func(
			w http.ResponseWriter) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(403)
		}, fault.CaptivePortal},
		"no mailbox": {func(w http.ResponseWriter) { refuse(w, 404, "MailboxNotEnabledForRESTAPI") },
			fault.GraphRefused},
	} {
		t.Run(name, func(t *testing.T) {
			client, _ := serve(t, func(_ int64, w http.ResponseWriter, _ *http.Request) { c.write(w) })
			_, err := client.Me(t.Context())
			if fault.KindOf(err) != c.kind {
				t.Error(err)
			}
			if err != nil && strings.Contains(err.Error(), token) {
				t.Error("the token is in the error")
			}
		})
	}
}

func TestTheTokenGoesToGraphAlone(t *testing.T) {
	foreign, _ := serve(t, func(_ int64, _ http.ResponseWriter, r *http.Request) {
		t.Errorf("%s reached a foreign host with %q", r.URL.Path, r.Header.Get("Authorization"))
	})
	client, _ := serve(t, func(_ int64, w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, foreign.base+"/me", http.StatusTemporaryRedirect)
	})
	if _, err := client.Me(t.Context()); err == nil {
		t.Error("a redirect was followed")
	}
}
