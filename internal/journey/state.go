package journey

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"entrada/internal/app"
	"entrada/internal/fault"
	"entrada/internal/safefile"
)

const (
	stateVersion = 1
	maxState     = 256 << 10 // bytes
)

// stateFile is the envelope on disk: a version, and a checksum over the body so
// that a damaged file is never half believed.
type stateFile struct {
	Version int             `json:"version"`
	Sum     string          `json:"sha256"`
	Body    json.RawMessage `json:"body"`
}

type stateBody struct {
	Page    PageID   `json:"page"`
	Done    []PageID `json:"done"`
	Answers Answers  `json:"answers"`
}

func statePath(a app.App) string { return filepath.Join(a.Home, "journey.json") }

// Save remembers where the person is, without anything secret. A journey on its
// first page with no answer leaves no file.
func (j *Journey) Save() error {
	if j.guide == nil {
		return nil
	}
	done := make([]PageID, 0, len(j.done))
	for id := range j.done {
		done = append(done, id)
	}
	slices.Sort(done)
	body, err := json.Marshal(stateBody{j.page, done, j.answers})
	if err != nil {
		return fault.New(fault.Misuse, "remember the page", err)
	}
	data, err := json.Marshal(stateFile{stateVersion, checksum(body), body})
	if err != nil {
		return fault.New(fault.Misuse, "remember the page", err)
	}
	return safefile.Write(statePath(j.app), data, safefile.Options{Overwrite: true, AnyFolder: true})
}

func checksum(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// Resume returns the journey that was left unfinished, or nil if there is none.
// A damaged file is kept beside and gives an error of kind FileCorrupt; one of
// a newer Entrada is left alone and gives FileNewer.
//
// The secret is not on disk. When the place to go on needs it, the journey goes
// back to the page where it is pasted.
func Resume(a app.App) (*Journey, error) {
	const op = "find your place again"
	data, err := safefile.Read(statePath(a), maxState)
	if fault.Is(err, fault.FileNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var file stateFile
	if json.Unmarshal(data, &file) == nil && file.Version > stateVersion {
		return nil, &fault.Error{Kind: fault.FileNewer, Op: op, Subject: statePath(a)}
	}
	var body stateBody
	var compact bytes.Buffer
	if json.Compact(&compact, file.Body) != nil || checksum(compact.Bytes()) != file.Sum || json.Unmarshal(file.Body, &body) != nil {
		_ = os.Rename(statePath(a), statePath(a)+".damaged")
		return nil, &fault.Error{Kind: fault.FileCorrupt, Op: op, Subject: statePath(a)}
	}
	g := a.GuideByID(body.Answers.VendorID)
	if g == nil {
		return nil, nil
	}
	j := New(a)
	j.guide, j.page, j.answers = g, body.Page, body.Answers
	if j.answers.Inputs == nil {
		j.answers.Inputs = map[string]string{}
	}
	for _, id := range body.Done {
		j.done[id] = true
	}
	j.findSaved()
	j.returnToWhatIsMissing()
	return j, nil
}

// findSaved takes up the connection that was saved when the program ended before
// it could remember that, and forgets one that is not there any more, as one that
// was kept for a session.
func (j *Journey) findSaved() {
	a := &j.answers
	saved, there := j.app.Connections.Get(a.ConnectionID)
	for _, r := range j.app.Connections.List() {
		if !there && a.SecretID != "" && strings.EqualFold(r.SecretID, a.SecretID) && strings.EqualFold(r.ClientID, a.ClientID) && r.TenantID == a.TenantID && r.VendorID == a.VendorID {
			saved, there = r, true
		}
	}
	a.ConnectionID = saved.ID
	if there && !saved.SessionOnly {
		// Should this fail, the next look for an interrupted run does it.
		_ = j.app.KeepRegistration(saved)
	}
}

func (j *Journey) returnToWhatIsMissing() {
	for _, p := range j.Pages() {
		if p.ID == j.page {
			return
		}
		if j.Missing(p.ID) != nil {
			j.page = p.ID
			return
		}
	}
}

// Discard forgets the unfinished journey on disk.
func Discard(a app.App) error {
	err := os.Remove(statePath(a))
	if err != nil && !os.IsNotExist(err) {
		return &fault.Error{Kind: fault.FileReadOnly, Op: "forget the unfinished journey", Subject: statePath(a), Err: err}
	}
	return nil
}
