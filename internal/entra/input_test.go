package entra

import (
	"strings"
	"testing"
)

// L12, I06: what a document leaves to be filled in, what Microsoft answered, and a name
// in code are no address to register; what real vendors have is one.
func TestWhatIsNoRedirect(t *testing.T) {
	for uri, words := range map[string]string{
		"https://{host}/api/callback":                    "to be filled in: {host}",
		"https://login.vendor.com/{tenant-id}/cb":        "to be filled in: {tenant-id}",
		"https://<your server>/cb":                       "to be filled in: <your server>",
		"https://%7Bhost%7D/cb":                          "to be filled in",
		"https://yourcompany.vendor.com/cb":              "to be filled in: yourcompany",
		"https://your-server/cb":                         "to be filled in: your-server",
		"https://your_domain.example/cb":                 "to be filled in: your_domain",
		"https://[host]/cb":                              "brackets",
		"https://${HOST}/cb":                             "to be filled in",
		"http://localhost:1/?code=0.AX&state=1":          "Never paste",
		"https://vendor.com/cb#access_token=ey":          "Never paste",
		"https://vendor.com/cb?state=1&id_token=ey":      "Never paste",
		"https://xn--e1awd7f.com/cb":                     "xn--",
		"https://login.XN--E1AWD7F.example/cb":           "xn--",
		"https://vendor.com/cb?x=1 ":                     "space",
		"http://vendor.com/cb":                           "https://",
		"https://vendor.com/*":                           "*",
		"https://user@vendor.com/cb":                     "user name",
		"https://vendor.com/" + strings.Repeat("a", 256): "256",
	} {
		if s := RedirectProblem(uri, false); !strings.Contains(s, words) {
			t.Errorf("%s: %q does not say %q", uri, s, words)
		}
	}
	for _, uri := range []string{
		"https://vendor.com/cb", "https://app.vendor.com/oauth2/callback", "http://localhost",
		"http://localhost:8080/x",
		"https://myapp.vendor.com/cb", "https://yours.example/cb", "https://vendor.com/your/account/cb",
		"https://decoder.vendor.com/code/cb", "https://vendor.com/cb?tenant=1", "https://a-xn--b.vendor.com/cb",
	} {
		if s := RedirectProblem(uri, false); s != "" {
			t.Errorf("%s: %q", uri, s)
		}
	}
}

func TestWhatIsNoInput(t *testing.T) {
	for _, text := range []string{"{id}", "<your server>", "mail.{domain}", "https://a.example/?code=1&state=2"} {
		if InputProblem(text) == "" {
			t.Errorf("%q is taken", text)
		}
	}
	for _, text := range []string{
		"", "mail.vendor.com", "Alex Wilber <alex@contoso.example>", "alex@contoso.example", "a < b", "50 % {",
		"code=7",
		"3f6b1c9e-52a7-4c1d-9b0e-7d2f4a8c6e10",
	} {
		if s := InputProblem(text); s != "" {
			t.Errorf("%q: %q", text, s)
		}
	}
}
