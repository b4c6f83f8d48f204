package registration

import (
	"encoding/json"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/graph"
	"entrada/internal/safefile"
	"entrada/internal/secret"
)

// nobody answers.
var nobody = &http.Client{Transport: unanswered{}}

type unanswered struct{}

func (unanswered) RoundTrip(*http.Request) (*http.Response, error) { return nil, net.ErrClosed }

// A journal with any body, under a right checksum or from before there was one, is
// refused or can be looked at in every way.
func FuzzJournal(f *testing.F) {
	id := "11111111-1111-4111-8111-111111111111"
	plan := Plan{Format: 1, RunID: "0A1B2C3D", CloudID: "global", TenantID: id, Made: time.Unix(1e9, 0).UTC(),
		Wanted: Wanted{GuideID: "x", Vendor: "V", AppName: "A", Audience: "single-tenant",
			Permissions: []Permission{{Name: "Mail.Send", Kind: "delegated"}}, Secret: Secret{Months: 1}},
		Changes: []Change{{Kind: AddSecret}}}
	for _, j := range []Journal{{State: RunOpen, Plan: plan}, {State: RunKept, Plan: plan, ClientID: id,
		Entries: []*Entry{{Kind: AddSecret, Done: true, Made: true, ID: id}}}} {
		body, err := json.Marshal(j)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body, true)
		f.Add(body, false)
	}
	f.Add([]byte(`{"format":1,"entries":[null]}`), false)
	f.Fuzz(func(t *testing.T, body []byte, sealed bool) {
		path := filepath.Join(t.TempDir(), journalPrefix+"0a1b2c3d.json")
		file := body
		if sealed {
			file, _ = json.Marshal(map[string]any{"format": "entrada-registration", "version": journalVersion,
				"sha256": safefile.SumJSON(body), "body": json.RawMessage(body)})
		}
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		j, err := readJournal(path)
		if err != nil {
			if !fault.Is(err, fault.FileCorrupt, fault.FileNewer, fault.FileTooLarge) {
				t.Fatalf("%v", err)
			}
			return
		}
		for _, change := range j.Plan.Changes {
			j.Stage(change)
		}
		_, _, _ = j.AppName(), j.SecretID(), j.IsElsewhere()
		e := &Engine{Folder: filepath.Dir(path), Graph: graph.New(entra.Global(), secret.New("t"), nobody)}
		e.Preview(t.Context(), j)
	})
}
