package app

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"entrada/internal/fault"
	"entrada/internal/guides"
	"entrada/internal/safefile"
)

func (a App) guideFolder() string { return filepath.Join(a.Home, "guides") }

// madeHere ends the name of a guide that was made here from a person's answers;
// no ID holds a dot. The guide itself cannot tell: a file from elsewhere may say
// anything of itself.
const madeHere = ".made-here"

func (a App) guideFile(id string, origin guides.Origin) string {
	if origin == guides.OriginAnswers {
		id += madeHere
	}
	return filepath.Join(a.guideFolder(), id+".toml")
}

// kept lists the guides in the folder, by vendor, each ID once. One that no
// longer loads, or has another's name, is left out.
func (a App) kept() []*guides.Guide {
	files, err := filepath.Glob(filepath.Join(a.guideFolder(), "*.toml"))
	if err != nil {
		return nil
	}
	var kept []*guides.Guide
	for _, file := range files {
		g, err := readGuide(file)
		if err != nil || guides.ByID(g.ID) != nil ||
			slices.ContainsFunc(kept, func(k *guides.Guide) bool { return k.ID == g.ID }) {
			continue
		}
		switch file {
		case a.guideFile(g.ID, guides.OriginAnswers):
			g.Origin = guides.OriginAnswers
		case a.guideFile(g.ID, guides.OriginFile):
		default:
			continue
		}
		kept = append(kept, g)
	}
	slices.SortFunc(kept, func(a, b *guides.Guide) int {
		return strings.Compare(strings.ToLower(a.Vendor), strings.ToLower(b.Vendor))
	})
	return kept
}

// OwnGuides lists the guides that were made here or opened from a file, by
// vendor. One that passes for a built-in guide is left out.
func (a App) OwnGuides() []*guides.Guide {
	return slices.DeleteFunc(a.kept(), func(g *guides.Guide) bool { return guides.CheckForeign(g) != nil })
}

// EveryGuide lists the built-in guides, then those of one's own.
func (a App) EveryGuide() []*guides.Guide {
	return append(slices.Clone(guides.BuiltIn()), a.OwnGuides()...)
}

// GuideByID finds a guide, built in or own; nil if there is none. An own guide
// for a vendor that has become built in since goes on serving the connections
// that were made with it.
func (a App) GuideByID(id string) *guides.Guide {
	if g := guides.ByID(id); g != nil {
		return g
	}
	for _, g := range a.kept() {
		if g.ID == id {
			return g
		}
	}
	return nil
}

// GuideNamed finds the guide that a person means by a name: its ID or its vendor, in any
// case, or the one of which that is a part. nil if there is none, or more than one.
func (a App) GuideNamed(name string) *guides.Guide {
	if g := a.GuideByID(name); g != nil || name == "" {
		return g
	}
	name = strings.ToLower(name)
	for _, is := range []func(text string) bool{
		func(text string) bool { return text == name }, func(text string) bool { return strings.Contains(text, name) },
	} {
		found := slices.DeleteFunc(a.EveryGuide(), func(g *guides.Guide) bool {
			return !is(strings.ToLower(g.ID)) && !is(strings.ToLower(g.Vendor))
		})
		if len(found) == 1 {
			return found[0]
		}
	}
	return nil
}

// GuideMark says where the guide of a vendor comes from, as in "The guide for Acme
// is from a file, not by Entrada."; "" if it is built in, or if there is none.
func (a App) GuideMark(vendorID string) string {
	g := a.GuideByID(vendorID)
	if g == nil || g.Origin.Mark() == "" {
		return ""
	}
	return "The guide for " + g.Vendor + " is " + g.Origin.Mark() + "."
}

// LoadGuide reads a guide file. Nothing happens but reading: no address in it
// is asked. One that passes for a built-in guide is refused, as
// [guides.CheckForeign] does.
func LoadGuide(path string) (*guides.Guide, error) {
	data, err := safefile.Read(path, guides.MaxFileSize)
	if err != nil {
		return nil, err
	}
	return ReadGuide(filepath.Base(path), data)
}

// ReadGuide is [LoadGuide] for what was read already, from wherever.
func ReadGuide(name string, data []byte) (*guides.Guide, error) {
	if len(data) > guides.MaxFileSize {
		return nil, &fault.Error{Kind: fault.FileTooLarge, Op: "read the guide", Subject: name}
	}
	g, err := guides.Load(name, data)
	if err == nil {
		err = guides.CheckForeign(g)
	}
	if err != nil {
		return nil, err
	}
	return g, nil
}

func readGuide(path string) (*guides.Guide, error) {
	data, err := safefile.Read(path, guides.MaxFileSize)
	if err != nil {
		return nil, err
	}
	return guides.Load(filepath.Base(path), data)
}

// Replacement is what an own guide would take the place of.
type Replacement struct {
	Old         *guides.Guide // nil if it is not there any more, and connections that need it are
	Connections []string      // the names of the saved connections that go by it
	Changes     []guides.Line // what differs from Old
}

// Replaces says what g would take the place of if it were kept; nil if nothing.
func (a App) Replaces(g *guides.Guide) *Replacement {
	var r Replacement
	for _, old := range a.kept() {
		if old.ID == g.ID {
			r.Old = old
		}
	}
	for _, c := range a.Connections.List() {
		if c.VendorID == g.ID {
			r.Connections = append(r.Connections, c.Name)
		}
	}
	switch {
	case r.Old != nil && same(r.Old, g), r.Old == nil && r.Connections == nil:
		return nil
	case r.Old != nil:
		r.Changes = g.Differences(r.Old)
	}
	return &r
}

// Title says what is replaced, in one sentence.
func (r Replacement) Title() string {
	if r.Old == nil {
		return "This guide would serve connections that you saved with another one."
	}
	return "This guide takes the place of yours for " + r.Old.Label() + "."
}

// Question is what has to be agreed to, with its two answers; no is the safe one.
func (r Replacement) Question() (question, yes, no string) {
	if r.Old == nil {
		return "Use this guide for them?", "Use it", "Do not use it"
	}
	return "Replace your guide for " + r.Old.Vendor + "?", "Replace it", "Keep mine"
}

const namedConnections = 5

// Words say whom it concerns and what changes, a paragraph each.
func (r Replacement) Words() []string {
	var words []string
	if n := len(r.Connections); n > 0 {
		names := r.Connections
		more := ""
		if n > namedConnections {
			names, more = names[:namedConnections], " and more"
		}
		saved := "**" + strings.Join(names, "**, **") + "**" + more
		if n == 1 {
			words = append(
				words, "One saved connection uses it: "+saved+
					". Its tests, exports and **Check the registration** then go by the new guide.")
		} else {
			words = append(
				words, fmt.Sprintf("%d saved connections use it: ", n)+saved+
					". Their tests, exports and **Check the registration** then go by the new guide.")
		}
	}
	if r.Old != nil && len(r.Changes) == 0 {
		words = append(words, "Permissions, addresses, switches and accounts stay the same; other words differ.")
	}
	return words
}

// AddGuide keeps an own guide. It refuses, with fault.InvalidInput, one that
// passes for a built-in guide (see [guides.CheckForeign]: a file must not pass
// for a vendor that we vouch for), and one that [App.Replaces] something:
// that is for ReplaceGuide, once the person has agreed.
func (a App) AddGuide(g *guides.Guide) error {
	if r := a.Replaces(g); r != nil {
		return fault.Invalid("vendor", r.Title()+" Agree to that first, or choose another name.")
	}
	return a.ReplaceGuide(g)
}

// ReplaceGuide keeps an own guide in place of whatever had its ID.
func (a App) ReplaceGuide(g *guides.Guide) error {
	if err := guides.CheckForeign(g); err != nil {
		return err
	}
	data, err := guides.Encode(g)
	if err != nil {
		return err
	}
	for _, old := range a.kept() {
		if old.ID == g.ID && same(old, g) {
			return nil // and it stays known who made it
		}
	}
	if err := os.MkdirAll(a.guideFolder(), 0o700); err != nil {
		return &fault.Error{Kind: fault.FileReadOnly, Op: "keep the guide", Subject: a.guideFolder(), Err: err}
	}
	origin, other := guides.OriginFile, guides.OriginAnswers
	if g.Origin == other {
		origin, other = other, origin
	}
	if err := safefile.Write(
		a.guideFile(g.ID, origin), data, safefile.Options{Overwrite: true, AnyFolder: true}); err != nil {
		return err
	}
	// While both are there, the one that was made here counts: either that is
	// new, or nothing has been replaced yet.
	old := a.guideFile(g.ID, other)
	if err := os.Remove(old); err != nil && !os.IsNotExist(err) {
		return &fault.Error{Kind: fault.FileReadOnly, Op: "keep the guide", Subject: old, Err: err}
	}
	return nil
}

// same reports whether two guides are one, wherever they come from.
func same(a, b *guides.Guide) bool {
	one, err := guides.Encode(a)
	other, err2 := guides.Encode(b)
	return err == nil && err2 == nil && bytes.Equal(one, other)
}
