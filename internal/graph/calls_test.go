package graph

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/netclient"
	"entrada/internal/secret"
)

// creations are the calls that Graph cannot tell from their doubles.
var creations = map[string]func(context.Context, *Client) error{
	"draft":     func(ctx context.Context, c *Client) error { _, err := c.CreateDraft(ctx, "", "s", "t"); return err },
	"contact":   func(ctx context.Context, c *Client) error { _, err := c.CreateContact(ctx, "", "n"); return err },
	"task list": func(ctx context.Context, c *Client) error { _, err := c.CreateTaskList(ctx, "", "n"); return err },
	"task":      func(ctx context.Context, c *Client) error { _, err := c.CreateTask(ctx, "", "l", "n"); return err },
}

func TestWhatHasADoubleIsNotCreatedTwice(t *testing.T) {
	for name, create := range creations {
		for how, c := range map[string]struct {
			answer  func(w http.ResponseWriter)
			tries   int64
			nothing bool // it is certain that nothing was created
		}{
			"dropped": {func(w http.ResponseWriter) {
				conn, _, _ := w.(http.Hijacker).Hijack()
				_ = conn.Close()
			}, 1, false},
			"unavailable": {func(w http.ResponseWriter) { refuse(w, 503, "ServiceUnavailable") }, 1, false},
			"cut short":   {func(w http.ResponseWriter) { _, _ = io.WriteString(w, `{"id":"AA`) }, 1, false},
			"without ID":  {func(w http.ResponseWriter) { _, _ = io.WriteString(w, `{}`) }, 1, false},
			"refused":     {func(w http.ResponseWriter) { refuse(w, 403, "ErrorAccessDenied") }, 1, true},
			"throttled for an hour": {func(w http.ResponseWriter) {
				w.Header().Set("Retry-After", "3600")
				refuse(w, 429, "TooManyRequests")
			}, 1, true},
		} {
			client, count := serve(t, func(_ int64, w http.ResponseWriter, _ *http.Request) { c.answer(w) })
			err := create(t.Context(), client)
			if err == nil || count.Load() != c.tries || ChangedNothing(err) != c.nothing {
				t.Errorf("%s %s: %d requests, changed nothing: %v, %v", name, how, count.Load(), ChangedNothing(err),
					err)
			}
		}
	}
}

func TestNothingWentOut(t *testing.T) {
	client := netclient.New(netclient.Options{})
	defer client.CloseIdleConnections()
	nobody := New(entra.Cloud{Graph: "http://127.0.0.1:1"}, secret.New(token), client)
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	for name, ctx := range map[string]context.Context{"nobody listens": t.Context(), "cancelled before": stopped} {
		err := nobody.SendMail(ctx, "", "me@contoso.example", "s", "t")
		if !ChangedNothing(err) || fault.Is(err, fault.MaybeSent) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := nobody.Me(stopped); err == nil || ChangedNothing(err) {
		t.Errorf("reading never changes anything, so nothing is said of it: %v", err)
	}
}

// TestADoubtOutlivesARefusal: the first try may have done it, whatever became
// of the second.
func TestADoubtOutlivesARefusal(t *testing.T) {
	client, _ := serve(t, func(n int64, w http.ResponseWriter, _ *http.Request) {
		if n == 1 {
			refuse(w, 503, "ServiceUnavailable")
			return
		}
		refuse(w, 403, "ErrorAccessDenied")
	})
	_, err := client.CreateEvent(t.Context(), "",
		Event{Subject: "s", TransactionID: "t", Start: time.Now(), End: time.Now()})
	if !fault.Is(err, fault.GraphRefused) || ChangedNothing(err) {
		t.Error(err)
	}
}

// TestWhatWasBegunIsBroughtToItsEnd: cancelling does not cut a creation short.
func TestWhatWasBegunIsBroughtToItsEnd(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	client, _ := serve(t, func(_ int64, w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			cancel()
			_, _ = io.WriteString(w, `{"id":"AAA","displayName":"n"}`)
			return
		}
		<-r.Context().Done() // reading is given up at once
	})
	made, err := client.CreateContact(ctx, "", "n")
	if err != nil || made.ID != "AAA" {
		t.Errorf("%+v, %v", made, err)
	}
	if _, err := client.ReadContact(ctx, "", "AAA"); !fault.Is(err, fault.Cancelled) {
		t.Error(err)
	}
}

func TestAMessageIsDeletedForGood(t *testing.T) {
	var asked []string
	client, _ := serve(t, func(n int64, w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+r.URL.EscapedPath()+" "+r.Header.Get("Prefer"))
		if n == 3 {
			refuse(w, 404, "ErrorItemNotFound")
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
	for range 2 { // the second time, somebody else was quicker
		if err := client.DeleteMessage(t.Context(), "shared@contoso.example", "A/B=="); err != nil {
			t.Error(err)
		}
	}
	const want = `DELETE /v1.0/users/shared@contoso.example/messages/A%2FB== IdType="ImmutableId"`
	if len(asked) != 3 || asked[0] != want || asked[1] != want {
		t.Errorf("%q", asked)
	}
	refusing, _ := serve(t,
		func(_ int64, w http.ResponseWriter, _ *http.Request) { refuse(w, 403, "ErrorAccessDenied") })
	for name, remove := range map[string]func(context.Context, string, string) error{
		"message": refusing.DeleteMessage, "contact": refusing.DeleteContact, "task list": refusing.DeleteTaskList,
		"event": refusing.DeleteEvent,
	} {
		if err := remove(t.Context(), "", "x"); !fault.Is(err, fault.GraphRefused) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheNextPageIsOnTheSameServer(t *testing.T) {
	var next func(base string, n int64) string
	client, count := serve(t, func(n int64, w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprintf(w, `{"value":[{"id":"%d","displayName":"list %d"}],"@odata.nextLink":%q}`, n, n,
			next("http://"+r.Host+"/v1.0", n))
	})
	for name, c := range map[string]struct {
		next  func(base string, n int64) string
		lists int
		kind  fault.Kind
	}{
		"three pages": {func(base string, n int64) string {
			if n == 3 {
				return ""
			}
			return base + "/me/todo/lists?$skip=" + fmt.Sprint(n)
		}, 3, ""},
		"another host": {func(string, int64) string { return "https://graph.invalid/v1.0/me/todo/lists" }, 0,
			fault.BadAnswer},
		"another version": {func(base string,
			_ int64) string {
			return strings.Replace(base, "v1.0", "beta", 1) + "/me"
		}, 0, fault.BadAnswer},
		"a version with ours as prefix": {func(base string, _ int64) string { return base + "evil/me" }, 0,
			fault.BadAnswer},
		"a host with our prefix": {func(base string, _ int64) string { return base + ".evil.example/me" }, 0,
			fault.BadAnswer},
		"no end": {func(base string, _ int64) string { return base + "/me/todo/lists" }, 0, fault.BadAnswer},
	} {
		next = c.next
		count.Store(0)
		lists, err := client.TaskLists(t.Context(), "")
		if len(lists) != c.lists || fault.KindOf(err) != c.kind || count.Load() > maxPages {
			t.Errorf("%s: %d lists, %v, %d requests", name, len(lists), err, count.Load())
		}
		if c.kind != "" && name != "no end" && count.Load() != 1 {
			t.Errorf("%s: it was followed", name)
		}
	}
}

func TestAFilterTakesTextAsItIs(t *testing.T) {
	var asked string
	client, _ := serve(t, func(_ int64, w http.ResponseWriter, r *http.Request) {
		asked = r.URL.RawQuery + " " + r.URL.Query().Get("$filter")
		_, _ = io.WriteString(w, `{"value":[{"id":"1","subject":"it's & more","isDraft":true,"new":null}]}`)
	})
	found, err := client.MessagesWithSubject(t.Context(), "", "it's & more")
	if err != nil || len(found) != 1 || !found[0].IsDraft || !strings.HasSuffix(asked, " subject eq 'it''s & more'") ||
		strings.Contains(asked, "+") {
		t.Errorf("%q: %+v, %v", asked, found, err)
	}
}
