package explain

import (
	"go/ast"
	"go/parser"
	"go/token"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"entrada/internal/entra"
	"entrada/internal/entra/entratest"
)

// The codes that setting up and keeping a mail connection really meets, with
// the meaning of each row in the project's collection of facts.
const entraCodes = `16000 16001 16002 28002 28003 50000 50001 500011 500014 50011 500113 900971 50014 50020 500207
500208 500212 500213 50034 50053 50055 50056 50057 50058 50059 50072 50074 50076 50078 50079
50088 50097 50129 50131 50155 50187 50105 50126 50132 50133 50173 50140 50144 50158 50177 50178
50194 50196 501051 51004 53000 53001 53002 53003 530003 530032 530035 53004 53010 53011 54005
65001 65002 65004 65005 650051 650052 650053 650054 650056 650057 650059 70000 70001 7000112
700011 700016 70002 7000215 7000222 7000218 700025 700027 700024 7000229 700005 700022 700023
700054 70003 70004 70005 70007 70008 700082 700084 70011 70016 70018 70019 70043 80001 80002
80003 80004 80005 80006 80007 80008 80009 80010 80011 80012 80013 80014 90002 900023 90009 90112
90013 90014 900144 90015 9001023 90019 90023 9002313 9002325 9002326 9002327 9002332 90024 90033
90090 90036 90038 90055 90056 900561 90072 90094 90095 90099 90123 90124 90130 1000031 1002012
1002016 240001 900021 500112 28000 900382 530036`

const graphCodes = `InvalidAuthenticationToken insufficient_claims ErrorAccessDenied Authorization_RequestDenied
ErrorSendAsDenied MailboxNotEnabledForRESTAPI ResourceNotFound ErrorItemNotFound
ErrorInvalidUser Request_ResourceNotFound ErrorMimeContentInvalidBase64String
ErrorInvalidRecipients RequestBodyRead ErrorInvalidIdMalformed ErrorExceededMessageLimit
ErrorSubmissionQuotaExceeded ErrorQuotaExceeded ErrorAccountSuspend TooManyRequests
ApplicationThrottled MailboxInfoStale ServiceUnavailable ExtensionError ErrorInternalServerError
ErrorIrresolvableConflict BadRequest Request_BadRequest Request_MultipleObjectsWithSameKeyValue
Directory_QuotaExceeded CredentialTypeNotAllowedAsPerAppPolicy
CredentialInvalidLifetimeAsPerAppPolicy SignInAudienceNotAllowedAsPerAppPolicy
HostNameNotOnVerifiedDomain CannotDeleteOrUpdateEnabledEntitlement`

func TestEveryCodeOfTheFactsHasWords(t *testing.T) {
	tab := loaded()
	for _, code := range strings.Fields(entraCodes) {
		got := Text("AADSTS"+code+": something", Context{})
		if len(got) == 0 || !got[0].Known || got[0].Code != "AADSTS"+code {
			t.Errorf("AADSTS%s has no words", code)
		}
	}
	for _, code := range strings.Fields(graphCodes) {
		if tab.codes[familyGraph][strings.ToLower(code)] == nil {
			t.Errorf("%s has no words", code)
		}
	}
	total := len(tab.codes[familyEntra]) + len(tab.codes[familyGraph]) + len(tab.codes[familyExchange])
	t.Logf("%d AADSTS codes, %d of Graph, %d of mail servers, %d short words; %d causes",
		len(tab.codes[familyEntra]), len(tab.codes[familyGraph]), len(tab.codes[familyExchange]),
		len(tab.codes[familyOAuth]), len(tab.entries))
	if total < 120 {
		t.Errorf("only %d codes", total)
	}
}

// A new kind of fault must not reach people without words.
func TestEveryKindOfFaultHasWords(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "../fault/fault.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, decl := range file.Decls {
		gen, ok := decl.(*ast.GenDecl)
		if !ok || gen.Tok != token.CONST {
			continue
		}
		for _, spec := range gen.Specs {
			value := spec.(*ast.ValueSpec)
			if id, ok := value.Type.(*ast.Ident); ok && id.Name == "Kind" {
				kind, err := strconv.Unquote(value.Values[0].(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				kinds = append(kinds, kind)
			}
		}
	}
	if len(kinds) < 40 {
		t.Fatalf("found only %d kinds: has fault.go changed its form?", len(kinds))
	}
	have := loaded().codes[familyFault]
	for _, kind := range kinds {
		if have[kind] == nil {
			t.Errorf("kind %q has no words in kinds.toml", kind)
		}
	}
	for kind := range have {
		if !slices.Contains(kinds, kind) {
			t.Errorf("kinds.toml explains %q, which fault.go does not have", kind)
		}
	}
}

// Words that talk down, blame, or come from the trade.
var unwanted = regexp.MustCompile(
	`(?i)\b(simply|just (?:do|click|enter)|obviously|of course|please|easily|user error|you failed|you forgot|your fault|your mistake|` +
		`you should have|invalid[_ ]grant|bearer|oauth|endpoint|payload|backend|frontend|null|stack trace|http|json|idp|rbac|spa|ropc|ssl|` +
		`organization|authorization code|licensed|color|unauthorized|oops|sorry|unfortunately|azure|blade|principal id|client_id|client_secret|aad)\b`)

// In the headline even the glossed ones are too much.
var tradeWords = regexp.MustCompile(
	`(?i)\b(scope|claim|claims|pkce|mfa|dns|tls|grant type|refresh token|conditional access)\b`)

func TestWordsAreForPeople(t *testing.T) {
	tab := loaded()
	entries := slices.Clone(tab.entries)
	for _, e := range tab.entries {
		if e.Administrator != nil {
			entries = append(entries, e.Administrator)
		}
	}
	for _, e := range entries {
		got := tab.explain(e, Context{}, nil)
		name := e.Kind + " " + e.Codes[0]
		for _, part := range []string{got.What, got.Why, got.Who} {
			if !strings.HasSuffix(part, ".") || strings.TrimSpace(part) != part || part[0] >= 'a' && part[0] <= 'z' {
				t.Errorf("%s: not a sentence: %q", name, part)
			}
			if strings.ContainsAny(part, "{}|*") || strings.Contains(part, "  ") || strings.Contains(part, "..") {
				t.Errorf("%s: something is left over: %q", name, part)
			}
			if found := unwanted.FindString(strings.ReplaceAll(part, "http or https", "")); found != "" {
				t.Errorf("%s: unwanted %q in %q", name, found, part)
			}
			for _, s := range strings.SplitAfter(part, ". ") {
				if n := len([]rune(s)); n > 220 {
					t.Errorf("%s: sentence of %d characters: %q", name, n, s)
				}
			}
		}
		if found := tradeWords.FindString(got.What); found != "" {
			t.Errorf("%s: %q in the headline %q", name, found, got.What)
		}
		if n := len([]rune(got.What)); n > 160 {
			t.Errorf("%s: headline of %d characters", name, n)
		}
		if got.Next.Label == "" || got.Next.Action == "" || got.Culprit.Name() == "" || len(got.Sources) == 0 {
			t.Errorf("%s: a part is missing: %+v", name, got)
		}
	}
}

var microsoftHosts = []string{
	"microsoft.com", "microsoftonline.com", "microsoftonline.us", "microsoftonline.cn", "microsoft.us",
	"cloud.microsoft", "aka.ms",
	"office.com", "office365.us", "outlook.cn", "apps.mil",
}

func TestLinksLeadToMicrosoft(t *testing.T) {
	const tenant, client = entratest.TenantID, entratest.ClientID
	practice := entra.Cloud{ID: entra.PracticeCloudID, Login: "http://127.0.0.1:9000",
		Graph: "http://127.0.0.1:9000/graph", Portal: "http://127.0.0.1:9000/portal"}
	tab := loaded()
	for _, cloud := range append(entra.Clouds(), practice, entra.Cloud{}) {
		for name := range tab.next {
			for _, c := range []Context{{Cloud: cloud}, {Cloud: cloud, TenantID: tenant, ClientID: client}} {
				got := tab.nextStep(name, c)
				if got.URL == "" {
					continue
				}
				u, err := url.Parse(got.URL)
				if err != nil || strings.ContainsAny(got.URL, "{} ") {
					t.Errorf("%s: bad link %q", name, got.URL)
					continue
				}
				ours := cloud.IsPractice() && u.Host == "127.0.0.1:9000"
				microsoft := u.Scheme == "https" &&
					slices.ContainsFunc(microsoftHosts,
						func(h string) bool { return u.Host == h || strings.HasSuffix(u.Host, "."+h) })
				if !ours && !microsoft {
					t.Errorf("%s in %q: foreign link %q", name, cloud.ID, got.URL)
				}
			}
		}
	}
}

func TestLinksIgnoreWhatIsNoID(t *testing.T) {
	got := loaded().nextStep("secrets", Context{TenantID: "evil/../x#", ClientID: "not a guid"})
	if want := entra.Global().PortalLink(entra.PageSecrets, "", ""); got.URL != want {
		t.Errorf("got %q, want %q", got.URL, want)
	}
	if !strings.Contains(got.Label, "Certificates & secrets") || !strings.Contains(got.Label, "App registrations") {
		t.Errorf("the label does not say the way: %q", got.Label)
	}
}

func TestEveryNameOfSharedIsUsed(t *testing.T) {
	tab := loaded()
	used := map[string]bool{}
	for _, e := range tab.entries {
		if a := e.Administrator; a != nil {
			used[a.Next], used[a.Who] = true, true
		}
		used[e.Next], used[e.Who] = true, true
		for _, s := range e.Source {
			used[s] = true
		}
	}
	for name := range tab.next {
		if !used[name] {
			t.Errorf("next %q is not used", name)
		}
	}
	for name, text := range tab.who {
		if !used[text] {
			t.Errorf("who %q is not used", name)
		}
	}
	for name, text := range tab.sources {
		if !used[text] {
			t.Errorf("source %q is not used", name)
		}
	}
}

// In the sign-in of an administrator, it is not the vendor's app that Microsoft
// refuses.
func TestTheAdministratorsSignIn(t *testing.T) {
	tab := loaded()
	const program = "Microsoft Azure CLI"
	for _, code := range []string{"7000112", "50105", "53003", "65002", "90094", "65004", "700016", "50011", "500113",
		"7000218"} {
		c := Context{VendorName: "OxfordIQ", Account: "alex@contoso.example"}
		plain := tab.explain(tab.codes[familyEntra][code], c, nil)
		c.Program = program
		got := Text("AADSTS"+code+": something", c)[0]
		if !strings.Contains(got.What+got.Why, program) || got.What+got.Why == plain.What+plain.Why {
			t.Errorf("AADSTS%s does not name the program: %s %s", code, got.What, got.Why)
		}
		if strings.Contains(got.Why+got.What+got.Who, "OxfordIQ") {
			t.Errorf("AADSTS%s blames the vendor: %s %s", code, got.What, got.Why)
		}
		if strings.Contains(plain.What+plain.Why, program) {
			t.Errorf("AADSTS%s: %s", code, plain.What)
		}
	}
}

func TestLoadIsStrict(t *testing.T) {
	const shared = `[who]
you = "You can."
[next]
again = { label = "Try again", action = "try-again" }
[sources]
s = "Source"
`
	const good = `[[entry]]
codes = ["50011"]
kind = "entra"
culprit = "vendor"
what = "A."
why = "B."
who = "@you"
next = "again"
source = ["s"]
confidence = "seen"
`
	try := func(codes, kinds, shared string) error {
		_, err := load(fstest.MapFS{
			"codes.toml": {Data: []byte(codes)}, "kinds.toml": {Data: []byte(kinds)},
			"shared.toml": {Data: []byte(shared)},
		})
		return err
	}
	if err := try(good, "", shared); err != nil {
		t.Fatal(err)
	}
	swap := func(old, by string) string { return strings.Replace(good, old, by, 1) }
	for name, codes := range map[string]string{
		"unknown key":            good + "colour = \"red\"\n",
		"duplicate key":          good + "why = \"C.\"\n",
		"duplicate code":         good + good,
		"same code in one entry": swap(`["50011"]`, `["50011", "50011"]`),
		"alias is a code":        swap(`["50011"]`, `["50011", "50012"]`) + "aliases = [\"50012\"]\n",
		"no code":                swap(`["50011"]`, `[]`),
		"code of another family": swap(`["50011"]`, `["ErrorX"]`),
		"unknown kind":           swap(`"entra"`, `"azure"`),
		"fault in codes":         swap(`"entra"`, `"fault"`),
		"unknown culprit":        swap(`"vendor"`, `"cat"`),
		"empty part":             swap(`"B."`, `""`),
		"unknown person":         swap(`"@you"`, `"@me"`),
		"unknown next":           swap(`"again"`, `"dance"`),
		"unknown source":         swap(`["s"]`, `["t"]`),
		"unknown confidence":     swap(`"seen"`, `"sure"`),
		"phrase with capitals":   good + "match = [\"Reply URL mismatch\"]\n",
		"short phrase":           good + "match = [\"error\"]\n",
		"bad quote":              good + "quote = \"(\"\n",
		"quote without group":    good + "quote = \"abc\"\n",
		"weight":                 good + "weight = 12\n",
		"administrator's code":   good + "[entry.administrator]\ncodes = [\"50012\"]\n",
		"administrator's next":   good + "[entry.administrator]\nnext = \"dance\"\n",
		"administrator's person": good + "[entry.administrator]\nwho = \"@me\"\n",
	} {
		if try(codes, "", shared) == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if try(good, "[kind.x]\nkind = \"fault\"\n", shared) == nil {
		t.Error("a kind that names its kind: accepted")
	}
	for _, bad := range []string{`action = "dance"`, `action = "open-link"`,
		`action = "try-again", url = "https://x"`} {
		if try(good, "", strings.Replace(shared, `action = "try-again"`, bad, 1)) == nil {
			t.Errorf("next with %s: accepted", bad)
		}
	}
}
