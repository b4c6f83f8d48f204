package explain

import (
	"net/url"
	"strings"
	"testing"
)

// canary is the part of every secret below that must never come out.
const canary = "CaNaRy7"

var jwtSample = "eyJ0eXAiOiJKV1Qi" + canary + ".eyJhdWQiOiJo" + canary + ".SflKxwRJSM" + canary

var secrets = []string{
	"client_secret=abc" + canary,
	"client_secret: 'abc" + canary + "'",
	`{"client_secret": "abc` + canary + `"}`,
	`"clientSecret":"abc` + canary + `"`,
	"Client Secret Value = abc" + canary + "xx",
	"secretText: abc" + canary,
	"abC8Q~" + canary + "abcdefghijklmnopqrstuvwxyz_-.~",
	"the secret is 1aB8Q~" + canary + "abcdefghijklmnopqrstuvwxyzAB ok",
	"https://vendor.example/cb?code=0.AXkA" + canary + "&state=" + canary + "&session_state=" + canary,
	"https://vendor.example/cb?code=" + canary + "&x=1",
	"https://vendor.example/cb#code=M.C507_BAY.2.U." + canary + "-aaaa",
	`{"code":"0.AXkA` + canary + `"}`,
	"code: 1.AXkAbcdefghijklmnopqrstuv" + canary,
	"0.AXkAbcdefghijklmnopqrstuvwxyz" + canary,
	"access_token=" + jwtSample,
	`"refresh_token":"0.AXkA` + canary + `"`,
	jwtSample,
	"Authorization: Bearer " + jwtSample,
	"authorization: bearer opaque" + canary + "opaque",
	"Basic dXNlcjpwYXNz" + canary,
	"password: hunter" + canary,
	"pwd=hunter" + canary + ";",
	"grant_type=password&username=mia&password=hunter" + canary,
	"client_assertion=" + canary,
	"code_verifier=" + canary,
	"device_code=" + canary,
	"x8KqZ2mN7pLw4RtY9vBc3" + canary + "dFg6HjK1sQaE5",
}

func TestRedact(t *testing.T) {
	for _, s := range secrets {
		if got := Redact(s); strings.Contains(got, canary) {
			t.Errorf("%q came out as %q", s, got)
		}
	}
	for _, s := range []string{
		"AADSTS7000215: Invalid client secret provided.",
		"Invalid client secret: AADSTS7000215: x",
		"https://login.microsoftonline.com/error?code=7000215",
		`{"error":{"code":"MailboxNotEnabledForRESTAPI"}}`,
		`"code": "ErrorMimeContentInvalidBase64String"`,
		"Error code: 53003",
		"Correlation ID: aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
		"The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
		"AADSTS50126: Error validating credentials due to invalid username or password.",
	} {
		if got := Redact(s); got != s {
			t.Errorf("%q lost something: %q", s, got)
		}
	}
	if got := Redact("a\x1b]52;c;\u202e\u200b\u0000b\u009b"); got != "a]52;c;b" {
		t.Errorf("control characters stay: %q", got)
	}
}

// Whatever wrapping a secret comes in, no explanation repeats it.
func TestTextNeverRepeatsASecret(t *testing.T) {
	wrappings := []func(string) string{
		func(s string) string { return s },
		func(s string) string { return "AADSTS7000215: Invalid client secret " + s + " provided" },
		func(s string) string { return "AADSTS50011: The redirect URI '" + s + "' specified in the request" },
		func(s string) string { return "AADSTS700016: Application with identifier '" + s + "' was not found" },
		func(s string) string { return "AADSTS90002: Tenant '" + s + "' not found." },
		func(s string) string { return "AADSTS650053: asked for scope '" + s + "' that doesn't exist" },
		func(s string) string { return `{"error":{"code":"` + s + `","message":"` + s + `"}}` },
		func(s string) string { return "Correlation ID: " + s + " Timestamp: " + s },
		url.QueryEscape,
		func(s string) string { return "error_description=" + url.QueryEscape(url.QueryEscape(s)) },
		func(s string) string { return "<p>" + strings.ReplaceAll(s, "=", "&#61;") + "</p>" },
		func(s string) string { return strings.ReplaceAll(s, "=", `\u003d`) },
	}
	for _, s := range append(secrets, canary) {
		for i, wrap := range wrappings {
			for _, e := range Text(wrap(s), Context{}) {
				if strings.Contains(e.Report(), canary) || strings.Contains(e.Code, canary) {
					t.Errorf("wrapping %d of %q: %s", i, s, e.Report())
				}
			}
		}
	}
}
