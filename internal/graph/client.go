package graph

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"time"

	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/netclient"
	"entrada/internal/secret"
	"entrada/internal/words"
)

const (
	maxWaitOnce  = 60 * time.Second // of one Retry-After
	maxWaitTotal = 2 * time.Minute  // of all waiting for one request
	maxAnswer    = 4 << 20          // bytes
	maxTries     = 5
	maxExchange  = 45 * time.Second // of one try that nobody may interrupt
)

// Client talks to Graph with one access token. It is safe for concurrent use.
type Client struct {
	base  string // https://graph.microsoft.com/v1.0
	token secret.Value
	http  *http.Client

	headers map[string]string // more of them, such as Prefer

	limiter *FairLimiter // nil: no limit
	served  *requestCount

	// OnWait, if set, is told how long the client is about to wait because
	// Microsoft asked for it. It is called from the request's goroutine.
	OnWait func(time.Duration)
}

// New makes a client that sends token to cloud's Graph host and nowhere else.
func New(cloud entra.Cloud, token secret.Value, client *http.Client) *Client {
	return &Client{base: cloud.Graph + "/v1.0", token: token, http: client}
}

// repeat says whether a request may be sent again when its outcome is unknown.
type repeat int

const (
	never  repeat = iota // sendMail, and objects that cannot be told from a copy
	always               // reads, deletes, and creations with a transaction ID
)

// do sends one request and decodes the answer into out, unless out is nil.
func (c *Client) do(ctx context.Context, op, method, path string, body, out any, again repeat) error {
	var payload []byte
	if body != nil {
		var err error
		if payload, err = json.Marshal(body); err != nil {
			return fault.New(fault.Misuse, op, err)
		}
	}
	waited, doubt := time.Duration(0), method == http.MethodGet
	for try := 1; ; try++ {
		sent, err := c.once(ctx, op, method, path, payload, out)
		var f *fault.Error
		if err == nil || !errors.As(err, &f) {
			return err
		}
		// A refusal changed nothing, nor did a connection that broke before it sent
		// anything. But an earlier try may have changed something.
		if sent && f.Kind != fault.GraphRefused && f.Kind != fault.Throttled {
			doubt = true
		}
		if !doubt {
			f.Err = harmless{f.Err}
		}
		if try == maxTries {
			return err
		}
		// 429 means that nothing happened yet, so even a mail may be sent again.
		mayRepeat := f.Kind == fault.Throttled ||
			again == always &&
				(f.Kind == fault.Unavailable || f.Kind == fault.TimedOut || f.Kind == fault.Offline ||
					f.Kind == fault.BadAnswer && try == 1)
		if !mayRepeat {
			return err
		}
		wait := f.RetryAfter
		if wait <= 0 {
			wait = time.Second / 4 << try
		}
		if wait > maxWaitOnce || waited+wait > maxWaitTotal {
			return err
		}
		if c.OnWait != nil {
			c.OnWait(wait)
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			over := fault.New(fault.KindOf(ctx.Err()), op, ctx.Err())
			if !doubt {
				over.Err = harmless{ctx.Err()}
			}
			return over
		case <-timer.C:
		}
		waited += wait
	}
}

// harmless marks an error after which nothing can have changed at Microsoft.
type harmless struct{ cause error }

// Error implements error.
func (h harmless) Error() string {
	if h.cause == nil {
		return "nothing was changed"
	}
	return h.cause.Error()
}

// Unwrap returns the cause.
func (h harmless) Unwrap() error { return h.cause }

// ChangedNothing reports whether a request that failed certainly did not
// create, send or delete anything. Where it is false, nobody knows.
func ChangedNothing(err error) bool {
	var h harmless
	return errors.As(err, &h)
}

// once makes one try. sent says whether any of the request may have gone out.
func (c *Client) once(ctx context.Context, op, method, path string, payload []byte, out any) (sent bool, err error) {
	if ctx.Err() != nil {
		return false, fault.New(fault.KindOf(ctx.Err()), op, ctx.Err())
	}
	if c.limiter != nil {
		if err := c.limiter.acquire(ctx, c.served); err != nil {
			return false, fault.New(fault.KindOf(err), op, err)
		}
		defer c.limiter.release()
	}
	if method == http.MethodPost && path != batchPath {
		// Finish what has begun. A creation that is cut short may still happen, after the
		// caller has looked whether it did.
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), maxExchange)
		defer cancel()
	}
	var reader io.Reader
	if payload != nil {
		reader = bytes.NewReader(payload)
	}
	// True as soon as there is a connection: it may still send bytes after a cancelled
	// call has returned.
	var connected atomic.Bool
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected.Store(true) }}
	req, err := http.NewRequestWithContext(httptrace.WithClientTrace(ctx, trace), method, c.base+path, reader)
	if err != nil {
		return false, fault.New(fault.Misuse, op, err)
	}
	err = c.exchange(op, req, payload != nil, out)
	return connected.Load(), err
}

func (c *Client) exchange(op string, req *http.Request, hasBody bool, out any) error {
	req.Header.Set("Authorization", "Bearer "+c.token.Reveal())
	req.Header.Set("Accept", "application/json")
	for name, value := range c.headers {
		req.Header.Set(name, value)
	}
	requestID := entra.NewGUID()
	req.Header.Set("client-request-id", requestID)
	if hasBody {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return netclient.Classify(op, err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode >= 400 {
		return refusal(op, requestID, resp)
	}
	if out == nil || resp.StatusCode == http.StatusNoContent || resp.StatusCode == http.StatusAccepted {
		_, err := io.Copy(io.Discard, io.LimitReader(resp.Body, maxAnswer))
		return netclient.Classify(op, err)
	}
	if err := netclient.CheckJSON(resp); err != nil {
		return err
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return netclient.Classify(op, err)
	}
	if err := json.Unmarshal(data, out); err != nil {
		return &fault.Error{Kind: fault.BadAnswer, Op: op, Subject: req.URL.Host, Status: resp.StatusCode,
			Detail: "the answer is not complete JSON"}
	}
	return nil
}

// refusal turns an error answer into a fault. Graph asks clients to branch on
// error.code (learn.microsoft.com/graph/errors).
func refusal(op, clientRequestID string, resp *http.Response) error {
	f := &fault.Error{
		Kind: fault.GraphRefused, Op: op, Subject: resp.Request.URL.Host, Status: resp.StatusCode,
		RequestID: resp.Header.Get("request-id"), TraceID: clientRequestID,
		RetryAfter: netclient.RetryAfter(resp),
	}
	if when, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		f.When = when.UTC()
	}
	switch {
	case resp.StatusCode == http.StatusTooManyRequests:
		f.Kind = fault.Throttled
	case resp.StatusCode >= 500:
		f.Kind = fault.Unavailable
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	if err != nil {
		return f
	}
	var answer struct {
		Error struct {
			Code    string `json:"code"`
			Message string `json:"message"`
		} `json:"error"`
	}
	if json.Unmarshal(data, &answer) == nil && answer.Error.Code != "" {
		f.Code = answer.Error.Code
		f.Detail = cleanText(answer.Error.Message, 300)
	} else if f.Kind == fault.GraphRefused {
		if err := netclient.CheckJSON(resp); err != nil {
			return err
		}
	}
	if claims, wanted := claimsWanted(resp); wanted {
		f.Code, f.Claims = "insufficient_claims", claims
	}
	return f
}

// wantedClaims are in Base64, of either alphabet.
var wantedClaims = regexp.MustCompile(`claims="([A-Za-z0-9+/_-]+={0,2})"`)

// claimsWanted recognises a token that is no longer enough, because the account or a
// Conditional Access rule has changed, and what the next sign-in is to ask for
// (learn.microsoft.com/entra/identity-platform/claims-challenge).
func claimsWanted(resp *http.Response) (claims string, wanted bool) {
	for _, challenge := range resp.Header.Values("WWW-Authenticate") {
		if !strings.Contains(challenge, `error="insufficient_claims"`) {
			continue
		}
		wanted = true
		m := wantedClaims.FindStringSubmatch(challenge)
		if m == nil {
			continue
		}
		plain := strings.NewReplacer("-", "+", "_", "/", "=", "").Replace(m[1])
		if text, err := base64.RawStdEncoding.DecodeString(plain); err == nil && entra.IsClaims(string(text)) {
			claims = string(text)
		}
	}
	return claims, wanted
}

// cleanText cuts a foreign text to n characters. It drops control characters and
// invisible ones.
func cleanText(s string, n int) string {
	clean, _ := entra.CleanPaste(s)
	return words.Shorten(clean, n)
}

// mailbox is the path of a mailbox: "/me", or another one by its address.
func mailbox(address string) string {
	if address == "" {
		return "/me"
	}
	return "/users/" + url.PathEscape(address)
}
