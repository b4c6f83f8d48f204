package journey

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"entrada/internal/fault"
	"entrada/internal/guides"
	"entrada/internal/safefile"
)

func (w World) guideFolder() string { return filepath.Join(w.Home, "guides") }

// OwnGuides lists the guides that were made here or opened from a file, by
// vendor. One that no longer loads is left out.
func (w World) OwnGuides() []*guides.Guide {
	files, err := filepath.Glob(filepath.Join(w.guideFolder(), "*.toml"))
	if err != nil {
		return nil
	}
	var own []*guides.Guide
	for _, file := range files {
		if g, err := LoadGuide(file); err == nil && guides.ByID(g.ID) == nil {
			own = append(own, g)
		}
	}
	slices.SortFunc(own, func(a, b *guides.Guide) int {
		return strings.Compare(strings.ToLower(a.Vendor), strings.ToLower(b.Vendor))
	})
	return own
}

// GuideByID finds a guide, built in or own; nil if there is none.
func (w World) GuideByID(id string) *guides.Guide {
	if g := guides.ByID(id); g != nil {
		return g
	}
	for _, g := range w.OwnGuides() {
		if g.ID == id {
			return g
		}
	}
	return nil
}

// LoadGuide reads a guide file. Nothing happens but reading: no address in it
// is asked.
func LoadGuide(path string) (*guides.Guide, error) {
	data, err := safefile.Read(path, guides.MaxFileSize)
	if err != nil {
		return nil, err
	}
	return guides.Load(filepath.Base(path), data)
}

// AddGuide keeps an own guide, in place of one with the same ID. The ID of a
// built-in guide is refused with fault.InvalidInput: a file must not pass for a
// vendor that we vouch for.
func (w World) AddGuide(g *guides.Guide) error {
	if guides.ByID(g.ID) != nil {
		return fault.Invalid("vendor", "There is a built-in guide for "+guides.ByID(g.ID).Vendor+". Choose another name, or use that one.")
	}
	data, err := guides.Encode(g)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(w.guideFolder(), 0o700); err != nil {
		return &fault.Error{Kind: fault.FileReadOnly, Op: "keep the guide", Subject: w.guideFolder(), Err: err}
	}
	return safefile.Write(filepath.Join(w.guideFolder(), g.ID+".toml"), data, safefile.Options{Overwrite: true, AnyFolder: true})
}
