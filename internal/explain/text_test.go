package explain

import (
	"strings"
	"testing"
	"time"

	"entrada/internal/entra/entratest"
)

// What people really paste, and the cause that must come first. want is a code
// as shown; "kind:" stands for words without one, recognised by their culprit.
var pasted = []struct{ name, text, want string }{
	{"plain message",
		"AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client " +
			"secret value, not the client secret ID, for a secret added to app " +
			"'3f6b1c9e-52a7-4c1d-9b0e-7d2f4a8c6e10'.", "AADSTS7000215"},
	{"lower case", "aadsts7000222: the provided client secret keys for app are expired", "AADSTS7000222"},
	{"bare number", "50011", "AADSTS50011"},
	{"bare number with words", "Error code: 700016", "AADSTS700016"},
	{"number in brackets", " [AADSTS 65001] ", "AADSTS65001"},
	{"digit lost", "AADSTS00016: Application with identifier was not found", "AADSTS700016"},
	{"digit lost, old number", "AADSTS0023: Public clients can't send a client secret.", "AADSTS90023"},
	{"number of an older time", "AADSTS90097: No reply address provided.", "AADSTS900971"},
	{"letters for digits", "AADSTS7OOO2l5", "AADSTS7000215"},
	{"letters for digits, bare", "7OOO2l8", "AADSTS7000218"},
	{"five for S", "AAD5T550011: The redirect URI", "AADSTS50011"},
	{"spaced by a screenshot", "A A D S T S 5 3 0 0 3", "nothing"},
	{"prefix spaced", "AADSTS: 53003", "AADSTS53003"},
	{"cut by a line end", "AADSTS7000\n218: The request body must contain", "AADSTS7000218"},
	{"full-width digits", "ＡＡＤＳＴＳ７０００２１５", "AADSTS7000215"},
	{"zero-width characters", "AAD\u200bSTS70\u200b00215", "AADSTS7000215"},
	{"sign-in page",
		"Sign in\nSorry, but we're having trouble signing you in.\nAADSTS50011: The redirect URI " +
			"'https://vendor.example/cb' specified in the request does not match the redirect URIs configured for " +
			"the application '3f6b1c9e-52a7-4c1d-9b0e-7d2f4a8c6e10'. Make sure the redirect URI sent in the " +
			"request matches one added to your application in the Azure portal.\nTroubleshooting details\nRequest " +
			"Id: 11111111-2222-3333-4444-555555555555\nCorrelation Id: " +
			"aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee\nTimestamp: 2026-11-20T09:12:33Z", "AADSTS50011"},
	{"address", "https://vendor.example/cb?error=access_denied&error_description=AADSTS65004%3A+User+declined+to" +
		"+consent+to+access+the+app.%0D%0ATrace+ID%3A+11111111-2222-3333-4444-555555555555&state=xyz", "AADSTS65004"},
	{"address encoded twice",
		"https://vendor.example/login?msg=error%3Dserver_error%26error_description%3D" +
			"AADSTS50194%253A%2BApplication%2B%2527x%2527%2Bis%2Bnot%2Bconfigured", "AADSTS50194"},
	{"address of the look-up page", "https://login.microsoftonline.com/error?code=90094", "AADSTS90094"},
	{"token answer",
		`{"error":"invalid_client","error_description":"AADSTS7000222: The provided client secret keys for app '3f6b1c9e-52a7-4c1d-9b0e-7d2f4a8c6e10' are expired.\r\nTrace ID: 11111111-2222-3333-4444-555555555555\r\nCorrelation ID: aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee\r\nTimestamp: 2026-11-20 09:12:33Z","error_codes":[7000222],"timestamp":"2026-11-20 09:12:33Z","trace_id":"11111111-2222-3333-4444-555555555555","correlation_id":"aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"}`, "AADSTS7000222"},
	{"codes alone", `"error_codes":[700082]`, "AADSTS700082"},
	{"JSON within JSON",
		`{"msg":"{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS50173: The provided grant has expired\\r\\nTrace ID: x\"}"}`, "AADSTS50173"},
	{"Graph answer",
		`{"error":{"code":"MailboxNotEnabledForRESTAPI","message":"The mailbox is either inactive, soft-deleted, or is hosted on-premise.","innerError":{"date":"2026-11-20T09:12:33","request-id":"11111111-2222-3333-4444-555555555555","client-request-id":"aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"}}}`, "MailboxNotEnabledForRESTAPI"},
	{"Graph answer, lower case", `{"error":{"code":"erroraccessdenied","message":"Access is denied."}}`,
		"ErrorAccessDenied"},
	{"Graph text alone", "The mailbox is either inactive, soft-deleted, or is hosted on-premise",
		"MailboxNotEnabledForRESTAPI"},
	{"page without a number",
		"Need admin approval\nVendor Mail\nVendor Mail needs permission to access resources in your organization " +
			"that only an admin can grant.", "AADSTS90094"},
	{"short word", "invalid_client", "invalid_client"},
	{"short word in a sentence", "oauth2: cannot fetch token: 400 Bad Request Response: {\"error\":\"invalid_grant\"}",
		"invalid_grant"},
	{"redirect wording", "redirect_uri mismatch", "AADSTS50011"},
	{"consent wording",
		"The user or administrator has not consented to use the application with ID " +
			"'3f6b1c9e-52a7-4c1d-9b0e-7d2f4a8c6e10' named 'x'. Send an interactive authorization request for this " +
			"user and resource.", "AADSTS65001"},
	{"wording in an HTML page",
		"<html><body><h1>Error</h1><p>The request body must contain the following parameter: " +
			"&#39;client_assertion&#39; or &#39;client_secret&#39;.</p></body></html>", "AADSTS7000218"},
	{"tags within the number's message",
		"<b>AADSTS</b>900144: The request body must contain the following parameter: 'client_id'.", "AADSTS900144"},
	{"wrapped wording", "Usage of the /common endpoint is\n   not supported for such applications", "AADSTS50194"},
	{"log with general and special",
		"10:00 token request failed: invalid_client AADSTS70002: Error validating credentials. AADSTS7000215: " +
			"Invalid client secret provided.", "AADSTS7000215"},
	{"log of a silent attempt, then the cause",
		"AADSTS50058: A silent sign-in request was sent but no user is signed in.\nAADSTS65001: The user or " +
			"administrator has not consented", "AADSTS65001"},
	{"interrupts before the cause",
		"AADSTS50140 interrupt\nAADSTS50076: you must use multi-factor authentication\nAADSTS53003: Access has " +
			"been blocked by Conditional Access policies.", "AADSTS53003"},
	{"sign-in log", "Sign-in error code 53003\nFailure reason Access has been blocked by Conditional Access policies.",
		"AADSTS53003"},
	{"number in the open", "vendor app said failure 7000222 at step 3", "AADSTS7000222"},
	{"missing permission and a status",
		"HTTP 403 Forbidden ErrorAccessDenied Access is denied. Check credentials and try again.", "ErrorAccessDenied"},
	{"status alone", "Server returned HTTP 403", "HTTP 403"},
	{"send as", `ErrorSendAsDenied: The user account which was used to submit this request does not have the right to send mail on behalf of the specified sending account., Cannot submit message.`, "ErrorSendAsDenied"},
	{"throttled", "429 TooManyRequests Application is over its MailboxConcurrency limit.", "TooManyRequests"},
	{"mail server", "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.",
		"5.7.139"},
	{"mail server, basic", "550 5.7.30 Basic authentication is not supported for Client Submission.", "5.7.30"},
	{"quoted-printable mail", "AADSTS700=\n0215: Invalid client secret", "AADSTS7000215"},
	{"inspected connection", "x509: certificate signed by unknown authority", "tls-untrusted"},
	{"Node's certificate error", "FetchError: unable to get local issuer certificate", "tls-untrusted"},
	{"name not found", "dial tcp: lookup login.microsoftonline.com: no such host", "host-not-found"},
	{"proxy", "ERR_TUNNEL_CONNECTION_FAILED", "proxy-refused"},
	{"secret rule",
		`{"error":{"code":"CredentialInvalidLifetimeAsPerAppPolicy","message":"Credential lifetime exceeds the max value allowed as per assigned policy"}}`, "CredentialInvalidLifetimeAsPerAppPolicy"},
	{"app-only and me",
		`{"error":{"code":"BadRequest","message":"/me request is only valid with delegated authentication flow."}}`,
		""},
	{"unknown number", "AADSTS987654: Something new.", "AADSTS987654"},
	{"unknown beside known", "AADSTS987654 and AADSTS50011", "AADSTS50011"},
	{"unknown Graph code", `{"error":{"code":"ErrorBrandNewThing","message":"?"}}`, "ErrorBrandNewThing"},
	{"no error at all", "hello, my mail does not work", "nothing"},
	{"a GUID alone", entratest.ClientID, "nothing"},
	{"a telephone number", "call 0123456789", "nothing"},
}

func TestTextRanksTheCauseFirst(t *testing.T) {
	if len(pasted) < 40 {
		t.Fatal("too few samples")
	}
	for _, p := range pasted {
		got := Text(p.text, Context{})
		switch {
		case len(got) == 0:
			t.Errorf("%s: nothing", p.name)
		case p.want == "nothing":
			if got[0].Known || got[0].Code != "" || got[0].Next.URL == "" {
				t.Errorf("%s: got %+v", p.name, got[0])
			}
		case got[0].Code != p.want:
			t.Errorf("%s: got %q, want %q; all: %s", p.name, got[0].Code, p.want, codesOf(got))
		}
	}
}

func codesOf(es []Explanation) string {
	var codes []string
	for _, e := range es {
		codes = append(codes, e.Code)
	}
	return strings.Join(codes, " ")
}

func TestTextKnowsWhatItKnows(t *testing.T) {
	for text, known := range map[string]bool{
		"AADSTS50011": true, "AADSTS987654": false, "ErrorAccessDenied": true,
		`{"error":{"code":"ErrorBrandNewThing"}}`: false, "what?": false,
		"/me request is only valid with delegated authentication flow": true,
	} {
		if got := Text(text, Context{}); len(got) != 1 || got[0].Known != known {
			t.Errorf("%q: %d explanations, known %v", text, len(got), got[0].Known)
		}
	}
	if got := Text("AADSTS987654",
		Context{}); got[0].Next.URL != "https://login.microsoftonline.com/error?code=987654" {
		t.Errorf("the look-up link is %q", got[0].Next.URL)
	}
	for _, empty := range []string{"", " \n\t", "\u200b\u202e\x00\x1b", "<p></p>"} {
		if got := Text(empty, Context{}); len(got) != 0 {
			t.Errorf("%q: %d explanations", empty, len(got))
		}
	}
}

func TestTextGivesSeveralCauses(t *testing.T) {
	got := Text("AADSTS65001: not consented\nAADSTS7000222: expired\nErrorAccessDenied\nAADSTS70002 invalid_client",
		Context{})
	if codes := codesOf(got); codes != "AADSTS7000222 AADSTS65001 ErrorAccessDenied AADSTS70002" {
		t.Errorf("got %s", codes)
	}
	many := Text(
		"AADSTS50011 AADSTS50020 AADSTS50034 AADSTS50053 AADSTS50055 AADSTS50057 AADSTS50076 AADSTS53003 AADSTS65001",
		Context{})
	if len(many) != maxCauses {
		t.Errorf("%d causes", len(many))
	}
	again := Text("AADSTS50011 AADSTS50011 AADSTS50011", Context{})
	if len(again) != 1 {
		t.Errorf("the same cause %d times", len(again))
	}
}

func TestTextFindsIDsAndTime(t *testing.T) {
	const request, correlation = "11111111-2222-3333-4444-555555555555", "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
	at := time.Date(2026, 11, 20, 9, 12, 33, 0, time.UTC)
	for _, name := range []string{"sign-in page", "token answer", "Graph answer"} {
		for _, p := range pasted {
			if p.name != name {
				continue
			}
			got := Text(p.text, Context{})[0]
			wantC, wantR, wantT := correlation, "", request
			if name == "Graph answer" {
				wantC, wantR, wantT = "", request, correlation
			}
			if got.CorrelationID != wantC || got.RequestID != wantR || got.TraceID != wantT || !got.When.Equal(at) {
				t.Errorf("%s: %s", name, got.Details())
			}
		}
	}
	two := Text("AADSTS50011 Correlation ID: "+request+
		" Timestamp: 2026-11-19 08:00:00Z\nAADSTS65001 Correlation ID: "+correlation+
		" Timestamp: 2026-11-20 09:12:33Z", Context{})
	if len(two) != 2 || two[0].CorrelationID != request || two[1].CorrelationID != correlation ||
		!two[1].When.Equal(at) {
		t.Errorf("IDs got mixed up: %s / %s", two[0].Details(), two[1].Details())
	}
	// When a token was issued is not when the error came.
	const issued = "AADSTS700082: The refresh token has expired due to inactivity. The token was issued on " +
		"2026-08-12T07:11:02.1234567Z and was inactive for 90.00:00:00."
	if got := Text(issued, Context{})[0]; !got.When.IsZero() {
		t.Errorf("the error is said to have come on %v", got.When)
	}
	if got := Text(issued+" Timestamp: 2026-11-20 09:12:33Z", Context{})[0]; !got.When.Equal(at) {
		t.Errorf("its timestamp is read as %v", got.When)
	}
	if got := Text("2026-11-20T10:12:33+01:00 ERROR AADSTS50011", Context{})[0]; !got.When.Equal(at) {
		t.Errorf("time with a zone: %v", got.When)
	}
}

func TestTextQuotesWhatHelps(t *testing.T) {
	const app = entratest.ClientID
	for text, want := range map[string]string{
		"AADSTS50011: The redirect URI 'https://vendor.example/cb' specified in the request " +
			"does not match": "https://vendor.example/cb",
		"AADSTS50011: The redirect URI 'https://v.example/cb?code=abcdef' specified":  "",
		"AADSTS700016: Application with identifier '" + app + "' was not found":       app,
		"AADSTS700016: Application with identifier 'MySecretPassword1' was not found": "with this client ID",
		"AADSTS90002: Tenant 'contoso.onmicrosoft.com' not found.":                    "contoso.onmicrosoft.com",
		"AADSTS650053: The application 'x' asked for scope 'Mail.Sendd' " +
			"that doesn't exist on the resource": "Mail.Sendd",
	} {
		got := Text(text, Context{})[0].What
		if !strings.Contains(got, want) || strings.Contains(got, "MySecret") || strings.Contains(got, "abcdef") {
			t.Errorf("%q: %q", text, got)
		}
	}
}

func TestTextUsesNames(t *testing.T) {
	got := Text("AADSTS50194", Context{VendorName: "Aurinko", Account: "mia@contoso.example"})[0]
	if !strings.HasPrefix(got.What, "Aurinko signs in") {
		t.Errorf("vendor's name not used: %q", got.What)
	}
	got = Text("AADSTS50105", Context{Account: "mia@contoso.example"})[0]
	if !strings.HasPrefix(got.What, "mia@contoso.example ") {
		t.Errorf("account not used: %q", got.What)
	}
	got = Text("AADSTS50194", Context{VendorName: "A\u202e\x1b[2J" + strings.Repeat("x", 500)})[0]
	if len([]rune(got.What)) > 320 || strings.ContainsAny(got.What, "\u202e\x1b") {
		t.Errorf("hostile name: %q", got.What)
	}
}

func TestTextIsBounded(t *testing.T) {
	for _, text := range []string{
		strings.Repeat("AADSTS50011 ", 1<<20), strings.Repeat("<", 1<<20), strings.Repeat("%25", 1<<19),
		strings.Repeat("\\", 1<<20), strings.Repeat("a", 2<<20) + " AADSTS50011",
		"AADSTS50011 " + strings.Repeat("code=", 1<<18),
		strings.Repeat("aads", 1<<18), strings.Repeat("<a", 1<<18), strings.Repeat("&#", 1<<18),
		strings.Repeat("0.A", 1<<18),
	} {
		if got := Text(text, Context{}); len(got) == 0 || len(got) > maxCauses {
			t.Errorf("%.20q: %d causes", text, len(got))
		}
	}
}

func BenchmarkText(b *testing.B) {
	for b.Loop() {
		Text(pasted[16].text, Context{})
	}
}
