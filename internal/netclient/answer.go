package netclient

import (
	"errors"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"entrada/internal/fault"
)

// CheckJSON reports whether an answer's header promises JSON, whatever its
// status. A web page where JSON was due is nearly always a network or a filter
// that answers in the server's place. It does not read the body.
func CheckJSON(resp *http.Response) error {
	media, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err == nil && (media == "application/json" || strings.HasSuffix(media, "+json")) {
		return nil
	}
	f := &fault.Error{Op: "read the answer", Subject: hostOf(resp), Status: resp.StatusCode, When: time.Now().UTC()}
	switch {
	case resp.StatusCode == http.StatusProxyAuthRequired:
		f.Kind, f.Detail = fault.ProxyRefused, "the proxy wants a login"
	case resp.StatusCode == http.StatusNetworkAuthenticationRequired:
		f.Kind, f.Detail = fault.CaptivePortal, "the network wants a login"
	case resp.StatusCode == http.StatusTooManyRequests:
		f.Kind, f.RetryAfter = fault.Throttled, RetryAfter(resp)
	case resp.StatusCode >= 500:
		f.Kind, f.RetryAfter = fault.Unavailable, RetryAfter(resp)
	case media == "text/html" || media == "application/xhtml+xml":
		f.Kind, f.Detail = fault.CaptivePortal, "a web page came where data was due"
	case resp.ContentLength == 0:
		f.Kind, f.Detail = fault.BadAnswer, "the answer is empty"
	default:
		f.Kind, f.Detail = fault.BadAnswer, "the answer is not JSON"
	}
	return f
}

// ClockSkew compares this computer's clock with the server's Date header:
// positive when this computer is ahead. False when the header is absent or
// cannot be read. It is exact to about a second.
func ClockSkew(resp *http.Response) (time.Duration, bool) {
	date, err := http.ParseTime(resp.Header.Get("Date"))
	if err != nil {
		return 0, false
	}
	// An answer out of a cache carries the date of its making (RFC 9111 section 5.1).
	if age, err := strconv.Atoi(resp.Header.Get("Age")); err == nil && age > 0 && age < 1<<31 {
		date = date.Add(time.Duration(age) * time.Second)
	}
	return time.Since(date).Round(time.Second), true
}

// RetryAfter is how long the server asks to wait, in seconds or until a date
// (RFC 9110 section 10.2.3); 0 when it does not say, or says nonsense. The
// caller sets the limit of its patience.
func RetryAfter(resp *http.Response) time.Duration {
	value := strings.TrimSpace(resp.Header.Get("Retry-After"))
	// A number too large for 32 bits reads as the largest, which is long enough.
	if seconds, err := strconv.ParseInt(value, 10, 32); err == nil || errors.Is(err, strconv.ErrRange) {
		return max(0, time.Duration(seconds)*time.Second)
	}
	if date, err := http.ParseTime(value); err == nil {
		return max(0, time.Until(date).Round(time.Second))
	}
	return 0
}
