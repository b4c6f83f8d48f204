package signin

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"entrada/internal/fault"
	"entrada/internal/netclient"
	"entrada/internal/secret"
)

// DevicePrompt is what a person needs to sign in on another device.
type DevicePrompt struct {
	UserCode        string
	VerificationURL string
	Expires         time.Time
}

// DeviceCode signs a person in on another device (RFC 8628): they open the
// address and enter the code. Phishers often abuse this flow: they send a code to
// somebody else. Many organisations therefore block it. Use it only on machines
// without a browser. The prompt must say: enter this code only if you started this.
func DeviceCode(ctx context.Context, r Request, show func(DevicePrompt)) (*Session, error) {
	const op = "sign in on another device"
	if err := r.check(op); err != nil {
		return nil, err
	}
	client, done := r.client()
	defer done()
	authority, err := discover(ctx, op, client, r)
	if err != nil {
		return nil, err
	}
	d, err := startDevice(ctx, op, client, r)
	if err != nil {
		return nil, err
	}
	show(d.prompt)
	got, err := d.poll(ctx, op, r, func(ctx context.Context) (*tokens, error) {
		call := newTokenCall(client)
		token, err := call.ask(ctx, r, url.Values{
			"grant_type":  {"urn:ietf:params:oauth:grant-type:device_code"},
			"device_code": {d.code.Reveal()},
		}, nil)
		if err != nil {
			return nil, err
		}
		return call.read(op, token)
	})
	if err != nil {
		return nil, err
	}
	who, err := authority.identify(ctx, op, client, r, got, nil) // this flow has no nonce
	if err != nil {
		return nil, err
	}
	return newSession(r, got, who, authority), nil
}

// device is one sign-in on another device.
type device struct {
	code     secret.Value
	prompt   DevicePrompt
	interval time.Duration
}

func startDevice(ctx context.Context, op string, client *http.Client, r Request) (*device, error) {
	address := strings.TrimSuffix(r.Cloud.TokenURL(r.Tenant), "/token") + "/devicecode"
	form := url.Values{"client_id": {r.ClientID}, "scope": {strings.Join(r.identityScopes(), " ")}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, fault.New(fault.Misuse, op, err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	var doc struct {
		oauthError
		DeviceCode string      `json:"device_code"`
		UserCode   string      `json:"user_code"`
		Address    string      `json:"verification_uri"`
		Lifetime   json.Number `json:"expires_in"`
		Interval   json.Number `json:"interval"`
	}
	status, err := doJSON(client, req, &doc)
	switch {
	case err != nil:
		return nil, netclient.Classify(op, err)
	case status != http.StatusOK:
		return nil, doc.fault(op, status)
	}
	page, err := url.Parse(doc.Address)
	lifetime, _ := doc.Lifetime.Int64()
	interval, _ := doc.Interval.Int64()
	if err != nil || !safeToOpen(page) || doc.DeviceCode == "" || !fitToken(doc.DeviceCode) ||
		doc.UserCode == "" || len(doc.UserCode) > 64 || !printable(doc.UserCode) || lifetime < 60 {
		return nil, &fault.Error{Kind: fault.BadAnswer, Op: op, Detail: "the answer holds no code to enter",
			When: time.Now().UTC()}
	}
	if interval <= 0 {
		interval = 5 // RFC 8628 section 3.2
	}
	return &device{
		code:     secret.New(doc.DeviceCode),
		interval: time.Duration(min(interval, 60)) * time.Second,
		prompt: DevicePrompt{
			UserCode:        doc.UserCode,
			VerificationURL: doc.Address,
			Expires:         time.Now().Add(time.Duration(min(lifetime, 1800)) * time.Second),
		},
	}, nil
}

// poll asks until the person is done. A lost answer or a busy server does not end
// it. The polling of x/oauth2 would end there.
func (d *device) poll(ctx context.Context, op string, r Request, ask func(context.Context) (*tokens, error)) (
	*tokens, error) {
	interval := d.interval
	for {
		pause := time.NewTimer(interval)
		select {
		case <-ctx.Done():
			pause.Stop()
			return nil, netclient.Classify(op, ctx.Err())
		case <-pause.C:
		}
		if time.Now().After(d.prompt.Expires) {
			return nil, &fault.Error{Kind: fault.SignInTimedOut, Op: op, When: time.Now().UTC()}
		}
		got, err := ask(ctx)
		if err == nil {
			return got, nil
		}
		var said *oauth2.RetrieveError
		if errors.As(err, &said) {
			switch said.ErrorCode {
			case "authorization_pending":
				continue
			case "slow_down": // RFC 8628 section 3.5: for this and all later requests
				interval += 5 * time.Second
				continue
			}
		}
		f := tokenFault(op, err, d.code, r.ClientSecret)
		switch fault.KindOf(f) {
		case fault.Offline, fault.HostNotFound, fault.TimedOut, fault.BadAnswer, fault.Unavailable, fault.Throttled:
			if ctx.Err() == nil {
				interval = min(2*interval, time.Minute)
				continue
			}
		}
		return nil, f
	}
}
