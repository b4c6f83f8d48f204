package checks

import (
	"strings"

	"entrada/internal/entra"
)

// level is how far permissions of one family reach. A higher level includes
// the lower ones, so one check proves them all.
type level int

const (
	nothing level = iota
	reads
	writes
)

// mailboxAccess is what may be done in a mailbox.
type mailboxAccess struct {
	levels map[entra.Family]level
	sends  bool
}

// abilities is what a list of permissions allows, in the mailbox itself and in
// mailboxes shared with the person.
type abilities struct{ own, shared mailboxAccess }

// abilitiesOf reads permission names. It ignores those that no guide may ask for.
func abilitiesOf(names []string) abilities {
	a := abilities{mailboxAccess{levels: map[entra.Family]level{}}, mailboxAccess{levels: map[entra.Family]level{}}}
	for _, name := range names {
		p, ok := entra.PermissionByName(name)
		if !ok || p.Family == entra.FamilySignIn {
			continue
		}
		to := &a.own
		if strings.HasSuffix(name, ".Shared") {
			to = &a.shared
		}
		_, verb, _ := strings.Cut(name, ".")
		switch {
		case strings.HasPrefix(verb, "Send"):
			to.sends = true
		case strings.HasPrefix(verb, "ReadWrite"):
			to.levels[p.Family] = max(to.levels[p.Family], writes)
		default:
			to.levels[p.Family] = max(to.levels[p.Family], reads)
		}
	}
	return a
}

// mayDelete reports whether these permissions are enough to take a leftover
// away.
func (a abilities) mayDelete(l Leftover) bool {
	family := l.Kind.family()
	return max(a.own.levels[family], a.shared.levels[family]) == writes
}

// familyTitles are the titles of the rows for families that are not tried, in their
// order.
var familyTitles = []struct {
	family entra.Family
	id     ID
	title  string
}{
	{entra.FamilySignIn, CheckRefresh, "Stays connected"},
	{entra.FamilyMail, "mail", "Mail"},
	{entra.FamilyCalendar, "calendar", "Calendar"},
	{entra.FamilyContacts, "contacts", "Contacts"},
	{entra.FamilyTasks, "tasks", "Tasks"},
	{entra.FamilySettings, "settings", "Mailbox settings"},
}

// leftAlone is the row of a family of which the vendor asks for no permission.
func leftAlone(family entra.Family, vendor string) Check {
	for _, f := range familyTitles {
		if f.family == family {
			return Check{ID: f.id, Title: f.title, NotAskedWhy: vendor + " did not ask for it"}
		}
	}
	return Check{}
}

// leftAlone lists the rows for mail, calendar and so on.
func (a abilities) leftAlone(vendor string) []Check {
	var rows []Check
	for _, f := range familyTitles[1:] {
		sends := f.family == entra.FamilyMail && (a.own.sends || a.shared.sends)
		if !sends && a.own.levels[f.family] == nothing && a.shared.levels[f.family] == nothing {
			rows = append(rows, leftAlone(f.family, vendor))
		}
	}
	return rows
}
