package registration

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/graph"
	"entrada/internal/safefile"
	"entrada/internal/words"
)

// UndoItem is one thing that [Engine.Undo] would take back.
type UndoItem struct {
	Kind    ChangeKind
	Words   string
	Perhaps bool // it is not known whether it exists: the run was interrupted there
	Warning string
	Wait    time.Duration // while undoing: until the next look for it
}

// Preview lists what Undo would take back, in its order. For an app that this run made,
// it looks whether somebody has used it since. If that look fails, only the warning is
// missing.
func (e *Engine) Preview(ctx context.Context, j *Journal) []UndoItem {
	name := j.AppName()
	if j.made(CreateApp) {
		item := UndoItem{Kind: CreateApp, Perhaps: !j.entry(CreateApp).Done,
			Words: "Delete the app " + name +
				", with its permissions and its client secret. Microsoft keeps it for 30 days among the deleted apps."}
		if a, err := e.Graph.ApplicationByUniqueName(ctx, uniqueName(j.Plan.RunID)); err == nil {
			others := len(a.Secrets) - len(
				marked(a.Secrets, secretName(j.Plan.Wanted.Secret.Description, j.Plan.RunID)))
			if others > 0 {
				item.Warning = "Somebody has made " + words.Count(others, "more secret", "more secrets") +
					" for it since. Whoever uses one can no longer connect."
			}
		}
		return []UndoItem{item}
	}
	var items []UndoItem
	for _, entry := range slices.Backward(j.Entries) {
		if !entry.Made && entry.Done {
			continue
		}
		item := UndoItem{Kind: entry.Kind, Perhaps: !entry.Done}
		switch entry.Kind {
		case UpdateApp:
			item.Words = "Take back what was changed in the app " + name + "."
		case CreatePrincipal:
			item.Words = "Delete the enterprise app " + name + "."
		case EnablePrincipal:
			item.Words = "Switch sign-in to " + name + " off again."
		case ExposeScopes:
			item.Words = "Remove under Expose an API: " + strings.Join(entry.Names, ", ") + "."
		case GrantDelegated:
			item.Words = "No longer allow, for everybody: " + strings.Join(entry.Scopes, ", ") + "."
		case AssignRole:
			item.Words = "No longer allow, in all mailboxes: " + strings.Join(entry.Names, ", ") + "."
		case AddSecret:
			item.Words = "Remove the client secret that was made."
		}
		items = append(items, item)
	}
	return items
}

// undoPatience is how long to look for an object that an interrupted run may have
// created. Not every server of Microsoft may know it yet.
const undoPatience = time.Minute

// Undo takes back what a run created or changed, and nothing else. An object that no
// longer exists is no error, so Undo can be repeated.
func (e *Engine) Undo(ctx context.Context, j *Journal, report func(UndoItem)) error {
	if j.Plan.TenantID != e.TenantID || j.Plan.CloudID != e.Cloud.ID {
		return fault.Invalid("organisation", "This was done in another organisation.")
	}
	release, err := e.lock()
	if err != nil {
		return err
	}
	defer release()
	if err := safefile.Own(ownerOf(j.path)); err != nil {
		return err
	}
	if report == nil {
		report = func(UndoItem) {}
	}
	u := undo{e, j, func(d time.Duration) { report(UndoItem{Kind: CreateApp, Perhaps: true, Wait: d}) }}
	if j.made(CreateApp) {
		if err := u.app(ctx); err != nil {
			return err
		}
		report(UndoItem{Kind: CreateApp, Words: "The app " + j.AppName() + " is deleted."})
	} else {
		for _, entry := range slices.Backward(j.Entries) {
			if !entry.Made && entry.Done {
				continue
			}
			if err := u.entry(ctx, entry); err != nil && !isStatus(err, http.StatusNotFound) {
				return &Failure{Change: Change{Kind: entry.Kind, Names: entry.Names}, Err: err}
			}
			report(UndoItem{Kind: entry.Kind})
		}
	}
	j.State = RunUndone
	if err := j.save(); err != nil {
		return err
	}
	safefile.Disown(ownerOf(j.path))
	return nil
}

type undo struct {
	e       *Engine
	j       *Journal
	waiting func(time.Duration)
}

// app deletes the app that the run created. If its ID is unknown, it looks for the
// unique name, for a while.
func (u undo) app(ctx context.Context) error {
	id := u.j.ObjectID
	if id == "" {
		err := u.e.awaitReplicationFor(ctx, undoPatience, u.waiting, func() error {
			a, err := u.e.Graph.ApplicationByUniqueName(ctx, uniqueName(u.j.Plan.RunID))
			id = a.ID
			return err
		})
		if isStatus(err, http.StatusNotFound) {
			return nil // it was never made
		}
		if err != nil {
			return err
		}
	}
	err := u.e.awaitReplicationFor(
		ctx, undoPatience, u.waiting, func() error { return u.e.Graph.DeleteApplication(ctx, id) })
	if isStatus(err, http.StatusNotFound) {
		return nil
	}
	return err
}

func (u undo) entry(ctx context.Context, entry *Entry) error {
	switch entry.Kind {
	case AddSecret:
		m := secretMaker{e: u.e, app: graph.Application{ClientID: u.j.ClientID},
			name: secretName(u.j.Plan.Wanted.Secret.Description, u.j.Plan.RunID)}
		return m.sweep(ctx)
	case AssignRole:
		return u.role(ctx, entry)
	case GrantDelegated:
		return u.grant(ctx, entry)
	case ExposeScopes:
		return u.scopes(ctx, entry)
	case EnablePrincipal:
		p, err := u.e.Graph.PrincipalByClientID(ctx, u.j.ClientID)
		if err != nil || entry.ID != "" && !strings.EqualFold(p.ID, entry.ID) {
			return err
		}
		return u.e.Graph.EnablePrincipal(ctx, p.ID, false)
	case CreatePrincipal:
		p, err := u.e.Graph.PrincipalByClientID(ctx, u.j.ClientID)
		if err != nil || u.j.PrincipalID != "" && !strings.EqualFold(p.ID, u.j.PrincipalID) {
			return err // ours is gone; this one is somebody else's
		}
		return u.e.Graph.DeletePrincipal(ctx, p.ID)
	case UpdateApp:
		return u.properties(ctx, entry)
	}
	return nil
}

func (u undo) role(ctx context.Context, entry *Entry) error {
	if len(entry.Names) != 1 {
		return nil
	}
	p, err := u.e.Graph.PrincipalByClientID(ctx, u.j.ClientID)
	if err != nil {
		return err
	}
	roles, err := u.e.Graph.RolesOf(ctx, u.j.ClientID)
	if err != nil {
		return err
	}
	id := Permission{entry.Names[0], "application"}.ID()
	for _, a := range roles {
		if strings.EqualFold(a.RoleID, id) && (entry.ID == "" || a.ID == entry.ID) {
			return u.e.Graph.UnassignRole(ctx, p.ID, a.ID)
		}
	}
	return nil
}

// grant removes our names from the consent. It deletes an empty consent.
func (u undo) grant(ctx context.Context, entry *Entry) error {
	grants, err := u.e.Graph.GrantsOf(ctx, u.j.ClientID)
	if err != nil {
		return err
	}
	for _, g := range grants {
		if g.ConsentType != graph.ForEverybody || g.ResourceID != u.j.ResourceID || entry.ID != "" && g.ID != entry.ID {
			continue
		}
		left := missingNames(strings.Fields(g.Scope), lower(entry.Scopes))
		switch {
		case len(left) == len(strings.Fields(g.Scope)):
			return nil
		case len(left) == 0:
			return u.e.Graph.DeleteGrant(ctx, g.ID)
		default:
			return u.e.Graph.UpdateGrant(ctx, g.ID, strings.Join(left, " "))
		}
	}
	return nil
}

func lower(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = strings.ToLower(s)
	}
	return out
}

// scopes removes exposed scopes; each has to be switched off before it can be
// removed (learn.microsoft.com/graph/api/resources/permissionscope).
func (u undo) scopes(ctx context.Context, entry *Entry) error {
	a, err := u.e.Graph.ApplicationByClientID(ctx, u.j.ClientID)
	if err != nil {
		return err
	}
	var off, left []graph.Scope
	for _, s := range a.API.Scopes {
		if slices.Contains(entry.Scopes, s.ID) {
			s.Enabled = false
			off = append(off, s)
			continue
		}
		off, left = append(off, s), append(left, s)
	}
	if len(left) < len(a.API.Scopes) {
		if err := u.e.Graph.UpdateApplication(
			ctx, a.ID, graph.ApplicationChange{API: &graph.APIChange{Scopes: &off}}); err != nil {
			return err
		}
	}
	uris := slices.DeleteFunc(slices.Clone(a.IdentifierURIs), func(s string) bool { return s == entry.Identify })
	if left == nil {
		left = []graph.Scope{}
	}
	return u.e.Graph.UpdateApplication(
		ctx, a.ID, graph.ApplicationChange{IdentifierURIs: &uris, API: &graph.APIChange{Scopes: &left}})
}

// properties removes our additions from lists. It restores a single value only if it
// still is the one that we set.
func (u undo) properties(ctx context.Context, entry *Entry) error {
	a, err := u.e.Graph.ApplicationByClientID(ctx, u.j.ClientID)
	if err != nil {
		return err
	}
	var c graph.ApplicationChange
	web := graph.WebChange{}
	if len(entry.Redirects) > 0 {
		left := slices.DeleteFunc(
			slices.Clone(a.Web.RedirectURIs), func(uri string) bool { return slices.Contains(entry.Redirects, uri) })
		web.RedirectURIs = &left
	}
	if s := entry.Switches; s != nil {
		web.Implicit = &graph.ImplicitGrant{IDTokens: a.Web.Implicit.IDTokens && !s.IDTokens,
			AccessTokens: a.Web.Implicit.AccessTokens && !s.AccessTokens}
		if s.PublicClient {
			c.FallbackPublicClient = new(false)
		}
	}
	if web != (graph.WebChange{}) {
		c.Web = &web
	}
	if entry.Audience != "" && a.SignInAudience == graphAudience(u.j.Plan.Wanted.Audience) {
		c.SignInAudience = &entry.Audience
	}
	if len(entry.Access) > 0 {
		left := withoutAccess(a.RequiredResourceAccess, entry.Access[0].Access)
		c.RequiredResourceAccess = &left
	}
	if c == (graph.ApplicationChange{}) {
		return nil
	}
	return u.e.Graph.UpdateApplication(ctx, a.ID, c)
}

func withoutAccess(list []graph.ResourceAccess, ours []graph.AccessEntry) []graph.ResourceAccess {
	left := []graph.ResourceAccess{}
	for _, r := range list {
		if strings.EqualFold(r.ResourceAppID, entra.GraphAppID) {
			r.Access = slices.DeleteFunc(
				slices.Clone(r.Access), func(p graph.AccessEntry) bool { return slices.Contains(ours, p) })
		}
		if len(r.Access) > 0 {
			left = append(left, r)
		}
	}
	return left
}
