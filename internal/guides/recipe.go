package guides

import (
	"regexp"
	"slices"
	"strings"
)

// Recipe is work outside the portal, as commands to copy. Entrada never runs them.
//
// The program writes it from the guide's permissions; the guide does not. So no guide file
// can give an administrator a command.
type Recipe struct {
	Title  string
	Why    string
	Who    string   // the role that is needed
	Before []string // what to do first, a line each; may hold **bold** words
	Lines  []string // PowerShell, a command each
	After  []string // how to see that it worked
}

// RecipeValues are the values to fill in. An empty value stays a marked gap: PowerShell
// refuses the command, or the scope matches nobody.
type RecipeValues struct {
	ClientID string
	ObjectID string // of the enterprise app; asked for by the first command if empty
	Mailbox  string
}

// The permissions that Exchange Online can limit to some mailboxes, each by a
// role called "Application <permission>" (learn.microsoft.com/exchange/permissions-exo/application-rbac).
var exchangeRoles = []string{
	"Mail.Read", "Mail.ReadBasic", "Mail.ReadWrite", "Mail.Send",
	"Calendars.Read", "Calendars.ReadWrite", "Contacts.Read", "Contacts.ReadWrite",
	"MailboxSettings.Read", "MailboxSettings.ReadWrite",
}

var (
	plainMailbox = regexp.MustCompile(`^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+$`)
	guidPattern  = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)
)

// MailboxInput returns the ID of the input that names the mailbox, or "".
func (g *Guide) MailboxInput() string {
	for _, in := range g.Inputs {
		if in.Kind == InputMailbox {
			return in.ID
		}
	}
	return ""
}

// OneMailboxRecipe keeps an app with application permissions to one mailbox:
// Exchange Online's "RBAC for Applications". ok is false for a vendor whose
// permissions cannot be limited that way, or need not be.
func (g *Guide) OneMailboxRecipe(v RecipeValues) (r Recipe, ok bool) {
	var names []string
	for _, p := range g.Permissions {
		if p.Kind != Application {
			continue
		}
		if !slices.Contains(exchangeRoles, p.Name) {
			return Recipe{}, false
		}
		names = append(names, p.Name)
	}
	if len(names) == 0 {
		return Recipe{}, false
	}
	object := "$objectId"
	lines := []string{"Connect-ExchangeOnline"}
	if guidPattern.MatchString(v.ObjectID) {
		object = v.ObjectID
	} else {
		lines = append(lines, "$objectId = Read-Host 'Object ID of the enterprise app'")
	}
	client := gap("client ID", guidPattern, v.ClientID)
	mailbox := gap("mailbox address", plainMailbox, v.Mailbox)
	scope := quote(g.Vendor + " mailbox")
	lines = append(lines,
		"New-ServicePrincipal -AppId "+client+" -ObjectId "+object+" -DisplayName "+quote(g.AppName),
		"New-ManagementScope -Name "+scope+` -RecipientRestrictionFilter "PrimarySmtpAddress -eq '`+mailbox+`'"`)
	for _, name := range names {
		lines = append(
			lines, "New-ManagementRoleAssignment -App "+object+` -Role "Application `+name+`" -CustomResourceScope `+
				scope)
	}
	lines = append(lines,
		"Test-ServicePrincipalAuthorization -Identity "+client+" -Resource "+mailbox,
		"Test-ServicePrincipalAuthorization -Identity "+client+" -Resource <another mailbox>")
	list := "**" + strings.Join(names, "** and **") + "**"
	return Recipe{
		Title: "Keep " + g.Vendor + " to one mailbox",
		Why: "Admin consent opens every mailbox of your organisation. With these commands Exchange Online opens " +
			"one mailbox only.",
		Who: "Exchange Administrator",
		Before: []string{
			"This replaces the pages **Permissions** and **Admin consent**. Both rights add up, so with the " +
				"consent in place the limit has no effect.",
			"If you have consented already: open **Enterprise apps** > **" + g.AppName +
				"** > **Permissions**, revoke " + list + ", and remove them under **API permissions**.",
			"Copy the **Object ID** from **Enterprise apps** > **" + g.AppName +
				"** > **Overview**. The Object ID under App registrations is another one.",
			"Open PowerShell with the module **ExchangeOnlineManagement**.",
		},
		Lines: lines,
		After: []string{
			"The column **InScope** must say **True** for this mailbox and **False** for any other.",
			"Exchange Online may take up to two hours before " + g.Vendor + " notices.",
		},
	}, true
}

// gap fills in a value of a known form. Anything else stays a gap: < and > make PowerShell
// stop. So no character of a value can become part of a command.
func gap(name string, shape *regexp.Regexp, value string) string {
	if shape.MatchString(value) {
		return value
	}
	return "<" + name + ">"
}

// quote makes a PowerShell string in which nothing is expanded. PowerShell takes
// the typographic quotation marks for the plain one.
func quote(s string) string {
	return "'" + strings.NewReplacer("'", "''", "‘", "‘‘", "’", "’’", "‚", "‚‚", "‛", "‛‛").Replace(s) + "'"
}
