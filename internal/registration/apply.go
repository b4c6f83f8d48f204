package registration

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"entrada/internal/fault"
	"entrada/internal/graph"
	"entrada/internal/safefile"
	"entrada/internal/secret"
)

// Stage is what happens to a change.
type Stage string

// The stages.
const (
	Doing   Stage = "doing"
	Waiting Stage = "waiting" // for Microsoft's servers to know of what was made
	Made    Stage = "made"
)

// Progress is one step of the work, for a list that is being ticked off.
type Progress struct {
	Index, Total int
	Change       Change
	Stage        Stage
	Wait         time.Duration // with Waiting: until the next try
}

// Result is what came of a plan.
type Result struct {
	RunID     string
	TenantID  string
	ClientID  string
	ObjectID  string
	Secret    secret.Value // empty if the plan made none
	SecretID  string
	SecretEnd time.Time
	Notes     []string // what went otherwise than planned, in plain words

	Actual       Actual        // as Graph answered
	Requirements []Requirement // what is wanted, held against it
}

// Failure is a change that failed. The changes before it stay, and the journal has
// them: resume or undo the run.
type Failure struct {
	Change Change
	Fixers []Role // who may make it, if it is the role that is missing
	Err    error
}

// Error implements error.
func (f *Failure) Error() string { return string(f.Change.Kind) + ": " + f.Err.Error() }

// Unwrap returns the cause, whose kind and code say what happened.
func (f *Failure) Unwrap() error { return f.Err }

// Apply carries out a plan that [Engine.Prepare] made, or goes on with one that
// was interrupted. report, which may be nil, is called from this goroutine.
//
// Once the secret is stored, call [Engine.Keep]. Before that, another Apply replaces
// the secret, because its value counts as lost. A plan without a secret ends with
// Apply.
func (e *Engine) Apply(ctx context.Context, p Plan, report func(Progress)) (*Result, error) {
	const op = "carry out the plan"
	switch {
	case p.Choice != nil:
		return nil, fault.Invalid(
			"app", "An app of this name exists. Say first whether to use it or to make another one.")
	case p.TenantID != e.TenantID || p.CloudID != e.Cloud.ID:
		return nil, fault.Invalid("organisation", "This plan was made for another organisation.")
	case p.resourceID == "" || !runIDPattern.MatchString(p.RunID):
		return nil, &fault.Error{Kind: fault.Misuse, Op: op, Detail: "the plan was not prepared"}
	}
	if err := p.Wanted.Check(); err != nil {
		return nil, err
	}
	release, err := e.lock()
	if err != nil {
		return nil, err
	}
	defer release()
	if err := safefile.Own(ownerOf(e.journalPath(p.RunID))); err != nil {
		return nil, err
	}
	j, err := e.journalOf(p)
	if err != nil {
		return nil, err
	}
	if j.State != RunOpen {
		return nil, &fault.Error{Kind: fault.Misuse, Op: op, Detail: "this plan was carried out already"}
	}
	r := &run{e: e, j: j, w: p.Wanted, total: len(p.Changes), report: report,
		result: &Result{RunID: p.RunID, TenantID: e.TenantID}}
	for i, c := range p.Changes {
		r.index, r.change = i, c
		r.tell(Doing, 0)
		err := r.step(ctx, c)
		if err == nil && c.Kind == CreateApp {
			if err = r.beginSecret(ctx, p.Changes[i+1:]); err != nil {
				c = p.Changes[len(p.Changes)-1]
			}
		}
		if err != nil {
			if c.Kind != AddSecret {
				r.revokeSecret(ctx)
			}
			f := &Failure{Change: c, Err: r.explained(err)}
			if fault.CodeOf(err) == "Authorization_RequestDenied" {
				f.Fixers, _ = c.Roles()
			}
			r.result.ClientID, r.result.ObjectID = j.ClientID, j.ObjectID
			return r.result, f
		}
		r.tell(Made, 0)
	}
	r.finish(ctx)
	if !p.makesSecret() {
		// There is no secret to store: the run ends here.
		j.State = RunKept
		err := j.save()
		safefile.Disown(ownerOf(j.path))
		if err != nil {
			r.note("All of it is done. That it is done could not be written down, so Entrada may offer later to go " +
				"on with it: nothing is then done twice.")
		}
	}
	return r.result, nil
}

// Resume goes on with a run that was interrupted.
func (e *Engine) Resume(ctx context.Context, j *Journal, report func(Progress)) (*Result, error) {
	return e.Apply(ctx, j.Plan, report)
}

// Keep notes that the secret of a run is stored. After that the run can be undone, but
// not resumed.
func (e *Engine) Keep(runID string) error {
	j, err := readJournal(e.journalPath(runID))
	if err != nil {
		return err
	}
	j.State = RunKept
	if err := j.save(); err != nil {
		return err
	}
	safefile.Disown(ownerOf(j.path))
	return nil
}

// run is one Apply.
type run struct {
	e       *Engine
	j       *Journal
	w       Wanted
	report  func(Progress)
	index   int
	total   int
	change  Change
	asked   bool                     // the change was asked for, not only prepared
	app     Found[graph.Application] // as it was read, or answered, in this run
	actual  Actual                   // the rest, as far as answers told
	pending *pendingSecret           // the secret, if it is made beside other changes
	result  *Result
}

func (r *run) tell(stage Stage, wait time.Duration) {
	if r.report != nil {
		r.report(Progress{Index: r.index, Total: r.total, Change: r.change, Stage: stage, Wait: wait})
	}
}

func (r *run) waiting(d time.Duration) { r.tell(Waiting, d) }

func (r *run) awaitReplication(ctx context.Context, try func() error) error {
	return r.e.awaitReplication(ctx, r.waiting, try)
}

func (r *run) note(text string) { r.result.Notes = append(r.result.Notes, text) }

// step makes one change. A change that was certainly not made leaves the journal:
// somebody else may make it later, and Undo must not remove theirs.
func (r *run) step(ctx context.Context, c Change) error {
	entry, again, err := r.j.begin(c)
	if err != nil {
		return err
	}
	if c.Kind == AddSecret {
		return r.addSecret(ctx, entry, again) // its value is gone, even if it was done
	}
	if entry.Done {
		return nil
	}
	before := *entry
	r.asked = false
	err = r.carryOut(ctx, entry, again)
	if err != nil && (!r.asked || graph.ChangedNothing(err)) {
		if *entry = before; !again { // whether an earlier try made it is unknown
			r.j.drop(entry)
		}
		return errors.Join(err, r.j.save())
	}
	return err
}

func (r *run) carryOut(ctx context.Context, entry *Entry, again bool) error {
	switch entry.Kind {
	case CreateApp:
		return r.createApp(ctx, entry, again)
	case UpdateApp:
		return r.updateApp(ctx, entry)
	case CreatePrincipal:
		return r.createPrincipal(ctx, entry, again)
	case EnablePrincipal:
		return r.enablePrincipal(ctx, entry)
	case ExposeScopes:
		return r.expose(ctx, entry)
	case GrantDelegated:
		return r.grant(ctx, entry, again)
	case AssignRole:
		return r.assign(ctx, entry, again)
	}
	return &fault.Error{Kind: fault.Misuse, Op: "carry out the plan",
		Detail: fmt.Sprintf("unknown change %q", entry.Kind)}
}

// explained replaces the error for an app that was deleted meanwhile.
func (r *run) explained(err error) error {
	var f *fault.Error
	if !errors.As(err, &f) || f.Status != http.StatusNotFound || r.j.ClientID == "" {
		return err
	}
	gone := *f
	gone.Subject = r.j.AppName()
	gone.Detail = "The app was not found, although Entrada waited for it. Somebody may have deleted it meanwhile."
	return &gone
}

// finish reads the app again to check that everything arrived. It also removes secrets
// of this run whose value is lost. The work is done and the caller has the secret, so an
// error here becomes a note and does not fail the run.
func (r *run) finish(ctx context.Context) {
	keep := r.result.SecretID
	if r.pending == nil {
		r.app = r.e.readBack(ctx, r.j.ClientID, keep, r.waiting)
	}
	if r.app.Err != nil {
		r.app.Err = r.explained(r.app.Err)
	}
	if r.app.Known && keep != "" {
		for _, s := range marked(r.app.Value.Secrets, secretName(r.w.Secret.Description, r.j.Plan.RunID)) {
			if s.KeyID == keep {
				continue
			}
			if r.e.removeSecret(ctx, r.app.Value, s.KeyID) != nil {
				r.note("A client secret that nobody knows, with the ID " + s.KeyID +
					", could not be removed. You can delete it in the portal.")
				continue
			}
			r.app.Value.Secrets = slices.DeleteFunc(
				slices.Clone(r.app.Value.Secrets), func(o graph.Password) bool { return o.KeyID == s.KeyID })
		}
	}
	r.result.ClientID, r.result.ObjectID = r.j.ClientID, r.j.ObjectID
	r.complete(ctx)
	r.result.Actual = r.actual
	r.result.Requirements = Compare(r.w, r.actual, r.e.now())
}

// complete looks up what the answers of this run did not contain. For an app that was
// made without an interruption, that is nothing.
func (r *run) complete(ctx context.Context) {
	a := &r.actual
	a.ClientID, a.App, a.local = r.j.ClientID, r.app, r.e.localKnowledgeOf(r.j.ClientID)
	a.Resource = known(r.j.ResourceID)
	if !a.Principal.Known {
		a.Principal = outcome(r.e.Graph.PrincipalByClientID(ctx, a.ClientID))
	}
	if !a.Owners.Known || !a.Federated.Known {
		a.holders(r.e.Graph.Holders(ctx, a.ClientID))
	}
	// An earlier try may have made these a moment ago: wait until they are visible.
	if !a.Grants.Known {
		_ = r.awaitReplication(ctx, func() error {
			list, err := r.e.Graph.GrantsOf(ctx, a.ClientID)
			a.Grants = outcome(list, err)
			return r.shows(GrantDelegated, err, func(id string) bool {
				return slices.ContainsFunc(list, func(g graph.Grant) bool { return g.ID == id })
			})
		})
	}
	if !a.Roles.Known {
		_ = r.awaitReplication(ctx, func() error {
			list, err := r.e.Graph.RolesOf(ctx, a.ClientID)
			a.Roles = outcome(list, err)
			return r.shows(AssignRole, err, func(id string) bool {
				return slices.ContainsFunc(list, func(g graph.RoleAssignment) bool { return g.ID == id })
			})
		})
	}
}

// shows is errNotVisible while an answer lacks what this run has made.
func (r *run) shows(kind ChangeKind, err error, there func(id string) bool) error {
	if err != nil {
		return err
	}
	for _, entry := range r.j.Entries {
		if entry.Kind == kind && entry.Done && entry.ID != "" && !there(entry.ID) {
			return errNotVisible
		}
	}
	return nil
}

func hasKey(list []graph.Password, keyID string) bool {
	for _, s := range list {
		if strings.EqualFold(s.KeyID, keyID) {
			return true
		}
	}
	return false
}
