package connections

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"entrada/internal/fault"
)

// savedFile makes a folder with two connections and returns it with its file.
func savedFile(t *testing.T) (dir, path string, raw []byte) {
	t.Helper()
	dir = folder(t)
	s := open(t, dir, MemoryKeychain())
	for n := range 2 {
		_, err := s.Save(t.Context(), sample(n), firstSecret)
		must(t, err)
	}
	path = filepath.Join(dir, fileName)
	raw, err := os.ReadFile(path)
	must(t, err)
	return dir, path, raw
}

// P06: a file that was damaged is kept aside.
func TestDamagedFileIsKeptAside(t *testing.T) {
	dir, path, raw := savedFile(t)
	damaged := map[string][]byte{
		"empty":          {},
		"other format":   []byte(`{"format":"x","version":2}`),
		"no version":     []byte(`{"format":"entrada-connections"}`),
		"version 0":      bytes.Replace(raw, []byte(`"version": 2`), []byte(`"version": 0`), 1),
		"version text":   bytes.Replace(raw, []byte(`"version": 2`), []byte(`"version": "1"`), 1),
		"version 1.0":    bytes.Replace(raw, []byte(`"version": 2`), []byte(`"version": 1.0`), 1),
		"unknown member": bytes.Replace(raw, []byte(`"format"`), []byte(`"more":1,"format"`), 1),
		"trailing":       append(bytes.Clone(raw), "{}"...),
	}
	for cut := 1; cut < len(raw)-1; cut += 97 {
		damaged[fmt.Sprint("cut at ", cut)] = raw[:cut]
	}
	for at := 0; at < len(raw); at++ {
		flipped := bytes.Clone(raw)
		flipped[at] ^= 1
		if strings.TrimSpace(string(raw[at:at+1])) == "" {
			continue // white space is not content
		}
		damaged[fmt.Sprint("bit flipped at ", at)] = flipped
	}
	for name, content := range damaged {
		must(t, os.WriteFile(path, content, 0o600))
		_, err := Open(dir, MemoryKeychain())
		if bytes.Contains(content, []byte(`"version": 3`)) {
			wantKind(t, err, fault.FileNewer) // the flip made it one
			continue
		}
		if fault.KindOf(err) != fault.FileCorrupt {
			t.Fatalf("%s: %v", name, err)
		}
		damaged, _ := errors.AsType[*fault.Error](err)
		kept := damaged.Subject
		if got, _ := os.ReadFile(kept); !bytes.Equal(got, content) {
			t.Fatalf("%s: not kept in %q", name, kept)
		}
		s, err := Open(dir, MemoryKeychain())
		if err != nil || len(s.List()) != 0 {
			t.Fatalf("%s: the second time: %v", name, err)
		}
	}
}

// P06: one of a newer Entrada is left alone.
func TestNewerFileIsNeverTouched(t *testing.T) {
	dir, path, raw := savedFile(t)
	s := open(t, dir, MemoryKeychain())
	for _, version := range []string{"3", "10", "99999999999999999999"} {
		newer := bytes.Replace(raw, []byte(`"version": 2`), []byte(`"future": [], "version": `+version), 1)
		must(t, os.WriteFile(path, newer, 0o600))
		_, err := Open(dir, MemoryKeychain())
		wantKind(t, err, fault.FileNewer)
		// Nor by an older Entrada that was open all the while.
		_, err = s.Save(t.Context(), sample(3), firstSecret)
		wantKind(t, err, fault.FileNewer)
		wantKind(t, s.UpdateRecord(s.List()...), fault.FileNewer)
		wantKind(t, s.Reload(), fault.FileNewer)
		wantKind(t, s.RemoveEverything(t.Context()), fault.FileNewer)
		if got, _ := os.ReadFile(path); !bytes.Equal(got, newer) {
			t.Fatal("it was overwritten")
		}
	}
}

func TestFileThatIsNone(t *testing.T) {
	dir := folder(t)
	must(t, os.Mkdir(filepath.Join(dir, fileName), 0o700))
	_, err := Open(dir, MemoryKeychain())
	wantKind(t, err, fault.FileNotRegular)
	_, err = Open(filepath.Join(dir, "nowhere"), MemoryKeychain())
	must(t, err) // no folder is an empty list
}

func TestFileIsReadable(t *testing.T) {
	_, _, raw := savedFile(t)
	for _, want := range []string{`"name": "Vendor a · a.example"`, `"version": 2`, `"clientId"`} {
		if !bytes.Contains(raw, []byte(want)) {
			t.Errorf("no %s in\n%s", want, raw)
		}
	}
	if bytes.Contains(raw, []byte(firstSecret.Reveal())) {
		t.Error("the secret is in it")
	}
}

// A record of version 1 had a headline alone. It is well again by the same tests as
// in that version.
func TestAFailureOfVersion1IsDisproved(t *testing.T) {
	old, err := os.ReadFile(filepath.Join("testdata", "connections.v1.json"))
	must(t, err)
	for culprit, want := range map[string]string{"secret": "", "consent": ResultFailed, "": ResultFailed} {
		dir := folder(t)
		must(t, os.WriteFile(filepath.Join(dir, fileName), old, 0o600))
		s := open(t, dir, MemoryKeychain())
		r := s.Find("Vendor a")[0]
		if r.LastResult != ResultFailed || r.LastCulprit != "secret" {
			t.Fatalf("%+v", r)
		}
		reached := Tested{ID: r.ID, Fingerprint: r.SecretFingerprint, Result: ResultReached,
			Disproved: []string{culprit}}
		must(t, s.Remember(reached))
		if now, _ := open(t, dir, MemoryKeychain()).Get(r.ID); now.LastResult != want {
			t.Errorf("disproved %q: %q", culprit, now.LastResult)
		}
	}
	for headline, want := range map[string]string{
		"One thing is wrong: the client secret":          "secret",
		"One thing is wrong: a rule of the organisation": "organisation-policy",
		"2 things are wrong":                             "", "The test timed out": "", "Everything works": "", "": "",
	} {
		if got := CulpritOfVersion1(headline); got != want {
			t.Errorf("%q: %q", headline, got)
		}
	}
}
