package guides

import (
	"io/fs"
	"slices"
	"strings"
	"sync"

	"entrada/assets"
)

// BuiltIn returns the guides that come with the program, by vendor name. It panics if one
// does not load: that is a bug, which the tests catch.
var BuiltIn = sync.OnceValue(func() []*Guide {
	names, err := fs.Glob(assets.Guides, "guides/*.toml")
	if err != nil {
		panic(err)
	}
	var all []*Guide
	for _, name := range names {
		data, err := assets.Guides.ReadFile(name)
		if err != nil {
			panic(err)
		}
		g, err := Load(name, data)
		if err != nil {
			panic(err)
		}
		g.Origin = OriginEntrada
		all = append(all, g)
	}
	slices.SortFunc(all, func(a, b *Guide) int {
		return strings.Compare(strings.ToLower(a.Vendor), strings.ToLower(b.Vendor))
	})
	return all
})

// ByID finds a built-in guide; nil if there is none.
func ByID(id string) *Guide {
	for _, g := range BuiltIn() {
		if g.ID == id {
			return g
		}
	}
	return nil
}
