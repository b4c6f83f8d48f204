package checks

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"net/http"
	"strings"
	"testing"

	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/practice/practicetest"
)

func TestReach(t *testing.T) {
	t.Parallel()
	o := newOrganisation(t, practicetest.Delegated, "Mail.Send")
	r := Reach{Cloud: o.cloud, HTTP: o.http}
	for name, c := range map[string]struct {
		fault    string
		first    ID
		kind     fault.Kind
		culprit  explain.Culprit
		detail   string // of the clock
		headline string
	}{
		"all well": {"", "", "", "", "", "Everything works"},
		"slightly off": {"clock-skew=3m", "", "", "",
			"the clock is 3 minutes behind; from five minutes on, sign-ins fail", "Everything works"},
		"ahead": {"clock-skew=-12m", CheckClock, fault.ClockWrong, explain.ThisComputer, "",
			"One thing is wrong: this computer"},
		"a network that wants ": {"html-answer=graph", CheckReachGraph, fault.CaptivePortal, explain.Network, "",
			"One thing is wrong: the network"},
		"elsewhere": {"redirect-foreign", CheckReachGraph, fault.BadAnswer, explain.Network, "",
			"One thing is wrong: the network"},
	} {
		if c.fault != "" {
			o.Break(c.fault)
		}
		results := Run(t.Context(), r.Checks(), nil)
		o.Mend()
		v := Judge(results, o.context())
		if v.Headline != c.headline || v.Culprit != c.culprit || (v.First != nil) != (c.kind != "") ||
			v.First != nil && (v.First.ID != c.first || fault.KindOf(v.First.Err) != c.kind) {
			t.Errorf("%s: %+v\n%+v", name, v, results)
		}
		if got := result(t, results, CheckClock).Detail; c.kind == "" && got != c.detail {
			t.Errorf("%s: %q", name, got)
		}
	}
	r.Cloud.Login, r.Cloud.Graph = "http://127.0.0.1:1", "http://127.0.0.1:1"
	results := Run(t.Context(), r.Checks(), nil)
	if v := Judge(results, o.context()); v.Culprit != explain.Network ||
		result(t, results, CheckClock).State != Skipped {
		t.Errorf("nobody listens: %+v", results)
	}
}

func TestWhoSignedTheCertificate(t *testing.T) {
	for issuer, want := range map[string]string{
		"Microsoft Azure RSA TLS Issuing CA 04": "certificate by Microsoft Azure RSA TLS Issuing CA 04",
		"DigiCert Global G2 TLS RSA SHA256":     "certificate by DigiCert Global G2 TLS RSA SHA256",
		"Example Firewall\x1b[31m":              "opened on the way, by “Example Firewall [31m”",
	} {
		cert := &x509.Certificate{Issuer: pkix.Name{CommonName: issuer}}
		if got := via(
			&http.Response{TLS: &tls.ConnectionState{PeerCertificates: []*x509.Certificate{cert}}}); !strings.Contains(
			got, want) {
			t.Errorf("%q", got)
		}
	}
}
