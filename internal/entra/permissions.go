package entra

import "slices"

// GraphAppID is Microsoft Graph's own application ID, the same everywhere.
const GraphAppID = "00000003-0000-0000-c000-000000000000"

// Family groups permissions by what they reach.
type Family string

// The families. A guide may only ask for permissions of these.
const (
	FamilySignIn   Family = "sign-in"
	FamilyMail     Family = "mail"
	FamilyCalendar Family = "calendar"
	FamilyContacts Family = "contacts"
	FamilyTasks    Family = "tasks"
	FamilySettings Family = "mailbox settings"
)

// Permission is one Microsoft Graph permission that a guide may ask for.
//
// IDs: Microsoft's permission reference
// (learn.microsoft.com/graph/permissions-reference); they are the same in every
// tenant.
type Permission struct {
	Name        string
	Family      Family
	DelegatedID string // "" if there is no delegated form
	RoleID      string // the application form; "" if there is none
	Does        string // delegated, as what the vendor can do: "send mail as the person"
	DoesAll     string // application form: "send mail as anybody in the organisation"

	// UsersMayConsent: people may allow it themselves under Microsoft's managed
	// consent policy, the default since November 2025
	// (learn.microsoft.com/entra/identity/enterprise-apps/manage-app-consent-policies).
	UsersMayConsent bool
}

// Permissions lists every permission a guide may ask for, by family.
func Permissions() []Permission { return slices.Clone(permissions) }

// PermissionByName finds a permission by its exact name.
func PermissionByName(name string) (Permission, bool) {
	i := slices.IndexFunc(permissions, func(p Permission) bool { return p.Name == name })
	if i < 0 {
		return Permission{}, false
	}
	return permissions[i], true
}

var permissions = []Permission{
	{"openid", FamilySignIn, "37f7f235-527c-4136-accd-4a02d197296e", "", "let the person sign in", "", true},
	{"profile", FamilySignIn, "14dad69e-099b-42c9-810b-d002981feec1", "", "see the person's name", "", true},
	{"email", FamilySignIn, "64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0", "", "see the person's e-mail address", "", true},
	{"offline_access", FamilySignIn, "7427e0e9-2fba-42fe-b0c0-848c9e6a8182", "",
		"stay connected while the person is away", "", true},
	{"User.Read", FamilySignIn, "e1fe6dd8-ba31-4d61-89e7-88639da4683d", "", "read the person's own profile", "", true},

	{"Mail.Send", FamilyMail, "e383f46e-2787-4529-855e-0e479a3ffac0", "b633e1c5-b582-4048-a93e-9f11b44c7e96",
		"send mail as the person", "send mail as anybody in the organisation", true},
	{"Mail.Send.Shared", FamilyMail, "a367ab51-6b49-43bf-a716-a1fb06d2a174", "",
		"send mail from mailboxes shared with the person", "", true},
	{"Mail.ReadBasic", FamilyMail, "a4b8392a-d8d1-4954-a029-8e668a39a170", "6be147d2-ea4f-4b5a-a3fa-3eab6f3c140a",
		"see sender, subject and date of the person's mail", "see sender, subject and date of everybody's mail", false},
	{"Mail.Read", FamilyMail, "570282fd-fa5c-430d-a7fd-fc8dc98a9dca", "810c84a8-4a9e-49e6-bf7d-12d183f40d01",
		"read the person's mail", "read everybody's mail", false},
	{"Mail.ReadWrite", FamilyMail, "024d486e-b451-40bb-833d-3e66d98c5c73", "e2a3a72e-5f79-4c64-b1b1-878b674786c9",
		"read, draft, move and delete the person's mail", "read, draft, move and delete everybody's mail", false},
	{"Mail.Read.Shared", FamilyMail, "7b9103a5-4610-446b-9670-80643382c1fa", "",
		"read mail in mailboxes shared with the person", "", false},
	{"Mail.ReadWrite.Shared", FamilyMail, "5df07973-7d5d-46ed-9847-1271055cbd51", "",
		"read and change mail in mailboxes shared with the person", "", false},
	{"Mail.ReadBasic.Shared", FamilyMail, "b11fa0e7-fdb7-4dc9-b1f1-59facd463480", "",
		"see sender, subject and date in mailboxes shared with the person", "", false},

	{"Calendars.Read", FamilyCalendar, "465a38f9-76ea-45b9-9f34-9e8b0d4b0b42", "798ee544-9d2d-430c-a058-570e29e34338",
		"read the person's calendar", "read everybody's calendar", false},
	{"Calendars.ReadWrite", FamilyCalendar, "1ec239c2-d7c9-4623-a91a-a9775856bb36",
		"ef54d2bf-783f-4e0f-bca1-3210c0444d99", "read and change the person's calendar",
		"read and change everybody's calendar", false},
	{"Calendars.ReadBasic", FamilyCalendar, "662d75ba-a364-42ad-adee-f5f880ea4878", "",
		"see times and titles in the person's calendar", "", false},
	{"Calendars.Read.Shared", FamilyCalendar, "2b9c4092-424d-4249-948d-b43879977640", "",
		"read calendars shared with the person", "", false},
	{"Calendars.ReadWrite.Shared", FamilyCalendar, "12466101-c9b8-439a-8589-dd09ee67e8e9", "",
		"read and change calendars shared with the person", "", false},

	{"Contacts.Read", FamilyContacts, "ff74d97f-43af-4b68-9f2a-b77ee6968c5d", "089fe4d0-434a-44c5-8827-41ba8a0b17f5",
		"read the person's contacts", "read everybody's contacts", true},
	{"Contacts.ReadWrite", FamilyContacts, "d56682ec-c09e-4743-aaf4-1a3aac4caa21",
		"6918b873-d17a-4dc1-b314-35f528134491", "read and change the person's contacts",
		"read and change everybody's contacts", false},
	{"Contacts.Read.Shared", FamilyContacts, "242b9d9e-ed24-4d09-9a52-f43769beb9d4", "",
		"read contacts shared with the person", "", false},
	{"Contacts.ReadWrite.Shared", FamilyContacts, "afb6c84b-06be-49af-80bb-8f3f77004eab", "",
		"read and change contacts shared with the person", "", false},

	{"Tasks.Read", FamilyTasks, "f45671fb-e0fe-4b4b-be20-3d3ce43f1bcb", "", "read the person's tasks", "", false},
	{"Tasks.ReadWrite", FamilyTasks, "2219042f-cab5-40cc-b0d2-16b1540b4c5f", "", "read and change the person's tasks",
		"", false},
	{"Tasks.Read.All", FamilyTasks, "", "f10e1f91-74ed-437f-a6fd-d6ae88e26c1f", "", "read everybody's tasks", false},
	{"Tasks.ReadWrite.All", FamilyTasks, "", "44e666d1-d276-445b-a5fc-8815eeb81d55", "",
		"read and change everybody's tasks", false},

	{"MailboxSettings.Read", FamilySettings, "87f447af-9fa4-4c32-9dfa-4a57a73d18ce",
		"40f97065-369a-49f4-947c-6a255697ae91", "read the person's mailbox settings, such as the time zone",
		"read everybody's mailbox settings", false},
	{"MailboxSettings.ReadWrite", FamilySettings, "818c620a-27a9-40bd-a6a5-d96f7d610b4b",
		"6931bccd-447a-43d1-b442-00a195474933", "read and change the person's mailbox settings",
		"read and change everybody's mailbox settings", false},
}
