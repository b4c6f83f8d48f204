package checks

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/netclient"
	"entrada/internal/words"
)

// The checks of the surroundings.
const (
	CheckReachLogin ID = "reach-login"
	CheckReachGraph ID = "reach-graph"
	CheckClock      ID = "clock"
)

// Reach checks what every connection needs: the clock of this computer, and the network
// to Microsoft. It takes no values and no sign-in.
type Reach struct {
	Cloud entra.Cloud
	HTTP  *http.Client
}

// How wrong the clock may be. Programs that check a token's times allow a few minutes
// (RFC 7519 section 4.1.4), usually five.
const (
	clockWarns = 2 * time.Minute
	clockFails = 5 * time.Minute
)

// Checks lists the checks: both hosts side by side, then the clock.
func (r Reach) Checks() []Check {
	var ahead time.Duration
	known := false
	return []Check{
		{ID: CheckReachLogin, Title: "Microsoft's sign-in can be reached",
			Run: func(ctx context.Context) (string, error) {
				resp, err := r.ask(ctx, "reach the sign-in", r.Cloud.MetadataURL("common"))
				if err != nil {
					return "", err
				}
				ahead, known = netclient.ClockSkew(resp)
				return via(resp), nil
			}},
		{ID: CheckReachGraph, Title: "Microsoft 365 can be reached", Run: func(ctx context.Context) (string, error) {
			// Without a token Graph answers 401 in JSON, which proves that it is Graph.
			resp, err := r.ask(ctx, "reach Microsoft Graph", r.Cloud.Graph+"/v1.0/me")
			if err != nil {
				return "", err
			}
			return via(resp), nil
		}},
		{ID: CheckClock, Title: "This computer's clock is right", Needs: []ID{CheckReachLogin},
			Run: func(context.Context) (string, error) {
				return judgeClock(ahead, known)
			}},
	}
}

// ask sends a request without a token. The answer must be JSON with a status below 500.
// ask closes its body.
func (r Reach) ask(ctx context.Context, op, address string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fault.New(fault.Misuse, op, err)
	}
	req.Header.Set("Accept", "application/json")
	resp, err := r.HTTP.Do(req)
	if err != nil {
		return nil, netclient.Classify(op, err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode >= 500 {
		return nil, &fault.Error{Kind: fault.Unavailable, Op: op, Subject: req.URL.Host, Status: resp.StatusCode}
	}
	if err := netclient.CheckJSON(resp); err != nil {
		return nil, netclient.Classify(op, err)
	}
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return nil, netclient.Classify(op, err)
	}
	return resp, nil
}

// publicIssuers sign the certificates of Microsoft's hosts. Another issuer means that a
// proxy opens the encryption, usually the company's firewall
// (learn.microsoft.com/azure/security/fundamentals/azure-ca-details).
var publicIssuers = []string{"microsoft", "digicert"}

// via names the issuer of the server's certificate.
func via(resp *http.Response) string {
	if resp.TLS == nil || len(resp.TLS.PeerCertificates) == 0 {
		return ""
	}
	by := resp.TLS.PeerCertificates[0].Issuer
	name := strings.Join(append([]string{by.CommonName}, by.Organization...), ", ")
	for _, known := range publicIssuers {
		if strings.Contains(strings.ToLower(name), known) {
			return "certificate by " + words.Printable(by.CommonName, 100)
		}
	}
	return "the connection is opened on the way, by “" + words.Printable(name, 100) +
		"”; that is usual where a firewall inspects traffic"
}

func judgeClock(ahead time.Duration, known bool) (string, error) {
	switch off := ahead.Abs(); {
	case !known:
		return "Microsoft's answer had no time to compare with", nil
	case off > clockFails:
		return "", &fault.Error{Kind: fault.ClockWrong, Op: "compare the clocks", Detail: clockWords(ahead)}
	case off > clockWarns:
		return clockWords(ahead) + "; from five minutes on, sign-ins fail", nil
	default:
		return "", nil
	}
}

func clockWords(ahead time.Duration) string {
	words := func(d time.Duration) string {
		if d < 2*time.Hour {
			return fmt.Sprintf("%d minutes", int(d.Round(time.Minute).Minutes()))
		}
		return fmt.Sprintf("%d hours", int(d.Round(time.Hour).Hours()))
	}
	if ahead < 0 {
		return "the clock is " + words(-ahead) + " behind"
	}
	return "the clock is " + words(ahead) + " ahead"
}
