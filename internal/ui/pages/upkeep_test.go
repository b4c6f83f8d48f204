package pages

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"entrada/internal/connections"
	"entrada/internal/guides"
	"entrada/internal/practice/practicetest"
	"entrada/internal/safefile"
)

// savedOxfordIQ registers, saves and returns a connection.
func savedOxfordIQ(t *testing.T) (*rig, *practicetest.Organisation, connections.Record) {
	t.Helper()
	r, server := practiceRig(t, "alex")
	return r, server, r.saveOxfordIQ()
}

func (r *rig) saveOxfordIQ() connections.Record { return r.saveConnection("oxfordiq") }

func (r *rig) saveConnection(vendor string) connections.Record {
	t := r.t
	t.Helper()
	r.onNeeds(vendor)
	r.press("Do it for me")
	r.pressPrimary()
	r.untilTitle("The plan")
	r.pressPrimary()
	r.untilTitle("Everything is as it should be")
	saved, err := r.app.Connections.Save(t.Context(), r.journey.Record(), r.journey.Secret())
	if err != nil {
		t.Fatal(err)
	}
	r.journey.Kept(saved.ID)
	if err := r.app.KeepRegistration(saved); err != nil {
		t.Fatal(err)
	}
	return saved
}

func TestWhatWasChangedMeanwhileIsSeenAndMended(t *testing.T) {
	r, server, saved := savedOxfordIQ(t)
	server.Graph(http.MethodPatch, "/applications(appId='"+saved.ClientID+"')",
		json.RawMessage(
			`{"signInAudience":"AzureADMultipleOrgs","web":{"redirectUris":["https://elsewhere.example/"]}}`))
	checkSaved(r.nav, saved)
	r.pressPrimary()
	r.untilTitle("Something is different")
	r.snap("check-differs")
	if text := texts(r); !strings.Contains(text, "elsewhere.example") {
		t.Errorf("it is not said what differs: %s", text)
	}
	r.press("Fix all of it for me")
	r.untilTitle("The plan")
	r.snap("check-mend")
	r.pressPrimary()
	// Nothing is taken away unasked: that the address is there stays to be seen.
	r.untilTitle("Everything needed is there")
	if text := texts(r); !strings.Contains(text, "elsewhere.example can have people's sign-ins sent there") {
		t.Errorf("it is not said who else can use the app: %s", text)
	}
}

func TestASecretIsRenewedWithAnOverlap(t *testing.T) {
	r, server, saved := savedOxfordIQ(t)
	old, err := r.app.Connections.Secret(t.Context(), saved.ID)
	if err != nil {
		t.Fatal(err)
	}
	live := func() int {
		for _, a := range server.State().Applications {
			if a.AppID == saved.ClientID {
				return len(a.Secrets)
			}
		}
		return 0
	}
	renew(r.nav, saved)
	r.snap("renew-1-intro")
	r.pressPrimary()
	r.untilTitle("The new secret is ready")
	r.snap("renew-2-ready")
	renewed, _ := r.app.Connections.Get(saved.ID)
	fresh, err := r.app.Connections.Secret(t.Context(), saved.ID)
	if err != nil || fresh.Equal(old) || renewed.SecretID == saved.SecretID || live() != 2 {
		t.Fatalf("no overlap: %d live secrets, %v", live(), err)
	}
	renew(r.nav, renewed)
	r.untilTitle("Remove the old secret")
	r.snap("renew-3-remove")
	r.pressPrimary()
	r.untilTitle("The old secret is gone")
	if live() != 1 {
		t.Errorf("%d live secrets", live())
	}
	for _, a := range server.State().Applications {
		if a.AppID == saved.ClientID && a.Secrets[0].KeyID != renewed.SecretID {
			t.Error("the wrong one was removed")
		}
	}
}

// TestARenewalThatWasInterrupted: the program ends after the new secret was made
// and before, or after, it was saved. The secret that is in use is never offered
// for removal, and the one that nobody has goes.
func TestARenewalThatWasInterrupted(t *testing.T) {
	for name, wasSaved := range map[string]bool{"before it was saved": false, "before that was noted": true} {
		t.Run(name, func(t *testing.T) {
			r, server, saved := savedOxfordIQ(t)
			old, err := r.app.Connections.Secret(t.Context(), saved.ID)
			if err != nil {
				t.Fatal(err)
			}
			renew(r.nav, saved)
			r.pressPrimary()
			r.untilTitle("The new secret is ready")
			inUse, _ := r.app.Connections.Get(saved.ID)
			if !wasSaved {
				if _, err := r.app.Connections.Save(t.Context(), saved, old); err != nil {
					t.Fatal(err)
				}
				inUse = saved
			}
			notes, err := filepath.Glob(filepath.Join(r.app.Home, "registrations", "renewal-*.json"))
			if err != nil || len(notes) != 1 {
				t.Fatalf("%q, %v", notes, err)
			}
			note := safefile.Document[map[string]any]{Path: notes[0], Format: "entrada-renewal", Version: 2,
				Max: 1 << 20}
			body, err := note.Load()
			if err != nil || body["kept"] != true {
				t.Fatalf("%v, %v", body, err)
			}
			body["kept"] = false
			if err := note.Save(body); err != nil {
				t.Fatal(err)
			}
			renew(r.nav, inUse)
			want := map[bool]string{false: "The new secret is ready", true: "The old secret is gone"}[wasSaved]
			r.pressPrimary()
			r.untilTitle(want)
			now, _ := r.app.Connections.Get(saved.ID)
			var live []string
			for _, a := range server.State().Applications {
				if a.AppID == saved.ClientID {
					for _, s := range a.Secrets {
						live = append(live, s.KeyID)
					}
				}
			}
			slices.Sort(live)
			alive := []string{now.SecretID}
			if !wasSaved {
				alive = append(alive, saved.SecretID)
			}
			slices.Sort(alive)
			if !slices.Equal(live, alive) {
				t.Errorf("secrets %q, want %q", live, alive)
			}
		})
	}
}

func TestARenewalThatCannotBeKeptIsTakenBack(t *testing.T) {
	r, server, saved := savedOxfordIQ(t)
	store, err := connections.Open(r.app.Home, brokenKeychain{"keychain-locked"})
	if err != nil {
		t.Fatal(err)
	}
	r.app.Connections = store
	renew(r.nav, saved)
	r.pressPrimary()
	r.untilTitle("The secret was not renewed")
	r.snap("renew-failed")
	for _, a := range server.State().Applications {
		if a.AppID == saved.ClientID && (len(a.Secrets) != 1 || a.Secrets[0].KeyID != saved.SecretID) {
			t.Errorf("the app has %d secrets", len(a.Secrets))
		}
	}
}

func TestTheTestAddressCanGo(t *testing.T) {
	r, server, saved := savedOxfordIQ(t)
	removeTestAddress(r.nav)
	r.pressPrimary()
	r.untilTitle("The test address is gone")
	for _, a := range server.State().Applications {
		if a.AppID == saved.ClientID && len(a.Web.RedirectURIs) != 0 {
			t.Errorf("%v is still there", a.Web.RedirectURIs)
		}
	}
	if guides.TestRedirect != "http://localhost" {
		t.Error("the address is another one")
	}
}
