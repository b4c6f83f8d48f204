package signin

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/oauth2"

	"entrada/internal/fault"
	"entrada/internal/secret"
)

func deviceAnswer() map[string]any {
	return map[string]any{
		"device_code": canary + "-device-code", "user_code": "ABCD12345", "interval": 1, "expires_in": 900,
		"verification_uri": "https://login.example/device", "message": "not shown",
	}
}

// withDevices adds the device endpoint to the fake.
func (f *fakeEntra) withDevices(answer map[string]any) {
	inner := f.server.Config.Handler
	f.server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/devicecode") {
			inner.ServeHTTP(w, r)
			return
		}
		if err := r.ParseForm(); err != nil || r.PostForm.Get("client_id") != clientID ||
			r.PostForm.Get("client_secret") != "" ||
			!strings.Contains(r.PostForm.Get("scope"), "openid") {
			f.t.Errorf("device request with %d fields, %v", len(r.PostForm), err)
		}
		writeJSON(w, 200, answer)
	})
}

func pending(w http.ResponseWriter) {
	writeJSON(w, 400,
		map[string]any{"error": "authorization_pending", "error_description": "AADSTS70016: Authorization is pending."})
}

func TestDeviceCode(t *testing.T) {
	f := newFake(t)
	f.withDevices(deviceAnswer())
	var polls atomic.Int32
	f.token = func(w http.ResponseWriter, r *http.Request, answer map[string]any) {
		if r.PostForm.Get("device_code") != canary+"-device-code" {
			t.Error("another device code")
		}
		if polls.Add(1) == 1 {
			pending(w)
			return
		}
		answer["id_token"], answer["refresh_token"] = f.idToken(""), canary+"-refresh"
		writeJSON(w, 200, answer)
	}
	var shown []DevicePrompt
	s, err := DeviceCode(t.Context(), f.request(), func(p DevicePrompt) { shown = append(shown, p) })
	if err != nil {
		t.Fatal(err)
	}
	if len(shown) != 1 || shown[0].UserCode != "ABCD12345" ||
		shown[0].VerificationURL != "https://login.example/device" ||
		time.Until(shown[0].Expires) < 14*time.Minute {
		t.Errorf("%+v", shown)
	}
	if s.Account.ObjectID != personID || s.RefreshToken.IsEmpty() || polls.Load() != 2 {
		t.Errorf("%+v after %d polls", s, polls.Load())
	}
	f.noSecretIn(s, shown)
}

func TestDeviceCodeThatIsNone(t *testing.T) {
	for name, value := range map[string]any{
		"device_code": "", "user_code": "a\r\nb", "verification_uri": "javascript:alert(1)", "expires_in": -1,
	} {
		f := newFake(t)
		answer := deviceAnswer()
		answer[name] = value
		f.withDevices(answer)
		_, err := DeviceCode(t.Context(), f.request(), func(DevicePrompt) { t.Errorf("%s: shown", name) })
		wantKind(t, err, fault.BadAnswer)
		f.noSecretIn(err)
	}
}

func TestDeviceCodeCancelledWithinARequest(t *testing.T) {
	f := newFake(t)
	f.withDevices(deviceAnswer())
	ctx, cancel := context.WithCancel(t.Context())
	f.token = func(_ http.ResponseWriter, r *http.Request, _ map[string]any) { cancel(); <-r.Context().Done() }
	_, err := DeviceCode(ctx, f.request(), func(DevicePrompt) {})
	wantKind(t, err, fault.Cancelled)
	f.noSecretIn(err)
}

// Polling needs no network, so that fifteen minutes pass at once.
func TestDevicePolling(t *testing.T) {
	says := func(name, description string) error {
		return &oauth2.RetrieveError{Response: &http.Response{StatusCode: 400}, ErrorCode: name,
			ErrorDescription: description}
	}
	wait := says("authorization_pending", "AADSTS70016: pending")
	slow := says("slow_down", "")
	reset := &url.Error{Op: "Post", URL: "https://login.example/token",
		Err: &net.OpError{Op: "read", Err: errors.New("reset")}}
	offline := &url.Error{Op: "Post", URL: "https://login.example/token",
		Err: &net.OpError{Op: "dial", Err: errors.New("refused")}}
	busy := &url.Error{Op: "Post", URL: "https://login.example/token", Err: &fault.Error{Kind: fault.Unavailable}}
	cut := &url.Error{Op: "Post", URL: "https://login.example/token", Err: io.ErrUnexpectedEOF}
	for name, c := range map[string]struct {
		answers []error // the last one repeats; nil is success
		kind    fault.Kind
		code    string
		times   []int // of the requests, in seconds from the start; nil for any
	}{
		"at once":           {[]error{nil}, "", "", []int{5}},
		"after a while":     {[]error{wait, wait, nil}, "", "", []int{5, 10, 15}},
		"told to slow down": {[]error{slow, wait, slow, nil}, "", "", []int{5, 15, 25, 40}},
		"first one reset":   {[]error{reset, nil}, "", "", []int{5, 15}},
		"third one reset":   {[]error{wait, wait, reset, nil}, "", "", []int{5, 10, 15, 25}},
		"cut and busy":      {[]error{cut, busy, nil}, "", "", []int{5, 15, 35}},
		"always offline":    {[]error{offline}, fault.SignInTimedOut, "", nil},
		"never done":        {[]error{wait}, fault.SignInTimedOut, "", nil},
		"declined": {[]error{wait, says("authorization_declined", "AADSTS70019: no")}, fault.Refused,
			"AADSTS70019", []int{5, 10}},
		"expired": {[]error{says("expired_token", "")}, fault.Refused, "expired_token", []int{5}},
		"blocked by policy": {[]error{says("access_denied", "AADSTS53003: Blocked by Conditional Access.")},
			fault.Refused, "AADSTS53003", []int{5}},
		"a network's log-in":  {[]error{&fault.Error{Kind: fault.CaptivePortal}}, fault.CaptivePortal, "", []int{5}},
		"cancelled meanwhile": {[]error{context.Canceled}, fault.Cancelled, "", []int{5}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				d := &device{secret.New("code"), DevicePrompt{Expires: start.Add(15 * time.Minute)}, 5 * time.Second}
				var times []int
				got, err := d.poll(t.Context(), "test", Request{}, func(context.Context) (*tokens, error) {
					times = append(times, int(time.Since(start).Seconds()))
					answer := c.answers[min(len(times), len(c.answers))-1]
					if answer != nil {
						return nil, answer
					}
					return &tokens{}, nil
				})
				wantKind(t, err, c.kind)
				if fault.CodeOf(err) != c.code || (got == nil) != (c.kind != "") {
					t.Errorf("%v, %v", got, err)
				}
				if c.times != nil && !slices.Equal(times, c.times) {
					t.Errorf("asked at %v, want %v", times, c.times)
				}
				if took := time.Since(start); c.kind == fault.SignInTimedOut &&
					(took < 15*time.Minute || took > 17*time.Minute) {
					t.Errorf("gave up after %v", took)
				}
			})
		})
	}
}
