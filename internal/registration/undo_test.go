package registration_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"entrada/internal/entra"
	"entrada/internal/graph"
	"entrada/internal/registration"
)

// What Microsoft refused was not made: when somebody else makes it later, Undo
// leaves it alone.
func TestUndoLeavesWhatWasRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, admin := w.engine("megan", nil), w.engine("alex", nil)
	want := wanted(t, "oxfordiq", "")
	p, err := owner.Prepare(t.Context(), want, registration.App{})
	if err != nil {
		t.Fatal(err)
	}
	mine, _ := p.Split()
	mine.Changes = slices.DeleteFunc(mine.Changes,
		func(c registration.Change) bool { return c.Kind == registration.GrantDelegated })
	first, err := owner.Apply(t.Context(), mine, nil)
	if err != nil {
		t.Fatal(err)
	}
	want.Redirects = append(want.Redirects, registration.Redirect{URI: "https://vendor.example/cb"})
	if p, err = owner.Prepare(t.Context(), want, registration.App{ClientID: first.ClientID}); err != nil {
		t.Fatal(err)
	}
	if _, err := owner.Apply(t.Context(), p, nil); err == nil {
		t.Fatal("somebody without a role may grant")
	}
	if items := admin.Preview(t.Context(), w.journalOf(p.RunID)); len(items) != 1 ||
		items[0].Kind != registration.UpdateApp {
		t.Errorf("it would take back: %+v", items)
	}
	// The administrator does it elsewhere, as the page advises.
	sp, err := admin.Graph.PrincipalByClientID(t.Context(), first.ClientID)
	if err != nil {
		t.Fatal(err)
	}
	ms, err := admin.Graph.PrincipalByClientID(t.Context(), entra.GraphAppID)
	if err != nil {
		t.Fatal(err)
	}
	scope := strings.Join(names(want), " ")
	if _, err := admin.Graph.CreateGrant(t.Context(), sp.ID, ms.ID, scope); err != nil {
		t.Fatal(err)
	}
	if err := admin.Undo(t.Context(), w.journalOf(p.RunID), nil); err != nil {
		t.Fatal(err)
	}
	if uris := w.App(first.ClientID).Web.RedirectURIs; slices.Contains(uris, "https://vendor.example/cb") {
		t.Errorf("its own address is left: %v", uris)
	}
	if left, err := admin.Graph.GrantsOf(t.Context(), first.ClientID); err != nil || len(left) != 1 ||
		left[0].Scope != scope {
		t.Errorf("the administrator's own consent is %+v, %v", left, err)
	}
}

func names(w registration.Wanted) (list []string) {
	for _, p := range w.Permissions {
		list = append(list, p.Name)
	}
	return list
}

// A change that was never sent, because what goes before it could not be looked
// up, is as good as refused.
func TestUndoLeavesWhatWasNeverSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin := w.engine("alex", nil)
	want := wanted(t, "cxt", "")
	res := w.register(admin, want)
	sp, err := admin.Graph.PrincipalByClientID(t.Context(), res.ClientID)
	if err != nil {
		t.Fatal(err)
	}
	if err := admin.Graph.EnablePrincipal(t.Context(), sp.ID, false); err != nil {
		t.Fatal(err)
	}
	p, err := admin.Prepare(t.Context(), want, registration.App{ClientID: res.ClientID, Only: registration.Enabled})
	if err != nil {
		t.Fatal(err)
	}
	blind := w.engine("alex", func(next http.RoundTripper) http.RoundTripper {
		return tamper(func(r *http.Request) (*http.Response, error) {
			if r.Method == http.MethodGet {
				return refused(r), nil
			}
			return next.RoundTrip(r)
		})
	})
	if _, err := blind.Apply(t.Context(), p, nil); err == nil {
		t.Fatal("it was switched on without a look")
	}
	if err := admin.Graph.EnablePrincipal(t.Context(), sp.ID, true); err != nil { // somebody else
		t.Fatal(err)
	}
	if err := admin.Undo(t.Context(), w.journalOf(p.RunID), nil); err != nil {
		t.Fatal(err)
	}
	if sp, err = admin.Graph.PrincipalByClientID(t.Context(), res.ClientID); err != nil || !sp.Enabled {
		t.Errorf("somebody else's switch was turned off: %+v, %v", sp, err)
	}
}

// What was taken away and made anew since is somebody else's.
func TestUndoGoesByTheID(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin := w.engine("alex", nil)
	want := wanted(t, "cxt", "")
	clientID := w.halfDone(want.AppName)
	p, err := admin.Prepare(t.Context(), want, registration.App{ClientID: clientID})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := admin.Apply(t.Context(), p, nil); err != nil {
		t.Fatal(err)
	}
	sp, err := admin.Graph.PrincipalByClientID(t.Context(), clientID)
	if err != nil {
		t.Fatal(err)
	}
	roles, err := admin.Graph.RolesOf(t.Context(), clientID)
	if err != nil || len(roles) != 2 {
		t.Fatalf("%+v, %v", roles, err)
	}
	for _, r := range roles {
		if err := admin.Graph.UnassignRole(t.Context(), sp.ID, r.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := admin.Graph.AssignRole(t.Context(), sp.ID, r.ResourceID, r.RoleID); err != nil {
			t.Fatal(err)
		}
	}
	if err := admin.Undo(t.Context(), w.journalOf(p.RunID), nil); err != nil {
		t.Fatal(err)
	}
	if left, err := admin.Graph.RolesOf(t.Context(), clientID); err != nil || len(left) != 2 ||
		slices.ContainsFunc(left, func(a graph.RoleAssignment) bool { return a.ID == roles[0].ID }) {
		t.Errorf("left: %+v, %v", left, err)
	}
}
