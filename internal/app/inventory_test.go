package app

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"entrada/internal/connections"
	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/guides"
	"entrada/internal/safefile"
	"entrada/internal/secret"
)

// full is a computer on which everything was used that leaves something.
func full(t *testing.T) (App, connections.Keychain) {
	t.Helper()
	kc := connections.MemoryKeychain()
	w := App{Cloud: entra.Global(), Home: t.TempDir(),
		Now: func() time.Time { return time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC) }}
	practice := w
	practice.Cloud.ID, practice.Home = entra.PracticeCloudID, filepath.Join(w.Home, practiceFolder)
	for _, one := range []*App{&w, &practice} {
		must(t, os.MkdirAll(filepath.Join(one.Home, "registrations"), 0o700))
		store, err := connections.Open(one.Home, kc)
		must(t, err)
		one.Connections = store
		for _, id := range []string{"one", "two"} {
			_, err := one.Connections.Save(t.Context(),
				connections.Record{Name: id, CloudID: one.Cloud.ID, ClientID: id},
				secret.New("8xK8Q~a-secret-"+id+strings.Repeat("x", 3000*len(one.Cloud.ID)%7000)))
			must(t, err)
		}
		for _, name := range []string{"leftovers.json", "history.json", "journey.json", "journey.lock",
			"test-0123456789ab.lock", "registrations/registration-1.lock", "registrations/renewal-2.lock",
			"journey.json.damaged",
			"registrations/registration-1.json", "registrations/renewal-2.json", "registrations/registration.lock",
			"connections.json.damaged-20260101-000000"} {
			must(t, os.WriteFile(filepath.Join(one.Home, name), []byte("{}"), 0o600))
		}
	}
	_, err := w.Connections.SaveBehindPassphrase(t.Context(),
		connections.Record{Name: "three", CloudID: "global", ClientID: "three"}, secret.New("8xK8Q~third"),
		secret.New("vuno-hadi-lemo-tagu"))
	must(t, err)
	must(t, os.WriteFile(filepath.Join(practice.Home, "organisation.json"), []byte("{}"), 0o600))
	g := *guides.ByID("oxfordiq")
	g.ID, g.Vendor, g.AppName = "own", "Own", "Own"
	must(t, w.AddGuide(&g))
	made, err := guides.Build(guides.Wish{Vendor: "Made", Abilities: []string{"mail-send"}})
	must(t, err)
	must(t, w.AddGuide(made))
	return w, kc
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func everyFile(t *testing.T, root string) []string {
	t.Helper()
	var all []string
	_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(root, path)
			all = append(all, filepath.ToSlash(rel))
		}
		return nil
	})
	return all
}

// P08 and K16: what is listed is all that there is, and after it was removed
// there is nothing: no file, no item in the keychain, no lock.
func TestRemoveEverything(t *testing.T) {
	w, kc := full(t)
	var listed []string
	items := 0
	for _, s := range w.Stored() {
		if s.Where == inKeychain {
			items += len(s.Names)
			for _, name := range s.Names {
				if _, err := kc.Get(t.Context(), name); err != nil {
					t.Errorf("%s is listed and not there: %v", name, err)
				}
			}
			continue
		}
		rel, _ := filepath.Rel(w.Home, s.Where)
		for _, name := range s.Names {
			listed = append(listed, filepath.ToSlash(filepath.Join(rel, name)))
		}
	}
	there := everyFile(t, w.Home)
	slices.Sort(listed)
	slices.Sort(there)
	if !slices.Equal(listed, there) || items != 4 || len(there) < 15 {
		t.Errorf("%d items; listed:\n%q\nthere:\n%q", items, listed, there)
	}
	var names []string
	for _, s := range w.Stored() {
		if s.Where == inKeychain {
			names = append(names, s.Names...)
		}
	}

	must(t, os.WriteFile(filepath.Join(w.Home, "guides", "holiday.jpg"), nil, 0o600))
	must(t, os.WriteFile(filepath.Join(w.Home, "my notes.txt"), nil, 0o600))
	must(t, w.RemoveEverything(t.Context()))
	if left := everyFile(t, w.Home); !slices.Equal(left, []string{"guides/holiday.jpg", "my notes.txt"}) {
		t.Errorf("left, or somebody else's taken: %q", left)
	}
	for _, name := range names {
		if _, err := kc.Get(t.Context(), name); !fault.Is(err, fault.KeychainMissing) {
			t.Errorf("left in the keychain: %s", name)
		}
	}
	if left := w.Stored(); len(left) != 0 {
		t.Errorf("%+v", left)
	}
	must(t, w.RemoveEverything(t.Context())) // and once more
}

// A practice window that is open would write its files anew.
func TestRemoveEverythingWaitsForThePracticeWindow(t *testing.T) {
	w, _ := full(t)
	release, err := safefile.Lock(filepath.Join(w.Home, practiceFolder, safefile.InstanceLock))
	must(t, err)
	if err := w.RemoveEverything(t.Context()); !fault.Is(err, fault.AlreadyRunning) {
		t.Error(err)
	}
	if len(w.Connections.List()) != 3 {
		t.Error("half of it was removed all the same")
	}
	release()
	must(t, w.RemoveEverything(t.Context()))
}

// While practising, the real connections are out of reach.
func TestRemoveEverythingPractised(t *testing.T) {
	w, _ := full(t)
	practised, err := w.practised()
	must(t, err)
	practised.Cloud.ID = entra.PracticeCloudID
	must(t, practised.RemoveEverything(t.Context()))
	if left := everyFile(t, practised.Home); len(left) != 0 {
		t.Errorf("%q", left)
	}
	if len(w.Connections.List()) != 3 {
		t.Error("real connections were removed")
	}
}
