package checks

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"time"

	"entrada/internal/fault"
	"entrada/internal/graph"
	"entrada/internal/safefile"
)

// Leftover is a test event that may still stand in somebody's calendar.
type Leftover struct {
	RunID    string    `json:"run"`
	Subject  string    `json:"subject"`
	Start    time.Time `json:"start"`
	Account  string    `json:"account"` // for people to read
	CloudID  string    `json:"cloud"`
	TenantID string    `json:"tenant"`
	ObjectID string    `json:"object"`
	ClientID string    `json:"client"`
}

// Journal remembers leftovers in a file, across crashes. The zero Journal with
// a Path is ready to use; it is safe for concurrent use within one process.
type Journal struct {
	Path string
	mu   sync.Mutex
}

const maxJournal = 256 << 10

// List returns what may be left behind, oldest first.
func (j *Journal) List() ([]Leftover, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.read()
}

func (j *Journal) read() ([]Leftover, error) {
	data, err := safefile.Read(j.Path, maxJournal)
	if fault.Is(err, fault.FileNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var list []Leftover
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, &fault.Error{Kind: fault.FileCorrupt, Op: "read the list of test events", Subject: j.Path}
	}
	return list, nil
}

// Add writes a leftover down before it exists.
func (j *Journal) Add(l Leftover) error {
	return j.change(func(list []Leftover) []Leftover { return append(list, l) })
}

// Remove strikes a leftover off.
func (j *Journal) Remove(l Leftover) error {
	return j.change(func(list []Leftover) []Leftover {
		return slices.DeleteFunc(list, func(o Leftover) bool { return o.RunID == l.RunID && o.ObjectID == l.ObjectID })
	})
}

func (j *Journal) change(f func([]Leftover) []Leftover) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	list, err := j.read()
	if err != nil && !fault.Is(err, fault.FileCorrupt) {
		return err
	}
	data, err := json.MarshalIndent(f(list), "", "  ")
	if err != nil {
		return fault.New(fault.Misuse, "write the list of test events", err)
	}
	return safefile.Write(j.Path, data, safefile.Options{Overwrite: true, AnyFolder: true})
}

// Sweep removes from the calendar what earlier runs left there for the person
// who is signed in now. It returns the subjects that are gone.
func (d Delegated) Sweep(ctx context.Context) ([]string, error) {
	list, err := d.Journal.List()
	if err != nil {
		return nil, err
	}
	var gone []string
	var failures error
	for _, l := range list {
		if l.CloudID != d.Request.Cloud.ID || l.ObjectID != d.Session.Account.ObjectID || l.TenantID != d.Session.Account.TenantID {
			continue
		}
		if err := removeLeftover(ctx, d.client(), d.Journal, l); err != nil {
			failures = errors.Join(failures, err)
			continue
		}
		gone = append(gone, l.Subject)
	}
	return gone, failures
}

// removeLeftover finds an event by its subject and time and deletes it; one
// that is not there was never created or is gone.
func removeLeftover(ctx context.Context, client *graph.Client, j *Journal, l Leftover) error {
	ctx, cancel := context.WithTimeout(ctx, cleanUpTime)
	defer cancel()
	events, err := client.EventsBetween(ctx, "", l.Start.Add(-time.Minute), l.Start.Add(time.Hour))
	if err != nil {
		return &fault.Error{Kind: fault.LeftBehind, Op: "look for the test event", Subject: l.Subject, Code: fault.CodeOf(err), Err: err}
	}
	for _, e := range events {
		if e.Subject != l.Subject {
			continue
		}
		if err := client.DeleteEvent(ctx, "", e.ID); err != nil {
			return &fault.Error{Kind: fault.LeftBehind, Op: "delete the test event", Subject: l.Subject, Code: fault.CodeOf(err), Err: err}
		}
	}
	return j.Remove(l)
}
