package explain

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"entrada/internal/entra"
	"entrada/internal/markup"
	"entrada/internal/words"
)

// Context is what is known around an error: it fills in links and names.
// Empty fields are unknown; the zero Cloud means the worldwide one.
type Context struct {
	Cloud      entra.Cloud
	TenantID   string
	ClientID   string
	VendorName string
	Account    string

	// Program is set in the sign-in of an administrator: the program that it goes
	// by, such as "Microsoft Azure CLI". What is refused then is not the vendor's app.
	Program string
}

// maxValue limits the length of a foreign name within a sentence.
const maxValue = 100

var (
	placeholder = regexp.MustCompile(`\{([a-z]+)\|([^}]*)\}`)
	tenantForm  = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z.-]{0,252}$`)
)

// explain turns an entry into an explanation. values are {name|fallback} parts
// of its sentences beyond those of the context.
func (t *table) explain(e *entry, c Context, values map[string]string) Explanation {
	if c.Program != "" && e.Administrator != nil {
		e = e.Administrator
	}
	fill := func(text string) string {
		return placeholder.ReplaceAllStringFunc(text, func(part string) string {
			m := placeholder.FindStringSubmatch(part)
			value := values[m[1]]
			switch m[1] {
			case "vendor":
				value = c.VendorName
			case "account":
				value = c.Account
			case "program":
				value = c.Program
			}
			switch m[1] {
			case "detail":
				value = sentence(value)
			case "said":
				value = wholeSentence(values["detail"])
			default:
				value = name(value)
			}
			if value == "" {
				return m[2]
			}
			return value
		})
	}
	return Explanation{
		What: fill(e.What), Why: fill(e.Why), Who: fill(e.Who),
		Next:       t.nextStep(e.Next, c),
		Culprit:    e.Culprit,
		Known:      e.Kind != familyNone,
		Documented: e.Confidence == "documented",
		Sources:    e.Source,
	}
}

// name cleans a foreign value for the middle of a sentence.
func name(s string) string {
	s = words.OneLine(Redact(s))
	if strings.Contains(s, redacted) {
		return ""
	}
	return words.Shorten(s, maxValue)
}

// sentence cleans a foreign value that is a sentence of its own.
func sentence(s string) string {
	return words.Shorten(markup.Plain(words.OneLine(Redact(s))), 2*maxValue)
}

// wholeSentence returns a detail only if it was written for people: from a capital letter
// to a full stop. Fragments for the log are not.
func wholeSentence(s string) string {
	s = sentence(s)
	if first, _ := utf8.DecodeRuneInString(s); unicode.IsUpper(first) && strings.HasSuffix(s, ".") {
		return s
	}
	return ""
}

// The admin pages beside the portal differ by cloud, and entra.Cloud has only
// what signing in needs. Hosts: learn.microsoft.com/microsoft-365/enterprise
// (URLs and addresses of each cloud).
var adminHosts = map[string]struct{ m365, exchange, outlook string }{
	"global": {"https://admin.cloud.microsoft", "https://admin.cloud.microsoft/exchange#/homepage",
		"https://outlook.office.com/mail/"},
	"usgov-l4": {"https://portal.office365.us", "https://admin.exchange.office365.us",
		"https://outlook.office365.us/mail/"},
	"usgov-l5": {"https://portal.apps.mil", "https://admin.exchange.apps.mil",
		"https://outlook-dod.office365.us/mail/"},
	"china": {"https://portal.partner.microsoftonline.cn", "https://partner.outlook.cn/ecp/",
		"https://partner.outlook.cn/mail/"},
}

// pageNames are the pages that lie within one app, as its menu calls them.
var pageNames = map[entra.PortalPage]string{
	entra.PageOverview:       "Overview",
	entra.PageAuthentication: "Authentication",
	entra.PagePermissions:    "API permissions",
	entra.PageSecrets:        "Certificates & secrets",
	entra.PageExposeAPI:      "Expose an API",
}

func (t *table) nextStep(key string, c Context) Next {
	cloud := c.Cloud
	if cloud.Login == "" {
		cloud = entra.Global()
	}
	tenant, client := c.TenantID, c.ClientID
	if !tenantForm.MatchString(tenant) {
		tenant = ""
	}
	if !entra.IsGUID(client) {
		client = ""
	}
	n := t.next[key]
	next := Next{Label: n.Label, Typed: n.Typed, Action: n.Action, Page: n.Page}
	if n.Page != "" {
		next.URL = cloud.PortalLink(n.Page, tenant, client)
		if within := pageNames[n.Page]; within != "" && client == "" && n.Action == OpenPortal {
			// The link can only lead to the list of apps, so the label says the rest.
			next.Label, next.Typed = "Open App registrations, choose the app, then "+within, ""
		}
	}
	if n.URL == "" {
		return next
	}
	portal := cloud.Portal + "/"
	if tenant != "" {
		portal += tenant + "/"
	}
	hosts, ok := adminHosts[cloud.ID]
	if !ok {
		// The practice organisation has one page for all of them. Microsoft's real pages
		// would only confuse its visitors.
		hosts.m365, hosts.exchange, hosts.outlook = cloud.Portal, cloud.Portal, cloud.Portal
	}
	next.URL = strings.NewReplacer(
		"{portal}", portal, "{login}", cloud.Login,
		"{m365}", hosts.m365, "{exchange}", hosts.exchange, "{outlook}", hosts.outlook,
	).Replace(n.URL)
	return next
}
