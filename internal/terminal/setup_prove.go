package terminal

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"entrada/internal/checks"
	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/flow/prove"
	"entrada/internal/guides"
	"entrada/internal/journey"
	"entrada/internal/signin"
)

// proveIt signs in and tries out what was granted.
func (w *wizard) proveIt(ctx context.Context) error {
	subject := prove.FromJourney(w.j)
	vendor := subject.Guide.Vendor
	w.out.say("", "This proves that the connection works, the very way "+vendor+" will use it.")
	question := "Press Enter to sign in"
	if byItself(subject) {
		w.out.say("", vendor+"'s software signs in by itself, with nobody there. So nobody signs in here either: we try it out in the mailbox **"+oneLine(subject.Mailbox)+"**.")
		w.out.say("", "What stays behind: one short mail from that mailbox to itself, if mail is tried.")
		question = "Press Enter to run the test"
	} else {
		w.out.say("   ", "1. Your browser opens at Microsoft. Sign in with a work account that has a mailbox.")
		w.out.say("   ", "2. You see here who signed in, before anything else happens.")
		w.out.say("   ", "3. Then we try out what "+vendor+" will do.")
		w.out.say("", "What stays behind: one short mail to yourself, if mail is tried. The sign-in is forgotten afterwards.")
	}
	w.notes(subject.Guide.NotesFor("test"))
	w.out.blank()
	if a := w.j.Answers(); !a.TestedAt.IsZero() {
		w.out.say("", "It worked as "+oneLine(a.TestedAs)+" on "+a.TestedAt.Local().Format(journey.DateLayout+", 15:04")+".")
		skip := false
		err := w.until(ctx, "Press Enter to go on, or type again to test again", "", func(text string) string {
			skip = text == ""
			if skip || word(text) == "again" {
				return ""
			}
			return "Press Enter, or type again."
		})
		if err != nil || skip {
			return err
		}
	} else if err := w.enter(ctx, question); err != nil {
		return err
	}
	if err := w.askShared(ctx, subject); err != nil {
		return err
	}
	hint := ""
	if a := w.j.Answers(); strings.Contains(a.Organisation, "@") {
		hint = strings.TrimSpace(a.Organisation)
	}
	for {
		var passed bool
		var err error
		back := "or type back to paste other values"
		if w.j.Route() == journey.DoForMe {
			back = "or type back to look at the registration"
		}
		back = "type save to save it untested and go on, " + back
		again := "Press Enter to sign in again, " + back
		if byItself(subject) {
			again = "Press Enter to test again, " + back
			passed, err = w.test(ctx, subject, nil)
		} else {
			passed, err = w.signInAndTest(ctx, subject, hint)
		}
		if passed || err != nil {
			return err
		}
		onward := false
		err = w.until(ctx, again, "", func(text string) string {
			onward = word(text) == "save"
			if onward || text == "" {
				return ""
			}
			return "Press Enter, or type save, back, quit or help."
		})
		if err != nil {
			return err
		}
		if onward {
			w.j.GoOnUnproven()
			return nil
		}
		hint = ""
	}
}

// askShared asks for a mailbox to try permissions on shared ones in.
func (w *wizard) askShared(ctx context.Context, s prove.Subject) error {
	if !slices.ContainsFunc(s.Asked(), func(name string) bool { return strings.HasSuffix(name, ".Shared") }) {
		return nil
	}
	w.out.say("", s.Guide.Vendor+" asks for mailboxes that are shared with the person, too. Name one that is shared with you, and we try it.")
	return w.until(ctx, "A shared mailbox (you may leave this empty)", w.shared, func(text string) string {
		in := guides.Input{ID: "shared-mailbox", Kind: guides.InputMailbox, Optional: true}
		if err := in.Check(text, ""); err != nil {
			return fault.Sentence(err)
		}
		w.shared, _ = entra.CleanPaste(text)
		return ""
	})
}

// signInAndTest is one attempt; what went wrong has been said when it returns.
func (w *wizard) signInAndTest(ctx context.Context, subject prove.Subject, hint string) (passed bool, err error) {
	session, err := w.p.signIn(ctx, w.out, subject.SignInRequest(hint))
	switch {
	case ctx.Err() != nil:
		return false, fault.New(fault.Cancelled, "sign in", ctx.Err())
	case err != nil:
		prove.Failed(w.p.app, w.j, checks.Judge([]checks.Result{{State: checks.Failed, Err: err}}, subject.Context("")))
		w.fault(err)
		return false, nil
	}
	w.out.blank()
	w.p.showAccount(w.out, session.Account)
	w.out.line("Organisation: " + oneLine(w.j.Answers().TenantDomain))
	w.out.say("", leavesBehind)
	other := false
	err = w.until(ctx, "Is this you? Press Enter to run the test, or type other for another account", "", func(text string) string {
		switch word(text) {
		case "", "y", "yes":
			return ""
		case "other", "n", "no":
			other = true
			return ""
		}
		return "Press Enter, or type other."
	})
	if err != nil || other {
		return false, err
	}
	return w.test(ctx, subject, session)
}

func (w *wizard) test(ctx context.Context, subject prove.Subject, session *signin.Session) (passed bool, err error) {
	w.out.blank()
	w.out.line("Testing …")
	began := time.Now()
	results, name := w.p.tryOut(ctx, w.out, subject, session, prove.TrialOptions{SharedMailbox: w.shared})
	if ctx.Err() != nil {
		w.out.line("The test was cancelled. What had begun was tidied up.")
		return false, fault.New(fault.Cancelled, "test the connection", ctx.Err())
	}
	if name != "" {
		w.j.SetTenantName(name)
	}
	account := ""
	if session != nil {
		account = session.Account.Username
	}
	judged := checks.Judge(results, subject.Context(account))
	w.out.line(fmt.Sprintf("%d of %d checks passed in %.1f seconds.", judged.Passed, judged.Tried, time.Since(began).Seconds()))
	w.out.line(oneLine(prove.Headline(w.j, judged, account)) + ".")
	if !judged.OK {
		prove.Failed(w.p.app, w.j, judged)
		w.out.blank()
		w.out.block(judged.Explanation.Report())
		w.out.blank()
		return false, nil
	}
	mailbox := subject.Mailbox
	if session != nil {
		mailbox = session.Account.Username
	}
	w.j.TestPassed(mailbox)
	if w.j.ProvesOneOnly() {
		w.out.say("", "Not yet known: "+journey.OthersUnknown)
	}
	return true, nil
}
