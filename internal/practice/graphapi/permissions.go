package graphapi

import (
	"net/http"
	"slices"

	"entrada/internal/practice/directory"
	"entrada/internal/practice/faults"
)

// need says which permissions open a resource; any one of a list is enough.
type need struct {
	own     []string // delegated, the signed-in user's own mailbox, or the directory
	shared  []string // delegated, somebody else's mailbox
	app     []string // application
	mailbox bool
}

func joined(lists ...[]string) []string { return slices.Concat(lists...) }

func mailbox(own, shared, app []string) need {
	return need{own: joined(own, shared), shared: shared, app: app, mailbox: true}
}

func list(names ...string) []string { return names }

// The permissions of the mailbox, as the "Permissions" section of each call's
// page on learn.microsoft.com/graph lists them.
var (
	readMail = mailbox(
		list("Mail.ReadBasic", "Mail.Read", "Mail.ReadWrite"),
		list("Mail.ReadBasic.Shared", "Mail.Read.Shared", "Mail.ReadWrite.Shared"),
		list("Mail.ReadBasic.All", "Mail.ReadBasic", "Mail.Read", "Mail.ReadWrite"))
	writeMail    = mailbox(list("Mail.ReadWrite"), list("Mail.ReadWrite.Shared"), list("Mail.ReadWrite"))
	sendMail     = mailbox(list("Mail.Send"), list("Mail.Send.Shared"), list("Mail.Send"))
	readCalendar = mailbox(
		list("Calendars.ReadBasic", "Calendars.Read", "Calendars.ReadWrite"),
		list("Calendars.Read.Shared", "Calendars.ReadWrite.Shared"),
		list("Calendars.ReadBasic.All", "Calendars.Read", "Calendars.ReadWrite"))
	writeCalendar = mailbox(
		list("Calendars.ReadWrite"), list("Calendars.ReadWrite.Shared"), list("Calendars.ReadWrite"))
	readContacts = mailbox(
		list("Contacts.Read", "Contacts.ReadWrite"), list("Contacts.Read.Shared", "Contacts.ReadWrite.Shared"),
		list("Contacts.Read", "Contacts.ReadWrite"))
	writeContacts = mailbox(list("Contacts.ReadWrite"), list("Contacts.ReadWrite.Shared"), list("Contacts.ReadWrite"))
	readTasks     = mailbox(list("Tasks.Read", "Tasks.ReadWrite"), nil, list("Tasks.Read.All", "Tasks.ReadWrite.All"))
	writeTasks    = mailbox(list("Tasks.ReadWrite"), nil, list("Tasks.ReadWrite.All"))
	readSettings  = mailbox(
		list("MailboxSettings.Read", "MailboxSettings.ReadWrite"), nil,
		list("MailboxSettings.Read", "MailboxSettings.ReadWrite"))
	writeSettings = mailbox(list("MailboxSettings.ReadWrite"), nil, list("MailboxSettings.ReadWrite"))
)

// Permissions of the directory.
var (
	readSelf = need{own: list(
		"User.Read", "User.ReadBasic.All", "User.Read.All", "User.ReadWrite.All", "Directory.Read.All",
		"Directory.AccessAsUser.All"), app: list("User.ReadBasic.All", "User.Read.All", "Directory.Read.All")}
	readUsers = need{own: list(
		"User.ReadBasic.All", "User.Read.All", "User.ReadWrite.All", "Directory.Read.All",
		"Directory.AccessAsUser.All"), app: list("User.ReadBasic.All", "User.Read.All", "Directory.Read.All")}
	readOrg = need{own: list(
		"User.Read", "Organization.Read.All", "Directory.Read.All", "Directory.AccessAsUser.All",
		"Application.Read.All", "Application.ReadWrite.All"), app: list("Organization.Read.All", "Directory.Read.All")}
	readRoles = need{own: list(
		"RoleManagement.Read.Directory", "Directory.Read.All", "Directory.AccessAsUser.All"),
		app: list("RoleManagement.Read.Directory", "Directory.Read.All")}
	readGroups = need{own: list("Group.ReadWrite.All", "Directory.Read.All", "Directory.AccessAsUser.All"),
		app: list("Directory.Read.All")}
	readApps = need{own: list(
		"Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All", "Directory.AccessAsUser.All"),
		app: list("Application.Read.All", "Application.ReadWrite.All", "Application.ReadWrite.OwnedBy",
			"Directory.Read.All")}
	writeApps = need{own: list("Application.ReadWrite.All", "Directory.AccessAsUser.All"),
		app: list("Application.ReadWrite.All", "Application.ReadWrite.OwnedBy")}
	readGrants = need{own: list(
		"DelegatedPermissionGrant.Read.All", "DelegatedPermissionGrant.ReadWrite.All", "Directory.Read.All",
		"Directory.AccessAsUser.All"),
		app: list("DelegatedPermissionGrant.Read.All", "DelegatedPermissionGrant.ReadWrite.All", "Directory.Read.All")}
	writeGrants = need{own: list("DelegatedPermissionGrant.ReadWrite.All", "Directory.AccessAsUser.All"),
		app: list("DelegatedPermissionGrant.ReadWrite.All")}
	readAssigned = need{own: list(
		"Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All", "AppRoleAssignment.ReadWrite.All"),
		app: list("Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All",
			"AppRoleAssignment.ReadWrite.All")}
	writeAssigned  = need{own: list("AppRoleAssignment.ReadWrite.All"), app: list("AppRoleAssignment.ReadWrite.All")}
	readPolicies   = need{own: list("Policy.Read.All"), app: list("Policy.Read.All")}
	readAppManaged = need{own: list("Policy.Read.All", "Policy.ReadWrite.ApplicationConfiguration"),
		app: list("Policy.Read.All", "Policy.ReadWrite.ApplicationConfiguration")}
)

var (
	errAccess = &Problem{http.StatusForbidden, "ErrorAccessDenied",
		"Access is denied. Check credentials and try again."}
	// learn.microsoft.com/graph/auth-limit-mailbox-access, "Handling API errors"
	errPolicy     = &Problem{http.StatusForbidden, "ErrorAccessDenied", "Access to OData is disabled."}
	errPrivileges = &Problem{http.StatusForbidden, "Authorization_RequestDenied",
		"Insufficient privileges to complete the operation."}
	errDelegated = &Problem{http.StatusBadRequest, "BadRequest",
		"/me request is only valid with delegated authentication flow."}
	errNoMailbox = &Problem{http.StatusNotFound, "MailboxNotEnabledForRESTAPI",
		"The mailbox is either inactive, soft-deleted, or is hosted on-premise."}
	errItem     = &Problem{http.StatusNotFound, "ErrorItemNotFound", "The specified object was not found in the store."}
	errNotGiven = &Problem{http.StatusBadRequest, "BadRequest", "A required property is missing."}
)

func (c *call) holds(names []string) bool {
	if c.token.AppOnly() {
		return slices.ContainsFunc(names, func(n string) bool { return slices.Contains(c.token.Roles, n) })
	}
	return slices.ContainsFunc(names, func(n string) bool { return directory.ContainsScope(c.token.Scopes(), n) })
}

// allow checks the token against what the resource needs, and finds the mailbox.
func (s *Server) allow(c *call, may need) error {
	name, named := c.r.PathValue("user"), c.r.PathValue("user") != ""
	if !named && c.token.AppOnly() && isMe(c.r) {
		return errDelegated
	}
	denied := errPrivileges
	if may.mailbox {
		denied = errAccess
	}
	if c.token.AppOnly() {
		if !c.holds(may.app) {
			return denied
		}
	} else if !c.holds(joined(may.own, may.shared)) {
		return denied
	}
	if !may.mailbox {
		return nil
	}
	c.owner = c.user
	if named {
		owner, ok := s.Directory.User(c.tenant.ID, name)
		if !ok {
			return &Problem{http.StatusNotFound, "ErrorInvalidUser", "The requested user '" + name + "' is invalid."}
		}
		c.owner = owner
	}
	if !c.token.AppOnly() && c.owner.ID != c.user.ID {
		// Both the permission for shared mailboxes and rights on this one.
		if !c.holds(may.shared) || !slices.Contains(c.owner.Delegates, c.user.ID) {
			return errAccess
		}
	}
	if c.token.AppOnly() && s.Faults.Hit(faults.AppAccessPolicy) {
		return errPolicy
	}
	return s.openMailbox(c)
}

func isMe(r *http.Request) bool {
	const me = "/v1.0/me"
	p := r.URL.Path
	return p == me || len(p) > len(me) && p[:len(me)+1] == me+"/"
}

// openMailbox refuses where Exchange Online has no mailbox.
func (s *Server) openMailbox(c *call) error {
	if s.Faults.Hit(faults.MailboxUnlicensed) || s.Faults.Hit(faults.MailboxOnPremises) {
		return errNoMailbox
	}
	if c.owner.Mailbox == directory.MailboxNone || c.owner.Mailbox == directory.MailboxOnPremises {
		return errNoMailbox
	}
	s.Mail.Open(c.owner.ID, c.owner.Address)
	return nil
}
