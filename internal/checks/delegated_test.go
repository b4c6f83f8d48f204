package checks

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/practice/practicetest"
)

// TestEveryPermissionIsTried: with consent each family passes, without it the
// check says so, and either way nothing stays behind.
func TestEveryPermissionIsTried(t *testing.T) {
	for _, c := range []struct {
		asked []string
		id    ID
		title string
		mails int // that stay
	}{
		{[]string{"User.Read"}, CheckProfile, "Profile read", 0},
		{[]string{"offline_access"}, CheckRefresh, "Stays connected", 0},
		{[]string{"Mail.Send"}, CheckMail, "Mail to yourself sent", 1},
		{[]string{"Mail.ReadBasic"}, CheckMailRead, "Newest mail read", 0},
		{[]string{"Mail.ReadBasic", "Mail.Read"}, CheckMailRead, "Newest mail read", 0},
		{[]string{"Mail.Read", "Mail.ReadWrite"}, CheckMailWrite, "Draft created, read and deleted", 0},
		{[]string{"Calendars.Read"}, CheckCalendarRead, "Calendar read", 0},
		{[]string{"Calendars.Read", "Calendars.ReadWrite"}, CheckCalendar, "Calendar event created, read and deleted",
			0},
		{[]string{"Contacts.Read"}, CheckContactsRead, "Contacts read", 0},
		{[]string{"Contacts.ReadWrite"}, CheckContactsWrite, "Contact created, read and deleted", 0},
		{[]string{"Tasks.Read"}, CheckTasksRead, "Task lists read", 0},
		{[]string{"Tasks.Read", "Tasks.ReadWrite"}, CheckTasksWrite, "Task created, read and deleted", 0},
		{[]string{"MailboxSettings.Read"}, CheckSettings, "Mailbox settings read", 0},
		{[]string{"Mail.Read.Shared"}, "shared-mail-read", "Newest mail read in the shared mailbox", 0},
		{[]string{"Mail.ReadWrite.Shared"}, "shared-mail-write",
			"Draft created, read and deleted in the shared mailbox", 0},
		{[]string{"Mail.Send.Shared"}, "shared-mail-send", "Mail from the shared mailbox to yourself sent", 1},
	} {
		t.Run(strings.Join(c.asked, "+"), func(t *testing.T) {
			t.Parallel()
			o := newOrganisation(t, practicetest.Delegated, c.asked...)
			d := o.signedIn(t, "alex")
			d.SharedMailbox = o.Address("shared")
			results := Run(t.Context(), d.Checks(), nil)
			v := Judge(results, o.context())
			if r := result(t, results, c.id); r.State != Passed || r.Title != c.title || !v.OK || v.Tried != 3 {
				t.Errorf("%+v\n%+v", v, results)
			}
			o.clean(t, c.mails)
			o.journalled(t, 0)
			if slices.ContainsFunc(c.asked, func(p string) bool { return p == "offline_access" || p == "User.Read" }) {
				return // the sign-in itself brings these
			}
			// Another person, who has allowed nothing but a look at the profile.
			weak := *o
			weak.asked = []string{"User.Read"}
			d2 := weak.signedIn(t, "megan")
			d2.Asked, d2.SharedMailbox = c.asked, d.SharedMailbox
			results = Run(t.Context(), d2.Checks(), nil)
			r := result(t, results, c.id)
			v = Judge(results, o.context())
			if r.State != Failed || fault.CodeOf(r.Err) != "ErrorAccessDenied" || v.Culprit != explain.Consent ||
				v.Headline != "One thing is wrong: the consent" {
				t.Errorf("without consent: %s %v; %+v", r.State, r.Err, v)
			}
			o.clean(t, c.mails)
			o.journalled(t, 0)
		})
	}
}

var aurinko = []string{
	"Mail.ReadWrite", "Mail.Send", "Calendars.ReadWrite", "Contacts.ReadWrite", "Tasks.ReadWrite",
	"offline_access", "openid", "email", "profile", "MailboxSettings.Read", "User.Read",
}

// crowd counts how many requests for mailboxes are under way at once.
type crowd struct {
	next      http.RoundTripper
	mu        sync.Mutex
	now, most int
}

func (c *crowd) RoundTrip(r *http.Request) (*http.Response, error) {
	if rest, ok := strings.CutPrefix(r.URL.Path, "/v1.0/me/"); ok && rest != "" {
		c.mu.Lock()
		c.now++
		c.most = max(c.most, c.now)
		c.mu.Unlock()
		defer func() { c.mu.Lock(); c.now--; c.mu.Unlock() }()
	}
	return c.next.RoundTrip(r)
}

func TestEverythingAtOnceStaysWithinTheMailboxLimit(t *testing.T) {
	t.Parallel()
	o := newOrganisation(t, practicetest.Delegated, aurinko...)
	d := o.signedIn(t, "alex")
	through := &crowd{next: o.http.Transport}
	d.HTTP = &http.Client{Transport: through, CheckRedirect: o.http.CheckRedirect, Timeout: o.http.Timeout}
	o.Break("latency=20ms")
	results := Run(t.Context(), d.Checks(), nil)
	o.Mend()
	if v := Judge(results, o.context()); !v.OK || v.Passed != 10 {
		t.Errorf("%+v\n%+v", v, results)
	}
	// Exchange Online's limit (learn.microsoft.com/graph/throttling-limits).
	if through.most > 4 || through.most < 2 {
		t.Errorf("%d requests at once", through.most)
	}
	if r := result(t, results, CheckMail); !strings.HasSuffix(r.Detail, "arrived, and was deleted again") {
		t.Errorf("%q", r.Detail)
	}
	o.clean(t, 0)
	o.journalled(t, 0)
	mails := o.State().Mails
	if len(mails) != 1 || !slices.Equal(mails[0].To, []string{o.Address("alex")}) || mails[0].SavedToSent {
		t.Errorf("%+v", mails)
	}
}

func TestAReadOnlyTestChangesNothing(t *testing.T) {
	t.Parallel()
	o := newOrganisation(t, practicetest.Delegated, aurinko...)
	d := o.signedIn(t, "alex")
	d.ReadOnly = true
	if err := o.journal.Add(d.mailbox("").leftover(KindEvent, Subject("AAAA"), d.Now())); err != nil {
		t.Fatal(err)
	}
	before := o.State().Requests
	if gone, err := d.Sweep(t.Context()); gone != nil || err != nil {
		t.Error(gone, err)
	}
	results := Run(t.Context(), d.Checks(), nil)
	if v := Judge(results, o.context()); !v.OK || v.Passed != 9 {
		t.Errorf("%+v\n%+v", v, results)
	}
	for _, id := range []ID{CheckMail, CheckMailWrite, CheckCalendar, CheckContactsWrite, CheckTasksWrite} {
		if r := result(t, results, id); r.State != NotAsked || r.Skipped != SkippedReadOnly ||
			r.Detail != "read-only test" {
			t.Errorf("%+v", r)
		}
	}
	for route, n := range o.State().Requests {
		if !strings.HasPrefix(route, "graph GET") && strings.HasPrefix(route, "graph ") && n != before[route] {
			t.Errorf("%s was called", route)
		}
	}
	o.journalled(t, 1)
}

func TestWhatIsNotAskedForIsSaidOncePerFamily(t *testing.T) {
	t.Parallel()
	o := newOrganisation(t, practicetest.Delegated, "Mail.Send", "Mail.Read.Shared")
	d := o.signedIn(t, "alex")
	list := d.Checks()
	var rows []string
	for _, c := range list {
		if c.Run == nil {
			rows = append(rows, c.Title+": "+c.NotAskedWhy)
		}
	}
	want := []string{
		"Newest mail read in the shared mailbox: tell us a shared mailbox to try this",
		"Stays connected: Xkit did not ask for it", "Calendar: Xkit did not ask for it",
		"Contacts: Xkit did not ask for it",
		"Tasks: Xkit did not ask for it", "Mailbox settings: Xkit did not ask for it",
	}
	if !slices.Equal(rows, want) {
		t.Errorf("%q", rows)
	}
	seen := map[ID]bool{}
	for _, c := range list {
		if seen[c.ID] {
			t.Errorf("two checks are called %s", c.ID)
		}
		seen[c.ID] = true
	}
}

func TestAnotherMailbox(t *testing.T) {
	t.Parallel()
	o := newOrganisation(t, practicetest.Delegated, "Mail.Send", "Mail.ReadWrite", "Mail.Send.Shared",
		"Mail.ReadWrite.Shared")
	d := o.signedIn(t, "alex")
	d.Mailbox = o.Address("shared")
	d.SharedMailbox = d.Mailbox
	results := Run(t.Context(), d.Checks(), nil)
	if v := Judge(results, o.context()); !v.OK {
		t.Errorf("%+v\n%+v", v, results)
	}
	mails := o.State().Mails
	if len(mails) != 2 {
		t.Fatalf("%+v", mails)
	}
	for _, m := range mails {
		if m.From != d.Mailbox || len(m.To) != 1 || m.To[0] != d.Mailbox && m.To[0] != o.Address("alex") {
			t.Errorf("%+v", m)
		}
	}
	// A mailbox in which the person has no business.
	d.Mailbox, d.SharedMailbox = o.Address("megan"), ""
	results = Run(t.Context(), d.Checks(), nil)
	if r := result(t, results, CheckMailWrite); r.State != Failed || fault.CodeOf(r.Err) != "ErrorAccessDenied" {
		t.Errorf("%+v", r)
	}
}

// late hides mails from whoever looks for them.
type late struct{ next http.RoundTripper }

func (l late) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/messages") {
		q := r.URL.Query()
		q.Set("$filter", "subject eq 'not yet'")
		r = r.Clone(r.Context())
		r.URL.RawQuery = q.Encode()
	}
	return l.next.RoundTrip(r)
}

func TestAMailThatTakesItsTime(t *testing.T) {
	t.Parallel()
	o := newOrganisation(t, practicetest.Delegated, "Mail.Send", "Mail.ReadWrite", "User.Read")
	d := o.signedIn(t, "alex")
	slow := d
	slow.HTTP = &http.Client{Transport: late{o.http.Transport}}
	results := Run(t.Context(), slow.Checks(), nil)
	r := result(t, results, CheckMail)
	if r.State != Passed || !strings.Contains(r.Detail, "had not arrived after 0 seconds") {
		t.Errorf("%+v", r)
	}
	o.journalled(t, 1)
	if gone, err := slow.Sweep(t.Context()); len(gone) != 0 || err != nil {
		t.Error(gone, err)
	}
	o.journalled(t, 1) // it may still come
	if gone, err := d.Sweep(t.Context()); err != nil || !slices.Equal(gone, []string{Subject(d.RunID)}) {
		t.Error(gone, err)
	}
	o.clean(t, 0)
	o.journalled(t, 0)
}

func TestCancelledWhileAMailGoesOut(t *testing.T) {
	err := fault.New(fault.MaybeSent, "send a mail",
		&fault.Error{Kind: fault.Cancelled, Op: "send a mail", Err: errors.New("stop")})
	v := Judge([]Result{{State: Passed}, {State: Failed, Err: err}}, explain.Context{})
	if v.OK || !v.Cancelled || v.Headline != "The test was cancelled" ||
		!strings.Contains(v.Explanation.What, "may have gone out") {
		t.Errorf("%+v", v)
	}
}
