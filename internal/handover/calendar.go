package handover

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"entrada/internal/fault"
	"entrada/internal/words"
)

// remindDays are how long before the end of the secret a calendar reminds.
var remindDays = []int{60, 30, 7}

// reminder is what the calendar is to know.
type reminder struct {
	uid         string
	made, day   time.Time
	title, text string
	alarms      []alarm
}

type alarm struct {
	days int
	text string
}

func newReminder(p Package) (reminder, error) {
	p, err := p.complete()
	if err != nil {
		return reminder{}, err
	}
	if p.SecretExpires.IsZero() {
		return reminder{},
			fault.Invalid("expiry", "It is not known when the secret expires, so there is nothing to remind you of.")
	}
	r := reminder{
		uid: p.uid(), made: p.Created, day: p.SecretExpires.Truncate(24 * time.Hour),
		title: "Client secret for " + p.vendor() + " expires",
	}
	var lines []string
	if p.IsPractice() {
		r.title, lines = practiceLabel+": "+r.title, []string{PracticeWords}
	}
	lines = append(lines, "Make a new client secret before this day and give it to "+p.vendor()+
		", or the connection stops working.")
	if p.TenantDomain != "" {
		lines = append(lines, "Organisation: "+p.TenantDomain)
	}
	r.text = strings.Join(append(lines, "Client ID: "+p.ClientID, "In Entrada: Renew secret."), "\n")
	for _, days := range remindDays {
		r.alarms = append(r.alarms, alarm{days, fmt.Sprintf("%s in %d days", r.title, days)})
	}
	return r, nil
}

// Calendar is an iCalendar file with the day on which the secret expires. The
// same connection has the same UID, so that a calendar moves the day when the
// secret was renewed.
func Calendar(p Package) ([]byte, error) {
	r, err := newReminder(p)
	if err != nil {
		return nil, err
	}
	c := ics.NewCalendarFor("Entrada")
	c.SetMethod(ics.MethodPublish)
	e := c.AddEvent(r.uid)
	e.SetDtStampTime(r.made)
	e.SetAllDayStartAt(r.day)
	e.SetAllDayEndAt(r.day.AddDate(0, 0, 1))
	e.SetSummary(r.title)
	e.SetDescription(r.text)
	e.SetTimeTransparency(ics.TransparencyTransparent) // nobody is busy all day
	for _, one := range r.alarms {
		a := e.AddAlarm()
		a.SetAction(ics.ActionDisplay)
		a.SetTrigger(fmt.Sprintf("-P%dD", one.days))
		a.SetProperty(ics.ComponentPropertyDescription, one.text)
	}
	// The standard wants these line ends on every system.
	return []byte(c.Serialize(ics.WithNewLineWindows)), nil
}

func previewCalendar(p Package) (string, error) {
	r, err := newReminder(p)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s, all day\n%s\n%s\n\nReminders\n", r.day.Format(words.Date), r.title, r.text)
	for _, a := range r.alarms {
		fmt.Fprintf(&b, "%s: %s\n", r.day.AddDate(0, 0, -a.days).Format(words.Date), a.text)
	}
	return b.String(), nil
}

// vendor is the vendor's name as people know it.
func (p Package) vendor() string {
	if p.VendorName != "" {
		return p.VendorName
	}
	return p.VendorID
}

// uid names the connection to calendars and tells them nothing of it.
func (p Package) uid() string {
	sum := sha256.Sum256([]byte(strings.ToLower(p.CloudID + "|" + p.TenantID + "|" + p.ClientID)))
	return hex.EncodeToString(sum[:16]) + "@entrada"
}
