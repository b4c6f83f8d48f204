package handover

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-ical"

	"entrada/internal/fault"
)

// readCalendar reads with another library than the one that writes.
func readCalendar(t *testing.T, data []byte) *ical.Component {
	t.Helper()
	c, err := ical.NewDecoder(bytes.NewReader(data)).Decode()
	if err != nil {
		t.Fatalf("%v\n%s", err, data)
	}
	if len(c.Events()) != 1 {
		t.Fatalf("%d events", len(c.Events()))
	}
	// Encoding again holds the whole against the standard's rules.
	if err := ical.NewEncoder(&bytes.Buffer{}).Encode(c); err != nil {
		t.Error(err)
	}
	return c.Events()[0].Component
}

func TestCalendarReadsBack(t *testing.T) {
	p := sample()
	p.VendorName = "Müller, Söhne; & Co \\ 日本"
	data := must[[]byte](t)(Calendar(p))
	e := readCalendar(t, data)
	text := func(c *ical.Component, name string) string {
		v, err := c.Props.Text(name)
		if err != nil {
			t.Fatal(name, err)
		}
		return v
	}
	if got := text(e, ical.PropSummary); got != "Client secret for "+p.VendorName+" expires" {
		t.Errorf("%q", got)
	}
	start, err := e.Props.DateTime(ical.PropDateTimeStart, time.UTC)
	if err != nil || !start.Equal(p.SecretExpires) ||
		e.Props.Get(ical.PropDateTimeStart).ValueType() != ical.ValueDate {
		t.Error(start, err)
	}
	end, err := e.Props.DateTime(ical.PropDateTimeEnd, time.UTC)
	if err != nil || end.Sub(start) != 24*time.Hour {
		t.Error(end, err)
	}
	stamp, err := e.Props.DateTime(ical.PropDateTimeStamp, time.UTC)
	if err != nil || !stamp.Equal(p.Created) {
		t.Error(stamp, err)
	}
	var before []time.Duration
	for _, a := range e.Children {
		if a.Name != ical.CompAlarm || text(a, ical.PropAction) != "DISPLAY" || text(a, ical.PropDescription) == "" {
			t.Error(a)
		}
		d, err := a.Props.Get(ical.PropTrigger).Duration()
		if err != nil {
			t.Fatal(err)
		}
		before = append(before, d)
	}
	day := 24 * time.Hour
	if len(before) != 3 || before[0] != -60*day || before[1] != -30*day || before[2] != -7*day {
		t.Error(before)
	}
	if strings.Contains(string(data), "canary") || strings.Contains(text(e, ical.PropDescription), "sales@") {
		t.Error("more than was meant")
	}
	for _, line := range strings.Split(strings.TrimSuffix(string(data), "\r\n"), "\r\n") {
		if strings.ContainsAny(line, "\r\n") || len(line) > 75 {
			t.Errorf("a line that the standard does not allow: %q", line)
		}
	}
}

// The same connection moves in the calendar instead of standing there twice.
func TestCalendarKnowsTheConnectionAgain(t *testing.T) {
	uid := func(p Package) string {
		return readCalendar(t, must[[]byte](t)(Calendar(p))).Props.Get(ical.PropUID).Value
	}
	p, later := sample(), sample()
	later.SecretExpires = later.SecretExpires.AddDate(1, 0, 0)
	later.Created = later.Created.AddDate(0, 11, 0)
	if uid(p) != uid(later) {
		t.Error("a renewed secret is another event")
	}
	later.ClientID = "4f6b1c9e-52a7-4c1d-9b0e-7d2f4a8c6e10"
	if uid(p) == uid(later) {
		t.Error("two connections are one event")
	}
	p.SecretExpires = time.Time{}
	_, err := Calendar(p)
	wantKind(t, err, fault.InvalidInput)
	// A secret that ends in the evening ends on that day.
	p.SecretExpires = time.Date(2027, 3, 5, 22, 30, 0, 0, time.UTC)
	start, _ := readCalendar(t, must[[]byte](t)(Calendar(p))).Props.DateTime(ical.PropDateTimeStart, time.UTC)
	if start.Format(time.DateOnly) != "2027-03-05" {
		t.Error(start)
	}
}
