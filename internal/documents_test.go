//go:build unix

package internal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"entrada/internal/app"
	"entrada/internal/checks"
	"entrada/internal/connections"
	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/journey"
	"entrada/internal/registration"
)

// document is one kind of file that Entrada keeps for itself.
type document struct {
	file   string // its name in the home
	sample string // one that version 1 wrote
	beside string // a sample that has to lie beside it
	holds  []string

	load  func(home string) (content any, err error)
	save  func(home string) error // load it, and write it again
	aside bool                    // load sets a damaged file aside
	quiet bool                    // load begins anew where it is damaged
}

var documents = []document{
	{
		file: "connections.json", sample: "connections/testdata/connections.v1.json", aside: true,
		holds: []string{
			"Vendor a · a.example", "22222222-2222-4222-8222-22222222222b", "support@vendor.example",
			`"partly":{`, `"lastCulprit":"secret"`,
		},
		load: func(home string) (any, error) {
			s, err := connections.Open(home, connections.MemoryKeychain())
			if err != nil {
				return nil, err
			}
			return s.List(), nil
		},
		save: func(home string) error {
			s, err := connections.Open(home, connections.MemoryKeychain())
			if err != nil {
				return err
			}
			return s.UpdateRecord(s.List()...)
		},
	},
	{
		file: "history.json", sample: "connections/testdata/history.v1.json",
		beside: "connections/testdata/connections.v1.json", aside: true, quiet: true,
		holds: []string{"One thing is wrong: the client secret", `"culprit":"secret"`, "Everything works"},
		load: func(home string) (any, error) {
			s, err := connections.Open(home, connections.MemoryKeychain())
			if err != nil {
				return nil, err
			}
			again := connections.Tested{ID: "409507b8752d4614", Fingerprint: "924b f984",
				Result: connections.ResultReached}
			err = s.Remember(again)
			return s.History("d833f959762c7888"), err
		},
	},
	{
		file: "journey.json", sample: "journey/testdata/journey.v1.json", aside: true,
		holds: []string{
			"oxfordiq", "3f6b1c9e-52a7-4c1d-9b0e-7d2f4a8c6e10", `"attention":["consent"]`, `"failedCulprit":"consent"`,
		},
		load: func(home string) (any, error) {
			j, err := resume(home)
			if j == nil {
				return nil, err
			}
			return j.Answers(), err
		},
		save: func(home string) error {
			j, err := resume(home)
			if err != nil {
				return err
			}
			return j.Save()
		},
	},
	{
		file: "registration-1dd7cf76.json", sample: "registration/testdata/registration.v1.json",
		holds: []string{
			"KleraOutlookApplication", `"kind":"add-secret"`, "e52cfa4b-ea88-40d1-86a9-393a3ea4bec6",
			"AzureADMultipleOrgs",
		},
		load: func(home string) (any, error) { return registration.Journals(home) },
		save: func(home string) error { return (&registration.Engine{Folder: home}).Keep("1DD7CF76") },
	},
	{
		file: "renewal-2642069c.json", sample: "registration/testdata/renewal.v1.json",
		holds: []string{"d26bbef0-1036-4d22-ac27-b5f43e3b3e72", "2027-05-30"},
		load:  func(home string) (any, error) { return registration.Renewals(home) },
		save: func(home string) error {
			list, err := registration.Renewals(home)
			if err != nil {
				return err
			}
			return (&registration.Engine{Folder: home}).KeepRenewal(list[0])
		},
	},
	{
		file: "leftovers.json", sample: "checks/testdata/leftovers.v1.json",
		holds: []string{"Entrada test 7F3A02BC", "shared@contoso.example", `"kind":"mail"`},
		load:  func(home string) (any, error) { return leftovers(home).List() },
		save:  func(home string) error { return leftovers(home).Remove(checks.Leftover{RunID: "nobody's"}) },
	},
}

func leftovers(home string) *checks.LeftoverList {
	return &checks.LeftoverList{Path: filepath.Join(home, "leftovers.json")}
}

func resume(home string) (*journey.Journey, error) {
	store, err := connections.Open(home, connections.MemoryKeychain())
	if err != nil {
		return nil, err
	}
	return journey.Resume(app.App{Cloud: entra.Global(), Connections: store, Home: home, Now: time.Now})
}

// home makes a folder with the document in it, if there is any content.
func (d document) home(t *testing.T, content []byte) (home, path string) {
	t.Helper()
	home = t.TempDir()
	path = filepath.Join(home, d.file)
	if d.beside != "" {
		put(t, filepath.Join(home, "connections.json"), get(t, d.beside))
	}
	if content != nil {
		put(t, path, content)
	}
	return home, path
}

// current is the sample in the form that Entrada writes today.
func (d document) current(t *testing.T) []byte {
	t.Helper()
	home, path := d.home(t, get(t, d.sample))
	var err error
	if d.save != nil {
		err = d.save(home)
	} else {
		_, err = d.load(home)
	}
	if err != nil {
		t.Fatal(err)
	}
	return get(t, path)
}

// TestDocumentsOfVersion1Open: what the first version wrote opens, and is written
// in today's form the next time.
func TestDocumentsOfVersion1Open(t *testing.T) {
	for _, d := range documents {
		t.Run(d.file, func(t *testing.T) {
			now := d.current(t)
			if !bytes.Contains(now, []byte(`"version": 2`)) || !bytes.Contains(now, []byte(`"sha256": "`)) {
				t.Errorf("written as\n%s", now)
			}
			for form, content := range map[string][]byte{"version 1": get(t, d.sample), "today's": now} {
				home, _ := d.home(t, content)
				loaded, err := d.load(home)
				words, _ := json.Marshal(loaded)
				for _, want := range d.holds {
					if !strings.Contains(string(words), want) || err != nil {
						t.Errorf("%s: no %s in %s; %v", form, want, words, err)
					}
				}
			}
		})
	}
}

// TestDamagedDocumentsAreReportedAndKept: none is believed, hangs, panics or is lost.
func TestDamagedDocumentsAreReportedAndKept(t *testing.T) {
	for _, d := range documents {
		t.Run(d.file, func(t *testing.T) {
			for name, content := range damages(t, d.current(t), get(t, d.sample)) {
				home, path := d.home(t, content)
				_, err := d.safely(home)
				want := fault.FileCorrupt
				if d.quiet {
					want = ""
				}
				if fault.KindOf(err) != want {
					t.Errorf("%s: %v", name, err)
				}
				if d.aside {
					path += ".damaged"
				}
				if kept, _ := os.ReadFile(path); !bytes.Equal(kept, content) {
					t.Errorf("%s: it is not kept as %s", name, filepath.Base(path))
				}
			}
		})
	}
}

// TestAMemberThatIsNullHarmsNothing: it may be refused or read as absent.
func TestAMemberThatIsNullHarmsNothing(t *testing.T) {
	for _, d := range documents {
		t.Run(d.file, func(t *testing.T) {
			current := d.current(t)
			members := func(inList bool, value any) (any, bool) { return nil, !inList }
			for place, body := range variants(t, bodyOf(t, current), members) {
				home, _ := d.home(t, sealed(current, body))
				if _, err := d.safely(home); err != nil && !fault.Is(err, fault.FileCorrupt) {
					t.Errorf("null as %s: %v", place, err)
				}
			}
		})
	}
}

func TestNewerDocumentsAreLeftAlone(t *testing.T) {
	for _, d := range documents {
		t.Run(d.file, func(t *testing.T) {
			current := d.current(t)
			for _, version := range []string{"3", "10", "99999999999999999999"} {
				newer := bytes.Replace(current, []byte(`"version": 2`),
					[]byte(`"future": [null], "version": `+version), 1)
				home, path := d.home(t, newer)
				_, err := d.safely(home)
				if !fault.Is(err, fault.FileNewer) {
					t.Errorf("version %s: %v", version, err)
				}
				if d.save != nil && !fault.Is(d.save(home), fault.FileNewer) {
					t.Errorf("version %s was written over", version)
				}
				if got := get(t, path); !bytes.Equal(got, newer) {
					t.Errorf("version %s was touched", version)
				}
			}
		})
	}
}

func TestWhatIsNoFileIsNotRead(t *testing.T) {
	for _, d := range documents {
		t.Run(d.file, func(t *testing.T) {
			current := d.current(t)
			for name, make := range map[string]func(path string) error{
				"a pipe":   func(path string) error { return syscall.Mkfifo(path, 0o600) },
				"a folder": func(path string) error { return os.Mkdir(path, 0o700) },
				"a link": func(path string) error {
					put(t, path+".real", current)
					return os.Symlink(path+".real", path)
				},
				"a link to nothing": func(path string) error { return os.Symlink(path+".nowhere", path) },
				"a huge file": func(path string) error {
					put(t, path, nil)
					return os.Truncate(path, 1<<30)
				},
			} {
				home, path := d.home(t, nil)
				if err := make(path); err != nil {
					t.Fatal(err)
				}
				if _, err := d.safely(home); !fault.Is(err, fault.FileNotRegular, fault.FileTooLarge) {
					t.Errorf("%s: %v", name, err)
				}
				if _, err := os.Lstat(path); err != nil {
					t.Errorf("%s was taken away: %v", name, err)
				}
			}
		})
	}
}

// TestSettingAsideOverwritesNothing also meets the names of the first version.
func TestSettingAsideOverwritesNothing(t *testing.T) {
	for _, d := range documents {
		if !d.aside {
			continue
		}
		home, path := d.home(t, nil)
		old := []string{path + ".damaged", path + ".damaged-20261120-090000"}
		for _, name := range old {
			put(t, name, []byte(name))
		}
		for n := range 3 {
			put(t, path, fmt.Append(nil, n))
			_, _ = d.safely(home)
		}
		for _, name := range old {
			if string(get(t, name)) != name {
				t.Errorf("%s: %s was overwritten", d.file, filepath.Base(name))
			}
		}
		for n := range 3 {
			if got := string(get(t, fmt.Sprint(path, ".damaged-", n+2))); got != fmt.Sprint(n) {
				t.Errorf("%s: number %d holds %q", d.file, n+2, got)
			}
		}
	}
}

// safely is load; a panic is its error.
func (d document) safely(home string) (content any, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return d.load(home)
}

func put(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
