package journey

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"entrada/internal/app"
	"entrada/internal/connections"
	"entrada/internal/fault"
	"entrada/internal/safefile"
)

// stateBody is the place on disk, with nothing secret.
type stateBody struct {
	Page    PageID   `json:"page"`
	Done    []PageID `json:"done"`
	Answers Answers  `json:"answers"`
}

func statePath(a app.App) string { return filepath.Join(a.Home, "journey.json") }

// ownerPath is the lock of the program that remembers its place there.
func ownerPath(a app.App) string { return filepath.Join(a.Home, "journey.lock") }

func place(a app.App) safefile.Document[stateBody] {
	return safefile.Document[stateBody]{
		Path: statePath(a), Format: "entrada-journey", Version: 2, Max: 256 << 10, AnyFolder: true,
		Op: "find your place again", Legacy: placeOfVersion1,
	}
}

// placeOfVersion1 reads a place whose envelope did not say what it is.
func placeOfVersion1(raw []byte) (stateBody, error) {
	var body stateBody
	var file struct {
		Version int             `json:"version"`
		Sum     string          `json:"sha256"`
		Body    json.RawMessage `json:"body"`
	}
	if err := json.Unmarshal(raw, &file); err != nil {
		return body, err
	}
	if file.Version != 1 || file.Sum != safefile.SumJSON(file.Body) {
		return body, errors.New("not the first version, or changed")
	}
	err := json.Unmarshal(file.Body, &body)
	body.Answers.FailedCulprit = connections.CulpritOfVersion1(body.Answers.Failed)
	return body, err
}

// Save remembers where the person is, without anything secret. A journey on its
// first page with no answer leaves no file. Nor does one beside that of another
// program: there is one place, and it belongs to who had it first.
func (j *Journey) Save() error {
	if j.guide == nil {
		return nil
	}
	if err := safefile.Own(ownerPath(j.app)); fault.Is(err, fault.AlreadyRunning) {
		return nil // [Resume] has said so
	} else if err != nil {
		return err
	}
	done := make([]PageID, 0, len(j.done))
	for id := range j.done {
		done = append(done, id)
	}
	slices.Sort(done)
	return place(j.app).Save(stateBody{j.page, done, j.answers})
}

// NotRemembered says why a place cannot be gone on with later; see [Journey.IsRemembered].
const NotRemembered = "Another Entrada on this computer is in the middle of a set-up. Until it ends, the place of " +
	"this one is not remembered."

// IsRemembered reports whether the place on disk is that of this program.
func (j *Journey) IsRemembered() bool { return !safefile.IsOwnedElsewhere(ownerPath(j.app)) }

// Resume returns the journey that was left unfinished, or nil if there is none.
// A damaged file is kept beside and gives an error of kind FileCorrupt; one of
// a newer Entrada is left alone and gives FileNewer. While another program is in the
// middle of it, the error is of kind AlreadyRunning.
//
// The secret is not on disk. When the place to go on needs it, the journey goes
// back to the page where it is pasted.
func Resume(a app.App) (*Journey, error) {
	if safefile.IsOwnedElsewhere(ownerPath(a)) {
		return nil, &fault.Error{Kind: fault.AlreadyRunning, Op: "find your place again", Subject: statePath(a),
			Detail: NotRemembered}
	}
	body, err := place(a).Load()
	switch {
	case fault.Is(err, fault.FileNotFound):
		return nil, nil
	case fault.Is(err, fault.FileCorrupt):
		_, _ = place(a).SetAside() // if it cannot be renamed, the next look says the same
		return nil, err
	case err != nil:
		return nil, err
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
		if !there && a.SecretID != "" && strings.EqualFold(r.SecretID, a.SecretID) &&
			strings.EqualFold(r.ClientID, a.ClientID) && r.TenantID == a.TenantID && r.VendorID == a.VendorID {
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

// Discard forgets the unfinished journey on disk, unless it is that of another program.
func Discard(a app.App) error {
	if safefile.IsOwnedElsewhere(ownerPath(a)) {
		return nil
	}
	defer safefile.Disown(ownerPath(a))
	err := os.Remove(statePath(a))
	if err != nil && !os.IsNotExist(err) {
		return &fault.Error{Kind: fault.FileReadOnly, Op: "forget the unfinished journey", Subject: statePath(a),
			Err: err}
	}
	return nil
}
