package registration

import (
	"cmp"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/graph"
	"entrada/internal/safefile"
)

// Journal is what a run has done and was about to do. It is written to disk
// before each change, and holds nothing secret.
type Journal struct {
	State       RunState  `json:"state"`
	Started     time.Time `json:"started"`
	Plan        Plan      `json:"plan"`
	App         string    `json:"app,omitempty"` // what the app is really called
	ResourceID  string    `json:"resource"`
	ObjectID    string    `json:"object,omitempty"` // of the app registration
	ClientID    string    `json:"client,omitempty"`
	PrincipalID string    `json:"principal,omitempty"` // of the enterprise app
	Entries     []*Entry  `json:"entries"`

	path string
}

// RunState says how far a run has come.
type RunState string

// The states of a run.
const (
	RunOpen   RunState = "open"   // to be resumed or undone
	RunKept   RunState = "kept"   // finished, and the secret is stored if it made one
	RunUndone RunState = "undone" //
)

// Entry is one change. It is written with Done false before the change is asked
// for; a change that was begun and not done may have happened or not.
type Entry struct {
	Kind  ChangeKind `json:"kind"`
	Names []string   `json:"names,omitempty"`
	Done  bool       `json:"done"`
	Made  bool       `json:"made"` // by this run; false: it was there already

	ID     string   `json:"id,omitempty"`     // consent, assignment or secret
	Scopes []string `json:"scopes,omitempty"` // IDs of exposed scopes

	// What was changed of something that existed, to take it back.
	Redirects []string               `json:"redirects,omitempty"`
	Access    []graph.ResourceAccess `json:"access,omitempty"`
	Switches  *Switches              `json:"switches,omitempty"`
	Audience  string                 `json:"audience,omitempty"` // before
	Identify  string                 `json:"identify,omitempty"` // the Application ID URI that was added
}

const (
	journalPrefix  = "registration-"
	journalVersion = 2 // 1 had no envelope
	maxJournal     = 256 << 10
)

var runIDPattern = regexp.MustCompile(`^[0-9A-F]{8}$`)

func (e *Engine) journalPath(runID string) string {
	return filepath.Join(e.Folder, journalPrefix+strings.ToLower(runID)+".json")
}

// journalOf opens the journal of a plan's run, or begins it.
func (e *Engine) journalOf(p Plan) (*Journal, error) {
	j, err := readJournal(e.journalPath(p.RunID))
	if err == nil || !fault.Is(err, fault.FileNotFound) {
		return j, err
	}
	return &Journal{State: RunOpen, Started: e.now(), Plan: p, App: p.AppName(), ResourceID: p.resourceID,
		ClientID: p.ClientID,
		path:     e.journalPath(p.RunID)}, nil
}

func readJournal(path string) (*Journal, error) {
	j, err := journalAt(path).Load()
	if err != nil {
		return nil, err
	}
	j.path, j.Plan.resourceID = path, j.ResourceID
	j.Plan.markNew()
	return &j, nil
}

func journalAt(path string) safefile.Document[Journal] {
	return safefile.Document[Journal]{
		Path: path, Format: "entrada-registration", Version: journalVersion, Max: maxJournal, AnyFolder: true,
		Op:     "read what was done",
		Valid:  func(j Journal) bool { return j.isSafe(filepath.Base(path)) },
		Legacy: fromVersion1[Journal],
	}
}

// fromVersion1 reads a file from before the envelope: the body with a format in it.
func fromVersion1[T any](raw []byte) (T, error) {
	var v T
	var head struct {
		Format int `json:"format"`
	}
	err := json.Unmarshal(raw, &head)
	if err == nil {
		err = json.Unmarshal(raw, &v)
	}
	if err == nil && head.Format > 1 {
		err = errors.New("not the first version")
	}
	return v, err
}

// isSafe checks what is sent to Graph: the IDs in a journal say what to delete.
func (j Journal) isSafe(name string) bool {
	for _, id := range []string{j.ObjectID, j.ClientID, j.PrincipalID, j.ResourceID} {
		if id != "" && !entra.IsGUID(id) {
			return false
		}
	}
	return runIDPattern.MatchString(j.Plan.RunID) && entra.IsGUID(j.Plan.TenantID) && j.Plan.Wanted.Check() == nil &&
		strings.EqualFold(name, journalPrefix+j.Plan.RunID+".json")
}

// AppName is the name of the app. An old journal has only the name that was wanted.
func (j *Journal) AppName() string { return cmp.Or(j.App, j.Plan.Wanted.AppName) }

// save writes the journal to disk.
func (j *Journal) save() error { return journalAt(j.path).Save(*j) }

// begin writes a change into the journal before it is made. again reports whether an
// earlier try had begun it.
func (j *Journal) begin(c Change) (entry *Entry, again bool, err error) {
	for _, have := range j.Entries {
		if have.Kind == c.Kind && slices.Equal(have.Names, c.Names) {
			return have, true, nil
		}
	}
	entry = &Entry{Kind: c.Kind, Names: c.Names}
	j.Entries = append(j.Entries, entry)
	return entry, false, j.save()
}

// drop removes a change that was certainly not made, or was undone at once.
func (j *Journal) drop(entry *Entry) {
	j.Entries = slices.DeleteFunc(j.Entries, func(e *Entry) bool { return e == entry })
}

// done writes into the journal that a change was made.
func (j *Journal) done(entry *Entry, made bool) error {
	entry.Done, entry.Made = true, made
	return j.save()
}

// Stage says how far a change of the run has come: [Made], [Doing] if it was begun
// and may have happened or not, or "" if it was not begun.
func (j *Journal) Stage(c Change) Stage {
	for _, have := range j.Entries {
		switch {
		case have.Kind != c.Kind || !slices.Equal(have.Names, c.Names):
		case have.Done:
			return Made
		default:
			return Doing
		}
	}
	return ""
}

// SecretID is the ID of the client secret that the run made last, "" if it has
// made none. Whoever stored that secret calls [Engine.Keep].
func (j *Journal) SecretID() string {
	if e := j.entry(AddSecret); e != nil && e.Done {
		return e.ID
	}
	return ""
}

func (j *Journal) entry(kind ChangeKind) *Entry {
	for _, e := range j.Entries {
		if e.Kind == kind {
			return e
		}
	}
	return nil
}

// made reports whether this run created something of a kind, or may have.
func (j *Journal) made(kind ChangeKind) bool {
	e := j.entry(kind)
	return e != nil && (e.Made || !e.Done)
}

// Journals lists the runs in a folder, the oldest first. Files that cannot be
// read are left out and reported in the error; the rest is still good.
func Journals(folder string) ([]*Journal, error) {
	list, err := readAll(folder, journalPrefix, readJournal)
	slices.SortFunc(list, func(a, b *Journal) int { return a.Started.Compare(b.Started) })
	return list, err
}

// readAll reads the files in a folder whose names begin with a prefix. Files
// that cannot be read are left out and reported in the error; the rest is still
// good. A folder that is not there has none.
func readAll[T any](folder, prefix string, read func(path string) (*T, error)) (list []*T, wrong error) {
	files, err := os.ReadDir(folder)
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		f := fault.New(fault.FileReadOnly, "look for unfinished work", err)
		f.Subject = folder
		return nil, f
	}
	for _, file := range files {
		if !strings.HasPrefix(file.Name(), prefix) || !strings.HasSuffix(file.Name(), ".json") {
			continue
		}
		one, err := read(filepath.Join(folder, file.Name()))
		if err != nil {
			wrong = err
			continue
		}
		list = append(list, one)
	}
	return list, wrong
}

// Forget deletes a journal. After that, its run can no longer be undone with one click.
func (j *Journal) Forget() error {
	if err := os.Remove(j.path); err != nil && !os.IsNotExist(err) {
		f := fault.New(fault.FileReadOnly, "forget what was done", err)
		f.Subject = j.path
		return f
	}
	safefile.Disown(ownerOf(j.path))
	return nil
}

// IsElsewhere reports whether another program that lives is at work on the run: it is
// not interrupted, and nobody else goes on with it or takes it back.
func (j *Journal) IsElsewhere() bool { return safefile.IsOwnedElsewhere(ownerOf(j.path)) }

// ownerOf is the lock file that a program holds on what it does, as long as it lives.
func ownerOf(path string) string { return strings.TrimSuffix(path, ".json") + ".lock" }

// lock keeps two Entradas from working on registrations at once.
func (e *Engine) lock() (release func(), err error) {
	return safefile.Lock(filepath.Join(e.Folder, "registration.lock"))
}
