package pages

import (
	"slices"
	"strings"
)

// whatStays says what a test leaves in the mailbox.
func whatStays(asked []string) string {
	switch {
	case !slices.Contains(asked, "Mail.Send"):
		return ""
	case slices.Contains(asked, "Mail.ReadWrite"):
		return "nothing. The test mail and whatever else is created are deleted again."
	default:
		return "one short mail. Whatever else is created is deleted again, and the sign-in is forgotten."
	}
}

// whatIsTried says in words what the test will do.
func whatIsTried(asked []string, lookOnly bool) string {
	var list []string
	add := func(words string, permissions ...string) {
		if slices.ContainsFunc(permissions, func(p string) bool { return slices.Contains(asked, p) }) {
			list = append(list, words)
		}
	}
	if lookOnly {
		add("read mail", "Mail.Read", "Mail.ReadBasic", "Mail.ReadWrite")
		add("read the calendar", "Calendars.Read", "Calendars.ReadWrite")
		add("read contacts", "Contacts.Read", "Contacts.ReadWrite")
		add("read tasks", "Tasks.Read", "Tasks.ReadWrite")
		asked = slices.DeleteFunc(slices.Clone(asked), func(name string) bool { return name != "MailboxSettings.Read" && name != "offline_access" })
	}
	add("send a mail", "Mail.Send")
	add("make a draft and delete it", "Mail.ReadWrite")
	add("read mail", "Mail.Read", "Mail.ReadBasic")
	add("create a calendar event, read it and delete it", "Calendars.ReadWrite")
	add("read the calendar", "Calendars.Read")
	add("create a contact and delete it", "Contacts.ReadWrite")
	add("read contacts", "Contacts.Read")
	add("create a task and delete it", "Tasks.ReadWrite")
	add("read tasks", "Tasks.Read")
	add("read the mailbox settings", "MailboxSettings.Read")
	add("stay connected", "offline_access")
	switch len(list) {
	case 0:
		return "read what it may read"
	case 1:
		return list[0]
	}
	return strings.Join(list[:len(list)-1], ", ") + " and " + list[len(list)-1]
}
