package directory

import (
	"slices"
	"strings"
	"sync"

	"entrada/internal/words"
)

// GraphAppID is the client ID of Microsoft Graph, the same in every tenant.
const GraphAppID = "00000003-0000-0000-c000-000000000000"

// Permission is one permission of Microsoft Graph. A permission may exist in a
// delegated form, in an application form, or in both.
type Permission struct {
	Name        string
	DelegatedID string // id of the scope, empty if there is none
	RoleID      string // id of the app role, empty if there is none
	AdminOnly   bool   // the delegated form always needs an administrator
	Managed     bool   // blocked from user consent by the Microsoft-managed policy
	Title       string // as consent pages and the portal show it
	AppTitle    string // the same for the application form
}

// permissions is the practice tenant's own table, kept apart from the product's
// on purpose so that the two can be held against each other. Ids and flags:
// Microsoft's permission catalogue of August 2026 and, for Managed,
// learn.microsoft.com/entra/identity/enterprise-apps/manage-app-consent-policies.
var permissions = []Permission{
	{"openid", "37f7f235-527c-4136-accd-4a02d197296e", "", false, false, "Sign users in", ""},
	{"profile", "14dad69e-099b-42c9-810b-d002981feec1", "", false, false, "View users' basic profile", ""},
	{"email", "64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0", "", false, false, "View users' email address", ""},
	{"offline_access", "7427e0e9-2fba-42fe-b0c0-848c9e6a8182", "", false, false,
		"Maintain access to data you have given it access to", ""},
	{"User.Read", "e1fe6dd8-ba31-4d61-89e7-88639da4683d", "", false, false, "Sign in and read user profile", ""},
	{"User.ReadBasic.All", "b340eb25-3456-403f-be2f-af7a0d370277", "97235f07-e226-4f63-ace3-39588e11d3a1", false,
		false, "Read all users' basic profiles", "Read all users' basic profiles"},
	{"User.Read.All", "a154be20-db9c-4678-8ab7-66f6cc099a59", "df021288-bdef-4463-88db-98f22de89214", true, false,
		"Read all users' full profiles", "Read all users' full profiles"},
	{"User.ReadWrite.All", "204e0828-b5ca-4ad8-b9f3-f32a958e7cc4", "", true, false,
		"Read and write all users' full profiles", ""},

	{"Mail.Send", "e383f46e-2787-4529-855e-0e479a3ffac0", "b633e1c5-b582-4048-a93e-9f11b44c7e96", false, false,
		"Send mail as a user", "Send mail as any user"},
	{"Mail.Send.Shared", "a367ab51-6b49-43bf-a716-a1fb06d2a174", "", false, false, "Send mail on behalf of others", ""},
	{"Mail.Read", "570282fd-fa5c-430d-a7fd-fc8dc98a9dca", "810c84a8-4a9e-49e6-bf7d-12d183f40d01", false, true,
		"Read user mail", "Read mail in all mailboxes"},
	{"Mail.ReadWrite", "024d486e-b451-40bb-833d-3e66d98c5c73", "e2a3a72e-5f79-4c64-b1b1-878b674786c9", false, true,
		"Read and write access to user mail", "Read and write mail in all mailboxes"},
	{"Mail.ReadBasic", "a4b8392a-d8d1-4954-a029-8e668a39a170", "6be147d2-ea4f-4b5a-a3fa-3eab6f3c140a", false, true,
		"Read user basic mail", "Read basic mail in all mailboxes"},
	{"Mail.ReadBasic.All", "", "693c5e45-0940-467d-9b8a-1022fb9d42ef", false, false, "",
		"Read basic mail in all mailboxes"},
	{"Mail.Read.Shared", "7b9103a5-4610-446b-9670-80643382c1fa", "", false, true, "Read user and shared mail", ""},
	{"Mail.ReadWrite.Shared", "5df07973-7d5d-46ed-9847-1271055cbd51", "", false, true,
		"Read and write user and shared mail", ""},
	{"Mail.ReadBasic.Shared", "b11fa0e7-fdb7-4dc9-b1f1-59facd463480", "", false, true,
		"Read user and shared basic mail", ""},

	{"Calendars.Read", "465a38f9-76ea-45b9-9f34-9e8b0d4b0b42", "798ee544-9d2d-430c-a058-570e29e34338", false, true,
		"Read user calendars", "Read calendars in all mailboxes"},
	{"Calendars.ReadWrite", "1ec239c2-d7c9-4623-a91a-a9775856bb36", "ef54d2bf-783f-4e0f-bca1-3210c0444d99", false,
		true, "Have full access to user calendars", "Read and write calendars in all mailboxes"},
	{"Calendars.ReadBasic", "662d75ba-a364-42ad-adee-f5f880ea4878", "", true, true,
		"Read basic details of user calendars", ""},
	{"Calendars.ReadBasic.All", "", "8ba4a692-bc31-4128-9094-475872af8a53", false, false, "",
		"Read basic details of calendars in all mailboxes"},
	{"Calendars.Read.Shared", "2b9c4092-424d-4249-948d-b43879977640", "", false, true,
		"Read user and shared calendars", ""},
	{"Calendars.ReadWrite.Shared", "12466101-c9b8-439a-8589-dd09ee67e8e9", "", false, true,
		"Read and write user and shared calendars", ""},

	{"Contacts.Read", "ff74d97f-43af-4b68-9f2a-b77ee6968c5d", "089fe4d0-434a-44c5-8827-41ba8a0b17f5", false, false,
		"Read user contacts", "Read contacts in all mailboxes"},
	{"Contacts.ReadWrite", "d56682ec-c09e-4743-aaf4-1a3aac4caa21", "6918b873-d17a-4dc1-b314-35f528134491", false, true,
		"Have full access to user contacts", "Read and write contacts in all mailboxes"},
	{"Contacts.Read.Shared", "242b9d9e-ed24-4d09-9a52-f43769beb9d4", "", false, true, "Read user and shared contacts",
		""},
	{"Contacts.ReadWrite.Shared", "afb6c84b-06be-49af-80bb-8f3f77004eab", "", false, true,
		"Read and write user and shared contacts", ""},

	{"Tasks.Read", "f45671fb-e0fe-4b4b-be20-3d3ce43f1bcb", "", false, true, "Read user's tasks and task lists", ""},
	{"Tasks.ReadWrite", "2219042f-cab5-40cc-b0d2-16b1540b4c5f", "", false, true,
		"Create, read, update and delete user's tasks and task lists", ""},
	{"Tasks.Read.All", "", "f10e1f91-74ed-437f-a6fd-d6ae88e26c1f", false, false, "",
		"Read all users' tasks and task lists"},
	{"Tasks.ReadWrite.All", "", "44e666d1-d276-445b-a5fc-8815eeb81d55", false, false, "",
		"Read and write all users' tasks and task lists"},

	{"MailboxSettings.Read", "87f447af-9fa4-4c32-9dfa-4a57a73d18ce", "40f97065-369a-49f4-947c-6a255697ae91", false,
		true, "Read user mailbox settings", "Read all user mailbox settings"},
	{"MailboxSettings.ReadWrite", "818c620a-27a9-40bd-a6a5-d96f7d610b4b", "6931bccd-447a-43d1-b442-00a195474933",
		false, true, "Read and write user mailbox settings", "Read and write all user mailbox settings"},
	{"MailboxFolder.Read", "52dc2051-4958-4636-8f2a-281d39c6981c", "", true, true, "Read a user's mailbox folders", ""},
	{"MailboxFolder.Read.All", "", "99280d24-a782-4793-93cc-0888549957f6", false, false, "",
		"Read all the users' mailbox folders"},
	{"MailboxItem.Read", "82305458-296d-4edd-8b0b-74dd74c34526", "", true, true, "Read a user's mailbox items", ""},
	{"MailboxItem.Read.All", "", "7d9f353d-a7bd-4fbb-822a-26d5dd39a3ce", false, false, "",
		"Read all the users' mailbox items"},
	{"OnlineMeetings.ReadWrite", "a65f2972-a4f8-4f5e-afd7-69ccb046d5dc", "", false, true,
		"Read and create user's online meetings", ""},
	{"IMAP.AccessAsUser.All", "652390e4-393a-48de-9484-05f9b1212954", "", false, true,
		"Read and write access to mailboxes via IMAP", ""},
	{"POP.AccessAsUser.All", "d7b7f2d9-0f45-4ea1-9d42-e50810c06991", "", false, true,
		"Read and write access to mailboxes via POP", ""},
	{"SMTP.Send", "258f6531-6087-4cc4-bb90-092c5fb3ed3f", "", false, false,
		"Send emails from mailboxes using SMTP AUTH", ""},

	{"Application.Read.All", "c79f8feb-a9db-4090-85f9-90d820caa0eb", "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30", true,
		false, "Read applications", "Read all applications"},
	{"Application.ReadWrite.All", "bdfbf15f-ee85-4955-8675-146e8e5296b5", "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9", true,
		false, "Read and write all applications", "Read and write all applications"},
	{"Application.ReadWrite.OwnedBy", "", "18a4783c-866b-4cc7-a460-3d5e5662c884", false, false, "",
		"Manage apps that this app creates or owns"},
	{"DelegatedPermissionGrant.Read.All", "a197cdc4-a8e8-4d49-9d35-4ca7c83887b4",
		"81b4724a-58aa-41c1-8a55-84ef97466587", true, false, "Read delegated permission grants",
		"Read all delegated permission grants"},
	{"DelegatedPermissionGrant.ReadWrite.All", "41ce6ca6-6826-4807-84f1-1c82854f7ee5",
		"8e8e4742-1d95-4f68-9d56-6ee75648c72a", true, false, "Manage all delegated permission grants",
		"Manage all delegated permission grants"},
	{"AppRoleAssignment.ReadWrite.All", "84bccea3-f856-4a8a-967b-dbe0a3d53a64", "06b708a9-e830-4db3-a914-8e69da51d44f",
		true, false, "Manage app permission grants and app role assignments",
		"Manage app permission grants and app role assignments"},
	{"Directory.Read.All", "06da0dbc-49e2-44d2-8312-53f166ab848a", "7ab1d382-f21e-4acd-a863-ba3e13f7da61", true, false,
		"Read directory data", "Read directory data"},
	{"Directory.AccessAsUser.All", "0e263e50-5827-48a4-b97c-d940288653c7", "", true, false,
		"Access directory as the signed in user", ""},
	{"RoleManagement.Read.Directory", "741c54c3-0c1e-44a1-818b-3f97ab4e8c83", "483bed4a-2ad3-4361-a73b-c83ccdbdc53c",
		true, false, "Read directory RBAC settings", "Read all directory RBAC settings"},
	{"Organization.Read.All", "4908d5b9-3fb2-4b1e-9336-1888b7937185", "498476ce-e0fe-48b0-b801-37ba7e2685c6", true,
		false, "Read organization information", "Read organization information"},
	{"Policy.Read.All", "572fea84-0151-49b2-9301-11cb16974376", "246dd0d5-5bd0-4def-940b-0421030a5b68", true, false,
		"Read your organization's policies", "Read your organization's policies"},
	{"Policy.Read.PermissionGrant", "414de6ea-2d92-462f-b120-6e2a809a6d01", "9e640839-a198-48fb-8b9a-013fd6f6cbcd",
		true, false, "Read consent and permission grant policies", "Read consent and permission grant policies"},
	{"Policy.ReadWrite.ApplicationConfiguration", "b27add92-efb2-4f16-84f5-8108ba77985c",
		"be74164b-cff1-491c-8741-e671cb536e13", true, false,
		"Read and write your organization's application configuration policies",
		"Read and write your organization's application configuration policies"},
	{"AuditLog.Read.All", "e4c9e354-4dc5-45b8-9e7c-e1393b0b1a20", "", true, false, "Read audit log data", ""},
	{"Group.ReadWrite.All", "4e46008b-f24c-477d-8fff-7bb4ec7aafe0", "", true, false, "Read and write all groups", ""},
}

// Permissions is the table of Microsoft Graph permissions.
func Permissions() []Permission { return slices.Clone(permissions) }

// PermissionNamed finds a permission by name; names are case-insensitive in
// requests.
func PermissionNamed(name string) (Permission, bool) {
	for _, p := range permissions {
		if strings.EqualFold(p.Name, name) {
			return p, true
		}
	}
	return Permission{}, false
}

// oidcScopes belong to the sign-in itself. Once an app has any consent they
// need none of their own: learn.microsoft.com/entra/identity-platform/scopes-oidc.
var oidcScopes = []string{"openid", "profile", "email", "offline_access"}

// IsSignInScope reports whether a scope is one of openid, profile, email and
// offline_access.
func IsSignInScope(name string) bool { return slices.Contains(oidcScopes, strings.ToLower(name)) }

// graphScopes and graphRoles are the same in every tenant, so they are made once.
var graphScopes = sync.OnceValue(func() []PermissionScope {
	var out []PermissionScope
	for _, p := range permissions {
		if p.DelegatedID == "" {
			continue
		}
		kind := "User"
		if p.AdminOnly {
			kind = "Admin"
		}
		title := p.Title
		out = append(out, PermissionScope{
			ID: p.DelegatedID, Value: p.Name, Type: kind, IsEnabled: true,
			AdminConsentDisplayName: title,
			AdminConsentDescription: "Allows the app to: " + words.LowerFirst(title) + ".",
			UserConsentDisplayName:  &title, UserConsentDescription: &title,
		})
	}
	return out
})

var graphRoles = sync.OnceValue(func() []AppRole {
	var out []AppRole
	for _, p := range permissions {
		if p.RoleID == "" {
			continue
		}
		out = append(out, AppRole{
			ID: p.RoleID, Value: p.Name, DisplayName: p.AppTitle, IsEnabled: true, Origin: "Application",
			Description:        "Allows the app to: " + words.LowerFirst(p.AppTitle) + ", without a signed-in user.",
			AllowedMemberTypes: []string{"Application"},
		})
	}
	return out
})
