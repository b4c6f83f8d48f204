package directory

import (
	"strings"
	"testing"
)

// The rules of learn.microsoft.com/entra/identity-platform/reply-url.
func TestMatchRedirect(t *testing.T) {
	a := &Application{
		Web: Web{RedirectURIs: []string{"https://vendor.example/Callback", "http://localhost",
			"https://vendor.example:8443/x", "https://vendor.example/q?a=1", "http://localhost/cb"}},
		SPA: RedirectURIs{RedirectURIs: []string{"https://spa.example/"}},
		PublicClient: RedirectURIs{RedirectURIs: []string{"http://127.0.0.1:8400/cb", "http://localhost/native",
			"http://[::1]/six", "myapp://auth"}},
	}
	for uri, want := range map[string]Platform{
		"https://vendor.example/Callback":     PlatformWeb,
		"https://VENDOR.example/Callback":     PlatformWeb,
		"https://vendor.example:443/Callback": PlatformWeb,
		"https://vendor.example/callback":     "", // the path minds case
		"https://vendor.example/Callback/":    "",
		"https://vendor.example/Callback?x=1": "",
		"https://vendor.example/Callback#f":   "",
		"http://vendor.example/Callback":      "",
		"https://vendor.example:9443/x":       "", // a port is ignored on localhost alone
		"https://vendor.example:8443/x":       PlatformWeb,
		"https://vendor.example/q?a=1":        PlatformWeb,
		"https://vendor.example/q?a=2":        "",
		"https://vendor.example/q":            "",
		"http://localhost":                    PlatformWeb,
		"http://localhost/":                   PlatformWeb,
		"http://localhost:50000":              PlatformWeb,
		"http://localhost:50000/":             PlatformWeb,
		"http://localhost:50000/other":        "",
		"http://localhost:50000/cb":           PlatformWeb,
		"http://localhost:50000/Cb":           "",
		"https://localhost:50000/cb":          "",
		"http://localhost:50000/native":       PlatformNative,
		"http://localhost.evil.example/cb":    "",
		"http://user@localhost/cb":            "",
		"https://spa.example":                 PlatformSPA,
		"http://127.0.0.1:8400/cb":            PlatformNative,
		"http://127.0.0.1:8401/cb":            "", // not localhost: the port counts
		"http://[::1]/six":                    "", // not supported
		"myapp://auth":                        PlatformNative,
		"myapp://other":                       "",
		"":                                    "",
		"https://vendor.example/%zz":          "",
	} {
		if got, ok := a.MatchRedirect(uri); got != want || ok != (want != "") {
			t.Errorf("%q matches %q, want %q", uri, got, want)
		}
	}
}

func TestCheckRedirect(t *testing.T) {
	const valid = ""
	for _, c := range []struct {
		uri             string
		platform        Platform
		personal, typed bool
		want            string // part of the sentence
	}{
		{"https://vendor.example/cb", PlatformWeb, true, true, valid},
		{"http://localhost", PlatformWeb, true, true, valid},
		{"http://localhost:8080/cb", PlatformNative, true, true, valid},
		{"http://vendor.example/cb", PlatformWeb, false, true, "HTTPS"},
		{"http://127.0.0.1:8000/", PlatformWeb, false, true, "HTTPS"},
		{"http://127.0.0.1:8000/", PlatformWeb, false, false, valid}, // Graph and the manifest take it
		{"vendor.example/cb", PlatformWeb, false, true, "valid URL"},
		{"not a url", PlatformWeb, false, true, "valid URL"},
		{"https://", PlatformWeb, false, true, "valid URL"},
		{"https://vendor.example/a#b", PlatformWeb, false, true, "fragment"},
		{"https://vendor.example/a(b)", PlatformWeb, false, true, "characters"},
		{"https://vendor.example/ä", PlatformWeb, false, true, "valid URL"},
		{"https://*.vendor.example/", PlatformWeb, false, true, "wildcards"},
		{"https://*.vendor.example/", PlatformWeb, false, false, valid},
		{"https://*.vendor.example/", PlatformWeb, true, false, "wildcards"},
		{"https://vendor.example/?a=1", PlatformWeb, true, false, "query"},
		{"https://vendor.example/?a=1", PlatformWeb, false, true, valid},
		{"myapp://auth", PlatformNative, false, true, valid},
		{"myapp://auth", PlatformWeb, false, true, "HTTPS"},
		{"https://vendor.example/" + strings.Repeat("a", 250), PlatformWeb, false, true, "256"},
	} {
		got := CheckRedirect(c.uri, c.platform, c.personal, c.typed)
		if got == "" != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%q on %s (personal %v, typed %v): %q, want %q", c.uri, c.platform, c.personal, c.typed, got,
				c.want)
		}
	}
}
