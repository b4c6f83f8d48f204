package entra

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"entrada/internal/fault"
)

// TestTraits names for each trait the codes that have it, and so no others.
func TestTraits(t *testing.T) {
	for name, c := range map[string]struct {
		has   func(Traits) bool
		codes string
	}{
		"may be too new":   {func(t Traits) bool { return t.MayBeTooNew }, "700016 7000215 7000229"},
		"names the client": {func(t Traits) bool { return t.NamesClient }, "700016"},
		"knows the client": {func(t Traits) bool { return t.KnowsClient },
			"70002 501051 700025 7000112 7000215 7000218 7000222"},
		"about the program": {func(t Traits) bool { return t.AboutTheProgram },
			"50011 50105 53003 65002 65004 90094 500113 700016 7000112 7000218"},
		"redirect missing": {func(t Traits) bool { return t.RedirectMissing }, "50011"},
		"no such tenant":   {func(t Traits) bool { return t.NoSuchTenant }, "50059 90002 900021 900023"},
	} {
		want := strings.Fields(c.codes)
		var got []string
		for code := range maps.Keys(traits) {
			err := fmt.Errorf("wrapped: %w", &fault.Error{Kind: fault.Refused, Op: "sign in", Code: code})
			if c.has(TraitsOf(err)) {
				got = append(got, strings.TrimPrefix(code, "AADSTS"))
			}
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for _, err := range []error{
		nil, errors.New("AADSTS700016"), fault.New(fault.Offline, "sign in", nil), &fault.Error{Code: "AADSTS1"},
	} {
		if got := TraitsOf(err); got != (Traits{}) {
			t.Errorf("%v: %+v", err, got)
		}
	}
}
