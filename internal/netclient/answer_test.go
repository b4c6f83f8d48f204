package netclient

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"entrada/internal/fault"
)

func answer(status int, header ...string) *http.Response {
	h := http.Header{}
	for i := 0; i < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &http.Response{StatusCode: status, Header: h, ContentLength: -1}
}

func TestCheckJSON(t *testing.T) {
	empty := answer(200)
	empty.ContentLength = 0
	for name, c := range map[string]struct {
		resp *http.Response
		kind fault.Kind
	}{
		"JSON":             {answer(200, "Content-Type", "application/json; charset=utf-8"), ""},
		"problem JSON":     {answer(400, "Content-Type", "application/problem+json"), ""},
		"an error in JSON": {answer(503, "Content-Type", "application/json"), ""},
		"a login page":     {answer(200, "Content-Type", "text/html; charset=utf-8"), fault.CaptivePortal},
		"a block page":     {answer(403, "Content-Type", "text/html"), fault.CaptivePortal},
		"511":              {answer(511, "Content-Type", "text/html"), fault.CaptivePortal},
		"407":              {answer(407), fault.ProxyRefused},
		"throttled":        {answer(429, "Content-Type", "text/html"), fault.Throttled},
		"a gateway":        {answer(502, "Content-Type", "text/html"), fault.Unavailable},
		"a form":           {answer(200, "Content-Type", "text/plain"), fault.BadAnswer},
		"no type":          {answer(200), fault.BadAnswer},
		"a broken type":    {answer(200, "Content-Type", "/;;"), fault.BadAnswer},
		"nothing":          {empty, fault.BadAnswer},
	} {
		t.Run(name, func(t *testing.T) {
			wantKind(t, CheckJSON(c.resp), c.kind)
		})
	}
	err := CheckJSON(answer(503, "Retry-After", "7"))
	if f, ok := errors.AsType[*fault.Error](err); !ok || f.RetryAfter != 7*time.Second || f.Status != 503 {
		t.Errorf("%+v", err)
	}
}

func TestNetworkLoginIsNamed(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(511) })
	_, err := fetch(t, soon, s.URL)
	wantKind(t, err, fault.CaptivePortal)
}

func TestClockSkew(t *testing.T) {
	for _, ahead := range []time.Duration{0, 3 * time.Minute, -10 * time.Minute, 2 * time.Hour, -24 * time.Hour} {
		date := time.Now().Add(-ahead).UTC().Format(http.TimeFormat)
		got, ok := ClockSkew(answer(200, "Date", date))
		if !ok || (got-ahead).Abs() > 2*time.Second {
			t.Errorf("skew %v, %v; want %v", got, ok, ahead)
		}
	}
	old := time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat)
	if got, ok := ClockSkew(answer(200, "Date", old, "Age", "3600")); !ok || got.Abs() > 2*time.Second {
		t.Errorf("an answer from a cache: skew %v", got)
	}
	for _, date := range []string{"", "yesterday"} {
		if _, ok := ClockSkew(answer(200, "Date", date)); ok {
			t.Errorf("a skew from the date %q", date)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	in := func(d time.Duration) string { return time.Now().Add(d).UTC().Format(http.TimeFormat) }
	for value, want := range map[string]time.Duration{
		"":                        0,
		"5":                       5 * time.Second,
		" 5 ":                     5 * time.Second,
		"-5":                      0,
		"soon":                    0,
		"999999":                  999999 * time.Second,
		strings.Repeat("9", 40):   (1<<31 - 1) * time.Second,
		in(time.Minute):           time.Minute,
		in(-time.Minute):          0,
		"-" + in(time.Minute)[4:]: 0,
	} {
		if got := RetryAfter(answer(429, "Retry-After", value)); (got - want).Abs() > 2*time.Second {
			t.Errorf("%q: %v, want %v", value, got, want)
		}
	}
}
