package connections

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"entrada/internal/fault"
	"entrada/internal/safefile"
)

// A list of connections with any body under a right checksum is refused, or can be
// looked at in every way, and saved again.
func FuzzList(f *testing.F) {
	body, err := json.Marshal(map[string]any{"records": []Record{sample(0), sample(1)}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(body)
	f.Add([]byte(`{"records":[{"partly":{},"was":{"partly":{}},"handedOver":{},"exported":{}}],"intents":[{}]}`))
	f.Add([]byte(`{"records":null}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		// Not the test's own folder: Wine removes none with a “#” in its name.
		dir, err := os.MkdirTemp("", "list")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = os.RemoveAll(dir) }()
		file, _ := json.Marshal(map[string]any{"format": recordsFile(dir).Format, "version": recordsFile(dir).Version,
			"sha256": safefile.SumJSON(body), "body": json.RawMessage(body)})
		if err := os.WriteFile(filepath.Join(dir, fileName), file, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(dir, MemoryKeychain())
		if err != nil {
			if !fault.Is(err, fault.FileCorrupt, fault.FileNewer, fault.FileTooLarge) {
				t.Fatalf("%v", err)
			}
			return
		}
		for _, r := range s.List() {
			_, _, _ = r.Attention(day), r.Expiry(day, ""), r.DaysLeft(day)
			s.Find(r.Name)
			if _, err := s.Rename(r.ID, "x"); err != nil && !fault.Is(err, fault.InvalidInput) {
				t.Fatalf("%v", err)
			}
		}
		if _, err := s.Reconcile(t.Context()); err != nil && fault.Is(err, fault.Misuse) {
			t.Fatalf("%v", err)
		}
	})
}
