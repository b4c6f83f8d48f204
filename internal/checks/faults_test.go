package checks

import (
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/practice/practicetest"
)

// TestEachFaultHasACulprit: whatever goes wrong, the verdict names the link of
// the chain, says who can do something, and nothing stays in the mailbox.
func TestEachFaultHasACulprit(t *testing.T) {
	var ends []func()
	for name, c := range map[string]struct {
		before   bool // the fault is there at the sign-in already
		first    ID
		kind     fault.Kind
		code     string
		headline string
	}{
		"mailbox-unlicensed": {false, CheckSettings, fault.GraphRefused, "MailboxNotEnabledForRESTAPI",
			"One thing is wrong: the mailbox"},
		"mailbox-on-premises": {false, CheckSettings, fault.GraphRefused, "MailboxNotEnabledForRESTAPI",
			"One thing is wrong: the mailbox"},
		"throttle-seconds=1*2": {},
		"throttle-date=1*2":    {},
		"throttle-missing*2":   {},
		"throttle-seconds=1": {false, CheckProfile, fault.Throttled, "TooManyRequests",
			"One thing is wrong: Microsoft's service"},
		"throttle-huge": {false, CheckProfile, fault.Throttled, "TooManyRequests",
			"One thing is wrong: Microsoft's service"},
		"unavailable*2": {},
		"unavailable": {false, CheckProfile, fault.Unavailable, "ServiceUnavailable",
			"One thing is wrong: Microsoft's service"},
		"truncated=graph*1": {},
		"truncated=graph": {false, CheckProfile, fault.BadAnswer, "",
			"One thing is wrong: the network"},
		"html-answer=graph": {false, CheckProfile, fault.CaptivePortal, "",
			"One thing is wrong: the network"},
		"redirect-foreign": {false, CheckRefresh, fault.BadAnswer, "",
			"One thing is wrong: the network"},
		"event-delete-fails*1": {},
		"event-delete-fails": {false, CheckCalendar, fault.LeftBehind, "ErrorInternalServerError",
			"One thing is wrong: the mailbox"},
		"event-drop-after-accept*1": {},
		"mail-drop-after-accept":    {}, // the mail is seen to arrive all the same
		"scope-dropped=Contacts.ReadWrite": {true, CheckGranted, fault.ScopeMissing, "",
			"One thing is wrong: the consent"},
		"no-refresh-token": {true, CheckGranted, fault.ScopeMissing, "", "One thing is wrong: the consent"},
		"refresh-token-expired": {false, CheckRefresh, fault.Refused, "AADSTS700082",
			"One thing is wrong: the account"},
		"app-disabled": {false, CheckRefresh, fault.Refused, "AADSTS7000112",
			"One thing is wrong: the app registration"},
		"secret-expired": {false, CheckRefresh, fault.Refused, "AADSTS7000222",
			"One thing is wrong: the client secret"},
		"consent-missing": {false, CheckRefresh, fault.Refused, "AADSTS65001", "One thing is wrong: the consent"},
		"unavailable=token": {false, CheckRefresh, fault.Unavailable, "AADSTS90033",
			"One thing is wrong: Microsoft's service"},
	} {
		o := newOrganisation(t, practicetest.Delegated, aurinko...)
		if c.before {
			o.Break(name)
		}
		d := o.signedIn(t, "alex")
		if !c.before {
			o.Break(name)
		}
		waits := new(atomic.Int64)
		d.OnWait = func(time.Duration) { waits.Add(1) }
		var results []Result
		done := make(chan struct{})
		// All at once: most of the time is spent waiting, as a server asked.
		go func() { defer close(done); results = Run(t.Context(), d.Checks(), nil) }()
		ends = append(ends, func() {
			t.Run(name, func(t *testing.T) {
				<-done
				o.Mend()
				v := Judge(results, o.context())
				if c.kind == "" {
					if !v.OK || v.Headline != "Everything works" || v.Passed != 10 {
						t.Errorf("%+v\n%+v", v, results)
					}
				} else if v.OK || v.First == nil || v.First.ID != c.first || fault.KindOf(v.First.Err) != c.kind ||
					fault.CodeOf(v.First.Err) != c.code || v.Headline != c.headline {
					t.Errorf("%+v\n%+v", v, results)
				} else if e := v.Explanation; e.What == "" || e.Why == "" || e.Who == "" || e.Next.Label == "" ||
					!e.Known {
					t.Errorf("no words for it: %+v", e)
				}
				if strings.HasPrefix(name, "throttle") && name != "throttle-huge" && waits.Load() == 0 {
					t.Error("nobody was told of the waiting")
				}
				if n := len(o.State().Mails); n > 1 {
					t.Errorf("%d mails were sent", n)
				}
				text := NewReport(results, Judge(results, o.context()),
					Header{Context: o.context(), SignedInAs: d.Session.Account.Username}).Text()
				for _, private := range []string{o.secret.Reveal(), d.Session.AccessToken.Reveal(),
					d.Session.RefreshToken.Reveal()} {
					if private != "" && strings.Contains(text, private) {
						t.Error("the report shows a secret")
					}
				}
				stays := name == "event-delete-fails"
				if list, err := o.journal.List(); err != nil || (len(list) > 0) != stays {
					t.Errorf("journal: %+v, %v", list, err)
				}
				if _, err := d.Sweep(t.Context()); err != nil {
					t.Error(err)
				}
				o.clean(t, 0)
				o.journalled(t, 0)
			})
		})
	}
	for _, end := range ends {
		end()
	}
}

// TestANoteOnAMailThatMayHaveGoneOut: who may only send cannot look.
func TestANoteOnAMailThatMayHaveGoneOut(t *testing.T) {
	t.Parallel()
	o := newOrganisation(t, practicetest.Delegated, "Mail.Send")
	d := o.signedIn(t, "alex")
	o.Break("mail-drop-after-accept")
	v := Judge(Run(t.Context(), d.Checks(), nil), o.context())
	if v.First == nil || !fault.Is(v.First.Err, fault.MaybeSent) || v.Headline != "One thing is wrong: the network" ||
		len(o.State().Mails) != 1 {
		t.Errorf("%+v", v)
	}
}

// TestACreationIsNeverRepeated: the answer to each creation that Graph cannot
// tell from its double is lost, in three ways. One thing was made, and is gone.
func TestACreationIsNeverRepeated(t *testing.T) {
	for permission, creations := range map[string][]string{
		"Mail.ReadWrite":     {"/messages"},
		"Contacts.ReadWrite": {"/contacts"},
		"Tasks.ReadWrite":    {"/lists", "/tasks"},
	} {
		for _, creation := range creations {
			for _, how := range []string{"truncated=graph*1", "html-answer=graph*1", "unavailable*1", "drop"} {
				t.Run(creation+" "+how, func(t *testing.T) {
					t.Parallel()
					o := newOrganisation(t, practicetest.Delegated, permission)
					d := o.signedIn(t, "alex")
					made := 0
					d.HTTP = &http.Client{CheckRedirect: o.http.CheckRedirect,
						Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
							if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, creation) {
								return o.http.Transport.RoundTrip(r)
							}
							made++
							if how != "drop" {
								o.Break(how)
								return o.http.Transport.RoundTrip(r)
							}
							resp, err := o.http.Transport.RoundTrip(r)
							if err == nil {
								_ = resp.Body.Close()
							}
							return nil, errors.New("the line broke")
						})}
					results := Run(t.Context(), d.Checks(), nil)
					v := Judge(results, o.context())
					if v.OK || made != 1 {
						t.Errorf("made %d times: %+v\n%+v", made, v, results)
					}
					if v.Culprit != explain.Network && v.Culprit != explain.Microsoft {
						t.Errorf("%s: %+v", v.Culprit, v.Explanation)
					}
					o.clean(t, 0)
					o.journalled(t, 0)
				})
			}
		}
	}
}
