package prove_test

import (
	"testing"
	"time"

	"entrada/internal/checks"
	"entrada/internal/connections"
	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/flow"
	"entrada/internal/flow/deliver"
	"entrada/internal/flow/flowtest"
	"entrada/internal/flow/prove"
	"entrada/internal/guides"
	"entrada/internal/journey"
	"entrada/internal/secret"
)

// TestTheHelpdesk tests a saved connection in two parts: what needs nobody, and
// then the mailbox, where it only looks.
func TestTheHelpdesk(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "oxfordiq", journey.DoForMe)
	r := d.saved()
	var before prove.Outcome
	end := func(into *prove.Outcome) func(prove.Outcome) *flow.Screen {
		return func(o prove.Outcome) *flow.Screen { *into = o; return flow.End(flow.Done) }
	}
	preflight := func() error {
		var failed error
		d.Settle(prove.Preflight(d.app, prove.Saved(d.app, r, ""), r.Name,
			func(o prove.Outcome, err error) *flow.Screen {
				failed = err
				return end(&before)(o)
			}))
		return failed
	}
	if err := preflight(); err != nil || !before.OK || before.Whole || !before.Reached || before.Report.Name != r.Name {
		t.Fatalf("%v %+v", err, before)
	}
	if first := before.Results[0]; first.ID != checks.CheckKeychain || len(before.Rows()) != 7 {
		t.Errorf("%+v", before.Results)
	}
	if said, ok := before.Tested(r, time.Now()); !ok || said.Result != connections.ResultReached {
		t.Errorf("%+v", said)
	}

	var after prove.Outcome
	try := &prove.Try{
		App: d.app, Subject: before.Subject, LookOnly: true, Before: before.Results, Took: before.Took,
		Start: flow.Over(flow.Forgone), Done: end(&after),
		Ways: []flow.Choice{{ID: "stop", Label: "Stop here", Next: flow.Over(flow.Forgone)}},
	}
	if stopped := try.Stopped(); !stopped.Cancelled || stopped.OK || stopped.Passed != 7 {
		t.Errorf("%+v", stopped)
	} else if _, ok := stopped.Tested(r, time.Now()); ok {
		t.Error("a test that was stopped says something of the connection")
	}
	s := d.Settle(try.Begin())
	has(t, flowtest.Words(s), "It only looks: nothing is sent, and nothing is created.", "read the calendar")
	if forgone := d.Take(s, "stop"); forgone.Exit != flow.Forgone {
		t.Errorf("%+v", forgone)
	}
	testing := s.Choice("yes").Next()
	if rows, _ := testing.Blocks[0].(flow.Rows); rows.List[0].Title != "Computer, network, organisation, app "+
		"and secret" {
		t.Errorf("%+v", rows.List[0])
	}
	d.Settle(testing)
	if !after.Whole || !after.LookedOnly || after.Before != 7 || after.Report.SignedInAs != "alex@contoso.example" {
		t.Errorf("%+v", after)
	}
	if mails := d.State().Mails; len(mails) > 0 {
		t.Errorf("%+v was sent", mails)
	}
	if said, ok := after.Tested(r, time.Now()); !ok || said.Result != connections.ResultLooked {
		t.Errorf("%+v", said)
	}

	// The sign-in is refused: what was tried before is in the report as well.
	d.Break("consent-missing")
	d.Settle(try.Begin())
	if after.OK || after.Whole || after.Passed != 7 || after.Culprit != explain.Consent {
		t.Errorf("%+v", after)
	}
	states := map[checks.State]int{}
	for _, result := range after.Results[7:] {
		states[result.State]++
	}
	if states[checks.Failed] != 1 || states[checks.Passed] != 0 || states[checks.Skipped] == 0 {
		t.Errorf("%v", states)
	}
	if err := d.app.Connections.Remove(t.Context(), r.ID); err != nil {
		t.Fatal(err)
	}
	if err := preflight(); !fault.Is(err, fault.InvalidInput) {
		t.Errorf("it was removed: %v", err)
	}
}

// Values that are not saved: their organisation is looked for, and an exported
// file has them all.
func TestUnsavedValues(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "cxt", journey.DoForMe)
	r := d.saved()
	pkg := deliver.Package(d.app, r, d.journey.Guide(), deliver.Secrets{Client: d.journey.Secret()})
	v := prove.FromPackage(d.app, pkg)
	if !v.Complete() || v.Mailbox != "megan@contoso.example" || !v.Guide.AppOnly() {
		t.Fatalf("%+v", v)
	}
	var o prove.Outcome
	ask := func() {
		d.Settle(prove.Preflight(d.app, v.Source(d.app), "it", func(got prove.Outcome, _ error) *flow.Screen {
			o = got
			return flow.End(flow.Done)
		}))
	}
	if ask(); !o.OK || o.Subject.TenantID != r.TenantID || o.Subject.Mailbox != v.Mailbox || o.Report.ID != "" {
		t.Errorf("%+v", o)
	}
	v.Organisation = "nowhere.example"
	if ask(); o.OK || o.Culprit != explain.Organisation || o.Passed != 3 {
		t.Errorf("%+v", o.Verdict)
	}
	v.Secret = secret.Value{}
	if v.Complete() {
		t.Error("there is nothing to test")
	}
	abilities := guides.Abilities()[:2]
	if g := prove.Allowed(abilities, true); !g.AppOnly() || len(g.Permissions) != 2 {
		t.Errorf("%+v", g)
	}
	if g := prove.Allowed(nil, true); g != nil {
		t.Errorf("%+v", g)
	}
}
